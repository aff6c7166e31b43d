"""Deleting what killed work left behind: uploads, unpacked backups, unfinished files, recordings that no row names."""

# What a living process is at is spared: unfinished files carry its token, and recordings of a runner are looked at
# only while nobody holds that runner's lock.

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from sqlalchemy import Connection, select

from connectors.errors import LockTaken
from connectors.plural import count
from connectors.store.database import Database
from connectors.store.deletion import finish_marked, remove, uploads_of
from connectors.store.own_files import (
    DUMP,
    EARLIER_RESTORE,
    EARLIER_UPLOAD,
    RESTORE,
    UPLOAD,
    UPLOAD_NOTE,
    OwnFile,
    foreign_files,
    own_file,
    remove_empty_shells,
    walk_own,
)
from connectors.store.paths import CACHE_NAME
from connectors.store.process_token import ended_tokens, is_live, release, remove_ended
from connectors.store.row_security import is_partial
from connectors.store.sample_file import SAMPLE_SUFFIX
from connectors.store.samples import ASIDE, CACHE_FOLDER, EARLIER, LEFT_OVER_S, SampleFolder
from connectors.store.tables import IMPORT_BATCH, RUNNER_TABLE, TABLES
from connectors.store.work_lock import quiet_runner, work_lock

_UPLOAD_LEFT_S = 86_400.0
"""Age from which an upload of a version that wrote no token into its name is taken for left behind."""
_AGES = {EARLIER_UPLOAD: _UPLOAD_LEFT_S, EARLIER_RESTORE: LEFT_OVER_S}


@dataclass
class Swept:
    """What a sweep deleted."""

    uploads: int = 0
    restores: int = 0
    unfinished: int = 0
    recordings: int = 0
    runners: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to delete."""
        return not (self.uploads or self.restores or self.unfinished or self.recordings or self.runners)

    def in_words(self) -> str:
        """Describe what was deleted, for `doctor`."""
        parts = (
            (self.runners, "runner whose deletion was cut off", "runners whose deletion was cut off"),
            (self.uploads, "folder of uploaded files", "folders of uploaded files"),
            (self.restores, "unpacked backup", "unpacked backups"),
            (self.unfinished, "unfinished file", "unfinished files"),
            (self.recordings, "recording that no run names", "recordings that no run names"),
        )
        listed = ", ".join(count(number, one, many) for number, one, many in parts if number)
        return f"Work that was cut off had left this behind, and it was deleted: {listed}."


def sweep(home: Path, database: Database, samples: SampleFolder, thorough: bool = False) -> Swept:
    """Finish deletions that were cut off and delete what killed work left; thorough looks where no kill is known."""
    if database.is_partial():
        return Swept()  # a runner who is not seen may be there, and their recordings are no left-overs
    done = Swept(runners=len(finish_marked(home, database, samples)))
    ended = ended_tokens(home)
    sweep_folders(home, done)
    if ended or thorough:
        _sweep_unfinished(home, samples, done)
        _sweep_recordings(home, database, samples, done)
        remove_ended(home, ended)
    return done


def sweep_folders(home: Path, done: Swept) -> None:
    """Delete uploads and unpacked backups whose process has ended; needs no database, so that it makes room."""
    for path in (*home.glob("upload-*"), *home.glob("dump-*"), *(home / "samples").glob(f"{ASIDE}*")):
        own = own_file(home, path)
        if own is None or not _is_left_behind(home, own):
            continue
        remove(path)
        done.uploads += own.name in (UPLOAD, EARLIER_UPLOAD)
        done.restores += own.name in (RESTORE, EARLIER_RESTORE, DUMP)


def erase_all(home: Path, database: Database) -> tuple[list[Path], bool]:
    """Delete every file of Heelwise after its runners; return what is not ours, and whether others have it open.

    While another program has the database open it stays, empty: deleted under it, what it writes would be lost.
    """
    for path in uploads_of(home):
        remove(path)
    is_alone = database.close_alone()
    release(home)
    for one in list(walk_own(home)):
        is_open = one.name.what == "database" or (one.writer is not None and is_live(home, one.writer))
        if is_alone or not is_open:
            remove(one.path)
    for name in ("samples", CACHE_NAME):
        remove_empty_shells(home, home / name)
    return foreign_files(home), not is_alone


def _is_left_behind(home: Path, one: OwnFile) -> bool:
    if one.writer is not None:
        return not is_live(home, one.writer) and not is_being_read(home, one) and not waits_for_import(one)
    with suppress(OSError):  # gone by now
        return time.time() - one.path.stat().st_mtime > _AGES.get(one.name, LEFT_OVER_S)
    return False


def waits_for_import(one: OwnFile) -> bool:
    """Whether an upload on a clinic's server is to be imported by another process, as its note says, for a day."""
    note = one.path / UPLOAD_NOTE
    with suppress(OSError):
        return one.name is UPLOAD and time.time() - note.stat().st_mtime < _UPLOAD_LEFT_S
    return False


