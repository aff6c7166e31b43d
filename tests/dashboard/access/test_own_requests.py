"""Which requests a page of this dashboard can have made, through the machine's own listener."""

from __future__ import annotations

import pytest
from door_rig import Rig
from hypothesis import given
from hypothesis import strategies as st

HOST = ("Host", "127.0.0.1:8501")
SAME = ("Origin", "http://127.0.0.1:8501")


def ask(*headers: tuple[str, str], kind: str = "http", method: str = "GET", **layer):
    answer = Rig(**layer).ask("/", *headers, kind=kind, method=method, host=None)
    return answer.status, answer.headers


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST:8501", "[::1]:8501", "127.0.0.1"]
)
def test_our_own_pages_are_served_and_streamlit_never_sees_an_origin(kind, host):
    answer = Rig().ask(
        "/" if kind == "http" else "/_stcore/stream",
        ("Host", host),
        ("Origin", f"http://{host.lower()}"),
        kind=kind,
        host=None,
    )
    assert answer.status == (200 if kind == "http" else 101)
    assert answer.headers is not None
    assert [name for name, _ in answer.headers] == [b"host", b"x-heelwise-session"]


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
    [HOST, SAME, ("Tailscale-User-Login", "somebody@example.org")],
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


@given(origin=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_no_origin_but_our_own_comes_through(origin):
    status, _ = ask(HOST, ("Origin", origin))
    assert (status == 200) == (origin.lower() in ("http://127.0.0.1:8501", "https://127.0.0.1:8501"))


def test_another_name_of_this_machine_is_answered_where_it_was_named():
    headers = [("Host", "heel.example"), ("Origin", "http://heel.example")]
    assert ask(*headers, hosts=["heel.example"])[0] == 200
    assert ask(*headers) == (403, None)
