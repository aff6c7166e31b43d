"""What Garmin's takeout says beside the recordings, put to the activities it belongs to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import polars as pl

from connectors.archive import Archive
from connectors.errors import SourceError
from connectors.formats.garmin_summaries import GarminGear, GarminSummary, parse_gear, parse_summaries
from connectors.frames import SHOE, checked
from connectors.ingest.summed_sessions import NEAR_START, SummedSession, fits
from connectors.source import Skipped, stable_id
from connectors.sports import UNKNOWN_SPORT, sport_kind

_FILLS = ("name", "perceived_exertion_0_10", "feel_0_100", "contact_left_pct", "shoe_id", "utc_offset_s")
_TOTALS = (
    "distance_m", "moving_s", "elapsed_s", "heart_rate_bpm", "max_heart_rate_bpm", "cadence_spm",
    "perceived_exertion_0_10", "feel_0_100", "contact_left_pct", "name", "utc_offset_s",
)  # fmt: skip
Row = dict[str, Any]


@dataclass
class GarminAccount:
    """Summaries and gear of all takeouts of one import."""

    summaries: dict[str, GarminSummary] = field(default_factory=dict)
    gear: GarminGear = field(default_factory=GarminGear)
    skipped: list[Skipped] = field(default_factory=list)

    def take(self, archive: Archive, names: Sequence[str]) -> None:
        """Read the JSON members of one takeout; one that cannot be read costs only itself."""
        for name in names:
            try:
                data = archive.read(name)
                if name.lower().endswith("_gear.json"):
                    gear = parse_gear(data)
                    self.gear.names |= gear.names
                    self.gear.retired |= gear.retired
                    self.gear.worn |= gear.worn
                else:
                    self.summaries |= {one.garmin_id: one for one in parse_summaries(data)}
            except SourceError as error:
                self.skipped.append(Skipped(name, str(error)))

    def shoes(self, athlete_id: int, fetched_utc: datetime) -> pl.DataFrame:
        """Contract SHOE: the pairs of the account."""
        rows = [
            {
                "shoe_id": _shoe_id(athlete_id, number),
                "athlete_id": athlete_id,
                "source": "file",
                "source_id": f"garmin-{number}",
                "fetched_utc": fetched_utc,
                "name": name,
                "is_retired": number in self.gear.retired,
            }
            for number, name in self.gear.names.items()
        ]
        return checked(pl.DataFrame(rows, infer_schema_length=None), SHOE) if rows else SHOE.empty()


@dataclass
class Attached:
    """What became of the summaries of a takeout: rows to write, and activities that are on record."""

    changed: list[Row] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    superseded: list[str] = field(default_factory=list)
    """Source ids of summaries that stood alone until a recording with a row of its own turned out to be theirs."""


def attach(account: GarminAccount, activities: pl.DataFrame, athlete_id: int) -> Attached:
    """Assign each summary to the activity it belongs to; one that belongs to none is an activity by itself."""
    rows = sorted(activities.iter_rows(named=True), key=lambda row: row["start_utc"])
    starts = [row["start_utc"] for row in rows]
    attached = Attached()
    for one in sorted(account.summaries.values(), key=lambda s: s.start_utc):
        near = rows[bisect_left(starts, one.start_utc - NEAR_START) :]
        near = [row for row in _until(near, one.start_utc + NEAR_START) if _is_of(row, one)]
        own = [row for row in near if row["source"] == "file"]
        extra = _values(account, one, athlete_id)
        if own:
            best = min(
                own, key=lambda row: (row["sample_rows"] is None, abs(row["start_utc"] - one.start_utc))
            )
            filled = _filled(best, extra, one)
            attached.seen.add(best["activity_id"])
            attached.changed += [filled] if filled != best else []
            attached.superseded += [
                row["source_id"] for row in own if row is not best and _is_superseded(row, best, one)
            ]
        elif not near:
            attached.changed.append(_alone(one, extra, athlete_id))
    return attached


def summed_sessions(activities: pl.DataFrame) -> list[SummedSession]:
    """Return the sessions on record that a takeout's summary alone stands for."""
    rows = activities.filter(
        pl.col("source") == "file",
        pl.col("source_id").str.starts_with("garmin-"),
        pl.col("sample_rows").is_null(),
    )
    return [
        SummedSession(**row)
        for row in rows.select(one.name for one in fields(SummedSession)).iter_rows(named=True)
    ]


def _is_superseded(row: Row, best: Row, one: GarminSummary) -> bool:
    is_alone = row["source_id"] == _source_id(one) and row["sample_rows"] is None
    return is_alone and best["sample_rows"] is not None


def descriptions(account: GarminAccount, activities: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return what was written below the titles of the takeout, by the file activity it belongs to."""
    wrote = [one for one in account.summaries.values() if one.description]
    rows = activities.filter(pl.col("source") == "file").to_dicts() if wrote else []
    texts: dict[str, tuple[str, ...]] = {}
    for one in wrote:
        near = [r for r in rows if abs(r["start_utc"] - one.start_utc) <= NEAR_START and _is_of(r, one)]
        if near and one.description:
            best = min(near, key=lambda row: abs(row["start_utc"] - one.start_utc))
            texts[best["activity_id"]] = (one.description,)
    return texts


def _until(rows: Sequence[Row], last: datetime) -> list[Row]:
    before = []
    for row in rows:
        if row["start_utc"] > last:
            break
        before.append(row)
    return before


def _is_of(row: Row, one: GarminSummary) -> bool:
    return row["source_id"] == _source_id(one) or fits(row, one)


def _values(account: GarminAccount, one: GarminSummary, athlete_id: int) -> Row:
    pair = account.gear.worn.get(one.garmin_id)
    return {**vars(one), "shoe_id": _shoe_id(athlete_id, pair) if pair else None}


def _filled(row: Row, extra: Mapping[str, Any], one: GarminSummary) -> Row:
    """The row with what it does not know; a sport that only a guess gave is that of the summary."""
    filled = {**row, **{name: extra[name] for name in _FILLS if row.get(name) is None}}
    if row["source_id"] == _source_id(one) and row["sample_rows"] is None:
        filled |= {name: extra[name] for name in _TOTALS if extra[name] is not None}
    if row["sport"] == UNKNOWN_SPORT and one.sport_word:
        kind = sport_kind(one.sport_word)
        filled["sport"], filled["is_indoor"] = kind.sport or row["sport"], kind.is_indoor
    return filled


def _alone(one: GarminSummary, extra: Mapping[str, Any], athlete_id: int) -> Row:
    kind = sport_kind(one.sport_word)
    source_id = _source_id(one)
    return {
        "activity_id": stable_id(athlete_id, "file", source_id),
        "athlete_id": athlete_id,
        "source": "file",
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "start_utc": one.start_utc,
        "sport": kind.sport or UNKNOWN_SPORT,
        "is_indoor": kind.is_indoor,
        "ascent_device_m": one.ascent_m,
        "descent_device_m": one.descent_m,
        "shoe_id": extra["shoe_id"],
        **{name: extra[name] for name in _TOTALS},
    }


def _source_id(one: GarminSummary) -> str:
    return f"garmin-{one.garmin_id}"


def _shoe_id(athlete_id: int, number: str) -> str:
    return stable_id(athlete_id, "file", f"garmin-{number}")
