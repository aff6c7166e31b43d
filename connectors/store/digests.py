"""A digest of each runner's rows by table and month, kept in the transaction that writes them."""

# What a disk changes by itself changes no digest, so it is noticed. A digest is the sum of the hashes of its rows, so
# that adding or removing a row needs no other row.
# Whoever writes a table of `DIGESTED` by another road than `write_rows` and `delete_rows` does so inside `tracked`; a
# migration that changes values deletes the digests of that table, which are then made anew.

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, select

from connectors.errors import RecordDoubtful
from connectors.source import Progress, silent
from connectors.store.tables import DIGEST_TABLE, MATCH_TABLE, RUNNER_TABLE, SETTING_TABLE, TABLES

DIGESTED: dict[str, Table] = {
    **TABLES,
    SETTING_TABLE.name: SETTING_TABLE,
    MATCH_TABLE.name: MATCH_TABLE,
}
_DATES = ("local_date", "date", "from_date", "start_date", "onset_person_date", "onset_rule_date")
_MODULUS = 1 << 64
_LAST_DAY = 73_050
_RESTORING = "is_restoring"

_TITLES = {
    "activity": "sessions",
    "shoe": "shoes",
    "shoe_fact": "facts of shoes",
    "symptom": "symptoms",
    "strength": "strength sets",
    "event": "events",
    "onset": "onsets",
    "edit": "edits",
    "test_result": "test results",
    "guardrail": "limits",
    "visit": "notes of consults",
    "episode": "earlier episodes",
    "intake": "answers of the intake card",
    "setting": "settings",
    "match": "decisions on doubles",
}

Sums = dict[str, tuple[int, int]]
"""By month, such as 2026-03, or "" for what has no date: count of rows, and the sum of their hashes."""


@dataclass(frozen=True)
class UnverifiedRows:
    """Rows of one runner in one table and month that are not as Heelwise wrote them."""

    athlete_id: int
    table: str
    period: str

    def in_words(self) -> str:
        """Name the rows, such as "runs of 2026-03"."""
        what = _TITLES.get(self.table, self.table.replace("_", " "))
        return f"{what} of {self.period}" if self.period else what


def is_doubted(connection: Connection, athlete_id: int, table: str) -> bool:
    """Return whether rows of a table do not verify, so that the table is read-only for this runner."""
    query = select(DIGEST_TABLE.c.period).where(*_of(athlete_id, table), DIGEST_TABLE.c.is_doubted == 1)
    return connection.execute(query.limit(1)).first() is not None


def all_doubts(connection: Connection) -> list[UnverifiedRows]:
    """List what did not verify when it was last looked at."""
    columns = (DIGEST_TABLE.c.athlete_id, DIGEST_TABLE.c.contract, DIGEST_TABLE.c.period)
    query = select(*columns).where(DIGEST_TABLE.c.is_doubted == 1).order_by(*columns)
    return [UnverifiedRows(*row) for row in connection.execute(query)]


def begin_change(connection: Connection, athlete_id: int, table: str) -> None:
    """Refuse to write a table that is in doubt; make its digests where there are none yet."""
    query = select(DIGEST_TABLE.c.is_doubted).where(*_of(athlete_id, table))
    marks = list(connection.scalars(query))
    if any(marks) and not _is_restoring(connection):
        raise RecordDoubtful(
            f"Rows of the table {table} of this runner are not as they were written, so nothing is written to it. "
            "Everything else goes on. Restore a backup, or see `heelwise doctor`."
        )
    if not marks:
        _write(connection, athlete_id, table, _sums_of(connection, athlete_id, table))


def shift(
    connection: Connection,
    athlete_id: int,
    table: str,
    names: Sequence[str],
    removed: Iterable[Sequence[Any]],
    added: Iterable[Sequence[Any]],
) -> None:
    """Take rows out of the digests and others in; both in the types of the table."""
    if is_doubted(connection, athlete_id, table):
        return  # a restore: what was written is held against the digests at its end
    before, after = sums(names, removed), sums(names, added)
    changed = {period for period in before.keys() | after.keys() if before.get(period) != after.get(period)}
    if not changed:
        return
    current = _stored(connection, athlete_id, table)
    fresh: Sums = {}
    for period in changed:
        rows, total = current.get(period, (0, 0))
        less, more = before.get(period, (0, 0)), after.get(period, (0, 0))
        fresh[period] = (rows - less[0] + more[0], (total - less[1] + more[1]) % _MODULUS)
    _write(connection, athlete_id, table, fresh)


@contextmanager
def tracked(
    connection: Connection, athlete_id: int, table: Table, *where: ColumnElement[bool]
) -> Iterator[None]:
    """Carry what is done to some rows of a table inside this block over into its digests."""
    begin_change(connection, athlete_id, table.name)
    query = select(table).where(table.c.athlete_id == athlete_id, *where)
    before = connection.execute(query).all()
    yield
    after = connection.execute(query).all()
    shift(connection, athlete_id, table.name, table.columns.keys(), before, after)


