"""Persons who sign in at a provider, their sessions, and sign-ins under way; what they mean is decided above."""

# A person is known by issuer and subject alone: an address or a name may pass to somebody else. Of a session's value
# and of a sign-in's state only the hash is stored. All of it belongs to this server and is in no backup.

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from connectors.errors import SignInRefused
from connectors.store.database import Database, StorePart, upsert
from connectors.store.stored_time import read_time, read_time_if_any, stored_time
from connectors.store.tables import LOGOUT_TOKEN_TABLE, PERSON_SESSION_TABLE, PERSON_TABLE, SIGN_IN_TABLE

GOOD_FOR = timedelta(minutes=10)
"""How long a sign-in that was begun may be finished."""
REMEMBERED = timedelta(days=1)
"""How long the row of an ended session stays."""
MOST_BEGUN = 5000
"""Sign-ins under way; anybody may begin one, so the oldest make room."""
REMOVED = (
    "An administrator has removed this person from this server, so nothing was opened. Ask whoever runs it."
)


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, or whom the server's shell has made an administrator before."""

    person_id: int
    issuer: str
    subject: str
    display_name: str | None
    groups: tuple[str, ...]
    is_therapist: bool
    is_admin: bool
    version: int
    """Counts changes of what the person may do."""
    added: datetime
    seen: datetime | None = None
    """When the person last signed in; None for one who never did."""
    removed: datetime | None = None


@dataclass(frozen=True)
class PersonSession:
    """One browser in which a person is signed in, known by the hash of its cookie."""

    digest: str
    person_id: int
    version: int
    """The version of the person's rights now."""
    provider_session: str | None
    acted: datetime
    """When the person last did anything."""
    ends: datetime


@dataclass(frozen=True)
class BegunSignIn:
    """A browser that was sent to the provider and has not come back."""

    state_digest: str
    browser_digest: str
    nonce: str
    code_verifier: str
    return_to: str
    begun: datetime


@dataclass(frozen=True)
class VerifiedPerson:
    """What a provider's answer says of somebody, once everything about it was verified."""

    issuer: str
    subject: str
    display_name: str | None = None
    groups: tuple[str, ...] = ()
    is_therapist: bool = False
    provider_session: str | None = None


WriteNote = Callable[[Connection, str, str, int | None, str | None], None]
"""Adds a line to the access log inside a transaction: who, what, whose record, about what."""


