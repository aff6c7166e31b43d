"""Who runs: the runners on this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection, Text, cast, delete, literal, select, update

from connectors.errors import RunnerUnknown, StoreError
from connectors.frames import STORED
from connectors.store.corrections import read_matches, write_matches
from connectors.store.database import StorePart, check_runner, insert_counted
from connectors.store.deletion_mark import marked_ids, refuse_marked
from connectors.store.digests import all_doubts, restoring, settle_restored
from connectors.store.key_values import read_key_values, write_key_values, write_settings
from connectors.store.labels import FIRST_NAME, LabelStore, free_label, hidden_label, turn_on_clinic_mode
from connectors.store.row_security import RUNNER as ONE_RUNNER
from connectors.store.row_security import bind, is_partial
from connectors.store.rows import Counts, read_rows, write_rows
from connectors.store.runner_uid import UID, runner_of
from connectors.store.tables import (
    BOOKMARK_TABLE,
    CLAIM_CODE_TABLE,
    DEVICE_COOKIE_TABLE,
    DEVICE_TABLE,
    DIGEST_TABLE,
    FILE_MOVE,
    GRANT_TABLE,
    IMPORT_BATCH,
    IMPORT_FILE,
    IMPORT_ROW,
    JOB_TABLE,
    MATCH_TABLE,
    PAIRING_TABLE,
    PHONE_ENTRY_TABLE,
    RUNNER_ALIAS_TABLE,
    RUNNER_TABLE,
    SAMPLE_FILE_TABLE,
    SETTING_TABLE,
    SUMMARY_TABLE,
    TABLES,
    VERSION_TABLE,
)

MADE_UP = " (made up)"
"""Ends the name of every runner that is not a person; a name without it finds the runner too."""
LONGEST_NAME = 100


@dataclass(frozen=True)
class Runner:
    """A runner on this machine."""

    athlete_id: int
    name: str
    is_demo: bool
    is_archived: bool = False
    label: str = field(default="", compare=False)
    """Initials, unique on this machine, or what a therapist set."""


class RunnerStore(LabelStore):
    """The runners and who is meant."""

    def runners(self) -> list[Runner]:
        """List the runners.

        Whoever has data of their own does not want to see the made-up runner first.
        """
        return list(self._database.remembered("runners", all_runners))

    def runner_numbers(self) -> list[int]:
        """List the numbers of all runners, those who are being deleted too."""
        with self._database.reading() as connection:
            return list(
                connection.scalars(select(RUNNER_TABLE.c.athlete_id).order_by(RUNNER_TABLE.c.athlete_id))
            )

    def runner(self, name: str | None = None, create: bool = False) -> Runner:
        """Find a runner by name, or the one to start with.

        One runner on one machine is the usual case and should need no name.
        """
        with self._database.writing() if create else self._database.reading() as connection:
            there = all_runners(connection)
            match = _matching_runners(there, name, only_real=create)
            if match:
                return match
            if create:
                return insert_runner(connection, FIRST_NAME if name is None else name, is_demo=False)
        raise RunnerUnknown(_nobody(name, there))

    def add_runner(self, name: str, is_demo: bool = False) -> Runner:
        """Add a runner.

        The name is what `--athlete` takes.
        """
        with self._database.writing() as connection:
            return insert_runner(connection, name, is_demo)

    def rename_runner(self, athlete_id: int, name: str) -> None:
        """Give a runner another name; label and everything recorded stay as they are."""
        with self._database.writing() as connection:
            check_runner(connection, [{"athlete_id": athlete_id}])
            refuse_marked(connection, athlete_id)
            name = _free_name(connection, name, athlete_id, "changed")
            change = update(RUNNER_TABLE).where(RUNNER_TABLE.c.athlete_id == athlete_id)
            if not connection.execute(change.values(name=name)).rowcount:
                raise RunnerUnknown("There is no runner of that number in the store. Nothing was changed.")

    def archive_runner(self, athlete_id: int, is_archived: bool = True) -> None:
        """Archive a runner, or restore them; nothing of theirs is changed.

        A clinic's list shows who comes now; the others wait.
        """
        with self._database.writing() as connection:
            check_runner(connection, [{"athlete_id": athlete_id}])
            change = update(RUNNER_TABLE).where(RUNNER_TABLE.c.athlete_id == athlete_id)
            connection.execute(change.values(is_archived=int(is_archived)))


def erase_runner(connection: Connection, athlete_id: int) -> int:
    """Delete a runner with every row of theirs.

    Named table by table, so that nothing hangs on a database keeping its foreign keys.
    """
    check_runner(connection, [{"athlete_id": athlete_id}])
    imports = (IMPORT_ROW, IMPORT_FILE, IMPORT_BATCH, FILE_MOVE)
    tables = (
        *TABLES.values(),
        *imports,
        DEVICE_COOKIE_TABLE,
        DEVICE_TABLE,
        PAIRING_TABLE,
        PHONE_ENTRY_TABLE,
        VERSION_TABLE,
        SETTING_TABLE,
        MATCH_TABLE,
        JOB_TABLE,
        BOOKMARK_TABLE,
        SUMMARY_TABLE,
        DIGEST_TABLE,
        CLAIM_CODE_TABLE,
        RUNNER_ALIAS_TABLE,
        SAMPLE_FILE_TABLE,
        RUNNER_TABLE,
        GRANT_TABLE,  # last: it is the right by which all of this may be deleted
    )
    return sum(
        connection.execute(delete(table).where(table.c.athlete_id == athlete_id)).rowcount for table in tables
    )


def all_runners(connection: Connection) -> list[Runner]:
    """List the runners inside a transaction, without those who are being deleted."""
    is_there = RUNNER_TABLE.c.athlete_id.not_in(marked_ids())
    query = (
        select(RUNNER_TABLE)
        .where(is_there)
        .order_by(RUNNER_TABLE.c.is_archived, RUNNER_TABLE.c.is_demo, RUNNER_TABLE.c.athlete_id)
    )
    return [
        Runner(row.athlete_id, row.name, bool(row.is_demo), bool(row.is_archived), row.label or "")
        for row in connection.execute(query)
    ]


def _matching_runners(there: list[Runner], name: str | None, only_real: bool) -> Runner | None:
    if name is None:
        return next((runner for runner in there if not (only_real and runner.is_demo)), None)
    wanted = name.strip().casefold()
    names = {runner.name.removesuffix(MADE_UP).casefold(): runner for runner in there}
    return next((one for one in there if one.name.casefold() == wanted), names.get(wanted))


def insert_runner(connection: Connection, name: str, is_demo: bool) -> Runner:
    """Add a runner inside a transaction."""
    check_runner(connection, [{"athlete_id": None}])
    name = _free_name(connection, name)
    label = free_label(name.removesuffix(MADE_UP), connection.scalars(select(RUNNER_TABLE.c.label)))
    if is_partial(connection):
        # Labels of others are not seen here, and none may be there twice.
        label = hidden_label(name.removesuffix(MADE_UP))
    row = {"name": name, "is_demo": int(is_demo), "label": label}
    athlete_id = insert_counted(connection, RUNNER_TABLE, row)
    if is_partial(connection):
        bind(connection, {ONE_RUNNER: str(athlete_id)})
        name_for_good(connection, athlete_id)
    turn_on_clinic_mode(connection)
    return Runner(athlete_id, name, is_demo, label=label)


def _free_name(connection: Connection, name: str, athlete_id: int | None = None, done: str = "added") -> str:
    """Return a name as it is stored, free of whoever is being deleted; one that is taken is refused."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StoreError(
            f"A runner's name needs 1 to {LONGEST_NAME} printable signs. Nothing was {done}. "
            "Choose another name."
        )
    others = [one for one in all_runners(connection) if one.athlete_id != athlete_id]
    if _matching_runners(others, name, only_real=False):
        raise StoreError(f"There is already a runner called {name}. Nothing was {done}. Choose another name.")
    # Names are unique in the table, and a runner who is being deleted is in it until the last step.
    freed = update(RUNNER_TABLE).where(
        RUNNER_TABLE.c.name == name, RUNNER_TABLE.c.athlete_id.in_(marked_ids())
    )
    connection.execute(freed.values(name=literal("deleted ") + cast(RUNNER_TABLE.c.athlete_id, Text)))
    return name


