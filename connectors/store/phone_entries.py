"""What was tapped on phones, each tap once; stored in one transaction with the rows that it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, insert, select

from connectors.frames import EDIT, STRENGTH, SYMPTOM, Contract
from connectors.store.database import StorePart, check_runner
from connectors.store.key_values import (
    increment_version,
    read_key_values,
    version_of,
    write_key_values,
)
from connectors.store.rows import delete_rows, write_rows
from connectors.store.stored_time import read_time, stored_time
from connectors.store.tables import BOOKMARK_TABLE, PHONE_ENTRY_TABLE

VERSION_NAME = "phone_entry"
_WATCHED = (VERSION_NAME, SYMPTOM.name, STRENGTH.name, EDIT.name)
REMEMBERED_DAYS = 60
"""Days of which taps are remembered; a delivery about an earlier day is refused."""
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class PhoneEntry:
    """One tap as it was delivered; `date` is the phone's local date, `value` what was answered."""

    entry_id: str
    kind: str
    date: date
    tapped_utc: datetime
    received_utc: datetime
    value: Mapping[str, Any]
    device_id: int | None = None


@dataclass(frozen=True)
class RowsChanged:
    """Rows of one contract to write, and the keys of those to delete."""

    contract: Contract
    frame: pl.DataFrame
    gone: frozenset[tuple[str, str]] = frozenset()


class PhoneEntryStore(StorePart):
    """Taps of phones; of a runner, and in no backup."""

    def phone_entries(self, athlete_id: int) -> tuple[int, list[PhoneEntry]]:
        """Return what was delivered for a runner, and the version that `deliver_entries` asks for."""
        table = PHONE_ENTRY_TABLE
        with self._database.reading() as connection:
            version = version_of(connection, athlete_id, _WATCHED)
            query = select(table).where(table.c.athlete_id == athlete_id)
            rows = connection.execute(query.order_by(table.c.tapped_utc, table.c.entry_id)).all()
        return version, [_entry(row) for row in rows]

    def deliver_entries(
        self,
        athlete_id: int,
        entries: Sequence[PhoneEntry],
        changed: Iterable[RowsChanged],
        version: int,
        latest: Mapping[str, str] | None = None,
    ) -> bool:
        """Write taps and what they change, all of it or nothing; False where the record has changed since `version`.

        Whoever gets False reads again: another phone or page was quicker. `latest` are bookmarks that only grow.
        """
        with self._database.writing() as connection:
            check_runner(connection, [{"athlete_id": athlete_id}])
            if version_of(connection, athlete_id, _WATCHED) != version:
                return False
            for part in changed:
                _write(connection, athlete_id, part)
            if latest:
                before = read_key_values(connection, BOOKMARK_TABLE, athlete_id)
                values = {name: max(value, before.get(name, "")) for name, value in latest.items()}
                write_key_values(connection, BOOKMARK_TABLE, athlete_id, values)
            if entries:
                connection.execute(insert(PHONE_ENTRY_TABLE), [_row(athlete_id, one) for one in entries])
                _forget_old(connection, athlete_id, max(one.received_utc for one in entries))
                increment_version(connection, athlete_id, VERSION_NAME)
        return True


def _write(connection: Connection, athlete_id: int, part: RowsChanged) -> None:
    write_rows(connection, part.contract, part.frame)
    left = part.gone - set(part.frame.select("source", "source_id").iter_rows())
    for source in sorted({source for source, _ in left}):
        ids = sorted(source_id for where, source_id in left if where == source)
        delete_rows(connection, part.contract, athlete_id, source, ids)


def _forget_old(connection: Connection, athlete_id: int, now: datetime) -> None:
    table = PHONE_ENTRY_TABLE
    before = (now.date() - timedelta(days=REMEMBERED_DAYS) - _FIRST_DAY).days
    connection.execute(delete(table).where(table.c.athlete_id == athlete_id, table.c.date < before))


def _row(athlete_id: int, one: PhoneEntry) -> dict[str, Any]:
    return {
        "athlete_id": athlete_id,
        "entry_id": one.entry_id,
        "device_id": one.device_id,
        "kind": one.kind,
        "date": (one.date - _FIRST_DAY).days,
        "tapped_utc": stored_time(one.tapped_utc),
        "received_utc": stored_time(one.received_utc),
        "value": json.dumps(one.value, sort_keys=True),
    }


def _entry(row: Any) -> PhoneEntry:
    return PhoneEntry(
        row.entry_id,
        row.kind,
        _FIRST_DAY + timedelta(days=row.date),
        read_time(row.tapped_utc),
        read_time(row.received_utc),
        json.loads(row.value),
        row.device_id,
    )
