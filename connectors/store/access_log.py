"""The access log: who saw or changed whose record, and when; never what stands in it. Entries are only ever added."""

# Each entry carries a digest over itself and the digest of the one before, so that one that is changed, put in or taken
# out shows. The last digest stands in a row of its own: it shows entries cut off at the end, and lets a process add to
# the chain that may read no other entry. A runner is an alias made at random; which runner it is goes with them.

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Insert,
    TableClause,
    Text,
    Update,
    cast,
    event,
    func,
    insert,
    literal,
    select,
    update,
)

from connectors.errors import StoreError
from connectors.plain_text import storable
from connectors.plural import count
from connectors.source import Progress, silent
from connectors.store.database import ONLY_FOR, Database, StorePart, count_up
from connectors.store.stored_time import read_time, stored_time
from connectors.store.tables import (
    ACCESS_LOG_HEAD_TABLE,
    ACCESS_LOG_TABLE,
    PERSON_TABLE,
    RUNNER_ALIAS_TABLE,
    TABLES,
)

SAW, CHANGED, DOWNLOADED, IMPORTED, FORGOT = "saw", "changed", "downloaded", "imported", "forgot"
COALESCED = timedelta(minutes=15)
"""A page that somebody sees again within this time is one entry. Design choice."""
NOTED_TABLES = frozenset({*TABLES, "setting", "match", "runner"})
"""Tables of which a change is noted: what a runner has on record, and no counter, job or key."""
_COALESCED_TABLES = frozenset({"setting"})
_HEAD = "access_log"
_BATCH = 1_000
_MOST_REMEMBERED = 10_000
_MOST_NAMED = 5


@dataclass(frozen=True)
class AccessEntry:
    """One entry."""

    entry_id: int
    at: datetime
    alias: str | None
    """The runner whose record it was; None where it was nobody's."""
    athlete_id: int | None
    """Their number here; None once they are forgotten."""
    actor: str
    """owner, device:<number> or person:<number>."""
    actor_name: str | None
    """What a person is called; None for anybody else, and for somebody who is not here any more."""
    action: str
    subject: str | None
    digest: str


class AccessLog(StorePart):
    """Entries added and read; `Store.access_log`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._noted: dict[tuple[str, int | None, str | None, str], float] = {}
        self._lock = threading.Lock()

    def note(
        self,
        connection: Connection | None,
        actor: str,
        action: str,
        athlete_id: int | None = None,
        subject: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Add an entry, in a transaction that is open or in one of its own."""
        if connection is not None:
            add_entry(connection, actor, action, athlete_id, subject, at)
            return
        with self._database.writing() as own:
            add_entry(own, actor, action, athlete_id, subject, at)

    def note_once(self, actor: str, action: str, athlete_id: int | None, subject: str | None) -> None:
        """Add an entry unless the same one was added within a quarter of an hour, by this process or another."""
        key, now = (actor, athlete_id, subject, action), time.monotonic()
        with self._lock:
            if now - self._noted.get(key, float("-inf")) < COALESCED.total_seconds():
                return
        with self._database.writing(is_note=True) as connection:
            if not is_noted(connection, actor, action, athlete_id, subject):
                add_entry(connection, actor, action, athlete_id, subject)
        with self._lock:
            # Only now: an entry that could not be written is tried again at the next page.
            if len(self._noted) >= _MOST_REMEMBERED:
                self._noted.clear()
            self._noted[key] = now

    def of_runner(self, athlete_id: int, limit: int, before: int | None = None) -> list[AccessEntry]:
        """Return the entries of one runner, newest first; `before` is the number of the last one that was shown."""
        alias = select(RUNNER_ALIAS_TABLE.c.alias).where(RUNNER_ALIAS_TABLE.c.athlete_id == athlete_id)
        query = _entries().where(ACCESS_LOG_TABLE.c.alias == alias.scalar_subquery())
        if before is not None:
            query = query.where(ACCESS_LOG_TABLE.c.entry_id < before)
        query = query.order_by(ACCESS_LOG_TABLE.c.entry_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_as_entry(row) for row in connection.execute(query)]

    def entries(
        self, since: datetime | None = None, until: datetime | None = None, athlete_id: int | None = None
    ) -> Iterator[AccessEntry]:
        """Read the entries from a moment to before another, oldest first, some at a time."""
        after = 0
        if athlete_id is None:
            with self._database.reading() as connection:
                refuse_partial(connection)
        while True:
            query = _entries().where(ACCESS_LOG_TABLE.c.entry_id > after)
            if since is not None:
                query = query.where(ACCESS_LOG_TABLE.c.at_utc >= stored_time(since))
            if until is not None:
                query = query.where(ACCESS_LOG_TABLE.c.at_utc < stored_time(until))
            if athlete_id is not None:
                query = query.where(RUNNER_ALIAS_TABLE.c.athlete_id == athlete_id)
            with self._database.reading() as connection:
                rows = connection.execute(query.order_by(ACCESS_LOG_TABLE.c.entry_id).limit(_BATCH)).all()
            for row in rows:
                after = row.entry_id
                yield _as_entry(row)
            if len(rows) < _BATCH:
                return

    def problems(self, progress: Progress = silent) -> list[str]:
        """Hold every entry against its digest and the one before; return what is wrong, in sentences."""
        with self._database.reading() as connection:
            refuse_partial(connection)
            return chain_problems(connection, progress)


