"""Imports as the store knows them: which files, which rows each brought, and what those rows were before."""

# A row belongs to every import that brought it. What it was before is written in the same transaction as the
# row, so that an import killed at any moment can be taken back, or continued by the next import of the same
# files.

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, delete, select, update

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, Contract
from connectors.store.database import Database, insert_counted, upsert
from connectors.store.deletion_mark import refuse_marked
from connectors.store.facts import ShoeStore
from connectors.store.file_lock import shared_lock
from connectors.store.rows import Counts, batches, write_compared
from connectors.store.samples import SampleFolder
from connectors.store.tables import FILE_MOVE, IMPORT_BATCH, IMPORT_FILE, IMPORT_ROW, stored_schema
from connectors.store.work_lock import import_lock

RETENTION_DAYS = 90
"""How long the values and recordings that an import replaced are kept."""
NOT_COMPARED = ("athlete_id", "source", "source_id", "fetched_utc", "local_date")
"""Neither a new look at the source nor a newly known time zone makes a row another."""
_DAY_US = 86_400_000_000
_KEY = ("athlete_id", "contract", "source", "source_id", "import_id")


@dataclass(frozen=True)
class ImportFile:
    """One file of an import: its name without folders, and a digest of its bytes."""

    name: str
    digest: str


@dataclass(frozen=True)
class ImportBatch:
    """One import. Times are s since 1970-01-01 UTC; `finished_s` is None where it was stopped before its end."""

    import_id: int
    athlete_id: int
    started_s: float
    finished_s: float | None
    taken_back_s: float | None
    account: str | None
    result: str | None
    files: tuple[str, ...] = ()


