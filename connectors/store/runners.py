"""Who runs: the runners on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from connectors.errors import RunnerUnknown, StoreError
from connectors.store.database import Part
from connectors.store.tables import (
    BOOKMARK,
    FILE_MOVE,
    IMPORT_BATCH,
    IMPORT_FILE,
    IMPORT_ROW,
    JOB,
    MATCH,
    RUNNER,
    SETTING,
    TABLES,
    VERSION,
)

FIRST_NAME = "Runner"
MADE_UP = " (made up)"
"""Ends the name of every runner that is not a person; a name without it finds the runner too."""
LONGEST_NAME = 100


@dataclass(frozen=True)
class Runner:
    """A runner on this machine.

    Parameters
    ----------
    athlete_id
        From 1; never used again after the runner is deleted.
    name
        Unique on this machine.
    is_demo
        Made up by Heelwise.
    is_archived
        Put away: kept whole, shown only on demand.
    """

    athlete_id: int
    name: str
    is_demo: bool
    is_archived: bool = False


class RunnersPart(Part):
    """The runners and who is meant."""

    def runners(self) -> list[Runner]:
        """List the runners.

        Returns
        -------
        list of Runner
            Real ones first, those put away last, then in the order in which they came.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: whoever has data of their own does not want to see the made-up runner first.
        """
        with self._database.reading() as connection:
            return all_runners(connection)

    def runner(self, name: str | None = None, create: bool = False) -> Runner:
        """Find a runner by name, or the one to start with.

        Parameters
        ----------
        name : str or None
            As given at `add_runner`; capitals do not matter. None: the first real runner, else the demo.
        create : bool
            Add the runner where there is none; without a name, only a real runner counts as one.

        Returns
        -------
        Runner
            The one found or added.

        Raises
        ------
        RunnerUnknown
            When there is none and `create` is False.
        StoreError
            When the store cannot be used, or the name cannot be taken.

        Source
        ------
        ours: one runner on one machine is the usual case and should need no name.
        """
        with self._database.writing() if create else self._database.reading() as connection:
            there = all_runners(connection)
            found = _fitting(there, name, only_real=create)
            if found:
                return found
            if create:
                return insert_runner(connection, FIRST_NAME if name is None else name, is_demo=False)
        raise RunnerUnknown(_nobody(name, there))

    def add_runner(self, name: str, is_demo: bool = False) -> Runner:
        """Add a runner.

        Parameters
        ----------
        name : str
            1 to 100 signs, not in use; blanks round it are taken off.
        is_demo : bool
            Made up by Heelwise.

        Returns
        -------
        Runner
            With its number.

        Raises
        ------
        StoreError
            When the name is empty, too long, in use, or holds signs that cannot be printed.

        Source
        ------
        ours: the name is what `--athlete` takes.
        """
        with self._database.writing() as connection:
            return insert_runner(connection, name, is_demo)

    def archive_runner(self, athlete_id: int, is_archived: bool = True) -> None:
        """Put a runner away, or take them out again; nothing of theirs is changed.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1; one that is not there leaves everything as it is.
        is_archived : bool
            False takes them out again.

        Raises
        ------
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: a clinic's list shows who comes now; the others wait.
        """
        with self._database.writing() as connection:
            mine = update(RUNNER).where(RUNNER.c.athlete_id == athlete_id)
            connection.execute(mine.values(is_archived=int(is_archived)))


def erase_runner(connection: Connection, athlete_id: int) -> int:
    """Take a runner out with every row of theirs.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    int
        Rows taken out, the runner's own included; 0 when there was no such runner.

    Source
    ------
    ours: named table by table, so that nothing hangs on a database keeping its foreign keys.
    """
    imports = (IMPORT_ROW, IMPORT_FILE, IMPORT_BATCH, FILE_MOVE)
    tables = (*TABLES.values(), *imports, VERSION, SETTING, MATCH, JOB, BOOKMARK, RUNNER)
    return sum(
        connection.execute(delete(table).where(table.c.athlete_id == athlete_id)).rowcount for table in tables
    )


def all_runners(connection: Connection) -> list[Runner]:
    """List the runners inside a transaction.

    Parameters
    ----------
    connection : Connection
        From `Database.reading` or `Database.writing`.

    Returns
    -------
    list of Runner
        As `RunnersPart.runners`.

    Source
    ------
    ours.
    """
    query = select(RUNNER).order_by(RUNNER.c.is_archived, RUNNER.c.is_demo, RUNNER.c.athlete_id)
    return [
        Runner(row.athlete_id, row.name, bool(row.is_demo), bool(row.is_archived))
        for row in connection.execute(query)
    ]


def _fitting(there: list[Runner], name: str | None, only_real: bool) -> Runner | None:
    if name is None:
        return next((runner for runner in there if not (only_real and runner.is_demo)), None)
    wanted = name.strip().casefold()
    names = {runner.name.removesuffix(MADE_UP).casefold(): runner for runner in there}
    return next((one for one in there if one.name.casefold() == wanted), names.get(wanted))


def insert_runner(connection: Connection, name: str, is_demo: bool) -> Runner:
    """Add a runner inside a transaction.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    name : str
        As for `RunnersPart.add_runner`.
    is_demo : bool
        Made up by Heelwise.

    Returns
    -------
    Runner
        With its number.

    Raises
    ------
    StoreError
        As `RunnersPart.add_runner`.

    Source
    ------
    ours.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StoreError(
            f"A runner's name needs 1 to {LONGEST_NAME} printable signs. Nothing was added. "
            "Choose another name."
        )
    if _fitting(all_runners(connection), name, only_real=False):
        raise StoreError(f"There is already a runner called {name}. Nothing was added. Choose another name.")
    connection.execute(insert(RUNNER).values(name=name, is_demo=int(is_demo)))
    # Under the write lock nobody else can have added a later one.
    return Runner(int(connection.scalar(select(func.max(RUNNER.c.athlete_id))) or 0), name, is_demo)


def _nobody(name: str | None, there: list[Runner]) -> str:
    if not there:
        return "There is no runner in the store yet. Import your data, or add the demo runner, and try again."
    names = ", ".join(runner.name for runner in there)
    return f"There is no runner called {name} in the store. Nothing was changed. There are: {names}."