def _nobody(name: str | None, there: list[Runner]) -> str:
    if not there:
        return "There is no runner in the store yet. Import your data, or add the demo runner, and try again."
    names = ", ".join(runner.name for runner in there)
    return f"There is no runner called {name} in the store. Nothing was changed. There are: {names}."


@dataclass(frozen=True)
class RunnerExport:
    """All rows of one runner."""

    frames: Mapping[str, pl.DataFrame]
    matches: pl.DataFrame
    settings: Mapping[str, str]
    bookmarks: Mapping[str, str]


def name_for_good(connection: Connection, athlete_id: int) -> str:
    """Return the name that a runner keeps on every machine, made at random where they have none yet."""
    known = read_key_values(connection, SETTING_TABLE, athlete_id).get(UID)
    if known is None:
        known = secrets.token_hex(16)
        write_settings(connection, athlete_id, {UID: known})
    return known


class ExportStore(StorePart):
    """One runner as a whole."""

    def export_runner(self, athlete_id: int) -> RunnerExport:
        """Read all rows of one runner, in one moment.

        One transaction, so that no half of a sync gets into a backup.
        """
        with self._database.writing() as connection:
            settings = read_key_values(connection, SETTING_TABLE, athlete_id)
            real = any(one.athlete_id == athlete_id and not one.is_demo for one in all_runners(connection))
            if real:
                settings[UID] = name_for_good(connection, athlete_id)
            frames = {contract.name: read_rows(connection, contract, athlete_id) for contract in STORED}
            matches = read_matches(connection, athlete_id)
            return RunnerExport(
                frames, matches, settings, read_key_values(connection, BOOKMARK_TABLE, athlete_id)
            )

    def import_runner(
        self,
        given: Runner,
        export_for: Callable[[int], RunnerExport],
        place: Callable[[Connection, int], None],
    ) -> tuple[Runner, list[Counts]]:
        """Write all rows of one runner: all of them or none."""
        # A runner is told by their name for good, since two people may both be called Runner. Rows of the
        # same key are replaced, others stay; nothing is deleted.
        with self._database.writing() as connection:
            known = _called(connection, export_for(0).settings.get(UID))
            runner = known or insert_runner(connection, _free(connection, given.name), given.is_demo)
            if known is None and given.is_archived:
                of_runner = update(RUNNER_TABLE).where(RUNNER_TABLE.c.athlete_id == runner.athlete_id)
                connection.execute(of_runner.values(is_archived=1))
            rows = export_for(runner.athlete_id)
            restoring(connection)
            counts = [write_rows(connection, contract, rows.frames[contract.name]) for contract in STORED]
            write_matches(connection, runner.athlete_id, rows.matches)
            write_settings(connection, runner.athlete_id, rows.settings)
            write_key_values(connection, BOOKMARK_TABLE, runner.athlete_id, rows.bookmarks)
            _settle_doubts(connection, runner.athlete_id, rows)
            place(connection, runner.athlete_id)
            return runner, counts


