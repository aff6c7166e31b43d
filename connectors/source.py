"""What every connector gives: one protocol and four value objects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl

from connectors.written_dates import DateQuestion


@dataclass(frozen=True)
class Skipped:
    """Something that was not brought in.

    Parameters
    ----------
    path
        File, archive member or row it concerns, as the reader would recognise it. No place, no name of a run.
    reason
        One plain sentence.
    """

    path: str
    reason: str


@dataclass(frozen=True)
class LoggedSet:
    """One set of an exercise as a watch or an app logged it, under the name it has there.

    Parameters
    ----------
    exercise
        Name at the source.
    repetitions, load_kg, duration_s
        Count, kg beside body weight, s of the whole set; null unknown.
    """

    exercise: str
    repetitions: int | None = None
    load_kg: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True)
class Session:
    """One session as a recording file holds it, before it is put on the one-second clock.

    Parameters
    ----------
    points : DataFrame
        Contract POINT, in file order; may be empty.
    sport : str or None
        Our sport name (see `connectors.sports`), None where the file does not say.
    is_indoor : bool or None
        Treadmill or indoor; None where the file does not say.
    start_utc : datetime or None
        Aware, UTC; None when the file knows no time.
    utc_offset_s : int or None
        Seconds east of UTC that the file itself states.
    distance_m, timer_s, elapsed_s, ascent_m, descent_m : float or None
        Totals as the device wrote them.
    heart_rate_bpm, max_heart_rate_bpm, cadence_raw, max_speed_mps : float or None
        Averages and maxima as the device wrote them; `cadence_raw` as in POINT.
    perceived_exertion_0_10 : float or None
        As the runner answered the watch.
    feel_0_100 : float or None
        How the runner felt, as answered on the watch: 0 very weak, 100 very strong.
    contact_left_pct : float or None
        Share of contact time on the left foot, as the device averaged it.
    name, device : str or None
        Title and recording device.
    sets : tuple of LoggedSet
        Sets of exercises in the order done.
    notes : tuple of str
        Plain sentences on what was odd and how it was read ("cut off after 812 points").
    is_local_time : bool
        Whether the times state no zone: they count local time as if it were UTC, until the zone is known.
    stated_s : tuple of float
        Other times the file states of itself, s since 1970-01-01 UTC: its own date, its list's id. They tell
        points whose receiver counts weeks wrongly.
    """

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
    """One session on our clock: what goes into the store.

    Parameters
    ----------
    activity : dict
        Values for the columns of ACTIVITY that the file knows; no provenance, no local date yet.
    samples : DataFrame
        Contract SAMPLE; no rows where the file holds none.
    notes : tuple of str
        Plain sentences on what was odd.
    sets : tuple of LoggedSet
        Sets of exercises in the order done.
    """

    activity: dict[str, object]
    samples: pl.DataFrame
    notes: tuple[str, ...] = ()
    sets: tuple[LoggedSet, ...] = ()


@dataclass(frozen=True)
class Source:
    """A connector's record on the shelf.

    Parameters
    ----------
    id
        Short name, unique.
    title
        What a reader calls it.
    suffixes
        File endings it reads, lower case, with the dot (".fit").
    parse
        Bytes of one file (already unpacked) to its sessions. Raises `SourceError` with a clear sentence.
    """

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
class ImportResult:
    """What an import did: the contract's `import --json` object before it is written.

    Parameters
    ----------
    activities, symptoms
        Counts of `new`, `updated` and `unchanged`.
    beside
        The same counts of sets, test results and events, by the name of their contract.
    sample_files, sample_rows
        Recordings newly decoded and the rows stored from them.
    shoes
        Pairs seen.
    skipped
        What did not go in and why.
    notes
        What went in with a remark.
    unknown_sports
        Sport names no table knows, kept as they are.
    unknown_exercises
        Names of exercises no table knows, with their sets; kept as they are until the runner says what they are.
    date_questions
        Tables that were not read because their dates leave day and month open.
    seconds
        Wall time.
    import_id
        Number of the import, for taking it back; None where nothing came in.
    runner
        Name of the runner it went to.
    first, last
        Local dates of the first and the last session and entry of it; None where it brought none.
    merged
        Sessions of it that are one run with another record, and count once.
    doubted
        What went in and is doubted, a sentence each.
    held
        Why nothing went in until somebody answers, and the other account's number where that is known.
    question
        What is asked about an import that did go in.
    backups
        Backups among what was given; they are restored, not imported.
    """

    activities: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    symptoms: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    sample_files: int = 0
    sample_rows: int = 0
    shoes: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)
    unknown_exercises: dict[str, int] = field(default_factory=dict)
    date_questions: list[DateQuestion] = field(default_factory=list)
    seconds: float = 0.0
    import_id: int | None = None
    runner: str | None = None
    first: date | None = None
    last: date | None = None
    merged: int = 0
    doubted: list[Skipped] = field(default_factory=list)
    held: Held | None = None
    question: str | None = None
    backups: list[Path] = field(default_factory=list)


Progress = Callable[[int, int, str], None]
"""Called with what is done, what there is in all, and one word on the step."""


def stable_id(athlete_id: int, source: str, source_id: str) -> str:
    """Our id of a row: the same for the same facts on every machine and at every import.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    source, source_id : str
        Where the row came from and its id there.

    Returns
    -------
    str
        16 hexadecimal digits.

    Source
    ------
    ours: an id that needs no counter lets an interrupted import be repeated.
    """
    return hashlib.blake2b(f"{athlete_id}/{source}/{source_id}".encode(), digest_size=8).hexdigest()


def source_name(path: Path | str) -> str:
    """Give the last part of a path: enough to find the file, without the folders of somebody's home.

    Parameters
    ----------
    path : Path or str
        Any path.

    Returns
    -------
    str
        Its last part.

    Source
    ------
    ours: a folder name may hold the name of a person.
    """
    return Path(path).name