def is_being_read(home: Path, one: OwnFile) -> bool:
    """Whether an import outlives the dashboard that was given its files."""
    if one.name is not UPLOAD or not one.athlete_id or not work_lock(home, one.athlete_id).exists():
        return False
    try:
        with quiet_runner(home, one.athlete_id, wait_s=0.0):
            return False
    except LockTaken:
        return True


def _sweep_unfinished(home: Path, samples: SampleFolder, done: Swept) -> None:
    loose = [own for path in home.glob(".*.part") if (own := own_file(home, path))]
    for one in (*loose, *walk_own(home, samples.folder), *walk_own(home, home / CACHE_NAME)):
        if one.path.suffix == ".part" and _is_left_behind(home, one):
            remove(one.path)
            done.unfinished += 1


def _sweep_recordings(home: Path, database: Database, samples: SampleFolder, done: Swept) -> None:
    for folder in sorted(samples.folder.glob("[0-9]*")):
        if folder.name.isdigit() and folder.is_dir():
            done.recordings += sweep_runner(home, database, samples, int(folder.name))
    for athlete_id in samples.runners_elsewhere():
        done.recordings += sweep_runner(home, database, samples, athlete_id)
    done.recordings += samples.remove_unlisted()


def sweep_runner(home: Path, database: Database, samples: SampleFolder, athlete_id: int) -> int:
    """Delete the recordings of one runner that no row names, unless somebody is writing them; return how many."""
    folder, swept = samples.of_runner(athlete_id), 0
    if not folder.is_dir() and not samples.listed(athlete_id):
        return 0
    with suppress(LockTaken), quiet_runner(home, athlete_id, wait_s=0.0):
        with database.reading() as connection:
            swept = _sweep_rowless(connection, home, samples, athlete_id)
        remove_empty_shells(home, folder)
    return swept


def _sweep_rowless(connection: Connection, home: Path, samples: SampleFolder, athlete_id: int) -> int:
    runner = select(RUNNER_TABLE.c.athlete_id).where(RUNNER_TABLE.c.athlete_id == athlete_id)
    is_there = connection.scalar(runner) is not None
    if not is_there and is_partial(connection):
        return 0
    table = TABLES["activity"]
    query = select(table.c.activity_id).where(table.c.athlete_id == athlete_id, table.c.sample_rows > 0)
    rows = set(connection.scalars(query)) if is_there else set()
    stands = IMPORT_BATCH.c.taken_back_utc.is_(None)
    query = select(IMPORT_BATCH.c.import_id).where(IMPORT_BATCH.c.athlete_id == athlete_id, stands)
    imports = {str(number) for number in connection.scalars(query)}

    def is_wanted(path: PurePath) -> bool:
        return path.parent.name in imports if path.parent.parent.name == EARLIER else path.stem in rows

    swept = 0
    for one in list(walk_own(home, samples.of_runner(athlete_id))):
        if one.path.suffix == SAMPLE_SUFFIX and not is_wanted(one.path):
            remove(one.path)
            swept += 1
        elif not is_there and one.path.parent.name == CACHE_FOLDER:
            remove(one.path)
    elsewhere = [place for place in samples.listed(athlete_id) if not is_wanted(PurePath(place))]
    return swept + samples.remove(athlete_id, elsewhere)
