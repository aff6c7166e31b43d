"""Manifest and icons: what a home screen needs, in sizes that are true."""

from __future__ import annotations

import json
import struct

from dashboard.phone import home_screen


def test_every_icon_has_its_size():
    for name, px in home_screen.ICONS.items():
        data = home_screen.icon(name)
        assert data is not None
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", data[16:24]) == (px, px)
        assert len(data) < 20_000
    assert home_screen.icon("../log.js") is None


def test_the_manifest_starts_at_the_log_and_names_what_there_is():
    told = json.loads(home_screen.manifest())
    assert (told["start_url"], told["display"], told["short_name"]) == ("/log", "standalone", "Heelwise")
    assert {one["purpose"] for one in told["icons"]} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {one["sizes"] for one in told["icons"]}
    for one in told["icons"]:
        assert home_screen.icon(one["src"].rpartition("/")[2])
