"""Who is let in: each listener, each address, each method; nothing that a client says of itself counts."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from door_rig import PHONE_HOST, MemoryDevices, Rig, identity, own_route
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import StoreError
from dashboard.access import route_table
from dashboard.access.door import FrontDoor
from dashboard.access.identity import IDENTITY, OWNER
from dashboard.access.proxy import Proxy

MACHINE_HOST = ("Host", "127.0.0.1:8501")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", ""]
LOG, ALL = identity(1), identity(2, "everything")
PATHS = [
    *(
        "/",
        "/log",
        "/timeline",
        "/data",
        "/phone/log",
        "/phone/entries",
        "/static/js/x.js",
        "/media/abcdef0123456789",
    ),
    *(
        "/_stcore/stream",
        "/_stcore/health",
        "/_stcore/metrics",
        "/_stcore/host-config",
        "/_stcore/upload_file/a/b",
    ),
    *(
        "/connect/strava",
        "/auth/login",
        "/oauth2callback",
        "/app/static/x",
        "/component/x",
        "/pair",
        "/pair/",
        "//",
    ),
    *(
        "/pair/../log",
        "/pair/%2e%2e/log",
        "/icons/../_stcore/health",
        "/icons/none.png",
        "/calendar/none.ics",
    ),
    *(
        "/alive",
        "/manifest.webmanifest",
        "/PAIR",
        "/pair/nothing",
        "/.well-known/x",
        "/\x00",
        "/ä",
        "http://127.0.0.1/log",
        "*",
        "",
    ),
]


def open_nothing():
    raise StoreError("No store is needed.")


def paired(listener: str = "phone", tls: bool = False, **layer) -> Rig:
    devices = MemoryDevices()
    devices.pair("log", LOG)
    devices.pair("all", ALL)
    return Rig(listener, tls, devices, **layer)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_a_phone_without_a_cookie_gets_nothing_but_403(path, method):
    rig = Rig("phone")
    answer = rig.ask(path, method=method)
    assert (answer.status, rig.seen) == (403, [])
    assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_a_socket_without_a_cookie_is_closed_before_it_is_accepted(path):
    answer = Rig("phone").ask(path, kind="websocket")
    assert [one["type"] for one in answer.sent] == ["websocket.close"]


FORGED = [
    ("X-Heelwise-Session", "owner"),
    ("Cookie", "heelwise_device=guess"),
    ("Cookie", "heelwise_device=log; heelwise_device=all"),
    ("Cookie", "__Host-heelwise_device=all"),
    ("Remote-User", "owner"),
    ("X-Heelwise-Secret", "x"),
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Proto", "https"),
    ("Forwarded", "for=127.0.0.1;proto=https"),
    ("Host", "127.0.0.1:8501"),
    ("Origin", "http://192.168.1.20:8571"),
    ("Authorization", "Basic b3duZXI6"),
]


@pytest.mark.parametrize("header", FORGED, ids="=".join)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_no_header_makes_somebody_of_nobody(header, kind):
    rig = paired()
    host = None if header[0] == "Host" else PHONE_HOST
    path = "/log" if kind == "http" else "/_stcore/stream"
    assert rig.ask(path, header, kind=kind, host=host).status == 403
    assert rig.seen == []


@given(
    path=st.text(st.characters(codec="latin-1"), max_size=40).map("/".__add__),
    method=st.sampled_from(METHODS),
    headers=st.lists(
        st.tuples(
            st.sampled_from(
                ["cookie", "origin", "x-heelwise-session", "x-forwarded-for", "authorization", "range"]
            ),
            st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60),
        ),
        max_size=4,
    ),
)
def test_whatever_is_asked_without_a_cookie_is_refused(path, method, headers):
    rig = paired()
    assert rig.ask(path, *headers, method=method).status == 403
    assert rig.seen == []


REACH = {
    "/log": (LOG, ALL),
    "/phone/state": (LOG, ALL),
    "/": (ALL,),
    "/timeline": (ALL,),
    "/static/js/x.js": (ALL,),
    "/_stcore/health": (ALL,),
    "/_stcore/metrics": (),
    "/_stcore/agent/mcp": (),
    "/connect/strava": (),
    "/auth/login": (),
    "/oauth2callback": (),
    "/app/static/x": (),
}


@pytest.mark.parametrize(("path", "cookie"), [*itertools.product(REACH, ("log", "all"))])
def test_a_scope_reaches_its_own_addresses_alone(path, cookie):
    who = {"log": LOG, "all": ALL}[cookie]
    answer = paired(tls=True).ask(path, cookie=cookie)
    assert answer.status == (200 if who in REACH[path] else 403)
    if answer.status == 200:
        assert answer.who == who


def test_everything_is_for_tls_alone():
    assert paired().ask("/log", cookie="all").status == 403
    assert paired().ask("/log", cookie="log").status == 200
    assert paired().ask("/_stcore/stream", kind="websocket", cookie="all").status == 403


def test_the_log_of_a_device_is_the_small_page_and_the_owners_is_streamlits():
    assert (paired().ask("/log", cookie="log").scope or {})["path"] == "/phone/log"
    assert (Rig().ask("/log", host=MACHINE_HOST).scope or {})["path"] == "/log"


def test_what_is_behind_the_door_hears_who_asks_from_the_door_alone():
    rig = paired(tls=True)
    forged = ("X-Heelwise-Session", "owner")
    answer = rig.ask("/timeline", forged, cookie="all")
    assert answer.headers is not None
    assert [value for name, value in answer.headers if name == b"x-heelwise-session"] == [b"device:2"]
    answer = Rig().ask("/", forged, host=MACHINE_HOST)
    assert [v for n, v in answer.headers or [] if n == b"x-heelwise-session"] == [b"owner"]


def test_a_scope_that_pretends_is_overwritten():
    rig = Rig()
    scope = rig.scope("/", host=MACHINE_HOST) | {IDENTITY: LOG}

    async def nothing(*_):
        return {}

    asyncio.run(rig.door(scope, nothing, nothing))
    assert rig.seen[0][IDENTITY] == OWNER


def test_the_machines_listener_answers_only_on_a_loopback_socket():
    rig = Rig()

    sent = []

    async def nothing(*_):
        return {}

    async def send(message):
        sent.append(message)

    scope = rig.scope("/", host=MACHINE_HOST) | {"server": ("192.168.1.20", 8501)}
    asyncio.run(rig.door(scope, nothing, send))
    assert (sent[0]["status"], rig.seen) == (403, [])


def test_open_addresses_are_answered_where_something_of_ours_lies_and_nowhere_else():
    routes = [own_route("/pair", "GET", "POST"), own_route("/pair/wait"), own_route("/icons/{name}.png")]
    rig = Rig("phone", routes=routes)
    for path, method, status in [
        ("/pair", "GET", 200),
        ("/pair", "POST", 200),
        ("/pair", "OPTIONS", 403),
        ("/pair", "HEAD", 403),
        ("/pair/wait", "GET", 200),
        ("/pair/other", "GET", 403),
        ("/icons/a.png", "GET", 200),
        ("/icons/a.svg", "GET", 403),
        ("/icons/../_stcore/health", "GET", 403),
    ]:
        assert rig.ask(path, method=method).status == status, (path, method)
    assert rig.ask("/pair").who is None


def test_an_open_address_that_holds_nothing_is_refused_like_any_other():
    rig = Rig("phone", routes=[own_route("/calendar/{token}.ics")])
    rig.status = 404
    assert rig.ask("/calendar/guess.ics").status == 403
    owner = Rig(routes=[own_route("/calendar/{token}.ics")])
    owner.status = 404
    assert owner.ask("/calendar/guess.ics", host=MACHINE_HOST).status == 404


def test_a_foreign_page_cannot_post_to_an_open_address():
    rig = Rig("phone", routes=[own_route("/pair", "GET", "POST")])
    assert rig.ask("/pair", ("Origin", "http://evil.example"), method="POST").status == 403
    assert rig.ask("/pair", ("Origin", "http://192.168.1.20:8571"), method="POST").status == 200


def test_alive_is_for_the_machine_and_the_proxy():
    proxied = Proxy(public_hosts=("heel.example",))
    assert Rig(routes=route_table.routes()).ask("/alive", host=MACHINE_HOST).status == 200
    assert (
        Rig("proxy", routes=route_table.routes(), proxied=proxied).ask("/alive", host=MACHINE_HOST).status
        == 200
    )
    assert Rig("phone", routes=route_table.routes()).ask("/alive").status == 403


def test_a_renewed_cookie_goes_with_the_answer_and_pages_are_never_stored():
    rig = paired(tls=True)
    rig.devices.renewed = "__Host-heelwise_device=new; Secure"
    answer = rig.ask("/timeline", cookie="all")
    assert answer.header("set-cookie") == "__Host-heelwise_device=new; Secure"
    assert answer.header("cache-control") == "no-store"
    # A fixed script under an address of its own version: a slow phone need not fetch it each morning.
    assert paired().ask("/phone/log.js", cookie="log").header("cache-control") != "no-store"
    assert paired().ask("/phone/state", cookie="log").header("cache-control") == "no-store"
    assert rig.ask("/static/js/x.js", cookie="all").header("cache-control") is None


def test_the_phones_scripts_say_themselves_what_may_be_stored_and_pages_do_not():
    rig = paired(tls=True)
    rig.answer_headers = [(b"cache-control", b"private, immutable")]
    assert rig.ask("/phone/log.js", cookie="log").header("cache-control") == "private, immutable"
    assert rig.ask("/timeline", cookie="all").header("cache-control") == "no-store"
    rig.answer_headers = []
    assert rig.ask("/phone/state", cookie="log").header("cache-control") == "no-store"


def test_without_a_cookie_the_store_is_not_even_asked():
    rig = paired()
    rig.ask("/log")
    assert rig.devices.asked == 0


def test_a_store_that_cannot_be_read_lets_nobody_in_and_breaks_nothing():
    def broken():
        raise StoreError("The store is damaged.")

    assert paired(open_store=broken).ask("/log", cookie="log").status == 403


def test_the_log_without_a_cookie_is_the_page_that_asks_for_a_code():
    rig = Rig("phone", code_page=b"<p>Code</p>")
    answer = rig.ask("/log")
    assert (answer.status, answer.sent[1]["body"]) == (403, b"<p>Code</p>")
    assert rig.ask("/").sent[1]["body"] != b"<p>Code</p>"


SECRET = b"a secret of the proxy alone"
PROXY = Proxy(public_hosts=("heel.example",), header=b"remote-user", owners=("nora",), secret=SECRET)
PUBLIC = ("Host", "heel.example")
SHOWN = ("X-Heelwise-Secret", SECRET.decode())


def test_a_proxy_is_believed_with_its_secret_alone():
    rig = Rig("proxy", proxied=PROXY)
    nora = ("Remote-User", "Nora")
    assert rig.ask("/", nora, SHOWN, host=PUBLIC).who == OWNER
    for headers in [
        (nora,),
        (nora, ("X-Heelwise-Secret", "a secret of the proxy alonf")),
        (("Remote-User", "tom"), SHOWN),
        (nora, ("Remote-User", "tom"), SHOWN),
        (SHOWN,),
        (("Remote-User", ""), SHOWN),
        (nora, SHOWN, SHOWN),
    ]:
        assert rig.ask("/", *headers, host=PUBLIC).status == 403, headers
    assert rig.ask("/", nora, SHOWN, host=("Host", "evil.example")).status == 403


def test_the_proxys_secret_and_person_are_not_handed_on():
    answer = Rig("proxy", proxied=PROXY).ask("/", ("Remote-User", "nora"), SHOWN, host=PUBLIC)
    assert answer.headers is not None
    assert {b"remote-user", b"x-heelwise-secret"}.isdisjoint(dict(answer.headers))


def test_through_a_proxy_a_device_is_known_by_its_cookie_and_tls_by_what_the_proxy_says():
    rig = paired("proxy", proxied=PROXY)
    rig.tls = True
    https = ("X-Forwarded-Proto", "https")
    assert rig.ask("/timeline", https, host=PUBLIC, cookie="all").who == ALL
    assert rig.ask("/timeline", host=PUBLIC, cookie="all").status == 403
    assert (rig.ask("/timeline", https, host=PUBLIC, cookie="all").scope or {})["scheme"] == "https"


def test_a_request_through_a_proxy_on_the_machines_port_is_never_the_owner():
    rig = Rig(proxied=PROXY)
    for header in [("X-Forwarded-For", "10.1.2.3"), ("Remote-User", "nora"), SHOWN, ("Via", "1.1 caddy")]:
        assert rig.ask("/", header, host=MACHINE_HOST).status == 403


def test_what_is_neither_http_nor_a_socket_is_passed_on():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    async def nothing(*_):
        return {}

    door = FrontDoor(inner, devices=MemoryDevices(), open_store=open_nothing)
    asyncio.run(door({"type": "lifespan"}, nothing, nothing))
    assert seen == ["lifespan"]


def test_a_media_file_is_for_those_whose_socket_named_it():
    rig = paired(tls=True)
    rig.devices.pair("other", identity(3, "everything", 2))
    rig.sends = [{"type": "websocket.send", "bytes": b"\x0a /media/0123456789abcdef0123.csv \x12"}]
    assert rig.ask("/media/0123456789abcdef0123.csv", cookie="all").status == 403
    assert rig.ask("/_stcore/stream", kind="websocket", cookie="all").status == 101
    assert rig.ask("/media/0123456789abcdef0123.csv", cookie="all").status == 200
    assert rig.ask("/media/0123456789abcdef0123.csv", cookie="other").status == 403
    assert rig.ask("/media/0123456789abcdef0124.csv", cookie="all").status == 403


def test_an_upload_goes_into_ones_own_session_alone():
    rig = Rig()
    rig.sends = [{"type": "websocket.send", "bytes": b"/_stcore/upload_file/0b0e1c2d-1111/f1"}]
    put = {"method": "PUT", "host": MACHINE_HOST}
    assert rig.ask("/_stcore/upload_file/0b0e1c2d-1111/f1", **put).status == 403
    rig.ask("/_stcore/stream", kind="websocket", host=MACHINE_HOST)
    assert rig.ask("/_stcore/upload_file/0b0e1c2d-1111/f1", **put).status == 200
