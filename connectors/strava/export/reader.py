"""Strava's bulk export, ZIP or unpacked, to frames. Recordings are named here and decoded elsewhere."""

# Of all an export holds (messages, contacts, log-ins), only `activities.csv`, `shoes.csv` and `activities/`
# are ever opened.

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from connectors.archive import Archive
from connectors.errors import SourceError
from connectors.frames import ACTIVITY
from connectors.gunzip import TABLE_BYTES
from connectors.plural import count
from connectors.recordings.steps import both_feet_expr
from connectors.source import Skipped, stable_id
from connectors.sports import FOOT_SPORTS, UNKNOWN_SPORT, sport_name
from connectors.strava.export.activities_csv import (
    LISTED,
    ParsedActivities,
    is_activities_csv,
    parse_activities,
)
from connectors.strava.export.shoes import (
    ListedShoe,
    ShoeAssignments,
    assign_shoes,
    name_key,
    parse_shoes,
    shoe_frame,
)
from connectors.tables import ENDINGS

SOURCE_NAME = "strava_export"
MOST_FOLDERS_AROUND = 2
HEIGHTS_APART_M = 20.0
"""Descent and climb may differ by the whole range of heights and this much more, for they are smoothed."""

_TABLE = "activities.csv"


@dataclass(frozen=True)
class StravaExport:
    """What an export says."""

    activities: pl.DataFrame
    shoes: pl.DataFrame
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)
    gear_ids: dict[int, str] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def is_export(archive: Archive) -> bool:
    """Return whether an archive holds a Strava export.

    People unpack exports, and pack them again with a folder around; other services write an `Activities.csv` too.
    """
    return any(_is_ours(archive, name) for name in _tables(archive))


def read_export(
    archive: Archive, athlete_id: int, fetched_utc: datetime, day_first: bool | None = None
) -> StravaExport:
    """Read the tables of a Strava export.

    See `connectors.strava.export.layout` for the columns, `connectors.strava.export.shoes` for the pairs.
    """
    tables: list[ParsedActivities] = []
    listed: list[ListedShoe] = []
    errors: list[tuple[str, SourceError]] = []
    for name in _tables(archive):
        try:
            table = parse_activities(archive.read(name, TABLE_BYTES), name, day_first)
        except SourceError as error:
            errors.append((name, error))
            continue
        tables.append(table)
        shoes, table_notes = _listed_shoes(archive, name)
        listed += shoes
        table.notes += table_notes
    if not tables:
        raise errors[0][1] if errors else SourceError("There is no activities.csv here. Nothing was taken.")
    export = _as_export(tables, listed, athlete_id, fetched_utc)
    export.skipped.extend(Skipped(name, str(error)) for name, error in errors)
    return export


def _tables(archive: Archive) -> list[str]:
    names = archive.names()
    if len(names) == 1 and "/" not in names[0] and names[0].casefold().endswith(ENDINGS):
        return list(names)
    tables = [name for name in names if name.rpartition("/")[2].casefold() == _TABLE]
    return [name for name in tables if name.count("/") <= MOST_FOLDERS_AROUND]


def _is_ours(archive: Archive, name: str) -> bool:
    try:
        return is_activities_csv(archive.read(name, TABLE_BYTES))
    except SourceError:
        return False


def _listed_shoes(archive: Archive, table: str) -> tuple[list[ListedShoe], list[Skipped]]:
    folder, slash, _ = table.rpartition("/")
    beside = f"{folder}{slash}shoes.csv"
    name = next((n for n in archive.names() if n.casefold() == beside.casefold()), None)
    if name is None:
        return [], []
    try:
        return parse_shoes(archive.read(name, TABLE_BYTES), name)
    except SourceError as error:
        return [], [Skipped(name, str(error))]


def _as_export(
    tables: Sequence[ParsedActivities], listed: Sequence[ListedShoe], athlete_id: int, fetched_utc: datetime
) -> StravaExport:
    in_time = sorted(tables, key=lambda table: _last_start(table.rows))
    rows = pl.concat([LISTED.to_frame(), *(t.rows for t in in_time)]).unique("source_id", keep="last")
    rows, unknown = _with_sports(rows.sort("start_utc", "source_id"))
    assignments = assign_shoes(rows, listed)
    shoes = shoe_frame(assignments, athlete_id, fetched_utc)
    shoe_ids = dict(shoes.select("source_id", "shoe_id").iter_rows())
    activities, notes = _activities(rows, assignments, shoe_ids, athlete_id, fetched_utc)
    return StravaExport(
        activities,
        shoes,
        [s for t in tables for s in t.skipped],
        [s for t in tables for s in t.notes] + notes,
        unknown,
        {number: shoe_ids[key] for number, key in assignments.by_id.items()},
        _texts(rows, athlete_id),
    )


def _texts(rows: pl.DataFrame, athlete_id: int) -> dict[str, tuple[str, ...]]:
    """Description and private note of each activity; empty where it has neither."""
    wrote = rows.select("source_id", "description", "private_note").iter_rows()
    return {stable_id(athlete_id, SOURCE_NAME, one): tuple(filter(None, texts)) for one, *texts in wrote}


