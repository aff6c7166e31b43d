"""Taking one import back: what no other import brought is deleted, the rest is as it was before."""

# Rows, their history and the list of file moves change in one transaction; the moves are carried out after
# it, and again by whoever opens the store next, so that a take-back killed at any moment is whole or has not
# begun.

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, SHOE, STORED, Contract
from connectors.store.database import check_runner, upsert
from connectors.store.digests import tracked
from connectors.store.file_lock import exclusive_lock
from connectors.store.import_batches import ImportBatchesPart, batch_row, row_digest
from connectors.store.key_values import increment_version
from connectors.store.rows import batches, current_rows, delete_rows
from connectors.store.samples import SampleFolder
from connectors.store.tables import FILE_MOVE, IMPORT_BATCH, IMPORT_ROW, MATCH_TABLE, TABLES, stored_schema
from connectors.store.work_lock import import_lock

BUSY = "An import is under way. Nothing was taken back. Wait until it is done, then try again."
_KEY = ("athlete_id", "contract", "source", "source_id", "import_id")


@dataclass
class TakenBack:
    """What taking an import back did, in rows by contract name."""

    import_id: int
    athlete_id: int
    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    swept: Counter[str] = field(default_factory=Counter)


class ImportUndoPart(ImportBatchesPart):
    """Imports that can be taken back."""

    def revert_import(self, import_id: int) -> TakenBack:
        """Undo one import, as a whole or not at all."""
        with self._database.reading() as connection:
            athlete_id = batch_row(connection, import_id).athlete_id
        self.move_files()
        with exclusive_lock(import_lock(self._database.home, athlete_id), BUSY):
            with self._database.writing() as connection:
                batch = batch_row(connection, import_id)
                check_runner(connection, [{"athlete_id": batch.athlete_id}])
                if batch.taken_back_utc is not None:
                    raise StoreError(f"Import {import_id} was taken back before. Nothing was changed.")
                undo = _Undo(connection, self.samples, batch)
                for contract in STORED:
                    undo.take_back(contract)
                undo.finish()
            self.move_files()
            self.samples.delete_earlier(batch.athlete_id, import_id)
        return undo.done


