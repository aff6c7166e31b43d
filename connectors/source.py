"""What every connector gives: one protocol and four value objects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Skipped:
    """Something that was not brought in."""

    path: str
    reason: str


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
    name: str | None = None
    device: str | None = None
    is_virtual: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recording:
    """One session on our clock: what goes into the store."""

    activity: dict[str, object]
    samples: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileFormat:
    """A connector's record on the shelf."""

    id: str
    title: str
    suffixes: tuple[str, ...]
    parse: Callable[[bytes], list[Session]]


@dataclass
class ImportResult:
    """What an import did: the contract's `import --json` object before it is written."""

    activities: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    symptoms: dict[str, int] = field(default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0})
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    sample_files: int = 0
    sample_rows: int = 0
    shoes: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


Progress = Callable[[int, int, str], None]
"""Called with what is done, what there is in all, and one word on the step."""


def stable_id(athlete_id: int, source: str, source_id: str) -> str:
    """Our id of a row: the same for the same facts on every machine and at every import.

    An id that needs no counter lets an interrupted import be repeated.
    """
    return hashlib.blake2b(f"{athlete_id}/{source}/{source_id}".encode(), digest_size=8).hexdigest()


def source_name(path: Path | str) -> str:
    """Return the last part of a path: enough to find the file, without the folders of somebody's home.

    A folder name may hold the name of a person.
    """
    return Path(path).name