def _last_start(rows: pl.DataFrame) -> float:
    last = rows["start_utc"].max()
    return last.timestamp() if isinstance(last, datetime) else 0.0


def _with_sports(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Our sport names beside the export's words, and the words nobody knows with their rows."""
    counts = Counter(rows["sport_text"].to_list())
    ours = {text: (sport_name(text) or text) if text else UNKNOWN_SPORT for text in counts}
    unknown = {text: rows for text, rows in counts.items() if text and sport_name(text) is None}
    return rows.with_columns(sport=pl.Series([ours[t] for t in rows["sport_text"]], dtype=pl.String)), unknown


def _activities(
    rows: pl.DataFrame,
    assignments: ShoeAssignments,
    shoe_ids: dict[str, str],
    athlete_id: int,
    fetched_utc: datetime,
) -> tuple[pl.DataFrame, list[Skipped]]:
    keys = [assignments.key(*gear) for gear in rows.select("gear_name", "gear_id", "bike_id").iter_rows()]
    frame = rows.with_columns(
        activity_id=pl.Series(
            [stable_id(athlete_id, SOURCE_NAME, i) for i in rows["source_id"]], dtype=pl.String
        ),
        athlete_id=pl.lit(athlete_id, pl.Int64),
        source=pl.lit(SOURCE_NAME),
        fetched_utc=pl.lit(fetched_utc).cast(ACTIVITY.schema["fetched_utc"]),
        cadence_spm=_steps(),
        shoe_id=pl.Series([shoe_ids[key] if key else None for key in keys], dtype=pl.String),
    )
    frame, notes = _within_bounds(frame)
    notes += _pairs_left_open(rows, keys, assignments)
    frame, descent_notes = _within_heights(frame)
    notes += descent_notes
    return frame.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(kind).alias(n)
        for n, kind in ACTIVITY.schema.items()
    ), notes


def _pairs_left_open(
    rows: pl.DataFrame, keys: Sequence[str | None], assignments: ShoeAssignments
) -> list[Skipped]:
    """Report activities that name a pair of which there are several, without the number that tells which."""
    names = [name_key(name) if name else "" for name in rows["gear_name"]]
    left = sum(key is None and name in assignments.alike for key, name in zip(keys, names, strict=True))
    if not left:
        return []
    many = count(left, "activity names", "activities name")
    reason = f"{many} a pair of which there are two of that name, without its number; which one is unknown."
    return [Skipped(_TABLE, reason)]


def _steps() -> pl.Expr:
    """Steps of both feet; only on foot, since a bike's cadence is no step."""
    seconds = pl.when(pl.col("moving_s") > 0).then("moving_s").otherwise("elapsed_s")
    both = both_feet_expr("cadence_one_leg", pl.when(seconds > 0).then(pl.col("distance_m") / seconds))
    return pl.when(pl.col("sport").is_in(FOOT_SPORTS)).then(both)


_COLUMN_WORDS = {
    "distance_m": "the distance",
    "moving_s": "the moving time",
    "elapsed_s": "the elapsed time",
    "ascent_device_m": "the climb",
    "descent_device_m": "the descent",
    "cadence_spm": "the cadence",
    "heart_rate_bpm": "the heart rate",
    "max_heart_rate_bpm": "the highest heart rate",
    "max_speed_mps": "the highest speed",
    "perceived_exertion_0_10": "the effort",
}


def _words(column: str) -> str:
    """Return what a reader calls a column; its own name in words where no other is known."""
    return _COLUMN_WORDS.get(column, f"the {column.replace('_', ' ')}")


def _within_bounds(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Skipped]]:
    """Numbers that cannot be (a negative descent) become unknown, and are counted."""
    notes = []
    for name, column in ACTIVITY.columns.items():
        if name not in frame.columns or column.low is None or not column.null:
            continue
        value = pl.col(name)
        high = float("inf") if column.high is None else column.high
        bounded = frame.with_columns(pl.when(value.is_between(column.low, high)).then(value).alias(name))
        lost = bounded[name].null_count() - frame[name].null_count()
        if lost:
            where = "In one row" if lost == 1 else f"In {lost} rows"
            allowed = f"{column.low:,g} to {high:,g} {column.unit.split(',')[0]}"
            notes.append(
                Skipped(_TABLE, f"{where} {_words(name)} is not within {allowed}; taken as unknown.")
            )
        frame = bounded
    return frame, notes


def _within_heights(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Skipped]]:
    """A descent that climb and heights contradict becomes unknown: nobody ends below the lowest place."""
    apart = (pl.col("descent_device_m") - pl.col("ascent_device_m")).abs()
    wrong = apart > pl.col("highest_m") - pl.col("lowest_m") + HEIGHTS_APART_M
    bounded = frame.with_columns(descent_device_m=pl.when(wrong).then(None).otherwise("descent_device_m"))
    lost = bounded["descent_device_m"].null_count() - frame["descent_device_m"].null_count()
    if not lost:
        return frame, []
    where = "In one row" if lost == 1 else f"In {lost} rows"
    reason = f"{where} the descent cannot be true beside climb, lowest and highest place; taken as unknown."
    return bounded, [Skipped(_TABLE, reason)]
