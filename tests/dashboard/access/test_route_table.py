"""The table of routes: the app has no address that is not in it, and `SECURITY.md` prints it as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from door_rig import identity
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboard.access import route_table
from dashboard.access.identity import OWNER, Identity
from dashboard.access.route_table import ANY_METHOD, RULES, Rule

ROOT = Path(__file__).resolve().parents[3]
SECURITY = (ROOT / "SECURITY.md").read_text()
PERSON = Identity("person-1", "person", person_id=1)
WHO = {
    "open": "anybody who reaches the listener",
    "log_only": "a paired phone, *log only* or *everything*; a person who signed in; the owner",
    "everything": "a paired phone with *everything* (TLS); a person who signed in; the owner",
    "person": "a person who signed in; the owner",
    "owner": "the owner",
    "nobody": "nobody",
}


def line_of(rule: Rule) -> str:
    methods = "any" if rule.methods == ANY_METHOD else ", ".join(rule.methods).replace("SOCKET", "web socket")
    where = "all" if rule.listeners == route_table.EVERYWHERE else ", ".join(rule.listeners)
    who = WHO[rule.right] if rule.for_persons else WHO[rule.right].replace(" a person who signed in;", "")
    return f"| `{rule.path}` | {methods} | {who} | {where} | {rule.note} |"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.path)
def test_the_table_is_printed(rule):
    assert line_of(rule) in SECURITY


def test_nothing_else_is_printed():
    printed = [line for line in SECURITY.splitlines() if line.startswith("| `/")]
    assert printed == [line_of(rule) for rule in RULES]


def app_routes():
    """Every route of the app as it is served: our own and Streamlit's."""
    from dashboard.app import app

    app._starlette_app = app._starlette_app or app._build_starlette_app()
    return app._starlette_app.routes


def test_the_app_has_no_route_that_is_not_in_the_table():
    paths = {getattr(route, "path", "") for route in app_routes()}
    assert len(paths) > 15
    listed = {rule.path.rstrip("/") for rule in RULES}
    unlisted = [
        path
        for path in paths
        if (start := path.split("{")[0].rstrip("/")) not in listed
        and not any(rule.path != "/" and rule.covers(f"{start}/") for rule in RULES)
    ]
    assert unlisted == []


def test_no_route_of_streamlit_is_open():
    routes = [one for one in app_routes() if isinstance(one, Route | WebSocketRoute | Mount)]
    streamlits = [
        one.path for one in routes if one.path.startswith(("/_stcore", "/media", "/static", "/component"))
    ]
    assert len(streamlits) > 8
    for path in streamlits:
        asked = path.replace("{", "").replace("}", "")
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "SOCKET"):
            assert not route_table.may_ask(asked, method, "phone", None)
            assert not route_table.may_ask(asked, method, "phone", identity(1))


@given(st.text(max_size=30))
def test_every_path_has_one_rule(rest):
    assert route_table.rule_of("/" + rest).covers("/" + rest)


@given(
    st.sampled_from([rule.path for rule in RULES]),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "SOCKET"]),
    st.sampled_from(route_table.EVERYWHERE),
)
def test_whoever_may_do_more_may_do_what_less_allows(path, method, listener):
    people = [None, identity(1), identity(2, "everything"), PERSON, OWNER]
    is_phones = not route_table.rule_of(path).for_persons
    allowed = [
        route_table.may_ask(path, method, listener, one)
        for one in people
        if not (is_phones and one == PERSON)
    ]
    assert allowed == sorted(allowed)


def test_a_person_who_signed_in_has_pages_and_uploads_and_nothing_of_a_phone_or_the_owner():
    for path, method, may in [
        ("/", "GET", True),
        ("/log", "GET", True),
        ("/_stcore/stream", "SOCKET", True),
        ("/_stcore/upload_file/a/b", "PUT", True),
        ("/phone/state", "GET", False),
        ("/phone/watch", "SOCKET", False),
        ("/_stcore/metrics", "GET", False),
        ("/connect/strava", "GET", False),
        ("/auth/login", "GET", False),
    ]:
        assert route_table.may_ask(path, method, "proxy", PERSON) == may, path


def test_streamlit_names_its_media_as_the_door_reads_it():
    storage = MemoryMediaFileStorage("/media")
    from streamlit.runtime.media_file_storage import MediaFileKind

    name = storage.load_and_get_id(b"a,b\n", "text/csv", MediaFileKind.DOWNLOADABLE, "a.csv")
    from dashboard.access.bindings import Bindings

    bindings = Bindings()
    bindings.learn(OWNER, b"\x12\x30" + storage.get_url(name).encode() + b"\x18\x01")
    assert bindings.may_have(OWNER, storage.get_url(name))
    assert not bindings.may_have(identity(2, "everything"), storage.get_url(name))