class PeopleStore(StorePart):
    """Persons and their sessions; `Store.people`."""

    def __init__(self, database: Database, note: WriteNote | None = None) -> None:
        super().__init__(database)
        self._note = note

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Open one transaction, for a change of rights that ends with `count_up`."""
        with self._database.writing() as connection:
            yield connection

    @staticmethod
    def count_up(connection: Connection, person_id: int) -> None:
        """Count a change of what a person may do, so that every open page of theirs is closed and drawn anew."""
        table = PERSON_TABLE
        connection.execute(
            update(table).where(table.c.person_id == person_id).values(version=table.c.version + 1)
        )

    @staticmethod
    def end_in(connection: Connection, person_id: int, now: datetime) -> None:
        """End every session of a person inside a transaction: another role is begun with another sign-in."""
        _end(connection, now, PERSON_SESSION_TABLE.c.person_id == person_id)

    def persons(self) -> list[Person]:
        """List all persons, those who were removed too, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PERSON_TABLE).order_by(PERSON_TABLE.c.person_id))
            return [_as_person(row) for row in rows]

    def person(self, person_id: int) -> Person | None:
        """Return one person; read anew only after a change."""

        def read(connection: Connection) -> Person | None:
            return _person(connection, PERSON_TABLE.c.person_id == person_id)

        return self._database.remembered(("person", person_id), read)

    def add_admin(self, issuer: str, subject: str, now: datetime) -> bool:
        """Make somebody an administrator, also before they ever signed in; False for one who is."""
        with self._database.writing() as connection:
            known = _person(connection, *_is(issuer, subject))
            if known is None:
                row = {"issuer": issuer, "subject": subject, "is_admin": 1, "added_utc": stored_time(now)}
                upsert(connection, PERSON_TABLE, [row], ["issuer", "subject"])
                added = _person(connection, *_is(issuer, subject))
                self._log(
                    connection, None, "set role", f"person {added.person_id if added else 0}: administrator"
                )
                return True
            if known.is_admin and known.removed is None:
                return False
            one = update(PERSON_TABLE).where(PERSON_TABLE.c.person_id == known.person_id)
            connection.execute(one.values(is_admin=1, removed_utc=None))
            self.count_up(connection, known.person_id)
            self.end_in(connection, known.person_id, now)
            self._log(connection, None, "set role", f"person {known.person_id}: administrator")
            return True

    def begin_sign_in(self, begun: BegunSignIn, most: int = MOST_BEGUN) -> None:
        """Note that a browser was sent to the provider, and delete what is too old to be finished."""
        table = SIGN_IN_TABLE
        with self._database.writing() as connection:
            at = table.c.begun_utc
            early, late = stored_time(begun.begun - GOOD_FOR), stored_time(begun.begun + GOOD_FOR)
            connection.execute(delete(table).where((at < early) | (at > late)))
            rest = (connection.scalar(select(func.count()).select_from(table)) or 0) - most + 1
            if rest > 0:
                oldest = select(table.c.state_digest).order_by(at).limit(rest)
                connection.execute(delete(table).where(table.c.state_digest.in_(oldest)))
            row = {**vars(begun), "begun_utc": stored_time(begun.begun)}
            row.pop("begun")
            connection.execute(insert(table).values(row))

    def take_sign_in(self, state_digest: str, now: datetime) -> BegunSignIn | None:
        """Take a sign-in that was begun, whichever process began it; once, and for ten minutes."""
        table = SIGN_IN_TABLE
        taking = delete(table).where(table.c.state_digest == state_digest).returning(*table.c)
        with self._database.writing() as connection:
            row = connection.execute(taking).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        begun = BegunSignIn(begun=read_time(values.pop("begun_utc")), **values)
        return begun if abs(now - begun.begun) <= GOOD_FOR else None

    def sign_in(
        self, verified: VerifiedPerson, digest: str, ends: datetime, now: datetime, replaces: str | None
    ) -> Person:
        """Open a session of a person, who is added at the first one; `replaces` is the browser's earlier session.

        Other groups than before end every session that was opened with the old ones.
        """
        with self._database.writing() as connection:
            person = self._admit(connection, verified, now)
            if replaces is not None:
                _end(connection, now, PERSON_SESSION_TABLE.c.session_digest == replaces)
            connection.execute(
                insert(PERSON_SESSION_TABLE).values(
                    session_digest=digest,
                    person_id=person.person_id,
                    provider_session=verified.provider_session,
                    made_utc=stored_time(now),
                    acted_utc=stored_time(now),
                    ends_utc=stored_time(ends),
                )
            )
            old = PERSON_SESSION_TABLE.c.ends_utc < stored_time(now - REMEMBERED)
            connection.execute(delete(PERSON_SESSION_TABLE).where(old))
            self._log(connection, person.person_id, "signed in")
            return person

    def _admit(self, connection: Connection, verified: VerifiedPerson, now: datetime) -> Person:
        known = _person(connection, *_is(verified.issuer, verified.subject))
        if known is not None and known.removed is not None:
            raise SignInRefused(REMOVED)
        row = {
            "issuer": verified.issuer,
            "subject": verified.subject,
            "display_name": verified.display_name,
            "group_names": json.dumps(sorted(set(verified.groups))),
            "is_therapist": int(verified.is_therapist),
            "seen_utc": stored_time(now),
            "added_utc": stored_time(now if known is None else known.added),
        }
        upsert(connection, PERSON_TABLE, [row], ["issuer", "subject"])
        person = _person(connection, *_is(verified.issuer, verified.subject))
        if person is None:
            raise SignInRefused(REMOVED)
        if known is not None and _rights(known) != _rights(person):
            self.count_up(connection, person.person_id)
            self.end_in(connection, person.person_id, now)
        return person

    def sessions(self) -> Mapping[str, PersonSession]:
        """Return every session that was not ended, by its hash; read anew only after a change.

        Whether one is idle or over by now is for the reader to say.
        """

        def read(connection: Connection) -> dict[str, PersonSession]:
            table = PERSON_SESSION_TABLE
            query = (
                select(table, PERSON_TABLE.c.version)
                .join(PERSON_TABLE, PERSON_TABLE.c.person_id == table.c.person_id)
                .where(table.c.ended_utc.is_(None), PERSON_TABLE.c.removed_utc.is_(None))
            )
            return {row.session_digest: _as_session(row) for row in connection.execute(query)}

        return self._database.remembered("person sessions", read)

    def write_last_acted(self, done_at: Mapping[str, datetime], idle: timedelta) -> None:
        """Note when somebody last did anything, by session; one that was idle for too long before stays as it is."""
        table = PERSON_SESSION_TABLE
        with self._database.writing() as connection:
            for digest, acted in done_at.items():
                connection.execute(
                    update(table)
                    .where(
                        table.c.session_digest == digest,
                        table.c.ended_utc.is_(None),
                        table.c.acted_utc < stored_time(acted),
                        table.c.acted_utc >= stored_time(acted - idle),
                    )
                    .values(acted_utc=stored_time(acted))
                )

    def end_session(self, digest: str, now: datetime) -> int:
        """End one session; return how many were open."""
        return self._sign_out("signed out", now, PERSON_SESSION_TABLE.c.session_digest == digest)

    def end_sessions(self, person_id: int, now: datetime, spared: str | None = None) -> int:
        """End every session of a person, in all browsers but one that is spared; return how many were open."""
        where = [PERSON_SESSION_TABLE.c.person_id == person_id]
        if spared is not None:
            where.append(PERSON_SESSION_TABLE.c.session_digest != spared)
        return self._sign_out("signed out in all browsers", now, *where)

    def _sign_out(self, action: str, now: datetime, *where: Any) -> int:
        table = PERSON_SESSION_TABLE
        with self._database.writing() as connection:
            is_open = select(table.c.person_id).where(table.c.ended_utc.is_(None), *where).distinct()
            for person_id in connection.scalars(is_open).all():
                self._log(connection, person_id, action)
            return _end(connection, now, *where)

    def end_by_provider(
        self, issuer: str, subject: str | None, provider_session: str | None, now: datetime
    ) -> int:
        """End the sessions that a provider names: those of its own session where it names one, else of the person."""
        table = PERSON_SESSION_TABLE
        persons = select(PERSON_TABLE.c.person_id).where(PERSON_TABLE.c.issuer == issuer)
        if subject is not None:
            persons = persons.where(PERSON_TABLE.c.subject == subject)
        where: list[Any] = [table.c.person_id.in_(persons)]
        if provider_session is not None:
            # A session that was opened without a name of the provider's own may be the one that is meant.
            own = table.c.provider_session == provider_session
            where.append(own if subject is None else or_(own, table.c.provider_session.is_(None)))
        return self._sign_out("signed out by the provider", now, *where)

    def take_logout_token(self, digest: str, until: datetime, now: datetime) -> bool:
        """Note a provider's token of sign-out as used until a time; False for one that was used before."""
        table = LOGOUT_TOKEN_TABLE
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.until_utc < stored_time(now)))
            if connection.scalar(select(table.c.until_utc).where(table.c.token_digest == digest)) is not None:
                return False
            connection.execute(insert(table).values(token_digest=digest, until_utc=stored_time(until)))
            return True

    def _log(self, connection: Connection, by: int | None, action: str, subject: str | None = None) -> None:
        if self._note is not None:
            self._note(connection, "owner" if by is None else f"person:{by}", action, None, subject)


