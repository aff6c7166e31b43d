"""`heelwise store copy`: one store into another, from a folder to a PostgreSQL database or back."""

# Rows are copied by tables in the order in which they refer to each other, inside one transaction of the target and
# from one view of the source; then each table is read back and compared before anything counts. A folder is made under
# another name and gets its own with one rename. So a copy that is cut off anywhere leaves the target as it was.

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Column, Connection, Select, Table, func, insert, select, text

from connectors.errors import StoreError
from connectors.source import Progress, silent
from connectors.store.address import open_backend
from connectors.store.database import Database
from connectors.store.disk_errors import disk_error
from connectors.store.forgotten_list import COUNT_SETTING, line_count, read_own_list, take_along
from connectors.store.home_binding import write_binding
from connectors.store.labels import DATABASE_ID, read_machine_settings, write_machine_setting
from connectors.store.migrations import STEPS, bring_up_to_date, check_schema
from connectors.store.paths import BINDING_NAME, DATABASE_NAME, SAMPLES_NAME, make_home
from connectors.store.process_token import is_live, process_token, release
from connectors.store.row_security import is_partial, lift_force, owns_tables, put_force_back
from connectors.store.sample_place import open_samples
from connectors.store.samples import LEFT_OVER_S, SampleFolder
from connectors.store.tables import (
    LEASE_TABLE,
    MACHINE_TABLE,
    METADATA,
    MIGRATION_TABLE,
    SAMPLE_FILE_TABLE,
)
from connectors.store.vault_keys import LIST_NAME

_LEFT_HERE = (MIGRATION_TABLE, LEASE_TABLE, SAMPLE_FILE_TABLE)
"""Made by each store for itself: its steps, who works on it now, and where its recordings lie."""
COPIED = tuple(table for table in METADATA.sorted_tables if table not in _LEFT_HERE)
_BATCH = 2_000
_SPACE = 1 << 128
_STREAM = {"yield_per": _BATCH}


