"""Which address is for whom: the one table that the door enforces and `SECURITY.md` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from dashboard.access.identity import Identity, ListenerName

Right = Literal["open", "log_only", "everything", "person", "owner", "nobody"]
EVERYWHERE: tuple[ListenerName, ...] = ("machine", "phone", "proxy")
PAGE = ("GET", "HEAD")
SOCKET = "SOCKET"
"""Stands for a web socket among the methods."""
ANY_METHOD = ("*",)


@dataclass(frozen=True)
class Rule:
    """One address, or all below it where it ends in "/", and who may ask for it by which methods."""

    path: str
    right: Right
    methods: tuple[str, ...] = PAGE
    listeners: tuple[ListenerName, ...] = EVERYWHERE
    note: str = ""
    for_persons: bool = True
    """Whether a person who signed in may ask for it where the right says so; what is a phone's alone is not theirs."""

    def covers(self, path: str) -> bool:
        """Return whether a path stands under this rule."""
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


RULES = (
    Rule("/pair", "open", ("GET", "POST"), note="pairing a phone"),
    Rule("/pair/", "open", ("GET", "POST"), note="steps of pairing"),
    Rule("/manifest.webmanifest", "open", ("GET",), note="fixed bytes, for the home screen"),
    Rule("/icons/", "open", ("GET",), note="fixed bytes, for the home screen"),
    Rule("/calendar/", "open", ("GET",), note="the reminder, by its own secret address"),
    Rule("/sign-in", "open", ("GET",), ("proxy",), "the page of the sign-in"),
    Rule(
        "/sign-in/",
        "open",
        ("GET", "POST"),
        ("proxy",),
        "to the provider and back, out, and the provider's order",
    ),
    Rule("/alive", "open", ("GET",), ("machine", "proxy"), "204 without a body"),
    Rule("/log", "log_only", note="the phone's log; Streamlit's own page for anybody else"),
    Rule(
        "/phone/",
        "log_only",
        ("GET", "HEAD", "POST"),
        note="what the phone's log asks and sends",
        for_persons=False,
    ),
    Rule(
        "/phone/watch",
        "log_only",
        (SOCKET,),
        note="tells an open log of a change, and ends with its right",
        for_persons=False,
    ),
    Rule("/", "everything", note="pages: Streamlit's shell, without data"),
    Rule("/static/", "everything", note="Streamlit's scripts and styles"),
    Rule("/component/", "everything", note="files of components"),
    Rule("/media/", "everything", note="pictures and downloads, each for those it was drawn for"),
    Rule("/_stcore/stream", "everything", (SOCKET,), note="what pages draw and what is pressed on them"),
    Rule("/_stcore/health", "everything", (*PAGE, "OPTIONS")),
    Rule("/_stcore/host-config", "everything"),
    Rule("/_stcore/bidi-components/", "everything", (*PAGE, "OPTIONS")),
    Rule("/_stcore/upload_file/", "person", ("PUT", "DELETE", "OPTIONS"), note="into one's own session"),
    Rule(
        "/_stcore/", "owner", ANY_METHOD, note="all else of Streamlit: counters, checks, the agent's address"
    ),
    Rule("/connect/", "owner", note="the sign-in at Strava"),
    Rule("/auth/", "nobody", ANY_METHOD, note="Streamlit's own sign-in, not served"),
    Rule("/oauth2callback", "nobody", ANY_METHOD, note="Streamlit's own sign-in, not served"),
    Rule("/app/static/", "owner"),
)
RANKS: dict[Right, int] = {"open": 0, "log_only": 1, "everything": 2, "person": 3, "owner": 4, "nobody": 5}


def rule_of(path: str) -> Rule:
    """Return the rule of a path: the longest that covers it. Every path has one, since `/` covers all."""
    return max((rule for rule in RULES if rule.covers(path)), key=lambda rule: len(rule.path))


def rank_of(identity: Identity | None) -> int:
    """Return how far somebody may reach: 0 nobody known, 1 log only, 2 everything of one runner, 3 a person."""
    if identity is None:
        return 0
    if identity.kind != "device":
        return RANKS[identity.kind]
    return RANKS["everything" if identity.scope == "everything" else "log_only"]


def may_ask(path: str, method: str, listener: ListenerName, identity: Identity | None) -> bool:
    """Return whether somebody may ask for a path by a method through a listener."""
    rule = rule_of(path)
    if listener not in rule.listeners:
        return False
    if rule.right != "open" and identity is not None and identity.kind == "owner":
        return rule.right != "nobody"
    if identity is not None and identity.kind == "person" and not rule.for_persons:
        return False
    return (rule.methods == ANY_METHOD or method in rule.methods) and RANKS[rule.right] <= rank_of(identity)


def is_served(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    """Return whether one of some routes answers exactly this path and method.

    An open address below which nothing of ours lies must not fall through to Streamlit's pages.
    """
    return any(route.matches(scope)[0] == Match.FULL for route in routes)


def _alive(_request: Request) -> Response:
    return Response(status_code=204)


def routes() -> list[Route]:
    """Return the address by which a supervisor asks whether the server answers."""
    return [Route("/alive", _alive, methods=["GET"])]