def add_entry(
    connection: Connection,
    actor: str,
    action: str,
    athlete_id: int | None,
    subject: str | None,
    at: datetime | None = None,
) -> None:
    """Add an entry to the chain inside a transaction."""
    # Counting locks the row of the head until the end of the transaction: whoever adds next sees this entry.
    count_up(connection, ACCESS_LOG_HEAD_TABLE, {"name": _HEAD}, "entries")
    is_head = ACCESS_LOG_HEAD_TABLE.c.name == _HEAD
    previous = connection.scalar(select(ACCESS_LOG_HEAD_TABLE.c.digest).where(is_head)) or ""
    row = {
        "at_utc": stored_time(at or datetime.now(UTC)),
        "alias": None if athlete_id is None else alias_of(connection, athlete_id),
        # As they are kept: the digest is of what is read again.
        "actor": storable(actor),
        "action": storable(action),
        "subject": None if subject is None else storable(subject),
    }
    digest = digest_of(previous, row)
    # Inline: to be given back the number of the entry one would have to be allowed to read it.
    entry = insert(ACCESS_LOG_TABLE).inline().values(**row, previous_digest=previous, digest=digest)
    connection.execute(entry)
    connection.execute(update(ACCESS_LOG_HEAD_TABLE).where(is_head).values(digest=digest))


def alias_of(connection: Connection, athlete_id: int) -> str:
    """Return the alias of a runner, made at random at the first entry."""
    query = select(RUNNER_ALIAS_TABLE.c.alias).where(RUNNER_ALIAS_TABLE.c.athlete_id == athlete_id)
    alias = connection.scalar(query)
    if alias is None:
        alias = secrets.token_hex(8)
        connection.execute(insert(RUNNER_ALIAS_TABLE).values(athlete_id=athlete_id, alias=alias))
    return alias


def digest_of(previous: str, row: dict[str, Any]) -> str:
    """Return the digest of an entry together with the one before it."""
    text = json.dumps([previous, *(row[name] for name in ("at_utc", "alias", "actor", "action", "subject"))])
    return hashlib.sha256(text.encode()).hexdigest()


def is_noted(
    connection: Connection, actor: str, action: str, athlete_id: int | None, subject: str | None
) -> bool:
    """Return whether the same entry was added within a quarter of an hour, as far as this connection may read."""
    table, since = ACCESS_LOG_TABLE, stored_time(datetime.now(UTC) - COALESCED)
    alias = None if athlete_id is None else alias_of(connection, athlete_id)
    query = select(table.c.entry_id).where(
        table.c.alias == alias,
        table.c.at_utc > since,
        table.c.actor == actor,
        table.c.action == action,
        table.c.subject == subject,
    )
    return connection.scalar(query.limit(1)) is not None