@dataclass(frozen=True)
class TableSum:
    """How many rows a table has, and a sum over all of them that no order changes."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class CopyResult:
    """What a copy did, or met in the target already."""

    tables: dict[str, TableSum]
    recordings: int
    is_repeat: bool
    """Whether the target held the same before, so that nothing was written."""
    shares_recordings: bool
    """Whether the recordings stayed where they are, since both sides have them in the same folder."""
    forgotten: int = 0
    """Lines of the list of forgotten runners and ended grants that went along."""
    problem: str | None = None
    """What is wrong with that list in the target, if anything."""


class StoreSide(AbstractContextManager["StoreSide"]):
    """One side of a copy: a folder, or a PostgreSQL database with the folder or bucket of its recordings."""

    def __init__(self, home: Path, address: str = "") -> None:
        self.home = home
        self.is_server = bool(address)
        self.name = "the PostgreSQL database" if address else f"the folder {home}"
        self._backend = open_backend(home, address)
        self.is_there = self.is_server or (home / DATABASE_NAME).exists()

    def database(self) -> Database:
        """Open the rows; a folder without a store is not made into one."""
        return Database(self.home, self._backend)

    def schema_number(self) -> int:
        """Return the step that the store is at; 0 where there is none."""
        if not self.is_there:
            return 0
        self._backend.inspect()
        return check_schema(self._backend)

    def make(self) -> None:
        """Make what must be there before the first transaction."""
        make_home(self.home)
        self._backend.make()
        self.is_there = True

    def samples(self, database: Database) -> SampleFolder:
        """Return the recordings: of a folder its own, unless its rows name a bucket."""
        with database.reading() as connection:
            has_bucket = connection.scalar(select(func.count()).select_from(SAMPLE_FILE_TABLE))
        if self.is_server or has_bucket:
            return open_samples(self.home, database)
        return SampleFolder(self.home / SAMPLES_NAME)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._backend.close()


def copy_store(
    source: StoreSide, target: StoreSide, progress: Progress = silent, accepts_list: bool = False
) -> CopyResult:
    """Copy a store; the target must be empty, or hold the same already."""
    _require_store(source)
    if not accepts_list:
        _require_list(source)
    if target.is_server or target.is_there:
        return _copy_into(source, target, progress)
    if target.home.exists() and (not target.home.is_dir() or any(target.home.iterdir())):
        raise StoreError(
            f"{target.home} is not empty, and no store of Heelwise lies in it. Nothing was copied. Name a folder that "
            "is not there yet."
        )
    return _copy_to_new_folder(source, target.home, progress)


def _require_store(side: StoreSide) -> None:
    number = side.schema_number()
    if not number:
        raise StoreError(f"There is no store in {side.name}. Nothing was copied.")
    if number != len(STEPS):
        raise StoreError(
            f"The store in {side.name} was written by an earlier Heelwise. Nothing was copied. Open it once with this "
            "one, as `heelwise doctor` does, then copy it."
        )


def _require_list(side: StoreSide) -> None:
    """Refuse a list that is not as it was written: in the target its lines are signed anew, and nothing would show."""
    with side.database().reading() as connection:
        least = read_machine_settings(connection).get(COUNT_SETTING, "")
    if problems := read_own_list(side.home, int(least) if least.isdigit() else 0).problems:
        raise StoreError(
            f"{'. '.join(problems)}. In the copy a dump could bring back somebody who was forgotten, so nothing was "
            f"copied. Put {LIST_NAME} of {side.home} back, from the copy that lies beside the dumps, or give the key "
            "that signed it; with --accept-list what can be read of it goes along."
        )


def _copy_to_new_folder(source: StoreSide, home: Path, progress: Progress) -> CopyResult:
    part = home.with_name(f".{home.name}.{secrets.token_hex(4)}.part")
    _remove_left_over(home)
    try:
        make_home(part)
        process_token(part)
        with StoreSide(part) as fresh:
            result = _copy_into(source, fresh, progress)
        release(part)  # nobody works in a folder of that name any more
        part.replace(home)
    except OSError as error:
        raise disk_error(error, home) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return result


def _remove_left_over(home: Path) -> None:
    """Delete what copies to this folder have left that were killed: it holds everything of the runners."""
    for left in home.parent.glob(f".{home.name}.????????.part"):
        tokens = [path.stem.removeprefix("alive-") for path in left.glob("alive-*.lock")]
        is_new = not tokens and time.time() - left.stat().st_mtime < LEFT_OVER_S
        if not is_new and not any(is_live(left, token) for token in tokens):
            shutil.rmtree(left, ignore_errors=True)


def _copy_into(source: StoreSide, target: StoreSide, progress: Progress) -> CopyResult:
    target.make()
    here, there = source.database(), target.database()
    bring_up_to_date(there)
    origin, place = source.samples(here), target.samples(there)
    shares = origin.where == place.where
    if shares and origin.is_shared:
        raise StoreError(
            f"Both stores would keep their recordings in {place.where}, and each would sweep away what the other has "
            "there. Nothing was copied. Copy to a new folder first, without HEELWISE_SAMPLES."
        )
    with here.reading() as reading:
        _require_all_rows(source, reading)
        sums = table_sums(reading)
        names = list(origin.all_files())
        if (known := _known(there)) is not None:
            _require_same(known, sums, target)
            _require_same_recordings(names, origin, place, target)
            problem = take_along(source.home, target.home)
            return CopyResult(sums, len(names), True, shares, line_count(target.home), problem)
        with there.writing() as writing:
            forced = lift_force(writing)
            _copy_tables(reading, writing, progress)
            if not shares:
                _copy_recordings(names, origin, place, writing, progress)
            _require_same(table_sums(writing), sums, target)
            # Before the rows count: never is a record here without what says who may not come back to it.
            problem = take_along(source.home, target.home)
            if target.is_server:
                _bind_folder(writing, target.home)
            put_force_back(writing, forced)
    return CopyResult(sums, len(names), False, shares, line_count(target.home), problem)


def _bind_folder(writing: Connection, home: Path) -> None:
    """Note in database and folder that they belong together, before the rows count."""
    number = read_machine_settings(writing).get(DATABASE_ID) or secrets.token_hex(16)
    write_machine_setting(writing, DATABASE_ID, number)
    write_binding(home / BINDING_NAME, number)


def _require_all_rows(side: StoreSide, connection: Connection) -> None:
    if is_partial(connection):
        raise StoreError(
            f"The user of {side.name} does not see every row in it. Nothing was copied. Copy out of it as "
            "heelwise_backup, and into it as heelwise_owner."
        )


def _known(target: Database) -> dict[str, TableSum] | None:
    """Return what the target holds; None where it is empty."""
    with target.reading() as connection:
        if is_partial(connection) and not owns_tables(connection):
            raise StoreError(
                "The user of the PostgreSQL database may not write every row in it. Nothing was copied. Copy into it "
                "as heelwise_owner."
            )
    with target.writing() as connection:
        forced = lift_force(connection)
        sums = table_sums(connection)
        put_force_back(connection, forced)
    return sums if any(one.rows for one in sums.values()) else None


def table_sums(connection: Connection) -> dict[str, TableSum]:
    """Count the rows of every table that is copied, and add up a digest of each."""
    sums: dict[str, TableSum] = {}
    for table in COPIED:
        rows = total = 0
        for row in connection.execute(_rows_of(table), execution_options=_STREAM):
            rows += 1
            total += int.from_bytes(
                hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16).digest(), "big"
            )
        sums[table.name] = TableSum(rows, f"{total % _SPACE:032x}")
    return sums


def _rows_of(table: Table) -> Select[Any]:
    rows = select(table)
    return rows.where(table.c.name != DATABASE_ID) if table is MACHINE_TABLE else rows


def _copy_tables(reading: Connection, writing: Connection, progress: Progress) -> None:
    for done, table in enumerate(COPIED, start=1):
        for batch in (
            reading.execute(_rows_of(table), execution_options=_STREAM).mappings().partitions(_BATCH)
        ):
            rows = [dict(row) for row in batch]
            _refuse_zero_bytes(table, rows, writing)
            writing.execute(insert(table), rows)
        _carry_numbers(table, reading, writing)
        progress(done, len(COPIED), "tables")


def _refuse_zero_bytes(table: Table, rows: list[dict[str, Any]], writing: Connection) -> None:
    if writing.dialect.name == "postgresql" and any(
        isinstance(value, str) and "\0" in value for row in rows for value in row.values()
    ):
        raise StoreError(
            f"A text in the table {table.name} holds a zero byte, which PostgreSQL cannot keep. Nothing was copied. "
            "Correct that row first."
        )


def _carry_numbers(table: Table, reading: Connection, writing: Connection) -> None:
    """Go on counting where the source stands: a number once given to a runner is never given again."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return
    [column] = table.primary_key.columns
    number = max(_last_number(table, column, reading), int(writing.scalar(select(func.max(column))) or 0))
    if not number:
        return
    if writing.dialect.name == "postgresql":
        sequence = "SELECT setval(pg_get_serial_sequence(:name, :column), :number)"
        writing.execute(text(sequence), {"name": table.name, "column": column.name, "number": number})
        return
    values = {"name": table.name, "number": number}
    if not writing.execute(
        text("UPDATE sqlite_sequence SET seq = :number WHERE name = :name"), values
    ).rowcount:
        writing.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), values)