def _settle_doubts(connection: Connection, athlete_id: int, brought: RunnerExport) -> None:
    """End the doubt about rows that a backup has brought anew."""
    for table in {one.table for one in all_doubts(connection) if one.athlete_id == athlete_id}:
        keys: set[tuple[str, ...]] = set()
        if table in brought.frames:
            keys = {
                (str(athlete_id), *row)
                for row in brought.frames[table].select("source", "source_id").iter_rows()
            }
        elif table == SETTING_TABLE.name:
            keys = {(str(athlete_id), name) for name in brought.settings}
        elif table == MATCH_TABLE.name:
            pairs = brought.matches.select("activity_id", "same_as").iter_rows()
            keys = {(str(athlete_id), *pair) for pair in pairs}
        settle_restored(connection, athlete_id, table, keys)


def _called(connection: Connection, uid: str | None) -> Runner | None:
    if uid is None:
        return None
    athlete_id = runner_of(connection, uid)
    return next((one for one in all_runners(connection) if one.athlete_id == athlete_id), None)


def _free(connection: Connection, name: str) -> str:
    """Append a number to a name in use."""
    taken = {one.name.casefold() for one in all_runners(connection)}
    tried, number = name, 1
    while tried.casefold() in taken:
        number += 1
        ending = f" {number}"
        tried = name[: LONGEST_NAME - len(ending)] + ending
    return tried
