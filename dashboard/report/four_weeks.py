"""The table of the last four weeks of load, with the eight weeks before beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.model.schemas import WEEK
from dashboard.report.blocks import ReportGrid
from dashboard.report.material import ReportInput
from dashboard.shared.text import day_in_words
from dashboard.shared.units import Units

CAPTION = (
    "Last four weeks, and the mean of the eight before. Load in easy, flat {far}s ({unit}), and as × what you are "
    "used to"
)
WEEKS, WEEKS_BEFORE = 4, 8
TO, MEAN_BEFORE = "7 days to", "mean before"
NOT_KNOWN = "–"
WEEK_OF, BEFORE_OF = "Week to {name}: {parts}", "Mean of the 8 weeks before: {parts}"
NO_PART = "not known"


@dataclass(frozen=True)
class LoadWeek:
    """Sums of some days, a week; None where one of the days is not known."""

    name: str
    distance_m: float | None
    longest_m: float | None
    fast_s: float | None
    ascent_m: float | None
    load_tkm: float | None
    ratio: float | None
    pain_0_10: float | None
    logged: int | None


def four_weeks_grid(report_input: ReportInput) -> ReportGrid | None:
    """Build the table: newest week first, then the mean of the eight weeks before."""
    if report_input.end is None:
        return None
    days, runs, end = report_input.analysis.days, report_input.analysis.runs, report_input.end
    weeks = [load_week(days, runs, end - timedelta(days=WEEK * back)) for back in range(WEEKS)]
    before = mean_before(days, end - timedelta(days=WEEK * WEEKS))
    every, units = [*weeks, *([before] if before else [])], report_input.units
    head = [
        TO,
        units.distance_unit,
        f"Longest, {units.distance_unit}",
        "Fast, min",
        f"Climb, {units.height_unit}",
        f"Load, {units.load_unit}",
        "× used to",
        "Pain",
        "Logged",
    ]
    in_words = tuple(_in_words(week, units, week is before) for week in every)
    caption = CAPTION.format(unit=units.load_unit, far="mile" if units.distance_unit == "mi" else "kilometre")
    return ReportGrid(caption, head, [_cells(week, units) for week in every], in_words)


def load_week(days: pl.DataFrame, runs: pl.DataFrame, last: date) -> LoadWeek:
    """Sum the seven days to a date."""
    first = last - timedelta(days=WEEK - 1)
    part = days.filter(pl.col("local_date").is_between(first, last))
    is_complete = part.height == WEEK and bool(part["known"].all())
    metres = runs.filter(pl.col("local_date").is_between(first, last) & ~pl.col("is_excluded"))["distance_m"]
    longest = metres.max() if is_complete and not metres.null_count() else None
    logged = part.filter(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    return LoadWeek(
        name=day_in_words(last, False),
        distance_m=_sum(part, "distance_m", is_complete),
        longest_m=float(longest) if isinstance(longest, int | float) else None,
        fast_s=_sum(part, "fast_s", is_complete),
        ascent_m=_sum(part, "ascent_m", is_complete),
        load_tkm=_sum(part, "load_tkm", is_complete),
        ratio=_most(part, "ratio"),
        pain_0_10=_most(part, "pain_0_10"),
        logged=logged.height,
    )


def mean_before(days: pl.DataFrame, last: date) -> LoadWeek | None:
    """Return the mean week of the eight weeks to a date; None before the record holds them."""
    first = last - timedelta(days=WEEK * WEEKS_BEFORE - 1)
    part = days.filter(pl.col("local_date").is_between(first, last))
    if part.height < WEEK * WEEKS_BEFORE:
        return None
    is_complete = bool(part["known"].all())
    sums = {name: _sum(part, name, is_complete) for name in ("distance_m", "fast_s", "ascent_m", "load_tkm")}
    mean = {name: None if value is None else value / WEEKS_BEFORE for name, value in sums.items()}
    return LoadWeek(MEAN_BEFORE, longest_m=None, ratio=None, pain_0_10=None, logged=None, **mean)


def _sum(part: pl.DataFrame, name: str, is_complete: bool) -> float | None:
    """Null where a day is not known: a sum with a hole would read as less running."""
    return float(part[name].sum()) if is_complete and not part[name].null_count() else None


def _most(part: pl.DataFrame, name: str) -> float | None:
    value = part[name].max()
    return float(value) if isinstance(value, int | float) else None


def _cells(week: LoadWeek, units: Units) -> list[str]:
    texts = [
        None if week.distance_m is None else f"{units.distance(week.distance_m):.1f}",
        None if week.longest_m is None else f"{units.distance(week.longest_m):.1f}",
        None if week.fast_s is None else f"{week.fast_s / 60:.0f}",
        None if week.ascent_m is None else f"{units.height(week.ascent_m):,.0f}",
        None if week.load_tkm is None else f"{units.load(week.load_tkm):.1f}",
        None if week.ratio is None else f"{week.ratio:.2f}",
        None if week.pain_0_10 is None else f"{week.pain_0_10:g}",
        None if week.logged is None else f"{week.logged} of {WEEK}",
    ]
    return [week.name, *(NOT_KNOWN if text is None else text for text in texts)]


def _in_words(week: LoadWeek, units: Units, is_mean: bool) -> str:
    """Write a week as one short line; what is not known is left out of it."""
    longest = "" if week.longest_m is None else f" (longest {units.distance(week.longest_m):.1f})"
    load = None if week.load_tkm is None else units.load_words(week.load_tkm)
    if week.ratio is not None:  # one number of the load, so that a week stays on one line
        load = f"load ×{week.ratio:.2f}"
    parts = [
        None if week.distance_m is None else f"{units.distance_words(week.distance_m)}{longest}",
        None if week.fast_s is None else f"{week.fast_s / 60:.0f} min fast",
        None if week.ascent_m is None else f"{units.height_words(week.ascent_m)} up",
        load,
        None if week.pain_0_10 is None else f"pain {week.pain_0_10:g}",
    ]
    known = [part for part in parts if part]
    template = BEFORE_OF if is_mean else WEEK_OF
    return template.format(name=week.name, parts=", ".join(known) or NO_PART)