class _Undo:
    """One take-back inside its transaction."""

    def __init__(self, connection: Connection, samples: SampleFolder, batch: Row) -> None:
        self.connection = connection
        self.samples = samples
        self.import_id, self.athlete_id = batch.import_id, batch.athlete_id
        self.is_swept = bool(batch.is_swept)
        self.done = TakenBack(self.import_id, self.athlete_id)
        self.set_aside = samples.earlier_ids(self.athlete_id, self.import_id)
        self.touched: set[str] = set()
        self.moves: list[tuple[str | None, str]] = []

    def take_back(self, contract: Contract) -> None:
        """Delete or restore the rows of one contract, or hand their history on to the next import that has them."""
        of_import = (IMPORT_ROW.c.import_id == self.import_id, IMPORT_ROW.c.contract == contract.name)
        records = self.connection.execute(select(IMPORT_ROW).where(*of_import)).all()
        if not records:
            return
        current = self._current(contract, records)
        later = self._later(contract, records)
        gone: dict[str, list[str]] = {}
        back: list[dict[str, Any]] = []
        for record in records:
            key = (record.source, record.source_id)
            row = current.get(key)
            if row is None:
                continue
            if key in later:
                self._hand_on(record, later[key], row)
                self.done.shared[contract.name] += 1
            elif row_digest(row) != record.after:
                self.done.changed[contract.name] += 1
            elif record.change == "new":
                gone.setdefault(record.source, []).append(record.source_id)
                self._clear_samples(contract, row)
            elif record.change == "unchanged":
                self.done.shared[contract.name] += 1
                self._put_samples_back(contract, row)
            elif record.before is None:
                self.done.swept[contract.name] += 1
            else:
                back.append(self._earlier(contract, record, row))
        self._delete(contract, gone)
        self._restore(contract, back)

    def finish(self) -> None:
        """Strike off matches the rule made of what changed, note the moves, and mark the import."""
        touched = sorted(self.touched)
        for some in batches(touched):
            either = or_(MATCH_TABLE.c.activity_id.in_(some), MATCH_TABLE.c.same_as.in_(some))
            by_rule = (MATCH_TABLE.c.athlete_id == self.athlete_id, MATCH_TABLE.c.decided_by == "rule")
            with tracked(self.connection, self.athlete_id, MATCH_TABLE, either):
                self.connection.execute(delete(MATCH_TABLE).where(*by_rule, either))
        if touched:
            increment_version(self.connection, self.athlete_id, ACTIVITY.name)
        rows = [{"athlete_id": self.athlete_id, "origin": a, "target": b} for a, b in self.moves]
        if rows:
            self.connection.execute(insert(FILE_MOVE), rows)
        this = IMPORT_BATCH.c.import_id == self.import_id
        now = time.time_ns() // 1_000
        self.connection.execute(update(IMPORT_BATCH).where(this).values(taken_back_utc=now))

    def _current(self, contract: Contract, records: Sequence[Row]) -> dict[tuple[str, str], dict[str, Any]]:
        keys = pl.DataFrame(
            [(one.athlete_id, one.source, one.source_id) for one in records],
            schema={"athlete_id": pl.Int64, "source": pl.String, "source_id": pl.String},
            orient="row",
        )
        rows = current_rows(self.connection, contract, keys).to_dicts()
        return {(row["source"], row["source_id"]): row for row in rows}

    def _later(self, contract: Contract, records: Sequence[Row]) -> dict[tuple[str, str], Row]:
        """The next import that brought the same row and still stands."""
        live = select(IMPORT_BATCH.c.import_id).where(
            IMPORT_BATCH.c.athlete_id == self.athlete_id,
            IMPORT_BATCH.c.import_id > self.import_id,
            IMPORT_BATCH.c.taken_back_utc.is_(None),
        )
        later: dict[tuple[str, str], Row] = {}
        for some in batches([one.source_id for one in records]):
            query = select(IMPORT_ROW).where(
                IMPORT_ROW.c.athlete_id == self.athlete_id,
                IMPORT_ROW.c.contract == contract.name,
                IMPORT_ROW.c.source_id.in_(some),
                IMPORT_ROW.c.import_id.in_(live),
            )
            for row in self.connection.execute(query.order_by(IMPORT_ROW.c.import_id)):
                later.setdefault((row.source, row.source_id), row)
        return later

    def _hand_on(self, record: Row, later: Row, row: Mapping[str, Any]) -> None:
        """What stood there before this import now stood there before the next one."""
        if later.change == "unchanged":
            follows = later.after == record.after
        else:
            follows = later.before is not None and row_digest(json.loads(later.before)) == record.after
        if not follows or record.change == "unchanged":
            return
        values = {"change": record.change, "before": record.before}
        activity_id = row.get("activity_id")
        if activity_id is not None:
            values["samples"] = self._hand_samples_on(record, later, activity_id)
        this = [IMPORT_ROW.c[name] == getattr(later, name) for name in _KEY]
        self.connection.execute(update(IMPORT_ROW).where(*this).values(values))

    def _hand_samples_on(self, record: Row, later: Row, activity_id: str) -> str | None:
        if record.samples == "added":
            self.moves.append((None, self._aside(activity_id, later.import_id)))
            return "added"
        if activity_id in self.set_aside:
            self.moves.append((self._aside(activity_id), self._aside(activity_id, later.import_id)))
            return record.samples
        return later.samples

    def _clear_samples(self, contract: Contract, row: Mapping[str, Any]) -> None:
        if contract is ACTIVITY:
            self.touched.add(row["activity_id"])
            self.moves.append((None, self._stored(row["activity_id"])))

    def _put_samples_back(self, contract: Contract, row: Mapping[str, Any]) -> None:
        """An import that was killed may have replaced samples of a row it had not come to."""
        if contract is ACTIVITY and row["activity_id"] in self.set_aside:
            self.moves.append((self._aside(row["activity_id"]), self._stored(row["activity_id"])))

    def _earlier(self, contract: Contract, record: Row, row: Mapping[str, Any]) -> dict[str, Any]:
        """The values of before under today's columns; a column that was not there yet is unknown."""
        values = json.loads(record.before)
        before = {name: values.get(name) for name in stored_schema(contract)}
        if contract is ACTIVITY:
            activity_id = row["activity_id"]
            self.touched.add(activity_id)
            if activity_id in self.set_aside:
                self.moves.append((self._aside(activity_id), self._stored(activity_id)))
            elif record.samples == "added":
                self.moves.append((None, self._stored(activity_id)))
            elif before["file_hash"] != row["file_hash"]:
                before["file_hash"] = None  # its recording is not here, so the next import reads it again
        return before

    def _delete(self, contract: Contract, gone: dict[str, list[str]]) -> None:
        for source, source_ids in gone.items():
            worn = self._worn(source, source_ids) if contract is SHOE else set()
            self.done.changed[contract.name] += len(worn)
            unused = [one for one in source_ids if one not in worn]
            rows = delete_rows(self.connection, contract, self.athlete_id, source, unused)
            self.done.removed[contract.name] += rows.height

    def _restore(self, contract: Contract, rows: list[dict[str, Any]]) -> None:
        if rows:
            table = TABLES[contract.name]
            for some in batches(rows):
                these = table.c.source_id.in_([row["source_id"] for row in some])
                with tracked(self.connection, self.athlete_id, table, these):
                    upsert(self.connection, table, some, contract.key)
            increment_version(self.connection, self.athlete_id, contract.name)
            self.done.restored[contract.name] += len(rows)

    def _worn(self, source: str, source_ids: list[str]) -> set[str]:
        """Pairs that a session which stays was run in: sessions are taken back before pairs."""
        pairs, sessions = TABLES[SHOE.name], TABLES[ACTIVITY.name]
        worn = select(sessions.c.shoe_id).where(
            sessions.c.athlete_id == self.athlete_id, sessions.c.shoe_id.is_not(None)
        )
        shoes: set[str] = set()
        for some in batches(source_ids):
            query = select(pairs.c.source_id).where(
                pairs.c.athlete_id == self.athlete_id,
                pairs.c.source == source,
                pairs.c.source_id.in_(some),
                pairs.c.shoe_id.in_(worn),
            )
            shoes |= {source_id for (source_id,) in self.connection.execute(query)}
        return shoes

    def _aside(self, activity_id: str, import_id: int | None = None) -> str:
        path = self.samples.earlier_path(self.athlete_id, import_id or self.import_id, activity_id)
        return self.samples.relative(path)

    def _stored(self, activity_id: str) -> str:
        return self.samples.relative(self.samples.path(self.athlete_id, activity_id))
