"""What `doctor` looks at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from connectors.errors import StoreError
from connectors.plural import count
from connectors.source import Progress, silent
from connectors.store.before_upgrade import FOLDER, copies
from connectors.store.database import Database
from connectors.store.digests import verify
from connectors.store.paths import DATABASE_NAME, SAMPLES_NAME
from connectors.store.row_security import is_partial, unlocked_tables
from connectors.store.sample_file import PART_SUFFIX
from connectors.store.samples import SampleFolder, remove_parts
from connectors.store.server_findings import server_findings
from connectors.store.tables import PERSON_TABLE, RUNNER_TABLE, TABLES

LITTLE_ROOM_BYTES = 200_000_000
LONG_LOG_BYTES = 100_000_000
_MOST_LISTED = 5


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    id: str
    is_serious: bool
    wrong: str
    intact: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.wrong} {self.intact} {self.to_do}"


def check_store(
    home: Path, database: Database, samples: SampleFolder, progress: Progress = silent
) -> list[Finding]:
    """Check for everything that may be wrong; change nothing but left-over temporary files.

    Every sample file is read in full, since a fault may lie anywhere in it.
    """
    progress(0, 0, "checking the database")
    findings = [
        *_database(database),
        *_lock(database),
        *([] if database.is_partial() else _rows_and_samples(database, samples, progress)),
        *_modes(home),
        *_room(home),
        *_copies(home),
        *(Finding(*one) for one in server_findings(home, database)),
    ]
    return sorted(findings, key=lambda finding: not finding.is_serious)


def _rows_and_samples(database: Database, samples: SampleFolder, progress: Progress) -> Iterator[Finding]:
    yield from _doubts(database, progress)
    yield from _samples(database, samples, progress)


def _database(database: Database) -> Iterator[Finding]:
    try:
        problems = database.problems()
    except StoreError as error:
        problems = [str(error)]
    if problems:
        yield Finding(
            "damaged",
            True,
            f"The database {database.backend.name} has faults: {'; '.join(problems[:_MOST_LISTED])}.",
            "Nothing was changed.",
            "Make a copy of it now, then restore a backup, or move it away and import your data again.",
        )


def _lock(database: Database) -> Iterator[Finding]:
    """Where persons sign in, the database itself must hold the rows of runners apart."""
    try:
        with database.reading() as connection:
            persons = connection.scalar(select(func.count()).select_from(PERSON_TABLE))
            is_partial_here, unlocked = is_partial(connection), unlocked_tables(connection)
    except StoreError:
        return  # the database's own finding says it all
    if persons and unlocked:
        yield Finding(
            "rows_not_locked",
            True,
            f"The database does not hold rows of runners apart in {count(len(unlocked), 'table')}: {_some(unlocked)}.",
            "Heelwise itself shows each person what is shared with them; the second lock is missing.",
            "Run `heelwise store roles --apply` as a superuser of the database; docs/clinic.md says how.",
        )
    if is_partial_here:
        yield Finding(
            "rows_not_seen",
            False,
            "The user of HEELWISE_DATABASE sees no row of a runner unless a person signed in, so rows and recordings "
            "were not looked at.",
            "Nothing is wrong with that: it is how the server connects.",
            "Run `heelwise doctor` with the address of heelwise_backup to look at everything.",
        )


def _doubts(database: Database, progress: Progress) -> Iterator[Finding]:
    try:
        with database.writing() as connection:
            doubts = verify(connection, progress=progress)
            names = dict(connection.execute(select(RUNNER_TABLE.c.athlete_id, RUNNER_TABLE.c.name)).all())
    except StoreError:
        return  # the database's own finding says it all
    for athlete_id in sorted({one.athlete_id for one in doubts}):
        rows = [one.in_words() for one in doubts if one.athlete_id == athlete_id]
        yield Finding(
            "rows_doubted",
            True,
            f"The rows of {names[athlete_id]} are not all as they were written: {_some(rows)}.",
            "Nothing is written to these tables until that is settled; everything else goes on.",
            "Restore a backup from before. Where there is none, `heelwise doctor --accept` takes the rows as they are.",
        )


def _copies(home: Path) -> Iterator[Finding]:
    there = copies(home)
    if there:
        yield Finding(
            "before_upgrade",
            False,
            f"{count(len(there), 'copy', 'copies')} of the database from before an upgrade: "
            f"{_some([f'{FOLDER}/{path.name}' for path in there])}.",
            "They hold every runner as of then.",
            "To go back, put one in the place of heelwise.db and use the earlier Heelwise. They go after 30 days.",
        )


def _samples(database: Database, samples: SampleFolder, progress: Progress) -> Iterator[Finding]:
    wanted, known = _recorded(database)
    there = {(athlete_id, activity_id): path for athlete_id, activity_id, path in samples.files()}
    missing = sorted(wanted - there.keys())
    if missing:
        yield Finding(
            "samples_missing",
            True,
            f"{count(len(missing), 'activity has lost its', 'activities have lost their')} samples: "
            f"{_some(a for _, a in missing)}.",
            "The activities themselves are kept.",
            "Import the same export or files again; only what is missing is read.",
        )
    orphans = [path for owner, path in there.items() if owner not in known]
    if orphans:
        yield Finding(
            "samples_orphan",
            False,
            f"{count(len(orphans), 'sample file belongs', 'sample files belong')} to no activity: "
            f"{_some(p.name for p in orphans)}.",
            "They are kept and not used.",
            "An import that was stopped leaves such files: import again, or delete them.",
        )
    broken = list(_broken(samples, sorted(wanted & there.keys()), progress))
    if broken:
        yield Finding(
            "samples_damaged",
            True,
            f"The samples of {count(len(broken), 'activity', 'activities')} cannot be read or are not as they were "
            f"written: {_some(broken)}.",
            "The activities themselves are kept, and the files are left as they are.",
            f"Move these files out of {samples.where} and import the recordings again.",
        )
    yield from _left_over(samples)


def _broken(samples: SampleFolder, there: list[tuple[int, str]], progress: Progress) -> Iterator[str]:
    for done, (athlete_id, activity_id) in enumerate(there, start=1):
        if not samples.verifies(athlete_id, activity_id):
            yield activity_id
        progress(done, len(there), "checking recordings")


def _left_over(samples: SampleFolder) -> Iterator[Finding]:
    swept = remove_parts(samples.folder)
    if swept:
        yield Finding(
            "left_over",
            False,
            f"{count(swept, 'temporary file')} of writes that never ended {'was' if swept == 1 else 'were'} found.",
            "They held nothing that is missed.",
            "They were deleted; there is nothing to do.",
        )


def _recorded(database: Database) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    table = TABLES["activity"]
    query = select(table.c.athlete_id, table.c.activity_id, table.c.sample_rows)
    try:
        with database.reading() as connection:
            rows = connection.execute(query).all()
    except StoreError:
        return set(), set()  # the database's own finding says it all
    return {(r[0], r[1]) for r in rows if r[2]}, {(r[0], r[1]) for r in rows}


def _modes(home: Path) -> Iterator[Finding]:
    open_to_others = [path for path in (home, *_files(home)) if path.stat().st_mode & 0o077]
    if open_to_others:
        yield Finding(
            "modes",
            False,
            f"{count(len(open_to_others), 'file or folder', 'files or folders')} can be read by others: "
            f"{_some(p.name for p in open_to_others)}.",
            "Nothing was changed.",
            f"Close them, on Linux and macOS with: chmod -R u=rwX,go= '{home}'",
        )


def _files(home: Path) -> list[Path]:
    beside = [p for p in home.glob(f"{DATABASE_NAME}*") if p.is_file()]
    folders_and_files = [p for p in (home / SAMPLES_NAME).rglob("*") if p.suffix != PART_SUFFIX]
    return beside + [p for p in [home / SAMPLES_NAME] if p.exists()] + folders_and_files


def _room(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    if free < LITTLE_ROOM_BYTES:
        yield Finding(
            "little_room",
            True,
            f"Only {free // 1_000_000} MB are free where {home} lies.",
            "Everything stored is kept.",
            "Free some space before the next import.",
        )
    log = home / f"{DATABASE_NAME}-wal"
    if log.exists() and log.stat().st_size > LONG_LOG_BYTES:
        yield Finding(
            "long_log",
            False,
            f"The log {log.name} has grown to {log.stat().st_size // 1_000_000} MB.",
            "Everything in it counts as stored.",
            "Close every Heelwise window and command; the last one to end puts the log away.",
        )


def _some(names: Iterator[str] | list[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    return ", ".join(listed[:_MOST_LISTED]) + more
