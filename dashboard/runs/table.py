"""The latest runs, and what a person says of many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.edits import EDITABLE, Edit
from connectors.errors import HeelwiseError
from connectors.frames import RUN_SPORTS
from connectors.sports import sport_names
from connectors.store import Store
from dashboard.shared.text import run_line
from dashboard.shared.undo import Change, record_edits
from dashboard.shared.units import Units

COLUMN_TITLES = {
    "shoe_id": "Shoe",
    "surface": "Surface",
    "incline_pct": "Incline, %",
    "perceived_exertion_0_10": "Effort, 0–10",
    "is_excluded": "Leave out",
    "distance_m": "Distance",
    "sport": "Sport",
}
"""Fields of a run that the table edits, and what a reader calls them."""
SHOWN_COLUMNS = 200
COLUMN_KINDS = ("runs", "without a pair", "all sports")


@dataclass(frozen=True)
class ListedRuns:
    """Sessions as the table shows them."""

    rows: tuple[dict[str, Any], ...]
    more: int


def date_range(store: Store, athlete_id: int) -> tuple[date, date] | None:
    """Return the first and last local date of any session."""
    days = store.activities(athlete_id)["local_date"]
    first, last = days.min(), days.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def list_runs(
    store: Store,
    athlete_id: int,
    first: date,
    last: date,
    kind: str = COLUMN_KINDS[0],
    most: int = SHOWN_COLUMNS,
) -> ListedRuns:
    """List sessions of a period, newest first.

    A table of thousands of rows is no place to correct anything.
    """
    sessions = store.activities(athlete_id).filter(
        pl.col("local_date").is_between(pl.lit(first), pl.lit(last))
    )
    if kind != "all sports":
        sessions = sessions.filter(pl.col("sport").is_in(RUN_SPORTS))
    if kind == "without a pair":
        sessions = sessions.filter(pl.col("shoe_id").is_null())
    newest = sessions.sort("start_utc", "activity_id", descending=[True, False])
    return ListedRuns(tuple(newest.head(most).to_dicts()), max(0, newest.height - most))


def typed_edits(
    rows: Sequence[Mapping[str, Any]], changes: Mapping[int, Mapping[str, Any]], units: Units
) -> list[Edit]:
    """Turn what was typed into the table into edits, each held against its contract.

    The grid in the browser checks what is typed, but not what is pasted.
    """
    edits = []
    for number, typed in sorted(changes.items()):
        row = rows[number]
        new = {
            name: _value(row, name, value, units) for name, value in typed.items() if name in COLUMN_TITLES
        }
        for name, value in _implied(row, new, units).items():
            if value != row[name]:
                edits.append(Edit("activity", row["activity_id"], name, value))
    return edits


def save_edits(
    store: Store,
    athlete_id: int,
    rows: Sequence[Mapping[str, Any]],
    changes: Mapping[int, Mapping[str, Any]],
    units: Units,
    decided_by: str,
) -> Change:
    """Store what was typed into the table as one batch of edits, all of it or nothing."""
    return record_edits(store, athlete_id, typed_edits(rows, changes, units), decided_by)


def _value(row: Mapping[str, Any], name: str, value: Any, units: Units) -> Any:
    """Bring a typed value into our unit and hold it against the contract."""
    column = EDITABLE["activity"][name]
    if value is None and name == "is_excluded":
        return False
    if value is None and name != "sport":
        return None
    if column.dtype == pl.Boolean:
        if isinstance(value, bool):
            return value
        raise HeelwiseError(_refused(row, name, value, "ticked or not", units))
    if column.dtype == pl.String:
        allowed = column.one_of or (sport_names() if name == "sport" else ())
        if isinstance(value, str) and (not allowed or value in allowed or value == row[name]):
            return value
        raise HeelwiseError(_refused(row, name, value, f"one of {', '.join(allowed)}", units))
    low, high = column.low or 0.0, column.high or 0.0
    if name == "distance_m":
        low, high = units.distance(low), units.distance(high)
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return units.metres(float(value)) if name == "distance_m" else float(value)
    raise HeelwiseError(_refused(row, name, value, f"a number from {low:g} to {high:g}", units))


def _refused(row: Mapping[str, Any], name: str, value: Any, allowed: str, units: Units) -> str:
    typed = "empty" if value is None else f"“{value}”"
    return f"{run_line(row, units)}: {COLUMN_TITLES[name]} must be {allowed}; it is {typed}. Nothing was changed."


def _implied(row: Mapping[str, Any], new: dict[str, Any], units: Units) -> dict[str, Any]:
    """Add what follows from an incline or a treadmill."""
    if new.get("incline_pct") is not None:
        surface = new.get("surface", row["surface"])
        if surface not in (None, "treadmill"):
            raise HeelwiseError(
                f"{run_line(row, units)}: an incline belongs to a treadmill, and the surface is {surface}. "
                "Nothing was changed."
            )
        new = {**new, "surface": "treadmill"}
    return {**new, "is_indoor": True} if new.get("surface") == "treadmill" else new
