"""The listeners of a running server, asked from another machine of the network."""

from __future__ import annotations

import pytest
from far_network import FarNetwork, PhoneServer, answers, wait_until

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
PATHS = [
    *(
        "/",
        "/log",
        "/data",
        "/settings",
        "/phone/log",
        "/phone/state",
        "/phone/entries",
        "/pair/x",
        "/icons/x.png",
    ),
    *("/_stcore/health", "/_stcore/stream", "/_stcore/metrics", "/_stcore/host-config", "/_stcore/agent/mcp"),
    *(
        "/_stcore/upload_file/a/b",
        "/_stcore/script-health-check",
        "/media/0123456789abcdef.csv",
        "/component/x/y",
    ),
    *("/static/js/index.js", "/static/", "/index.html", "/favicon.png", "/manifest.json", "/app/static/x"),
    *(
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
        "/connect/strava",
        "/connect/strava/callback",
        "/alive",
    ),
    *("/%2e%2e/", "/..%2f_stcore/health", "//_stcore/health", "/./_stcore/health", "/pair/../_stcore/health"),
    *(
        "/calendar/none.ics",
        "/LOG",
        "/log/",
        "/?runner=1",
        "/log?runner=1",
        "/%00",
        "/%ff",
        "/pair%2f..%2flog",
    ),
]
HEADERS = [
    "X-Heelwise-Session: owner",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Real-IP: 127.0.0.1",
    "Forwarded: for=127.0.0.1;proto=https",
    "Remote-User: owner",
    "Tailscale-User-Login: owner@example.org",
    "Cookie: heelwise_device=guess",
    "Cookie: __Host-heelwise_device=guess",
    "Cookie: heelwise_device=",
    "Cookie: heelwise_device=a; heelwise_device=b",
    "Cookie: heelwise_device=" + "x" * 4000,
    "Cookie: \x80\xff=\xfe",
    "Origin: http://127.0.0.1:8501",
    "Authorization: Bearer owner",
    "X-HTTP-Method-Override: GET",
    "X-Original-URL: /_stcore/health",
    "Sec-Fetch-Site: same-origin",
]


def request(
    method: str, path: str, *headers: str, host: str = "heel.local:8571", version: str = "1.1"
) -> dict:
    lines = [
        f"{method} {path} HTTP/{version}",
        f"Host: {host}",
        *headers,
        "Connection: close",
        "Content-Length: 0",
    ]
    return {"raw": "\r\n".join([*lines, "", ""])}


def handshake(path: str, *headers: str) -> dict:
    lines = [
        f"GET {path} HTTP/1.1",
        *("Host: heel.local:8571", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        *("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: streamlit", *headers),
    ]
    return {"raw": "\r\n".join([*lines, "", ""])}


@pytest.fixture(scope="module")
def far():
    network = FarNetwork()
    if not network.address:
        pytest.skip("this machine has no address but its own loopback one")
    yield network
    network.close()


@pytest.fixture(scope="module")
def server(far, tmp_path_factory):
    one = PhoneServer(tmp_path_factory.mktemp("server"), far.address)
    one.wait()
    wait_until(lambda: answers(far.address, one.phone_port), 20)
    yield one
    one.stop()


def refused(far, server, requests):
    """Return what was answered with anything but 403, or refused as no HTTP at all."""
    got = far.run(requests, far.address, server.phone_port)
    return [
        (one["raw"].splitlines()[0], answer["status"], answer["body"][:80])
        for one, answer in zip(requests, got, strict=True)
        if answer["status"] != 403
    ]


def test_from_another_machine_no_path_and_method_is_answered(far, server):
    assert not refused(far, server, [request(method, path) for path in PATHS for method in METHODS])


def test_from_another_machine_no_header_helps(far, server):
    hosts = ["127.0.0.1:8501", "localhost", far.address, "evil.example", ""]
    tries = [request("GET", path, one) for path in ("/", "/log", "/_stcore/health") for one in HEADERS]
    tries += [request("GET", "/", host=host) for host in hosts]
    tries += [request("GET", "/", version="1.0"), request("GET", "http://127.0.0.1/log")]
    assert not refused(far, server, tries)


def test_from_another_machine_no_socket_opens(far, server):
    tries = [handshake(path) for path in ("/_stcore/stream", "/", "/log", "/pair", "/phone/log")]
    tries += [handshake("/_stcore/stream", one) for one in HEADERS]
    assert not refused(far, server, tries)


def test_what_is_no_http_gets_no_page(far, server):
    broken = [
        {"raw": raw} for raw in ("\x16\x03\x01\x02\x00\x01\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9\r\n\r\n")
    ]
    for answer in far.run(broken, far.address, server.phone_port):
        assert answer["status"] in (0, 400, 403, -1)
        assert "streamlit" not in answer["body"].lower()


def test_the_machines_own_port_is_not_reached_from_there(far, server):
    (answer,) = far.run([request("GET", "/")], far.address, server.port)
    assert answer["status"] == -1


def test_the_owner_is_served_on_the_machine_meanwhile(server):
    assert answers("127.0.0.1", server.port)
    assert not answers("127.0.0.1", server.phone_port)


def test_the_listener_closes_with_its_network_and_opens_when_it_is_back(far, tmp_path):
    if far.namespace is None:
        pytest.skip("only root may change the network of a test")
    server = PhoneServer(tmp_path, far.address)
    port, other = server.phone_port, f"{far.prefix}.9"
    try:
        server.wait()
        wait_until(lambda: answers(far.address, port), 20)
        far.move(far.address, None)
        # The address is put on loopback, so that whatever still listened there would be found.
        far._ip("addr", "add", f"{far.address}/32", "dev", "lo")
        wait_until(lambda: not answers(far.address, port), 10)
        far._ip("addr", "del", f"{far.address}/32", "dev", "lo")
        far._ip("addr", "add", f"{other}/24", "dev", far.interface)
        wait_until(lambda: answers(other, port), 10)
        (answer,) = far.run([request("GET", "/")], other, port)
        assert answer["status"] == 403
    finally:
        server.stop()
        far.move(other, far.address)
