"""What is planned, run by run: rows of the plan, spread over the days on which this runner usually runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.plan.usual_week import LONG_SHARE, UsualWeek

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlannedRun:
    """One run, planned or done; None is not said."""

    date: date
    distance_m: float | None = None
    fast_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    shoe_id: str | None = None
    ladder_step: int | None = None
    note: str | None = None

    @property
    def falls_m(self) -> float | None:
        """Descent, m; a planned run of unsaid descent is taken to come back to where it started."""
        return self.ascent_m if self.descent_m is None else self.descent_m


Plan = tuple[PlannedRun, ...]


def is_run(run: PlannedRun) -> bool:
    """Return whether there is anything to run: a run shortened to nothing was taken out of the plan."""
    return run.distance_m != 0.0


def monday(day: date) -> date:
    """Return the first day of a week.

    References
    ----------
    Weeks as in ISO 8601.
    """
    return day - timedelta(days=day.weekday())


def planned_runs(rows: pl.DataFrame, usual_week: UsualWeek) -> Plan:
    """Build runs on dates from rows of the plan; single runs count before a week planned as a whole."""
    plan_rows = rows.sort("date", "source_id").to_dicts()
    single = [row for row in plan_rows if row["span"] == "run"]
    detailed = {monday(row["date"]) for row in single}
    weeks = {monday(row["date"]): row for row in plan_rows if row["span"] == "week"}
    runs = [_run(row) for row in single]
    for start, row in weeks.items():
        if start not in detailed:
            runs += spread_week(row, usual_week)
    return in_order(runs)


def single_runs(rows: pl.DataFrame) -> Plan:
    """Build the runs that were planned one by one; weeks planned as a whole are left out."""
    return in_order([_run(row) for row in rows.filter(pl.col("span") == "run").to_dicts()])


def in_order(runs: Sequence[PlannedRun]) -> Plan:
    """Sort runs, so that the same plan is the same tuple."""
    return tuple(sorted(runs, key=lambda run: (run.date, -(run.distance_m or 0.0), run.shoe_id or "")))


def spread_week(row: dict[str, Any], usual_week: UsualWeek) -> list[PlannedRun]:
    """Spread one planned week over the days on which the runner usually runs."""
    start, total = monday(row["date"]), row["distance_m"]
    count = usual_week.runs if row["runs"] is None else int(row["runs"])
    if not total or not count:
        return []
    days = [usual_week.weekdays[n % 7] for n in range(count)]
    long_day = usual_week.long_weekday if usual_week.long_weekday in days else days[-1]
    metres = _lengths(total, count, row["longest_m"], usual_week)
    places = [long_day, *_without(days, long_day)]
    fast_at = next((n for n, day in enumerate(places) if n and day == usual_week.fast_weekday), count - 1)
    return [
        PlannedRun(
            date=start + timedelta(days=day),
            distance_m=length,
            fast_s=None if row["fast_s"] is None else row["fast_s"] * (place == fast_at),
            shoe_id=row["shoe_id"],
            ascent_m=_part(row["ascent_m"], length / total),
            descent_m=_part(row["descent_m"], length / total),
        )
        for place, (day, length) in enumerate(zip(places, metres, strict=True))
    ]


def _part(amount: float | None, share: float) -> float | None:
    return None if amount is None else amount * share


def _without(days: list[int], gone: int) -> list[int]:
    left = list(days)
    left.remove(gone)
    return sorted(left)


def _lengths(total: float, count: int, longest: float | None, usual_week: UsualWeek) -> list[float]:
    """The longest first; never shorter than the others."""
    share = usual_week.long_share if usual_week.long_share is not None else LONG_SHARE
    first = min(total, max(total / count, share * total if longest is None else longest))
    first = total if count == 1 else first
    return [first, *[(total - first) / (count - 1)] * (count - 1)] if count > 1 else [first]


def _run(row: dict[str, Any]) -> PlannedRun:
    return PlannedRun(**{one.name: row[one.name] for one in fields(PlannedRun) if one.name in row})


def done_runs(runs: pl.DataFrame, first: date, last: date) -> Plan:
    """Return the runs that were done, in the shape of a plan."""
    inside = runs.filter(pl.col("local_date").is_between(first, last))
    return in_order([_run({**row, "date": row["local_date"]}) for row in inside.to_dicts()])


def empty_week(plan: Plan, first: date, weeks: int) -> date | None:
    """Return the first of some weeks for which nothing is planned."""
    taken = {monday(run.date) for run in plan}
    return next((first + n * WEEK for n in range(weeks) if first + n * WEEK not in taken), None)


def copy_week(plan: Plan, done: Plan, week: date, until: date) -> tuple[date, Plan] | None:
    """Copy what was planned for the week before, or else the last whole week on record, onto a week.

    Returns the week that is copied, and the runs on their new dates; a week that the record ends in is not whole.
    """
    before = week - WEEK
    runs = [run for run in plan if monday(run.date) == before]
    if not runs:
        before = before if until >= week - timedelta(days=1) else before - WEEK
        runs = [run for run in done if monday(run.date) == before and until >= before + timedelta(days=6)]
    if not runs:
        return None
    moved = week - before
    return before, in_order(
        [replace(run, date=run.date + moved, ladder_step=None, note=None) for run in runs]
    )


def usual_runs(usual: UsualWeek, week: date) -> Plan:
    """Build a week as the runner usually runs one; nothing where it is not known."""
    steps = {"distance_m": 100.0, "fast_s": 60.0, "ascent_m": 10.0, "descent_m": 10.0}
    values = {
        name: None if (own := getattr(usual, name)) is None else step * round(own / step)
        for name, step in steps.items()
    }
    row = {"date": week, "runs": None, "longest_m": usual.longest_m, "shoe_id": None, **values}
    return in_order(spread_week(row, usual))


def week_of_runs(runs: Sequence[PlannedRun]) -> dict[str, Any]:
    """Sum runs into the values of a week row."""
    names = ("distance_m", "fast_s", "ascent_m", "descent_m")
    known = {name: [v for run in runs if (v := getattr(run, name)) is not None] for name in names}
    worn: dict[str | None, float] = defaultdict(float)
    for run in runs:
        worn[run.shoe_id] += run.distance_m or 0.0
    pair, metres = Counter(worn).most_common(1)[0] if worn else (None, 0.0)
    return {
        **{name: sum(values) if values else None for name, values in known.items()},
        "runs": len(runs),
        "longest_m": max(known["distance_m"], default=None),
        "shoe_id": pair if metres > sum(known["distance_m"]) / 2 else None,
    }
