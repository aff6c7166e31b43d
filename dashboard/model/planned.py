"""What is planned, run by run: rows of the plan, spread over the days on which this runner usually runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.model.usual import LONG_SHARE, Usual

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlannedRun:
    """One run, planned or done; None is not said.

    Parameters
    ----------
    date
        Local date.
    distance_m
        m.
    fast_s
        s above the runner's fast speed.
    ascent_m, descent_m
        m.
    shoe_id
        The pair.
    ladder_step
        Step of the return-to-running ladder.
    note
        The person's own words.
    """

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


def monday(day: date) -> date:
    """Give the first day of a week.

    Parameters
    ----------
    day : date
        Local date.

    Returns
    -------
    date
        The Monday of that week.

    Source
    ------
    ours: weeks as in ISO 8601.
    """
    return day - timedelta(days=day.weekday())


def planned_runs(rows: pl.DataFrame, usual: Usual) -> Plan:
    """Turn rows of the plan into runs on dates.

    Parameters
    ----------
    rows : DataFrame
        PLAN. A week row beside run rows of the same week is left out: the runs say it better.
    usual : Usual
        Weekdays and long run of this runner.

    Returns
    -------
    tuple of PlannedRun
        By date. What a week row says in sum, its runs say in sum.

    Source
    ------
    ours: the more exact row counts.
    """
    told = rows.sort("date", "source_id").to_dicts()
    single = [row for row in told if row["span"] == "run"]
    detailed = {monday(row["date"]) for row in single}
    weeks = {monday(row["date"]): row for row in told if row["span"] == "week"}
    runs = [_run(row) for row in single]
    for start, row in weeks.items():
        if start not in detailed:
            runs += spread(row, usual)
    return ordered(runs)


def ordered(runs: Sequence[PlannedRun]) -> Plan:
    """Put runs in order.

    Parameters
    ----------
    runs : sequence of PlannedRun
        In any order.

    Returns
    -------
    tuple of PlannedRun
        By date, then the longer first.

    Source
    ------
    ours: the same plan is the same tuple.
    """
    return tuple(sorted(runs, key=lambda run: (run.date, -(run.distance_m or 0.0), run.shoe_id or "")))


def spread(row: dict[str, Any], usual: Usual) -> list[PlannedRun]:
    """Lay one planned week on the days on which the runner usually runs.

    Parameters
    ----------
    row : dict
        One PLAN row of span "week".
    usual : Usual
        Weekdays, most often run first; the weekday of the long run and of fast running.

    Returns
    -------
    list of PlannedRun
        `runs` of them, else as many as usual; the longest as said, else its usual share of the week; the
        rest shared out evenly. Climb follows distance; fast minutes stand on one day. No runs where nothing
        or nought is planned.

    Source
    ------
    ours: the runner's own week is the best guess at the runner's own week.
    """
    start, total = monday(row["date"]), row["distance_m"]
    count = usual.runs if row["runs"] is None else int(row["runs"])
    if not total or not count:
        return []
    days = [usual.weekdays[n % 7] for n in range(count)]
    long_day = usual.long_weekday if usual.long_weekday in days else days[-1]
    metres = _lengths(total, count, row["longest_m"], usual)
    places = [long_day, *_without(days, long_day)]
    fast_at = next((n for n, day in enumerate(places) if n and day == usual.fast_weekday), count - 1)
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


def _lengths(total: float, count: int, longest: float | None, usual: Usual) -> list[float]:
    """The longest first; never shorter than the others."""
    share = usual.long_share if usual.long_share is not None else LONG_SHARE
    first = min(total, max(total / count, share * total if longest is None else longest))
    first = total if count == 1 else first
    return [first, *[(total - first) / (count - 1)] * (count - 1)] if count > 1 else [first]


def _run(row: dict[str, Any]) -> PlannedRun:
    return PlannedRun(**{one.name: row[one.name] for one in fields(PlannedRun) if one.name in row})


def done_runs(runs: pl.DataFrame, first: date, last: date) -> Plan:
    """Give the runs that were done, in the words of a plan.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    first, last : date
        Both included.

    Returns
    -------
    tuple of PlannedRun
        By date.

    Source
    ------
    ours.
    """
    inside = runs.filter(pl.col("local_date").is_between(first, last))
    return ordered([_run({**row, "date": row["local_date"]}) for row in inside.to_dicts()])


def copied(plan: Plan, done: Plan, first: date, weeks: int) -> tuple[date, Plan] | None:
    """Copy the week before the first week without a plan onto it.

    Parameters
    ----------
    plan, done : tuple of PlannedRun
        What is planned, and what was run.
    first : date
        Monday of the first week that may be planned.
    weeks : int
        How many weeks may be planned.

    Returns
    -------
    tuple of date and PlannedRun, or None
        The Monday filled, and its runs: of the plan of the week before where there is one, else of what was
        run in it. None where every week has a plan, or there is nothing to copy.

    Source
    ------
    ours.
    """
    taken = {monday(run.date) for run in plan}
    empty = next((first + n * WEEK for n in range(weeks) if first + n * WEEK not in taken), None)
    if empty is None:
        return None
    before = [run for run in plan if monday(run.date) == empty - WEEK]
    before = before or [run for run in done if monday(run.date) == empty - WEEK]
    return (
        (empty, ordered([replace(run, date=run.date + WEEK, ladder_step=None, note=None) for run in before]))
        if before
        else None
    )


def as_week(runs: Sequence[PlannedRun]) -> dict[str, Any]:
    """Sum runs into what a week row says.

    Parameters
    ----------
    runs : sequence of PlannedRun
        Of one week.

    Returns
    -------
    dict
        `distance_m`, `fast_s`, `ascent_m`, `descent_m` (sums of what is known, null where nothing is),
        `runs`, `longest_m`, `shoe_id` (the pair of most distance where it is of more than half).

    Source
    ------
    ours.
    """
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
