"""The plan as a table in the runner's units, and back: only what was changed is converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.plan.planned_runs import Plan, PlannedRun, monday, week_of_runs
from dashboard.shared.units import METRES_PER_FOOT, Units

ROUNDED = 2


def plan_rows(values: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Convert planned amounts to cells in the runner's units, rounded to two places."""
    turned = {
        "distance": _with(values.get("distance_m"), units.distance),
        "longest": _with(values.get("longest_m"), units.distance),
        "fast": _with(values.get("fast_s"), lambda seconds: seconds / 60),
        "climb": _with(values.get("ascent_m"), units.height),
    }
    rounded = {name: None if value is None else round(value, ROUNDED) for name, value in turned.items()}
    same = {"runs": "runs", "shoe": "shoe_id", "step": "ladder_step"}
    return {**rounded, **{name: values.get(field) for name, field in same.items()}}


def stored_rows(cells: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Convert changed cells back to planned amounts."""
    foot = METRES_PER_FOOT if units.height_unit == "ft" else 1.0
    ways = {
        "distance": ("distance_m", units.metres),
        "longest": ("longest_m", units.metres),
        "fast": ("fast_s", lambda minutes: minutes * 60),
        "climb": ("ascent_m", lambda height: height * foot),
    }
    values = {ways[n][0]: _with(value, ways[n][1]) for n, value in cells.items() if n in ways}
    if "climb" in cells:
        values["descent_m"] = None
    if "runs" in cells:
        values["runs"] = None if cells["runs"] is None else int(cells["runs"])
    if "shoe" in cells:
        values["shoe_id"] = cells["shoe"] or None
    return values


def _with(value: float | None, way: Any) -> float | None:
    return None if value is None else float(way(float(value)))


def week_rows(rows: Sequence[Mapping[str, Any]], plan: Plan, weeks: Sequence[date]) -> list[dict[str, Any]]:
    """Return what is planned for each of some weeks as a whole."""
    by_monday = {monday(row["date"]): dict(row) for row in rows if row["span"] == "week"}
    detailed = {monday(row["date"]) for row in rows if row["span"] == "run"}
    summed = {week: week_of_runs([run for run in plan if monday(run.date) == week]) for week in detailed}
    return [{**summed.get(week, by_monday.get(week, {})), "week": week} for week in weeks]


def changed_weeks(
    rows: Sequence[Mapping[str, Any]], edits: Mapping[int, Mapping[str, Any]], units: Units
) -> dict[date, dict[str, Any] | None]:
    """Apply edited cells to planned weeks; the longest run of a week is at most as long as the week."""
    changed: dict[date, dict[str, Any] | None] = {}
    fields = ("distance_m", "fast_s", "ascent_m", "descent_m", "runs", "longest_m", "shoe_id", "note")
    for number, cells in edits.items():
        row = rows[number]
        values = {name: row.get(name) for name in fields} | stored_rows(cells, units)
        if values["longest_m"] and values["distance_m"] is not None:
            values["longest_m"] = min(values["longest_m"], values["distance_m"])
        changed[row["week"]] = values if values["distance_m"] is not None else None
    return changed


def changed_runs(
    runs: Plan,
    edits: Mapping[int, Mapping[str, Any]],
    added: Sequence[Mapping[str, Any]],
    deleted: Sequence[int],
    units: Units,
    beside: Plan = (),
) -> tuple[set[date], list[PlannedRun]]:
    """Apply edited, added and deleted rows to planned runs."""
    unchanged = [
        (run, _edited(run, edits.get(n, {}), units)) for n, run in enumerate(runs) if n not in set(deleted)
    ]
    new = [_edited(PlannedRun(day), cells, units) for cells in added if (day := _date(cells.get("date")))]
    gone = [runs[n] for n in deleted]
    weeks = {monday(one.date) for pair in unchanged if pair[0] != pair[1] for one in pair}
    weeks |= {monday(run.date) for run in (*new, *gone)}
    every = (*(after for _, after in unchanged), *new, *beside)
    return weeks, [run for run in every if monday(run.date) in weeks]


def _edited(run: PlannedRun, cells: Mapping[str, Any], units: Units) -> PlannedRun:
    if not cells:
        return run
    fields = {n: v for n, v in stored_rows(cells, units).items() if n not in ("runs", "longest_m")}
    return replace(run, **fields, date=_date(cells.get("date")) or run.date)


def _date(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
