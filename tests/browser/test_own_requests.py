"""Whoever knocks, no request leaves the machine: the real server behind a proxy that counts and refuses everything."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.browser

PATHS = (
    "/",
    "/_stcore/stream",
    "/_stcore/upload_file/00000000-0000-0000-0000-000000000000/1",
    "/_stcore/host-config",
    "/_stcore/health",
    "/media/0000.png",
    "/component/nothing/index.html",
    "/connect/strava",
)
KNOCKS = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://203.0.113.7"},
    {"Host": "evil.example"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example"},
    {"Forwarded": "for=203.0.113.7;host=evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
)
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy, and what it was asked for; it gives nothing to anybody."""
    asked: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_error(502)

        do_GET = do_POST = do_CONNECT = do_HEAD = refuse

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def knock(port: int, path: str, headers: dict[str, str], method: str) -> int:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        more = UPGRADE if path.endswith("/stream") else {}
        asking.request(method, path, headers={**headers, **more})
        return asking.getresponse().status
    finally:
        asking.close()


def test_no_request_leaves_the_machine_whoever_knocks(serve, shared_demo, proxy, page):
    address, asked = proxy
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    server = serve(home=shared_demo, **dict.fromkeys(names, address), no_proxy="127.0.0.1,localhost")
    answers = {
        (method, path, str(headers)): knock(server.port, path, headers, method)
        for path in PATHS
        for headers in KNOCKS
        for method in ("GET", "PUT", "DELETE", "OPTIONS")
        if method == "GET" or "upload" in path
    }
    assert {one for one, status in answers.items() if status != 403} == set()
    own = {"Origin": server.url}
    assert knock(server.port, "/_stcore/health", own, "GET") == 200
    assert knock(server.port, "/_stcore/stream", own, "GET") == 101
    page.goto(server.url)
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    assert asked == []