def _is(issuer: str, subject: str) -> tuple[Any, Any]:
    return PERSON_TABLE.c.issuer == issuer, PERSON_TABLE.c.subject == subject


def _rights(person: Person) -> tuple[Any, ...]:
    return person.groups, person.is_therapist


def _end(connection: Connection, now: datetime, *where: Any) -> int:
    table = PERSON_SESSION_TABLE
    ending = update(table).where(table.c.ended_utc.is_(None), *where).values(ended_utc=stored_time(now))
    return connection.execute(ending).rowcount


def _person(connection: Connection, *where: Any) -> Person | None:
    row = connection.execute(select(PERSON_TABLE).where(*where)).one_or_none()
    return None if row is None else _as_person(row)


def _as_person(row: Row[Any]) -> Person:
    return Person(
        row.person_id,
        row.issuer,
        row.subject,
        row.display_name,
        tuple(json.loads(row.group_names)),
        bool(row.is_therapist),
        bool(row.is_admin),
        row.version,
        read_time(row.added_utc),
        read_time_if_any(row.seen_utc),
        read_time_if_any(row.removed_utc),
    )


def _as_session(row: Row[Any]) -> PersonSession:
    return PersonSession(
        row.session_digest,
        row.person_id,
        row.version,
        row.provider_session,
        read_time(row.acted_utc),
        read_time(row.ends_utc),
    )