def _last_number(table: Table, column: Column[Any], reading: Connection) -> int:
    if reading.dialect.name != "postgresql":
        known = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(reading.scalar(known, {"name": table.name}) or 0)
    where = text("SELECT pg_get_serial_sequence(:name, :column)")
    sequence = reading.scalar(where, {"name": table.name, "column": column.name})
    last, is_called = reading.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 (a name of the database's own)
    return int(last) if is_called else 0


def _copy_recordings(
    names: list[tuple[int, str]],
    origin: SampleFolder,
    place: SampleFolder,
    writing: Connection,
    progress: Progress,
) -> None:
    for done, (athlete_id, name) in enumerate(names, start=1):
        place.write_file(writing, athlete_id, name, origin.read_file(athlete_id, name))
        progress(done, len(names), "recordings")


def _require_same(known: dict[str, TableSum], wanted: dict[str, TableSum], target: StoreSide) -> None:
    differing = [
        f"{name} ({known[name].rows} rows there, {wanted[name].rows} here)"
        for name in wanted
        if known[name] != wanted[name]
    ]
    if differing:
        raise StoreError(
            f"{target.name[0].upper()}{target.name[1:]} holds something else already: {', '.join(differing[:5])}. "
            "Nothing was copied. Name one that is empty."
        )


def _require_same_recordings(
    names: list[tuple[int, str]], origin: SampleFolder, place: SampleFolder, target: StoreSide
) -> None:
    if sorted(names) != sorted(place.all_files()) or any(
        origin.read_file(*name) != place.read_file(*name) for name in names
    ):
        raise StoreError(
            f"{target.name[0].upper()}{target.name[1:]} holds the same rows already, and other recordings. Nothing was "
            "copied. Name one that is empty."
        )
