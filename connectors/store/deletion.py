"""Deleting a runner: marked first, then files, then rows, so that a deletion cut off anywhere is finished later."""

# Whoever opens the store next, `doctor`, `backup` and the next `forget` finish what is marked, unless the process
# that deletes is still at it.

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select, update

from connectors.errors import LockTaken, StoreError, StoreFull, VaultUnreadable
from connectors.store.before_upgrade import remove_copies
from connectors.store.database import Database, upsert
from connectors.store.deletion_mark import MARK
from connectors.store.disk_errors import disk_error
from connectors.store.forgotten_notes import note_forgotten
from connectors.store.own_files import (
    UPLOAD,
    OwnFile,
    foreign_files,
    own_file,
    remove_empty_shells,
    walk_own,
)
from connectors.store.process_token import is_live, process_token
from connectors.store.runners import erase_runner
from connectors.store.samples import SampleFolder
from connectors.store.tables import BOOKMARK_TABLE, GRANT_TABLE, PERSON_TABLE, RUNNER_TABLE
from connectors.store.token_vault import VAULT_NAME, open_vault
from connectors.store.work_lock import import_lock, quiet_runner, work_lock

PROBE_B = 1 << 20
"""More than a mark needs, with the log that it is written to."""
SYNC_LOCK = "sync-{athlete_id}.lock"
_under_way: set[tuple[Path, int]] = set()


@dataclass
class Deletion:
    """What a deletion did to the files of one runner."""

    recordings: int = 0
    uploads: int = 0
    copies: int = 0
    """Copies of the database from before an upgrade, which hold every runner."""
    left: list[Path] = field(default_factory=list)
    problem: str | None = None
    list_problem: str | None = None
    """What is wrong with the list that keeps a restored dump from bringing the runner back."""
    is_log_empty: bool = True
    is_quiet: bool = True
    """Whether no import or sync of the runner was left running."""


def mark_runner(home: Path, database: Database, samples: SampleFolder, athlete_id: int) -> bool:
    """Mark a runner as being deleted; False where there is none of that number."""
    with database.reading() as connection:
        query = select(RUNNER_TABLE.c.athlete_id).where(RUNNER_TABLE.c.athlete_id == athlete_id)
        if connection.scalar(query) is None:
            return False
    try:
        _write_mark(home, database, athlete_id)
    except StoreFull:
        if not is_disk_full(home):
            raise
        # The mark needs a few kilobytes. On a full disk the runner's own recordings are the only room there is;
        # cut off between the two, the runner is still there, and a second deletion finds all the rest.
        delete_files(home, samples, athlete_id)
        _write_mark(home, database, athlete_id)
    samples.close_runner(athlete_id)
    return True


def is_disk_full(home: Path) -> bool:
    """Return whether deleting files makes room; under a limit on the size of a file it makes none."""
    try:
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"0" * PROBE_B)
            probe.flush()
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False


def _write_mark(home: Path, database: Database, athlete_id: int) -> None:
    row = {"athlete_id": athlete_id, "name": MARK, "value": process_token(home)}
    with database.writing() as connection:
        upsert(connection, BOOKMARK_TABLE, [row], ("athlete_id", "name"))
        _close_pages(connection, athlete_id)


def _close_pages(connection: Connection, athlete_id: int) -> None:
    """Close what everybody has open who may see the record; its runner's own page shows the receipt."""
    others = select(GRANT_TABLE.c.person_id).where(
        GRANT_TABLE.c.athlete_id == athlete_id,
        GRANT_TABLE.c.ended_utc.is_(None),
        GRANT_TABLE.c.access != "own",
    )
    # In order, as everybody does who counts up several persons.
    for person_id in sorted(set(connection.scalars(others))):
        one = update(PERSON_TABLE).where(PERSON_TABLE.c.person_id == person_id)
        connection.execute(one.values(version=PERSON_TABLE.c.version + 1))


@contextmanager
def deleting(home: Path, athlete_id: int) -> Iterator[None]:
    """Keep other threads of this process from finishing a deletion that is under way here."""
    key = (home.absolute(), athlete_id)
    _under_way.add(key)
    try:
        yield
    finally:
        _under_way.discard(key)


def finish_deletion(home: Path, database: Database, samples: SampleFolder, athlete_id: int) -> Deletion:
    """Delete the files of a marked runner, then their rows, then what a writer left in between."""
    samples.close_runner(athlete_id)
    done = delete_files(home, samples, athlete_id)
    done.problem = _delete_tokens(home, athlete_id)
    database.raise_if_gone()
    done.list_problem = note_forgotten(home, database, athlete_id)
    with database.writing() as connection:
        erase_runner(connection, athlete_id)
    return _end(home, database, samples, athlete_id, done)


