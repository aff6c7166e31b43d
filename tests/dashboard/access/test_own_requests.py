"""Who may ask: pages of this dashboard alone."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.own_requests import OwnRequests

HOST = ("Host", "127.0.0.1:8501")
SAME = ("Origin", "http://127.0.0.1:8501")


def ask(
    *headers: tuple[str, str], kind: str = "http", method: str = "GET", **layer
) -> tuple[int, list | None]:
    """Status of the answer, 101 for an accepted socket, and the headers that came through."""
    seen: list[list[tuple[bytes, bytes]]] = []
    sent: list[dict] = []

    async def inner(scope, receive, send):
        seen.append(scope["headers"])
        if kind == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "websocket.accept"})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": "/", "headers": [(n.lower().encode(), v.encode()) for n, v in headers]}
    if kind == "http":
        scope["method"] = method
    asyncio.run(OwnRequests(inner, **layer)(scope, receive, send))
    first = sent[0]
    status = first.get("status", 101 if first["type"] == "websocket.accept" else 403)
    return status, seen[0] if seen else None


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST:8501", "[::1]:8501", "127.0.0.1"]
)
def test_our_own_pages_are_served_and_streamlit_never_sees_an_origin(kind, host):
    status, headers = ask(("Host", host), ("Origin", f"http://{host.lower()}"), kind=kind)
    assert status == (200 if kind == "http" else 101)
    assert headers is not None
    assert [name for name, _ in headers] == [b"host"]


HOSTILE = [
    [("Host", "evil.example")],
    [("Host", "evil.example:8501"), ("Origin", "http://evil.example:8501")],
    [("Host", "127.0.0.1.evil.example:8501")],
    [("Host", "localhost@evil.example")],
    [("Host", "evil.example#@localhost")],
    [("Host", "")],
    [],
    [HOST, HOST],
    [HOST, ("Origin", "http://evil.example")],
    [HOST, ("Origin", "null")],
    [HOST, ("Origin", "http://localhost:8501")],
    [HOST, ("Origin", "http://127.0.0.1:8502")],
    [HOST, ("Origin", "http://127.0.0.1:8501.evil.example")],
    [HOST, ("Origin", "file://127.0.0.1:8501")],
    [HOST, ("Origin", "chrome-extension://abcdef")],
    [HOST, SAME, ("Origin", "http://evil.example")],
    [HOST, SAME, ("X-Forwarded-For", "10.0.0.1")],
    [HOST, SAME, ("X-Forwarded-Host", "evil.example")],
    [HOST, SAME, ("Forwarded", "for=10.0.0.1;host=evil.example")],
    [HOST, SAME, ("Remote-User", "somebody")],
    [HOST, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
    [HOST, ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")],
    [HOST, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers", HOSTILE, ids=lambda one: " ".join(f"{n}={v}" for n, v in one) or "nothing"
)
def test_what_no_page_of_ours_sends_is_refused_before_streamlit_sees_it(kind, headers):
    assert ask(*headers, kind=kind) == (403, None)


def test_a_link_that_a_person_follows_opens_the_dashboard_and_a_form_does_not():
    followed = [
        HOST,
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ]
    assert ask(*followed)[0] == 200
    assert ask(*followed, method="POST") == (403, None)


def test_behind_a_login_of_ones_own_its_host_counts_and_no_other():
    proxied = [("Host", "heel.example"), ("Origin", "https://heel.example"), ("X-Forwarded-For", "10.0.0.1")]
    assert ask(*proxied, hosts=["heel.example"], behind_proxy=True)[0] == 200
    assert ask(*proxied, hosts=["heel.example"]) == (403, None)
    assert ask(("Host", "evil.example"), hosts=["heel.example"], behind_proxy=True) == (403, None)
    assert ask(("Host", "any.example"), ("Origin", "https://evil.example"), behind_proxy=True) == (403, None)


@given(origin=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_no_origin_but_our_own_comes_through(origin):
    status, _ = ask(HOST, ("Origin", origin))
    assert (status == 200) == (origin.lower() in ("http://127.0.0.1:8501", "https://127.0.0.1:8501"))


def test_other_scopes_are_passed_on():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    async def nothing(*_):
        return {}

    asyncio.run(OwnRequests(inner)({"type": "lifespan"}, nothing, nothing))
    assert seen == ["lifespan"]
