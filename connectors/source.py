"""Where rows come from, and the value objects every connector returns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl

from connectors.written_dates import DateQuestion


@dataclass(frozen=True)
class Source:
    """One origin of rows; `id` is what the column `source` holds, and of one run's records the lowest `rank` leads."""

    id: str
    title: str
    rank: int
    # Sources of one account number their entries alike: one number there is one entry.
    account: str | None = None
    # Its samples are those of the recording's own file and not thinned.
    has_recordings: bool = False
    # False: its rows are the runner's alone. A signed-in runner reads them, and nobody else; on a laptop they are read
    # where the runner's own link is, and no report holds them without it.
    may_leave_account: bool = True
    # Its rows come by a link and go with it.
    is_link: bool = False
    # Named where its data stands.
    attribution: str | None = None
    # Address of an entry for a person, with {source_id}.
    activity_url: str | None = None

    def url_of(self, source_id: str) -> str | None:
        """Return the address of one entry at the source; None where it has no page for entries."""
        return self.activity_url.format(source_id=source_id) if self.activity_url else None


SOURCES = (
    Source(
        "strava_api",
        "Strava link",
        rank=0,
        account="strava",
        is_link=True,
        may_leave_account=False,
        # Wording of Strava's brand guidelines.
        attribution="Powered by Strava",
        activity_url="https://www.strava.com/activities/{source_id}",
    ),
    Source("strava_export", "Strava export", rank=1, account="strava", has_recordings=True),
    # Made for showing one's own training to a coach; its key gives what the runner could export, and it lets no row of
    # Strava out. So its rows may be read by whom the runner lets see the record, as those of a file: see docs/links.md.
    Source(
        "intervals_api",
        "intervals.icu link",
        rank=2,
        account="intervals",
        is_link=True,
        has_recordings=True,
        activity_url="https://intervals.icu/activities/{source_id}",
    ),
    Source(
        "garmin_api",
        "Garmin link",
        rank=3,
        account="garmin",
        is_link=True,
        has_recordings=True,
        may_leave_account=False,
        activity_url="https://connect.garmin.com/modern/activity/{source_id}",
    ),
    Source("file", "recording files", rank=4, has_recordings=True),
    Source("manual", "entered by hand", rank=5),
    Source("demo", "made up", rank=6),
)


def source_by_id(source_id: str) -> Source:
    """Return the record of one origin; KeyError for an origin without one."""
    return {one.id: one for one in SOURCES}[source_id]


def source_titles() -> dict[str, str]:
    """Return the title of each origin by its id."""
    return {one.id: one.title for one in SOURCES}


def sources_of_account(account: str) -> tuple[str, ...]:
    """Return the ids of the origins whose entries belong to an account of one service."""
    return tuple(one.id for one in SOURCES if one.account == account)


@dataclass(frozen=True)
class Skipped:
    """Something that was not brought in."""

    path: str
    reason: str


SUMMARY_USED = ("its summary is used.", "their summaries are used.")
"""Ends the reason of a recording that was not there or not readable, whose run came in all the same."""


def is_in_by_summary(reason: str) -> bool:
    """Return whether what was skipped is a recording alone, and its run is in."""
    return reason.endswith(SUMMARY_USED)


@dataclass(frozen=True)
class LoggedSet:
    """One set of an exercise as a watch or an app logged it, under the name it has there."""

    exercise: str
    repetitions: int | None = None
    load_kg: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True)
class Session:
    """One session as a recording file holds it, before it is put on the one-second clock."""

    points: pl.DataFrame
    sport: str | None = None
    is_indoor: bool | None = None
    start_utc: datetime | None = None
    utc_offset_s: int | None = None
    distance_m: float | None = None
    timer_s: float | None = None
    elapsed_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    cadence_raw: float | None = None
    max_speed_mps: float | None = None
    perceived_exertion_0_10: float | None = None
    feel_0_100: float | None = None
    contact_left_pct: float | None = None
    name: str | None = None
    device: str | None = None
    is_virtual: bool = False
    sets: tuple[LoggedSet, ...] = ()
    notes: tuple[str, ...] = ()
    is_local_time: bool = False
    stated_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Recording:
    """One session on our clock: what goes into the store."""

    activity: dict[str, object]
    samples: pl.DataFrame
    notes: tuple[str, ...] = ()
    sets: tuple[LoggedSet, ...] = ()


@dataclass(frozen=True)
class FileFormat:
    """A connector's record on the shelf."""

    id: str
    title: str
    suffixes: tuple[str, ...]
    parse: Callable[[bytes], list[Session]]


@dataclass(frozen=True)
class Held:
    """Why an import was held; `account` is the other account's number where that is known."""

    reason: str
    account: str | None = None


@dataclass
class IngestResult:
    """What an import and a sync both count."""

    activities: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    sample_files: int = 0
    sample_rows: int = 0
    shoes: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class ImportResult(IngestResult):
    """What an import did: the contract's `import --json` object before it is written."""

    symptoms: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    unknown_exercises: dict[str, int] = field(default_factory=dict)
    date_questions: list[DateQuestion] = field(default_factory=list)
    import_id: int | None = None
    runner: str | None = None
    first: date | None = None
    last: date | None = None
    merged: int = 0
    doubted: list[Skipped] = field(default_factory=list)
    held: Held | None = None
    question: str | None = None
    backups: list[Path] = field(default_factory=list)


RECORDINGS = "recordings"
"""The step during which all totals are in and the recordings are being read."""
SOME_LOOSE_RECORDINGS = "recordings, some without totals"
"""The same, but for runs that neither a table nor a summary lists."""
LOOSE_RECORDINGS = "recordings, newest first"
"""The step during which recordings are read whose runs no table lists: each is on record once it is read."""
READING_STEPS = (RECORDINGS, SOME_LOOSE_RECORDINGS, LOOSE_RECORDINGS)

Progress = Callable[[int, int, str], None]
"""Called with what is done, what there is in all, and one word on the step."""


def silent(done: int, total: int, step: str) -> None:
    """Report progress to nobody."""


def stable_id(athlete_id: int, source: str, source_id: str) -> str:
    """Return our id of a row: the same for the same facts on every machine and at every import.

    An id that needs no counter lets an interrupted import be repeated.
    """
    return hashlib.blake2b(f"{athlete_id}/{source}/{source_id}".encode(), digest_size=8).hexdigest()


def source_name(path: Path | str) -> str:
    """Return the last part of a path: enough to find the file, without the folders of somebody's home.

    A folder name may hold the name of a person.
    """
    return Path(path).name