def is_partly_seen(connection: Connection) -> bool:
    """Return whether this role of the database sees the entries of some runners alone."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.scalar(select(func.row_security_active(ACCESS_LOG_TABLE.name))))


def refuse_partial(connection: Connection) -> None:
    """Refuse to read the whole log where the database shows a part of it."""
    if is_partly_seen(connection):
        raise StoreError(
            "This role of the database sees a part of the access log alone, so nothing was written. Name one runner "
            "with --athlete, or run this as a role that may read everything (heelwise_backup)."
        )


def chain_problems(connection: Connection, progress: Progress = silent) -> list[str]:
    """Hold the chain of a database against itself; return what is wrong, in sentences."""
    table, previous, after, done = ACCESS_LOG_TABLE, "", 0, 0
    head = connection.execute(
        select(ACCESS_LOG_HEAD_TABLE).where(ACCESS_LOG_HEAD_TABLE.c.name == _HEAD)
    ).first()
    total, wrong = int(connection.scalar(select(func.count()).select_from(table)) or 0), []
    while True:
        query = select(table).where(table.c.entry_id > after).order_by(table.c.entry_id).limit(_BATCH)
        rows = [dict(row._mapping) for row in connection.execute(query)]
        for row in rows:
            after = row["entry_id"]
            if row["previous_digest"] != previous or row["digest"] != digest_of(row["previous_digest"], row):
                wrong.append(after)
            previous = row["digest"]
        done += len(rows)
        progress(done, total, "entries of the access log")
        if len(rows) < _BATCH:
            break
    problems = []
    if wrong:
        numbers = ", ".join(map(str, wrong[:_MOST_NAMED])) + (", …" if len(wrong) > _MOST_NAMED else "")
        problems.append(
            f"{count(len(wrong), 'entry', 'entries')} of the access log or those before are not as they were written "
            f"(entry {numbers})."
        )
    if (head.entries if head else 0) != done or (head is not None and head.digest != previous):
        problems.append(
            f"The access log has {count(done, 'entry', 'entries')}, and {head.entries if head else 0} were written: "
            "some are missing or were put in."
        )
    return problems


class NotingDatabase(Database):
    """The same database, which notes what a transaction changes of a record, in that transaction."""

    def __init__(self, database: Database, actor: str) -> None:
        vars(self).update(vars(database))
        self._inner = database
        self._actor = actor

    def bound(self, settings: Mapping[str, str]) -> Database:
        """Return the same database, of which every transaction names somebody."""
        return NotingDatabase(self._inner.bound(settings), self._actor)

    def unnoted(self) -> Database:
        """Return the database that is not noted: an entry about who is erased would make their alias anew."""
        return self._inner.unnoted()

    @contextmanager
    def writing(self, is_note: bool = False) -> Iterator[Connection]:
        """Open a transaction; at its end each table of a record that it changed is an entry."""
        with self._inner.writing(is_note) as connection:
            changed: dict[tuple[int | None, str], None] = {}

            def remember(_: Connection, statement: object, many: Any, one: Any, *_more: object) -> None:
                if (table := _noted_table(statement)) is not None:
                    for athlete_id in _runners_of(connection, statement, many, one):
                        changed[athlete_id, table] = None

            event.listen(connection, "after_execute", remember)
            try:
                yield connection
            finally:
                event.remove(connection, "after_execute", remember)
            for athlete_id, table in changed:
                self._note(connection, athlete_id, table)

    def _note(self, connection: Connection, athlete_id: int | None, table: str) -> None:
        entry = (self._actor, CHANGED, athlete_id, table)
        if table not in _COALESCED_TABLES or not is_noted(connection, *entry):
            add_entry(connection, *entry)


def _noted_table(statement: object) -> str | None:
    """Return the table that a statement changes; None for one whose changes are not noted."""
    if not isinstance(statement, Insert | Update | Delete) or not isinstance(statement.table, TableClause):
        return None
    return statement.table.name if statement.table.name in NOTED_TABLES else None


def _runners_of(connection: Connection, statement: Any, many: Any, one: Any) -> set[int | None]:
    """Return whose rows a statement writes: of the runner the transaction is for, else of those it names."""
    only = connection.get_execution_options().get(ONLY_FOR)
    if only is not None:
        return {only}
    rows = [*(many or []), one or {}, statement.compile().params]
    athlete_ids = {
        int(value)
        for row in rows
        for name, value in row.items()
        if name.startswith("athlete_id") and isinstance(value, int)
    }
    return {*athlete_ids} or {None}


def _entries() -> Any:
    """Select entries with the runner's number and the person's name, as far as they are still here."""
    number = cast(PERSON_TABLE.c.person_id, Text)
    name = PERSON_TABLE.c.display_name.label("actor_name")
    return (
        select(ACCESS_LOG_TABLE, RUNNER_ALIAS_TABLE.c.athlete_id, name)
        .outerjoin(RUNNER_ALIAS_TABLE, RUNNER_ALIAS_TABLE.c.alias == ACCESS_LOG_TABLE.c.alias)
        .outerjoin(PERSON_TABLE, ACCESS_LOG_TABLE.c.actor == literal("person:") + number)
    )


def _as_entry(row: Any) -> AccessEntry:
    return AccessEntry(
        row.entry_id,
        read_time(row.at_utc),
        row.alias,
        row.athlete_id,
        row.actor,
        row.actor_name,
        row.action,
        row.subject,
        row.digest,
    )
