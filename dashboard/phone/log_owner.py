"""Whose log is asked for: of a device the runner of its pairing, of the owner the one named in the address."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response

from connectors.store import Store
from dashboard.access import own_store
from dashboard.access.identity import Identity, identity_of
from dashboard.access.narrow_store import narrow
from dashboard.phone import text

NO_STORE = {"Cache-Control": "no-store"}


class LogRefused(Exception):
    """Somebody asks for a log that is not theirs, or not there."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def refused(why: LogRefused) -> Response:
    """Answer with why a log is not shown."""
    return PlainTextResponse(f"{why}\n", why.status, headers=NO_STORE)


def whose_log(connection: HTTPConnection) -> tuple[Identity, int, Store]:
    """Return who asks, for which runner, and a store that writes for that one alone."""
    identity = identity_of(connection)
    if identity is None:
        raise LogRefused(403, text.NOBODY)
    athlete_id = identity.athlete_id
    if athlete_id is None:
        given = connection.query_params.get("runner", "")
        athlete_id = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    store = narrow(own_store.own_store(), identity)
    if athlete_id is None or all(one.athlete_id != athlete_id for one in store.runners()):
        raise LogRefused(404, text.WHOSE)
    chosen = athlete_id
    return identity, athlete_id, store.only_for(lambda: chosen)
