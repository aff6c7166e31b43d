"""What puts the log on a home screen: manifest and icons, fixed bytes that anybody may have."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

NAME = "Heelwise"
START = "/log"
ICONS = {"icon-192.png": 192, "icon-512.png": 512, "maskable-512.png": 512, "touch-180.png": 180}
"""Files in `icons/` and their width, px; drawn from `dashboard/icon.svg`."""
LIGHT = "#ffffff"
_FOLDER = Path(__file__).parent / "icons"


def icon(name: str) -> bytes | None:
    """Return one icon; None for a name that is none of ours."""
    return _read(name) if name in ICONS else None


@cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def manifest() -> bytes:
    """Return the manifest.

    References
    ----------
    W3C, Web Application Manifest: https://www.w3.org/TR/appmanifest/
    """
    listed = [
        {
            "src": f"/icons/{name}",
            "sizes": f"{px}x{px}",
            "type": "image/png",
            "purpose": "maskable" if name.startswith("maskable") else "any",
        }
        for name, px in ICONS.items()
        if not name.startswith("touch")
    ]
    described = {
        "id": START,
        "name": NAME,
        "short_name": NAME,
        "description": "A minute for this morning.",
        "lang": "en",
        "start_url": START,
        "scope": "/",
        "display": "standalone",
        "background_color": LIGHT,
        "theme_color": LIGHT,
        "icons": listed,
    }
    return json.dumps(described).encode()
