"""The lines for Caddy and nginx in `docs/phone.md`: what reaches the app through them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from proxy_rig import FORGED, KINDS, SECRET, Proxy, free_port, is_here, recipe
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
DROPPED = {
    *("remote-user", "x-remote-user", "x-auth-request-user", "tailscale-user-login", "forwarded"),
    "x-heelwise-session",
}
COOKIE = "__Host-heelwise=new; Secure; HttpOnly; SameSite=Strict; Path=/"
MEGABYTES = 30


def headers_of(connection: HTTPConnection) -> list[list[str]]:
    return [[name.decode().lower(), value.decode()] for name, value in connection.headers.raw]


async def echo(request: Request) -> JSONResponse:
    """Answer with what reached the app."""
    size = len(await request.body())
    reached = {"headers": headers_of(request), "size": size, "path": request.url.path}
    return JSONResponse(reached, headers={"Set-Cookie": COOKIE})


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(headers_of(websocket))
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@pytest.fixture(scope="module")
def app_port() -> Iterator[int]:
    """An app that answers with what reached it, on a port of its own."""
    routes = [WebSocketRoute("/_stcore/stream", talk), Route("/{path:path}", echo, methods=METHODS)]
    port = free_port()
    config = uvicorn.Config(
        Starlette(routes=routes), port=port, proxy_headers=False, log_level="error", ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield port
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module", params=KINDS)
def proxy(request, app_port, tmp_path_factory) -> Iterator[Proxy]:
    kind = request.param
    if not is_here(kind):
        pytest.skip(f"{kind} is not installed")
    with Proxy(kind, tmp_path_factory.mktemp(kind), app_port) as running:
        yield running


def reached(headers: list[list[str]], name: str) -> list[str]:
    return [value for one, value in headers if one == name]


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_ten_lines_each(kind):
    assert len(recipe(kind).splitlines()) == 10


def test_the_secret_is_added_and_the_address_is_as_it_was_typed(proxy):
    answer = proxy.ask("GET", "/phone/log?runner=2")
    headers = answer.json()["headers"]
    assert reached(headers, "x-heelwise-secret") == [SECRET]
    assert reached(headers, "host") == [f"heelwise.example.org:{proxy.port}"]
    assert reached(headers, "x-forwarded-proto") == ["https"]
    assert answer.headers["set-cookie"] == COOKIE


@pytest.mark.parametrize("spelling", [str, str.lower, str.upper])
def test_no_header_by_which_a_visitor_claims_to_be_somebody_reaches_the_app(proxy, spelling):
    forged = {spelling(name): value for name, value in FORGED.items()}
    headers = proxy.ask("GET", "/", headers=forged).json()["headers"]
    assert {name for name, _ in headers} & DROPPED == set()
    assert reached(headers, "x-heelwise-secret") == [SECRET]
    assert reached(headers, "x-forwarded-proto") == ["https"]
    with proxy.socket("/_stcore/stream", headers=forged) as opened:
        headers = json.loads(opened.recv())
    assert {name for name, _ in headers} & DROPPED == set()
    assert reached(headers, "x-heelwise-secret") == [SECRET]


def test_cookie_origin_and_content_come_through(proxy):
    sent = {"Cookie": "__Host-heelwise=old", "Origin": f"https://heelwise.example.org:{proxy.port}"}
    answer = proxy.ask("POST", "/phone/entries", headers=sent, json={"id": "a"})
    headers = answer.json()["headers"]
    assert reached(headers, "cookie") == [sent["Cookie"]]
    assert reached(headers, "origin") == [sent["Origin"]]
    assert reached(headers, "content-type") == ["application/json"]


def test_an_upload_of_a_whole_export_comes_through(proxy):
    answer = proxy.ask("PUT", "/_stcore/upload_file/a/b", content=b"x" * MEGABYTES * 1_000_000)
    assert (answer.status_code, answer.json()["size"]) == (200, MEGABYTES * 1_000_000)


def test_a_web_socket_talks_both_ways(proxy):
    with proxy.socket("/_stcore/stream", subprotocols=None) as opened:
        opened.recv()
        for text in ("one", "x" * 100_000):
            opened.send(text)
            assert opened.recv() == text


def test_the_proxy_asks_the_proxys_listener_alone(proxy):
    text = (proxy.folder / "config").read_text()
    assert "8501" not in text
