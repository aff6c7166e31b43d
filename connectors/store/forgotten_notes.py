"""Writes into the list of forgotten runners what ends here, where dumps are made that still hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from connectors.errors import StoreError
from connectors.store.database import Database
from connectors.store.dump_settings import dump_settings
from connectors.store.forgotten_list import (
    COUNT_SETTING,
    GRANT,
    LIST_NAME,
    RUNNER,
    Ended,
    ForgottenList,
    bring_back,
    digest_of_person,
    digest_of_runner,
    line_count,
    note_ended,
    now_text,
    read_copy,
    read_own_list,
)
from connectors.store.labels import read_machine_settings, write_machine_setting
from connectors.store.private_file import read_private, write_private
from connectors.store.row_security import uid_for_admin
from connectors.store.runner_uid import uid_of
from connectors.store.tables import GRANT_TABLE, PERSON_TABLE

COPY_NAME = "heelwise-forgotten.jsonl"
"""The copy beside the dumps, which goes where they go."""


def note_forgotten(home: Path, database: Database, athlete_id: int) -> str | None:
    """Note that a runner is forgotten, before their rows go; return what is wrong with the list, if anything."""
    with database.reading() as connection:
        machine, uid = read_machine_settings(connection), uid_of(connection, athlete_id)
    if uid is None or not is_needed(home, machine):
        return None
    problem = note_ended(home, [Ended(RUNNER, digest_of_runner(uid), now_text())])
    with database.writing() as connection:
        write_machine_setting(connection, COUNT_SETTING, str(line_count(home)))
    return problem or copy_list(home, machine)


def note_grants_ended(home: Path, connection: Connection, grant_ids: Iterable[int], at: datetime) -> None:
    """Note inside the transaction that ends them that grants ended, so that no restore gives them again."""
    machine = read_machine_settings(connection)
    if not is_needed(home, machine):
        return
    query = (
        select(GRANT_TABLE.c.athlete_id, PERSON_TABLE.c.issuer, PERSON_TABLE.c.subject)
        .join(PERSON_TABLE, PERSON_TABLE.c.person_id == GRANT_TABLE.c.person_id)
        .where(GRANT_TABLE.c.grant_id.in_(list(grant_ids)))
    )
    ended = [
        Ended(GRANT, digest_of_runner(uid), at.isoformat(), digest_of_person(row.issuer, row.subject))
        for row in connection.execute(query).all()
        if (uid := uid_of(connection, row.athlete_id) or uid_for_admin(connection, row.athlete_id))
        is not None
    ]
    note_ended(home, ended)
    write_machine_setting(connection, COUNT_SETTING, str(line_count(home)))
    copy_list(home, machine)


def is_needed(home: Path, machine: Mapping[str, str]) -> bool:
    """Return whether this machine makes dumps, or has made some."""
    return dump_settings(machine).recipient is not None or (home / LIST_NAME).exists()


def copy_list(home: Path, machine: Mapping[str, str]) -> str | None:
    """Copy the list to where the dumps lie; return the sentence where that folder cannot be written to now."""
    folder = dump_settings(machine).folder
    # Nobody forgotten is a list too, without a line: beside a dump a missing one is a fault.
    content = read_private(home / LIST_NAME) or b""
    if folder is None:
        return None
    with suppress(StoreError, OSError):
        if folder.is_dir():
            write_private(folder / COPY_NAME, content)
            return None
    return f"The list of forgotten runners could not be copied to {folder}, where the dumps lie; the next dump does it."


def usable_list(
    home: Path, machine: Mapping[str, str], accepts: bool, beside: Path | None = None
) -> ForgottenList:
    """Return what may not come back; a list that is missing or not as it was is refused until a person accepts it.

    `beside` is the copy that lies with a dump; of the two each line counts.
    """
    text = machine.get(COUNT_SETTING, "0")
    least = int(text) if text.isdigit() else 0
    own = read_own_list(home, least)
    if beside is not None:
        other = read_copy(home, beside)
        if beside.exists() and not other.problems and other.lines >= least:
            own.problems = []  # the copy is as it was written, and has every line
        is_known = (home / LIST_NAME).exists() or dump_settings(machine).recipient is not None
        if not is_known and not beside.exists():
            own.problems.append("There is no list of forgotten runners, neither here nor beside the dump")
        # Signed with the key of the machine that the store was moved from, it says nothing that is not known here.
        doubts = [] if not own.problems and own.holds(other) else other.problems
        own.merge(other)
        own.problems += doubts
    if own.problems and not accepts:
        raise list_refused(own.problems)
    return own


def list_refused(problems: Sequence[str]) -> StoreError:
    """Build the error for a list that cannot be relied upon."""
    return StoreError(
        f"{'. '.join(problems)}. Somebody who was forgotten could come back, so nothing was restored. Put the list "
        "back, or give the key that signed it; with --accept-list what can be read of it is applied, and whoever stood "
        "on the rest comes back."
    )


def store_list(home: Path, database: Database, forgotten: ForgottenList) -> None:
    """Write what a copy of the list knew and the own one did not, so that the next restore knows it too."""
    note_ended(home, forgotten.as_lines())
    if (home / LIST_NAME).exists():
        with database.writing() as connection:
            write_machine_setting(connection, COUNT_SETTING, str(line_count(home)))


def take_off_list(home: Path, database: Database, athlete_id: int) -> None:
    """Take a runner who is here again off the list, and off the copy beside the dumps."""
    with database.reading() as connection:
        machine, uid = read_machine_settings(connection), uid_of(connection, athlete_id)
    if uid is None or not (home / LIST_NAME).exists():
        return
    left = bring_back(home, uid)
    with database.writing() as connection:
        write_machine_setting(connection, COUNT_SETTING, str(left))
    copy_list(home, machine)
