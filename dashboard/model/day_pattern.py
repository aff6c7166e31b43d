"""The 24-hour pattern of a tendon as logged: first steps, start of a run, during, after, next morning."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.frames import STIFFNESS_BOUNDS_MIN
from dashboard.model.pain_rule import DURING, settled_mornings

NOW_DAYS = 14
"""Dates that count as now. Design choice: the window of a visit's medians."""
SETTLING_DAYS = 28
"""Dates whose runs are asked for whether they settled. Design choice: enough runs to count, few enough to be now."""
SCORES = {
    "first_steps": "morning_pain_0_10",
    "stiffness_0_10": "morning_stiffness_0_10",
    "start": "pain_start_0_10",
    "during": "pain_during_0_10",
    "after": "pain_after_0_10",
}
TIMES_OF_DAY = ("first_steps", "start", "during", "after", "next_morning", "stiffness_0_10", "stiffness_min")


@dataclass(frozen=True)
class DayMoment:
    """What was logged of one moment of the day.

    Parameters
    ----------
    id
        One of TIMES_OF_DAY; `next_morning` is the larger of pain and stiffness, 0-10, on the morning after a run.
    now_low, now_high
        Median of the last 14 dates: 0-10, or min for `stiffness_min`. They differ only where minutes were logged as
        bands: medians of the lower and of the upper ends. Null: nothing logged in those dates.
    now_days
        How many dates stand behind it.
    peak_low, peak_high
        Largest value since the first date looked at, in the same unit. Null: never logged there.
    peak_date
        Local date of it, the first where several are alike.
    """

    id: str
    now_low: float | None
    now_high: float | None
    now_days: int
    peak_low: float | None
    peak_high: float | None
    peak_date: date | None


@dataclass(frozen=True)
class DayPattern:
    """The 24-hour pattern of some dates.

    Parameters
    ----------
    since, until
        First and last local date looked at.
    times
        One for each of TIMES_OF_DAY, in that order.
    warmed_up, start_pain_days
        Dates on which pain of the start eased during the run, of the dates with such pain and an answer to that.
    settled, run_days
        Run days of the last 28 dates that settled by the next morning, of those whose next morning was logged.
    last_logged
        Local date of the last entry up to `until`; null none.
    """

    since: date
    until: date
    times: tuple[DayMoment, ...]
    warmed_up: int
    start_pain_days: int
    settled: int
    run_days: int
    last_logged: date | None

    def moment(self, name: str) -> DayMoment:
        """Return one moment.

        Parameters
        ----------
        name : str
            One of TIMES_OF_DAY.

        Returns
        -------
        DayMoment
            Of the same dates.
        """
        return self.times[TIMES_OF_DAY.index(name)]


def day_pattern(symptoms: pl.DataFrame, run_days: Collection[date], since: date, until: date) -> DayPattern:
    """Read the 24-hour pattern from the log.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM; the larger of several entries of a date counts.
    run_days : collection of date
        Local dates with a run on record; a date with pain of a run logged is one as well.
    since, until : date
        First and last local date looked at; `since` is usually the onset of a flare.

    Returns
    -------
    DayPattern
        Unknown is null and never zero: what was not logged is in no median, no peak and no count.
    """
    by_day = _by_day(symptoms).filter(pl.col("date") <= until)
    ran = _ran(by_day, run_days, until)
    values = by_day.join(_next_mornings(by_day, ran), on="date", how="left", maintain_order="left")
    day_moments = tuple(_moment(values, name, since, until) for name in TIMES_OF_DAY)
    asked = values.filter(
        pl.col("date").is_between(since, until) & (pl.col("start") > 0) & pl.col("warmed_up").is_not_null()
    )
    first = until - timedelta(days=SETTLING_DAYS - 1)
    shown = symptoms.filter(pl.col("date") <= until)
    settled = settled_mornings(shown, [day for day in ran if day >= first])
    last = by_day["date"].max()
    return DayPattern(
        since,
        until,
        day_moments,
        warmed_up=int(asked["warmed_up"].sum()),
        start_pain_days=asked.height,
        settled=sum(settled.values()),
        run_days=len(settled),
        last_logged=last if isinstance(last, date) else None,
    )


def _by_day(symptoms: pl.DataFrame) -> pl.DataFrame:
    """One row for each date with an entry: each score, minutes with their ends, and whether pain warmed up."""
    minutes, band = pl.col("morning_stiffness_min"), pl.col("morning_stiffness_band")
    low, high = ({name: ends[n] for name, ends in STIFFNESS_BOUNDS_MIN.items()} for n in (0, 1))
    # Of two sides with pain at the start the one that did not ease is the answer of the day.
    eased = pl.when(pl.col("pain_start_0_10") > 0).then(pl.col("warmed_up"))
    return (
        symptoms.group_by("date")
        .agg(
            *(pl.col(column).max().alias(name) for name, column in SCORES.items()),
            band.replace_strict(low, return_dtype=pl.Float64).fill_null(minutes).max().alias("minutes_low"),
            band.replace_strict(high, return_dtype=pl.Float64).fill_null(minutes).max().alias("minutes_high"),
            pl.when(eased.count() > 0).then(eased.min()).alias("warmed_up"),
            ran=pl.any_horizontal(pl.col(DURING).is_not_null()).any(),
        )
        .sort("date")
    )


def _ran(by_day: pl.DataFrame, run_days: Collection[date], until: date) -> list[date]:
    known = by_day.filter("ran")["date"].to_list()
    return sorted({*known, *(day for day in run_days if day <= until)})


def _next_mornings(by_day: pl.DataFrame, ran: Collection[date]) -> pl.DataFrame:
    """What was felt on mornings after a run, at the date of the morning."""
    mornings = pl.Series([day + timedelta(days=1) for day in ran], dtype=pl.Date)
    felt = pl.max_horizontal("first_steps", "stiffness_0_10")
    return by_day.filter(pl.col("date").is_in(mornings.implode())).select("date", next_morning=felt)


def _moment(values: pl.DataFrame, name: str, since: date, until: date) -> DayMoment:
    low, high = ("minutes_low", "minutes_high") if name == "stiffness_min" else (name, name)
    known = values.filter(pl.col("date") <= until).drop_nulls([low, high])
    now = known.filter(pl.col("date") > until - timedelta(days=NOW_DAYS))
    past = known.filter(pl.col("date") >= since).sort([low, high, "date"], descending=[True, True, False])
    peak = past.row(0, named=True) if past.height else None
    return DayMoment(
        name,
        _median(now[low]),
        _median(now[high]),
        now.height,
        peak[low] if peak else None,
        peak[high] if peak else None,
        peak["date"] if peak else None,
    )


def _median(values: pl.Series) -> float | None:
    middle = values.median()
    return float(middle) if isinstance(middle, int | float) else None