class ImportBatchesPart(ShoeStore):
    """The imports of the runners."""

    @contextmanager
    def importing(self, athlete_id: int) -> Iterator[None]:
        """Lock out an undo and a deletion of one runner meanwhile; imports do not wait for each other."""
        with shared_lock(import_lock(self._database.home, athlete_id)), self.working(athlete_id):
            yield

    def begin_import(self, athlete_id: int, files: Sequence[ImportFile]) -> int:
        """Number a new import, or go on with the one of the same files that was stopped before its end."""
        self.move_files()
        with self._database.writing() as connection:
            refuse_marked(connection, athlete_id)
            stopped = _stopped(connection, athlete_id, {one.digest for one in files})
            if stopped is not None:
                return stopped
            row = {"athlete_id": athlete_id, "started_utc": _now()}
            import_id = insert_counted(connection, IMPORT_BATCH, row)
            key = {"athlete_id": athlete_id, "import_id": import_id}
            rows = [key | {"digest": one.digest, "name": one.name} for one in files]
            upsert(connection, IMPORT_FILE, rows, ("import_id", "digest"))
            return import_id

    def stopped_import(self, athlete_id: int, files: Sequence[ImportFile]) -> int | None:
        """Return the import of the same files that was stopped before its end and that the next one goes on with."""
        with self._database.reading() as connection:
            return _stopped(connection, athlete_id, {one.digest for one in files})

    def import_samples(self, import_id: int) -> SampleFolder:
        """Return the sample folder for an import to write to."""
        return self.samples.of_import(import_id)

    def write_import(self, import_id: int, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Write a frame as one import brings it, with what each row was before."""
        with self._database.writing() as connection:
            for athlete_id in frame["athlete_id"].unique().to_list():
                refuse_marked(connection, athlete_id)
            written = write_compared(connection, contract, frame)
            before = {_of(row): row for row in written.current.to_dicts()}
            pairs = [(row, before.get(_of(row))) for row in written.incoming.to_dicts()]
            known = _known(connection, import_id, contract, written.incoming["source_id"].to_list())
            records = []
            for (row, was), change in zip(pairs, written.change, strict=True):
                earlier = known.get((row["source"], row["source_id"]))
                records.append(_record(import_id, contract, row, was, change, earlier))
            upsert(connection, IMPORT_ROW, records, _KEY)
        return written.counts

    def finish_import(self, import_id: int, result: str | None, account: str | None = None) -> None:
        """Note that an import has come to its end."""
        done = {"finished_utc": _now(), "result": result, "account": account}
        with self._database.writing() as connection:
            is_this_import = IMPORT_BATCH.c.import_id == import_id
            refuse_marked(connection, batch_row(connection, import_id).athlete_id)
            connection.execute(update(IMPORT_BATCH).where(is_this_import).values(done))

    def drop_import(self, import_id: int) -> None:
        """Forget an import that brought nothing; its number is not used again."""
        with self._database.writing() as connection:
            batch = batch_row(connection, import_id)
            for table in (IMPORT_ROW, IMPORT_FILE, IMPORT_BATCH):
                connection.execute(delete(table).where(table.c.import_id == import_id))
        self.samples.delete_earlier(batch.athlete_id, import_id)

    def imports(self, athlete_id: int | None = None) -> list[ImportBatch]:
        """List the imports of one runner or of all, newest first."""
        imports = select(IMPORT_BATCH).order_by(IMPORT_BATCH.c.import_id.desc())
        files = select(IMPORT_FILE.c.import_id, IMPORT_FILE.c.name).order_by(IMPORT_FILE.c.name)
        if athlete_id is not None:
            imports = imports.where(IMPORT_BATCH.c.athlete_id == athlete_id)
            files = files.where(IMPORT_FILE.c.athlete_id == athlete_id)
        with self._database.reading() as connection:
            rows = connection.execute(imports).all()
            names: dict[int, list[str]] = {}
            for import_id, name in connection.execute(files):
                names.setdefault(import_id, []).append(name)
        return [_batch(row, tuple(names.get(row.import_id, ()))) for row in rows]

    def imported_digests(self, athlete_id: int) -> set[str]:
        """Return the digests of files that are in: of imports that ended and were not taken back."""
        there = (IMPORT_BATCH.c.finished_utc.is_not(None), IMPORT_BATCH.c.taken_back_utc.is_(None))
        with self._database.reading() as connection:
            return {row.digest for row in connection.execute(_files_of(athlete_id, *there))}

    def taken_back_digests(self, athlete_id: int) -> dict[str, tuple[int, float]]:
        """Return the digests of files taken back and not imported since, with import and time (s UTC)."""
        with self._database.reading() as connection:
            back = connection.execute(_files_of(athlete_id, IMPORT_BATCH.c.taken_back_utc.is_not(None))).all()
            there = connection.execute(_files_of(athlete_id, IMPORT_BATCH.c.taken_back_utc.is_(None))).all()
        live = {row.digest for row in there}
        return {
            one.digest: (one.import_id, one.taken_back_utc / 1e6) for one in back if one.digest not in live
        }

    def import_accounts(self, athlete_id: int) -> set[str]:
        """Return the accounts whose exports are in, such as "strava 123"."""
        of_runner = (IMPORT_BATCH.c.athlete_id == athlete_id, IMPORT_BATCH.c.taken_back_utc.is_(None))
        query = select(IMPORT_BATCH.c.account).where(*of_runner, IMPORT_BATCH.c.account.is_not(None))
        with self._database.reading() as connection:
            texts = connection.scalars(query).all()
        return {name for text in texts for name in str(text).split("\n")}

    def imported_ids(self, import_id: int, contract: Contract) -> list[tuple[str, str]]:
        """List the rows an import brought, as (source, source id)."""
        of_import = (IMPORT_ROW.c.import_id == import_id, IMPORT_ROW.c.contract == contract.name)
        query = select(IMPORT_ROW.c.source, IMPORT_ROW.c.source_id).where(*of_import)
        with self._database.reading() as connection:
            return [(source, source_id) for source, source_id in connection.execute(query)]

    def changed_ids(
        self, import_id: int, contract: Contract, changes: Sequence[str] = ("new", "updated")
    ) -> list[tuple[str, str]]:
        """List the rows an import brought anew or changed, as (source, source id)."""
        of_import = (IMPORT_ROW.c.import_id == import_id, IMPORT_ROW.c.contract == contract.name)
        query = select(IMPORT_ROW.c.source, IMPORT_ROW.c.source_id).where(
            *of_import, IMPORT_ROW.c.change.in_(list(changes))
        )
        with self._database.reading() as connection:
            return [(source, source_id) for source, source_id in connection.execute(query)]

    def earlier_rows(self, import_id: int, contract: Contract) -> pl.DataFrame:
        """Return rows that an import changed as they were before it, as far as that is kept."""
        changed = (IMPORT_ROW.c.change == "updated", IMPORT_ROW.c.before.is_not(None))
        query = select(IMPORT_ROW.c.before).where(
            IMPORT_ROW.c.import_id == import_id, IMPORT_ROW.c.contract == contract.name, *changed
        )
        with self._database.reading() as connection:
            rows = [json.loads(before) for before in connection.scalars(query)]
        stored = stored_schema(contract)
        known = [{name: row.get(name) for name in stored} for row in rows]
        return pl.DataFrame(known, schema=stored).cast(contract.schema)

    def move_files(self) -> None:
        """Carry out the file moves that a take-back has decided on; those of one that was killed too."""
        finish_moves(self._database, self.samples)


def finish_moves(database: Database, samples: SampleFolder) -> None:
    """Carry out every file move that stands in the store, in order, and strike it off."""
    with database.reading() as connection:
        moves = connection.execute(select(FILE_MOVE).order_by(FILE_MOVE.c.move_id)).all()
    if not moves:
        return
    for move in moves:
        samples.move(move.athlete_id, move.origin, move.target)
    database.raise_if_gone()
    with database.writing() as connection:
        done = FILE_MOVE.c.move_id.in_([move.move_id for move in moves])
        connection.execute(delete(FILE_MOVE).where(done))


def sweep_imports(database: Database, samples: SampleFolder) -> None:
    """Delete the earlier values and recordings of imports that are older than they are kept."""
    old = (IMPORT_BATCH.c.is_swept == 0) & (IMPORT_BATCH.c.started_utc < _now() - RETENTION_DAYS * _DAY_US)
    due = select(IMPORT_BATCH.c.import_id, IMPORT_BATCH.c.athlete_id).where(old)
    with database.reading() as connection:
        rows = connection.execute(due).all()
    if not rows:
        return
    for import_id, athlete_id in rows:
        samples.delete_earlier(athlete_id, import_id)
    database.raise_if_gone()
    with database.writing() as connection:
        for import_id, _ in rows:
            of_import = IMPORT_ROW.c.import_id == import_id
            connection.execute(update(IMPORT_ROW).where(of_import).values(before=None))
            this = IMPORT_BATCH.c.import_id == import_id
            connection.execute(update(IMPORT_BATCH).where(this).values(is_swept=1))


def batch_row(connection: Connection, import_id: int) -> Row:
    """Read one import inside a transaction, or raise `StoreError` where there is none of that number."""
    row = connection.execute(select(IMPORT_BATCH).where(IMPORT_BATCH.c.import_id == import_id)).first()
    if row is None:
        raise StoreError(
            f"There is no import {import_id}. Nothing was changed. `heelwise imports` lists those there are."
        )
    return row


def row_digest(row: Mapping[str, Any]) -> str:
    """Return a short digest of the facts of a row, in the types of the table."""
    facts = {name: value for name, value in row.items() if name not in NOT_COMPARED}
    return hashlib.blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=8).hexdigest()


def _stopped(connection: Connection, athlete_id: int, digests: set[str]) -> int | None:
    """The runner's last import, where it was stopped before its end and is one of the same files."""
    last = (
        select(IMPORT_BATCH.c.import_id, IMPORT_BATCH.c.finished_utc, IMPORT_BATCH.c.taken_back_utc)
        .where(IMPORT_BATCH.c.athlete_id == athlete_id)
        .order_by(IMPORT_BATCH.c.import_id.desc())
        .limit(1)
    )
    row = connection.execute(last).first()
    if row is None or row.finished_utc is not None or row.taken_back_utc is not None or not digests:
        return None
    files = select(IMPORT_FILE.c.digest).where(IMPORT_FILE.c.import_id == row.import_id)
    return row.import_id if {digest for (digest,) in connection.execute(files)} == digests else None


def _files_of(athlete_id: int, *where: Any) -> Any:
    same = IMPORT_FILE.c.import_id == IMPORT_BATCH.c.import_id
    columns = (IMPORT_FILE.c.digest, IMPORT_BATCH.c.import_id, IMPORT_BATCH.c.taken_back_utc)
    return select(*columns).where(same, IMPORT_BATCH.c.athlete_id == athlete_id, *where)


def _known(
    connection: Connection, import_id: int, contract: Contract, source_ids: Sequence[str]
) -> dict[tuple[str, str], Row]:
    """What this import has recorded already: a row goes in more than once where its recording comes later."""
    of_import = (IMPORT_ROW.c.import_id == import_id, IMPORT_ROW.c.contract == contract.name)
    known: dict[tuple[str, str], Row] = {}
    for some in batches(source_ids):
        query = select(IMPORT_ROW).where(*of_import, IMPORT_ROW.c.source_id.in_(some))
        known |= {(row.source, row.source_id): row for row in connection.execute(query)}
    return known


def _record(
    import_id: int,
    contract: Contract,
    row: Mapping[str, Any],
    was: Mapping[str, Any] | None,
    change: str,
    earlier: Row | None,
) -> dict[str, Any]:
    if earlier is None:
        before = json.dumps(dict(was)) if was is not None and change == "updated" else None
        first = was
    else:
        # The import's own second word on a row; what stood there before its first one counts.
        before = earlier.before
        first = None if earlier.change == "new" else json.loads(before) if before else was
        if earlier.change == "unchanged" and change == "updated":
            before = json.dumps(dict(was or {}))
        change = earlier.change if earlier.change != "unchanged" else change
    return {
        "athlete_id": row["athlete_id"],
        "contract": contract.name,
        "source": row["source"],
        "source_id": row["source_id"],
        "import_id": import_id,
        "change": change,
        "before": before,
        "after": row_digest(row),
        "samples": _samples(row, first) if contract is ACTIVITY else None,
    }


def _samples(row: Mapping[str, Any], was: Mapping[str, Any] | None) -> str | None:
    """Whether samples came where there were none; that they replaced others, the file set aside says."""
    has_now, had = bool(row.get("sample_rows")), bool(was and was.get("sample_rows"))
    return "added" if has_now and not had else None


def _of(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"], row["source_id"]


def _batch(row: Row, files: tuple[str, ...]) -> ImportBatch:
    def s(value: int | None) -> float | None:
        return None if value is None else value / 1e6

    return ImportBatch(
        row.import_id,
        row.athlete_id,
        row.started_utc / 1e6,
        s(row.finished_utc),
        s(row.taken_back_utc),
        row.account,
        row.result,
        files,
    )


def _now() -> int:
    return time.time_ns() // 1_000
