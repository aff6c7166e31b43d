"""The dashboard behind a real Caddy and a real nginx, with the lines of `docs/phone.md`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fit_writer import fit_run
from live_server import Server
from playwright.sync_api import Browser, expect
from proxy_rig import FORGED, KINDS, NAME, SECRET, Proxy, free_port, is_here
from websockets.exceptions import InvalidStatus

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.access import devices
from dashboard.phone import reminder

pytestmark = pytest.mark.browser
SLOW = 60_000
SIGNED_IN = {"caddy": "header_up Remote-User robin", "nginx": "proxy_set_header Remote-User robin;"}
PATHS = (
    "/",
    "/log",
    "/phone/log",
    "/timeline",
    "/settings?runner=1",
    "/_stcore/health",
    "/media/a.png",
    "/static/a.js",
)


def make_device(home: Path) -> str:
    """Pair a phone over TLS for the log alone; return the value of its cookie."""
    now = datetime.now(UTC)
    with open_store(home) as store, store.devices.changing() as rows:
        values = {"name": "Phone", "scope": "log_only", "version": 1, "paired_utc": now, "seen_utc": now}
        device_id = rows.add_device(1, {**values, "is_tls": 1, "address": None})
        device = rows.device(device_id)
        assert device is not None
        return devices.add_value(rows, device, "jar", True, now)


def is_imported(home: Path, start: datetime) -> bool:
    """Wait until a run is on record, for up to two minutes."""
    until = time.monotonic() + 120
    with open_store(home) as store:
        while time.monotonic() < until:
            if start in store.read(ACTIVITY, 1)["start_utc"].to_list():
                return True
            time.sleep(0.5)
    return False


@pytest.fixture(scope="module")
def behind(tmp_path_factory) -> Iterator[tuple[Any, int]]:
    """A dashboard with a listener for a proxy that signs one person in, and the port of it."""
    folder = tmp_path_factory.mktemp("behind")
    with open_store(folder / "home") as store:
        store.add_runner("Robin Placeholder")
    (folder / "secret").write_text(SECRET + "\n")
    port = free_port()
    server = Server(
        folder,
        HEELWISE_PROXY_LISTEN=str(port),
        HEELWISE_PUBLIC_URL=f"https://{NAME}",
        HEELWISE_PROXY_SECRET_FILE=str(folder / "secret"),
        HEELWISE_PROXY_HEADER="Remote-User",
        HEELWISE_PROXY_OWNERS="robin",
    )
    server.wait()
    yield server, port
    server.stop()


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    if not is_here(request.param):
        pytest.skip(f"{request.param} is not installed")
    return request.param


def test_a_stranger_gets_nothing_whatever_they_claim(behind, kind, tmp_path):
    server, port = behind
    with open_store(server.home) as store:
        token = reminder.new_address(store, 1)
    with Proxy(kind, tmp_path, port) as proxy:
        for path in PATHS:
            for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"):
                for headers in ({}, FORGED):
                    answer = proxy.ask(method, path, headers=headers)
                    assert answer.status_code == 403, f"{method} {path} {headers}"
        for headers in ({}, FORGED):
            with pytest.raises(InvalidStatus) as refused:
                proxy.socket("/_stcore/stream", headers=headers)
            assert refused.value.response.status_code == 403
        assert proxy.ask("GET", f"/calendar/{'a' * 43}.ics").status_code == 403
        assert proxy.ask("GET", f"/calendar/{token}.ics").headers["content-type"].startswith("text/calendar")
        assert proxy.ask("GET", "/pair").status_code == 200
        assert proxy.ask("GET", "/alive").status_code == 204


def test_the_forged_header_would_have_counted_had_the_proxy_not_dropped_it(behind):
    _, port = behind
    headers = {"Host": NAME, "X-Forwarded-Proto": "https", "Remote-User": "robin"}
    with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{port}") as client:
        assert client.get("/settings", headers={**headers, "X-Heelwise-Secret": SECRET}).status_code == 200
        assert client.get("/settings", headers={**headers, "X-Heelwise-Secret": "a guess"}).status_code == 403


def test_a_paired_phone_sees_its_log_and_nothing_else(behind, kind, tmp_path):
    server, port = behind
    cookie = {"Cookie": f"{devices.cookie_name(is_tls=True)}={make_device(server.home)}"}
    with Proxy(kind, tmp_path, port) as proxy:
        answer = proxy.ask("GET", "/log", headers=cookie)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["cache-control"]
        assert proxy.ask("GET", "/settings", headers=cookie).status_code == 403
        assert proxy.ask("GET", "/log", headers={"Cookie": cookie["Cookie"] + "x"}).status_code == 403


def test_a_proxy_in_front_of_the_machines_own_listener_is_nobody(behind, kind, tmp_path):
    server, _ = behind
    with Proxy(kind, tmp_path, server.port, SIGNED_IN[kind]) as proxy:
        assert {proxy.ask("GET", path).status_code for path in PATHS} == {403}


def test_who_is_signed_in_sees_the_pages_over_the_socket_and_uploads(
    behind, kind, tmp_path, browser: Browser
):
    server, port = behind
    start = datetime(2026, 3, 1 + KINDS.index(kind), 7, tzinfo=UTC)
    (tmp_path / "run.fit").write_bytes(fit_run(start))
    with Proxy(kind, tmp_path, port, SIGNED_IN[kind]) as proxy:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"https://{NAME}:{proxy.port}/data?runner=1")
        chooser = page.locator('input[type="file"]').first
        chooser.wait_for(state="attached", timeout=SLOW)
        chooser.set_input_files(tmp_path / "run.fit")
        page.get_by_role("button", name="Import into").click(timeout=SLOW)
        assert is_imported(server.home, start)
        expect(page.get_by_text("1 session: 1 new.")).to_be_visible(timeout=SLOW)
        page.context.close()


def test_a_tailscale_stand_in_is_believed_over_the_socket_alone(tmp_path):
    """`tailscale serve` was not run: these are the headers that its manual names."""
    with open_store(tmp_path / "home") as store:
        store.add_runner("Robin Placeholder")
    path = tmp_path / "heelwise.sock"
    server = Server(
        tmp_path,
        HEELWISE_PROXY_LISTEN=f"unix:{path}",
        HEELWISE_PUBLIC_URL="https://machine.tailnet.ts.net",
        HEELWISE_PROXY_HEADER="Tailscale-User-Login",
        HEELWISE_PROXY_OWNERS="robin@example.org",
    )
    server.wait()
    sent = {
        "Host": "machine.tailnet.ts.net",
        "X-Forwarded-For": "100.64.0.7",
        "X-Forwarded-Host": "machine.tailnet.ts.net",
        "X-Forwarded-Proto": "https",
        "Tailscale-User-Name": "Robin",
        "Tailscale-User-Login": "robin@example.org",
    }
    try:
        assert path.stat().st_mode & 0o007 == 0
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://machine.tailnet.ts.net") as tailscale:
            assert tailscale.get("/settings", headers=sent).status_code == 200
            other = {**sent, "Tailscale-User-Login": "someone@example.org"}
            assert tailscale.get("/settings", headers=other).status_code == 403
            del other["Tailscale-User-Login"]
            assert tailscale.get("/settings", headers=other).status_code == 403
        with httpx.Client(trust_env=False, base_url=server.url) as client:
            assert (
                client.get("/settings", headers={**sent, "Host": f"127.0.0.1:{server.port}"}).status_code
                == 403
            )
    finally:
        server.stop()