def verify(
    connection: Connection, athlete_ids: Iterable[int] | None = None, progress: Progress = silent
) -> list[UnverifiedRows]:
    """Hold every row against the digests, note what does not verify, and return it."""
    whose = (
        list(connection.scalars(select(RUNNER_TABLE.c.athlete_id)))
        if athlete_ids is None
        else list(athlete_ids)
    )
    tables = [(one, table) for one in whose for table in DIGESTED]
    doubts: list[UnverifiedRows] = []
    for done, (one, table) in enumerate(tables, start=1):
        doubts += _verify_table(connection, one, table)
        progress(done, len(tables), "checking tables")
    return doubts


def restoring(connection: Connection) -> None:
    """Let this transaction write tables that are in doubt: what it brings is what they should hold."""
    connection.execution_options(**{_RESTORING: True})


def settle_restored(connection: Connection, athlete_id: int, table: str, keys: set[tuple[str, ...]]) -> None:
    """End the doubt about months of which every row verifies again or came with the backup."""
    there = DIGESTED[table]
    names = there.columns.keys()
    places = [names.index(column.name) for column in there.primary_key]
    current = connection.execute(select(there).where(there.c.athlete_id == athlete_id)).all()
    strangers = {_period(names, row) for row in current if tuple(str(row[at]) for at in places) not in keys}
    now, stored = sums(names, current), _stored(connection, athlete_id, table)
    settled = {
        period: now.get(period, (0, 0))
        for period in now.keys() | stored.keys()
        if period not in strangers or now.get(period, (0, 0)) == stored.get(period, (0, 0))
    }
    _write(connection, athlete_id, table, settled)


def accept(connection: Connection, athlete_id: int) -> None:
    """Take the rows of a runner as they are, where nothing better is left: their digests are made anew."""
    for doubt in all_doubts(connection):
        if doubt.athlete_id == athlete_id:
            connection.execute(delete(DIGEST_TABLE).where(*_of(athlete_id, doubt.table)))
            _write(connection, athlete_id, doubt.table, _sums_of(connection, athlete_id, doubt.table))


def sums(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sums:
    """Return count and sum of hashes of rows by month."""
    counts: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    order = sorted(range(len(names)), key=names.__getitem__)
    for row in rows:
        period = _period(names, row)
        counts[period] += 1
        totals[period] = (totals[period] + _row_hash(names, row, order)) % _MODULUS
    return {period: (number, totals[period]) for period, number in counts.items()}


def _row_hash(names: Sequence[str], row: Sequence[Any], order: Sequence[int]) -> int:
    # Unknown values are left out, so that a column added later changes no digest.
    parts = (f"{names[at]}\x1f{_plain(row[at])}" for at in order if row[at] is not None)
    content = "\x1e".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest())


def _plain(value: Any) -> str:
    # SQLite gives -0.0 back as 0.0; adding zero does the same.
    return f"f{(value + 0.0).hex()}" if isinstance(value, float) else f"{type(value).__name__[0]}{value}"


def _period(names: Sequence[str], row: Sequence[Any]) -> str:
    days = next((row[names.index(name)] for name in _DATES if name in names), None)
    if not isinstance(days, int) or not 0 <= days <= _LAST_DAY:
        return ""
    return f"{date(1970, 1, 1) + timedelta(days=days):%Y-%m}"


def _verify_table(connection: Connection, athlete_id: int, table: str) -> list[UnverifiedRows]:
    stored = _stored(connection, athlete_id, table)
    now = _sums_of(connection, athlete_id, table)
    if not stored:
        if now:
            _write(connection, athlete_id, table, now)
        return []
    empty = (0, 0)
    wrong = {one for one in now.keys() | stored.keys() if now.get(one, empty) != stored.get(one, empty)}
    marked = {
        one.period for one in all_doubts(connection) if (one.athlete_id, one.table) == (athlete_id, table)
    }
    for period in wrong ^ marked:
        _write(connection, athlete_id, table, {period: stored.get(period, empty)}, is_doubted=period in wrong)
    return [UnverifiedRows(athlete_id, table, period) for period in sorted(wrong)]


def _of(athlete_id: int, table: str) -> tuple[ColumnElement[bool], ...]:
    return (DIGEST_TABLE.c.athlete_id == athlete_id, DIGEST_TABLE.c.contract == table)


def _is_restoring(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_RESTORING))


def _stored(connection: Connection, athlete_id: int, table: str) -> Sums:
    query = select(DIGEST_TABLE.c.period, DIGEST_TABLE.c.row_count, DIGEST_TABLE.c.digest)
    rows = connection.execute(query.where(*_of(athlete_id, table)))
    return {period: (number, int(digest, 16)) for period, number, digest in rows}


def _sums_of(connection: Connection, athlete_id: int, table: str) -> Sums:
    there = DIGESTED[table]
    rows = connection.execute(select(there).where(there.c.athlete_id == athlete_id))
    return sums(there.columns.keys(), rows)


def _write(
    connection: Connection, athlete_id: int, table: str, fresh: Sums, is_doubted: bool = False
) -> None:
    if not fresh:
        return
    periods = list(fresh)
    connection.execute(
        delete(DIGEST_TABLE).where(*_of(athlete_id, table), DIGEST_TABLE.c.period.in_(periods))
    )
    rows = [
        {
            "athlete_id": athlete_id,
            "contract": table,
            "period": period,
            "row_count": number,
            "digest": f"{total:016x}",
            "is_doubted": int(is_doubted),
        }
        for period, (number, total) in fresh.items()
    ]
    connection.execute(DIGEST_TABLE.insert(), rows)
