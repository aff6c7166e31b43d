"""What a person says of a run that nothing recorded, and the row it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from connectors.edits import Edit
from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY, EDIT
from connectors.local_date import machine_zone, usual_zone, zone_name
from connectors.source import stable_id
from connectors.store import Store
from dashboard.shared.undo import Change, replace_rows

MANUAL = "manual"
NOON = time(12)
MOST_LISTED = 20
EDITABLE_FIELDS = (
    "local_date",
    "distance_m",
    "moving_s",
    "sport",
    "is_indoor",
    "ascent_m",
    "perceived_exertion_0_10",
    "shoe_id",
)
"""Columns of ACTIVITY that a person says of such a run, and may say again in the table of runs."""


@dataclass(frozen=True)
class ManualRun:
    """What a person says of a run that nothing recorded; None is not known."""

    day: date
    start: time | None = None
    distance_m: float | None = None
    moving_s: float | None = None
    sport: str = "Run"
    is_indoor: bool | None = None
    ascent_m: float | None = None
    perceived_exertion_0_10: float | None = None
    shoe_id: str | None = None
    name: str | None = None

    def start_utc(self, zone: str) -> datetime:
        """Return the start."""
        return datetime.combine(self.day, self.start or NOON, ZoneInfo(zone)).astimezone(UTC)

    def row(self, athlete_id: int, source_id: str, zone: str) -> dict[str, Any]:
        """Return the row of ACTIVITY."""
        fields = {name: getattr(self, name) for name in EDITABLE_FIELDS if name != "local_date"}
        return {
            "activity_id": stable_id(athlete_id, MANUAL, source_id),
            "athlete_id": athlete_id,
            "source": MANUAL,
            "source_id": source_id,
            "fetched_utc": datetime.now(UTC),
            "start_utc": self.start_utc(zone),
            "timezone": zone,
            "local_date": self.day,
            "name": self.name,
            "elapsed_s": self.moving_s,
            "flags": MANUAL,
            **fields,
        }


def list_manual_runs(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """List the runs entered by hand, the newest first, with what was said of them since."""
    by_hand = store.activities(athlete_id).filter(pl.col("source") == MANUAL)
    return by_hand.sort("start_utc", "activity_id", descending=[True, False]).head(MOST_LISTED).to_dicts()


def find_same_run(
    store: Store, athlete_id: int, run: ManualRun, zone: str | None = None
) -> dict[str, Any] | None:
    """Look for a session that may be the same run.

    The same run twice would count twice, so the person is asked.
    """
    sessions = store.activities(athlete_id)
    start = run.start_utc(_zone(store, athlete_id, sessions, zone))
    by_hand = sessions.filter(pl.col("source") == MANUAL, pl.col("start_utc") == pl.lit(start))
    if by_hand.height:
        return by_hand.row(0, named=True)
    length = pl.coalesce("elapsed_s", "moving_s", pl.lit(0.0))
    ends = pl.col("start_utc") + pl.duration(microseconds=(length * 1e6).cast(pl.Int64))
    until = start + timedelta(seconds=run.moving_s or 0.0)
    overlaps = (pl.col("start_utc") <= pl.lit(until)) & (ends >= pl.lit(start))
    same = sessions.filter(pl.col("local_date") == run.day, overlaps | pl.lit(run.start is None))
    return same.row(0, named=True) if same.height else None


def add_run(
    store: Store,
    athlete_id: int,
    run: ManualRun,
    zone: str | None = None,
    replaces: str | None = None,
    decided_by: str = "runner",
) -> Change:
    """Store a run entered by hand, or a correction of one.

    A run without a watch is no rest day. Where the time is not remembered, noon stands in for it.
    """
    if not run.distance_m and not run.moving_s:
        raise HeelwiseError("A run needs a distance or a duration. Nothing was changed.")
    before = _find(store, athlete_id, replaces)
    source_id = replaces if before and replaces else _new_id(store, athlete_id, run)
    row = run.row(athlete_id, source_id, _zone(store, athlete_id, store.activities(athlete_id), zone))
    change = replace_rows(store, ACTIVITY, athlete_id, [row], [before] if before else [])
    return replace(change, batch_id=_repeat_edits(store, athlete_id, row, decided_by))


def remove_run(store: Store, athlete_id: int, source_id: str) -> Change:
    """Delete a run entered by hand."""
    before = _find(store, athlete_id, source_id)
    return replace_rows(store, ACTIVITY, athlete_id, (), [before] if before else [])


def _find(store: Store, athlete_id: int, source_id: str | None) -> dict[str, Any] | None:
    if source_id is None:
        return None
    rows = store.read(ACTIVITY, athlete_id)
    same = rows.filter((pl.col("source") == MANUAL) & (pl.col("source_id") == source_id))
    return same.row(0, named=True) if same.height else None


def _new_id(store: Store, athlete_id: int, run: ManualRun) -> str:
    """Name a run by its local start, so that what was said of a run once removed never lands on another."""
    base = f"{run.day}" if run.start is None else f"{run.day}T{run.start:%H:%M}"
    spoken = set(store.read(EDIT, athlete_id)["record_id"])
    taken = set(store.read(ACTIVITY, athlete_id).filter(pl.col("source") == MANUAL)["source_id"])
    number, source_id = 1, base
    while source_id in taken or stable_id(athlete_id, MANUAL, source_id) in spoken:
        number += 1
        source_id = f"{base}-{number}"
    return source_id


def _zone(store: Store, athlete_id: int, sessions: pl.DataFrame, browser: str | None) -> str:
    own = zone_name(store.settings(athlete_id).get("timezone"))
    return own or usual_zone(sessions) or zone_name(browser) or machine_zone()


def _repeat_edits(store: Store, athlete_id: int, row: dict[str, Any], decided_by: str) -> str | None:
    """Repeat as edits what an earlier edit of the same run would hide."""
    shown = store.activities(athlete_id).filter(pl.col("activity_id") == row["activity_id"])
    if shown.is_empty():
        return None
    now = shown.row(0, named=True)
    spoken = (now["edited"] or "").split()
    edits = [
        Edit("activity", row["activity_id"], name, row[name])
        for name in EDITABLE_FIELDS
        if name in spoken and now[name] != row[name]
    ]
    return store.edit(athlete_id, edits, decided_by) if edits else None