def finish_cut_off(home: Path, database: Database, samples: SampleFolder, athlete_id: int) -> bool:
    """Finish the deletion of one runner if it was cut off, for a process that is shown one runner at a time."""
    query = select(BOOKMARK_TABLE.c.value).where(
        BOOKMARK_TABLE.c.name == MARK, BOOKMARK_TABLE.c.athlete_id == athlete_id
    )
    with database.reading() as connection:
        token = connection.scalar(query)
    if token is None or _is_under_way(home, athlete_id, token):
        return False
    finish_deletion(home, database, samples, athlete_id)
    return True


def finish_marked(home: Path, database: Database, samples: SampleFolder) -> list[int]:
    """Finish every deletion that was cut off; one that another process is at is left to it."""
    with database.reading() as connection:
        marks = dict(
            connection.execute(
                select(BOOKMARK_TABLE.c.athlete_id, BOOKMARK_TABLE.c.value).where(
                    BOOKMARK_TABLE.c.name == MARK
                )
            ).all()
        )
        there = set(connection.scalars(select(RUNNER_TABLE.c.athlete_id)))
    finished = []
    for athlete_id, token in marks.items():
        if not _is_under_way(home, athlete_id, token):
            finish_deletion(home, database, samples, athlete_id)
            finished.append(athlete_id)
    for athlete_id in samples.closed_runners():
        if athlete_id not in there and (home.absolute(), athlete_id) not in _under_way:
            _end(home, database, samples, athlete_id, delete_files(home, samples, athlete_id))
    return finished


def delete_files(home: Path, samples: SampleFolder, athlete_id: int) -> Deletion:
    """Delete every file of Heelwise that is of one runner; what is not of Heelwise is named and left."""
    done = Deletion()
    for path in uploads_of(home, athlete_id):
        done.uploads += sum(1 for one in path.rglob("*") if one.is_file())
        remove(path)
    done.copies = remove_copies(home)
    folder = samples.of_runner(athlete_id)
    for one in list(walk_own(home, folder)):
        done.recordings += one.name.what == "recording"
        remove(one.path)
    done.recordings += samples.remove(athlete_id, samples.listed(athlete_id))
    remove_empty_shells(home, folder)
    done.left = foreign_files(home, folder)
    return done


def uploads_of(home: Path, athlete_id: int | None = None) -> list[Path]:
    """List the folders of uploaded files, of one runner or of all."""
    folders = [own for path in sorted(home.glob("upload-*")) if (own := own_file(home, path))]
    wanted: list[OwnFile] = [one for one in folders if athlete_id is None or one.name is UPLOAD]
    return [one.path for one in wanted if athlete_id in (None, one.athlete_id)]


def remove(path: Path) -> None:
    """Delete one file or folder of Heelwise; gone already is as good."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return
    except OSError as error:
        raise disk_error(error, path) from error


def _is_under_way(home: Path, athlete_id: int, token: str) -> bool:
    if token == process_token(home):
        return (home.absolute(), athlete_id) in _under_way
    return is_live(home, token)


def _end(home: Path, database: Database, samples: SampleFolder, athlete_id: int, done: Deletion) -> Deletion:
    """Empty the log, delete what a writer left, and take the mark off once nobody writes any more."""
    done.is_log_empty = database.trim_log()
    try:
        with quiet_runner(home, athlete_id, wait_s=0.0):
            rest = delete_files(home, samples, athlete_id)
    except LockTaken:
        done.is_quiet = False
        return done
    done.recordings, done.uploads = done.recordings + rest.recordings, done.uploads + rest.uploads
    own = (work_lock(home, athlete_id), import_lock(home, athlete_id))
    for name in (*(one.name for one in own), SYNC_LOCK.format(athlete_id=athlete_id)):
        remove(home / name)
    if done.is_log_empty:
        samples.open_runner(athlete_id)
    remove_empty_shells(home, samples.folder)
    return done


def _delete_tokens(home: Path, athlete_id: int) -> str | None:
    """Delete the tokens of a link that was not ended before; the sentence where they cannot be reached."""
    if not (home / VAULT_NAME).exists():
        return None
    try:
        vault = open_vault(home)
        if vault.read(athlete_id) is not None:
            vault.delete(athlete_id)
        if vault.read_addresses(athlete_id):
            vault.write_addresses(athlete_id, [])
        for service in vault.keyed_services(athlete_id):
            vault.write_key(athlete_id, service, None)
    except (VaultUnreadable, StoreError) as error:
        return str(error)
    return None
