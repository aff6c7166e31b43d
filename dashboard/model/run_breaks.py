"""Breaks in running that are long for this runner, and runs by which a date may be remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import polars as pl

LEAST_DAYS = 10
TIMES_USUAL = 3
MOST_ANCHORS = 12


@dataclass(frozen=True)
class RunBreak:
    """Days between two runs.

    Parameters
    ----------
    first, last
        First and last local date without a run.
    """

    first: date
    last: date

    @property
    def days(self) -> int:
        """Dates without a run, both ends counted."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Anchor:
    """One run by which a date may be remembered.

    Parameters
    ----------
    date
        Local date of the run.
    kind
        `race`, `longest` (of its month) or `before_break`.
    distance_m
        m of that date's longest run; null unknown.
    break_days
        Days of the break that follows, for `before_break`.
    """

    date: date
    kind: str
    distance_m: float | None = None
    break_days: int | None = None


def long_breaks(run_dates: Iterable[date]) -> list[RunBreak]:
    """Return the breaks that are long for this runner, longest first, of equal ones the newest.

    Parameters
    ----------
    run_dates : iterable of date
        Local dates with a run, in any order.

    Returns
    -------
    list of RunBreak
        At least 10 days without a run, and at least three times the median number of days from one run day to
        the next in the calendar year in which the break begins; the break itself is left out of that median.
        A year with no other pair of run days has no usual gap, and then 10 days are enough. Design choice.
    """
    ordered = sorted(set(run_dates))
    steps = [(one, (later - one).days) for one, later in pairwise(ordered)]
    by_year: dict[int, list[int]] = {}
    for one, days in steps:
        by_year.setdefault(one.year, []).append(days)
    breaks = [
        RunBreak(one + timedelta(days=1), one + timedelta(days=days - 1))
        for one, days in steps
        if days - 1 >= LEAST_DAYS and days - 1 >= TIMES_USUAL * _usual(by_year[one.year], days)
    ]
    return sorted(breaks, key=lambda each: (-each.days, -each.first.toordinal()))


def _usual(steps: Sequence[int], but: int) -> float:
    rest = list(steps)
    rest.remove(but)
    return median(rest) if rest else 0.0


def anchor_runs(runs: pl.DataFrame, races: Iterable[date], year: int) -> list[Anchor]:
    """Return runs of one year by which a date may be remembered, oldest first.

    Parameters
    ----------
    runs : DataFrame
        `local_date` and `distance_m` (m; null unknown) of every run.
    races : iterable of date
        Local dates the runner marked as races.
    year : int
        Calendar year.

    Returns
    -------
    list of Anchor
        The races, the last run before each long break, and the longest run of each month; of one date the
        first of these. At most 12, of which the longest runs give way first.
    """
    dated = runs.select("local_date", "distance_m").drop_nulls("local_date")
    own = dated.group_by("local_date").agg(pl.col("distance_m").max()).sort("local_date")
    metres = dict(own.iter_rows())
    race_dates = {day for day in races if day in metres}
    breaks = {each.first - timedelta(days=1): each.days for each in long_breaks(metres)}
    anchors = {day: Anchor(day, "race", metres[day]) for day in race_dates if day.year == year}
    for day, days in breaks.items():
        if day.year == year:
            anchors.setdefault(day, Anchor(day, "before_break", metres[day], days))
    room = MOST_ANCHORS - len(anchors)
    for day in _longest_of_months(own, year)[: max(0, room)]:
        anchors.setdefault(day, Anchor(day, "longest", metres[day]))
    return [anchors[day] for day in sorted(anchors)][:MOST_ANCHORS]


def _longest_of_months(own: pl.DataFrame, year: int) -> list[date]:
    """The longest run of each month of a year, longest first."""
    inside = own.filter(pl.col("local_date").dt.year() == year).drop_nulls("distance_m")
    longest = inside.with_columns(month=pl.col("local_date").dt.month()).sort(
        "distance_m", "local_date", descending=[True, False]
    )
    return longest.unique("month", keep="first", maintain_order=True)["local_date"].to_list()
