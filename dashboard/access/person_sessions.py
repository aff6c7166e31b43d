"""Sessions of persons who signed in: known by a cookie, over when a person signs out, is idle or has been here long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from connectors.store import Store
from connectors.store.people import PersonSession
from dashboard.access.devices import LONGEST, digest_of
from dashboard.access.identity import Identity

COOKIE = "__Host-heelwise"
"""Over TLS alone; no other host and no page without TLS can set it."""
IDLE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)
WRITTEN_EVERY = timedelta(minutes=1)
"""What a person does is written no more often, since every write wakes what the pages remember."""
START = "person-"
PAST_END = 1_000_000_000
"""Added to a version for each right whose last day has passed, so that an open page is closed by it."""
OUTAGE_S = 15.0
"""s for which an open page waits for a database that does not answer; nothing it sends is heard meanwhile."""


def cookie_header(value: str) -> str:
    """Return the `Set-Cookie` header of a session's value; it goes with the browser and holds no more."""
    return f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"


def expired_cookie(name: str) -> str:
    """Return the `Set-Cookie` header that takes a cookie away."""
    return f"{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"


def key_of(digest: str) -> str:
    """Return under which key a session's sockets, files and uploads are known: never the value of its cookie."""
    return START + digest


class PersonSessions:
    """Recognises sessions, and remembers until it is written when their persons last did anything."""

    def __init__(
        self, open_store: Callable[[], Store], is_act: Callable[[bytes], bool], outage_s: float = OUTAGE_S
    ) -> None:
        """Take what says of a page's message whether a person did something, or the page asked by itself."""
        self._open_store = open_store
        self.is_act = is_act
        self.outage_s = outage_s
        self._acted: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def identify(self, cookie: str | None, now: datetime) -> Identity | None:
        """Return whose session a cookie is; None for one that is unknown, over or idle."""
        if not cookie or len(cookie) > LONGEST:
            return None
        digest = digest_of(cookie)
        session = self._open_store().people.sessions().get(digest)
        if session is None or not self._is_open(session, now):
            return None
        return Identity(key_of(digest), "person", person_id=session.person_id)

    def active(self, now: datetime) -> Mapping[str, int]:
        """Return the version of the rights of each session that may ask, by its key; a socket of another is closed."""
        sessions = self._open_store().people.sessions()
        return {
            key_of(one.digest): one.version + PAST_END * self._past_ends(one.person_id, now)
            for one in sessions.values()
            if self._is_open(one, now)
        }

    def _past_ends(self, person_id: int, now: datetime) -> int:
        """Return how many rights of a person ended with a day that has passed: no row changes when a day does."""
        return self._open_store().for_person(person_id).grants.past_ends(person_id, now)

    def act(self, key: str, now: datetime) -> None:
        """Remember that a person did something, and write it unless that was done a moment ago."""
        digest = key.removeprefix(START)
        with self._lock:
            self._acted[digest] = now
            written = self._written.get(digest)
        if written is None or abs(now - written) >= WRITTEN_EVERY:
            self._write_waiting(now)

    def flush(self, now: datetime) -> None:
        """Write what has waited long enough, so that other processes know it too."""
        with self._lock:
            is_due = any(
                acted > written and abs(now - written) >= WRITTEN_EVERY
                for digest, acted in self._acted.items()
                if (written := self._written.get(digest)) is not None
            )
        if is_due:
            self._write_waiting(now)

    def _write_waiting(self, now: datetime) -> None:
        """Write what everybody here did since it was last written, in one go: each write makes all pages read anew."""
        with self._lock:
            waiting = {
                digest: acted
                for digest, acted in self._acted.items()
                if (written := self._written.get(digest)) is None or acted > written
            }
        self._open_store().people.write_acts(waiting, IDLE)
        with self._lock:
            self._written.update(dict.fromkeys(waiting, now))
            for old in [one for one, at in self._written.items() if abs(now - at) > LONGEST_SESSION]:
                self._written.pop(old)
                self._acted.pop(old, None)

    def _is_open(self, session: PersonSession, now: datetime) -> bool:
        with self._lock:
            acted = max(session.acted, self._acted.get(session.digest, session.acted))
        return now < session.ends and now - acted < IDLE
