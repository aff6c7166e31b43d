"""From the analysis to what the Timeline draws: the grid, the shares of the shoes, the window of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import polars as pl

from dashboard.charts.drivers import by_window, names
from dashboard.charts.palette import Theme
from dashboard.model.analysis import Analysis
from dashboard.model.lanes import lanes, shoe_shares
from dashboard.model.progression import sessions_without_sets, weekly_sets
from dashboard.model.set_apart import last_days, no_others
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import STEP_UP_SCHEMA
from dashboard.model.usual_lanes import usual_table
from dashboard.model.why import Why
from dashboard.model.windows import SPIKE_SCHEMA
from dashboard.units import Units

DAYS_BY_DAY = 731  # a longer window is drawn week by week


@dataclass(frozen=True)
class Picture:
    """What the Timeline draws.

    Parameters
    ----------
    lanes
        The whole history on one grid (`step_days` apart, no gaps), of which the window is shown. SI units and
        tkm, null unknown: `dashboard.model.lanes`, `estimated`, and `model.progression.weekly_sets`; `left_out_m` and
        `left_out_tkm`, what was left out in the last 7 days (null none).
    shares
        Share of each pair on the same grid: local_date, shoe_id (null: not known), share (0 to 1).
    windows, spikes
        Outpaced windows and session spikes of the whole history.
    held_by_line
        Days on which load was held against the line back from a break, not against habit.
    step_ups
        STEP_UP_SCHEMA of the whole history, without hard_gap, which is made of the load; empty where they are not
        asked for.
    first_runs
        First runs after 30 days without one, as from `Analysis.first_runs`.
    least_threshold, threshold_share
        The least that a threshold of load may be, and the share of the runner's year that lies below it.
    drivers
        First and last date of a window to the names of its drivers, largest first.
    flares
        FLARE_SCHEMA of the whole history; None where they are not asked for.
    sports
        Time in each other sport in the last 7 days, on the same grid: local_date, sport, time_s.
    unlogged
        Strength sessions without sets in the ledger, of the whole history: local_date, sport, time_s.
    events
        EVENT; None where they are not asked for.
    start, end
        First and last local date shown.
    step_days
        1, or 7 where the window is long.
    units, theme
        What the runner reads in, and what the browser shows.
    shoe_names
        Name of each pair by its id, first worn first.
    is_narrow
        A phone: names above the lanes, short labels.
    shown
        Ids of the lanes wanted.
    """

    lanes: pl.DataFrame
    shares: pl.DataFrame
    windows: pl.DataFrame
    spikes: pl.DataFrame
    start: date
    end: date
    step_days: int = 1
    units: Units = field(default_factory=Units)
    theme: Theme = "light"
    shoe_names: Mapping[str, str] = field(default_factory=dict)
    is_narrow: bool = False
    shown: Sequence[str] = ()
    drivers: Mapping[tuple[date, date], tuple[str, ...]] = field(default_factory=dict)
    flares: pl.DataFrame | None = None
    sports: pl.DataFrame = field(default_factory=no_others)
    unlogged: pl.DataFrame = field(default_factory=no_others)
    events: pl.DataFrame | None = None
    first_runs: pl.DataFrame = field(default_factory=SPIKE_SCHEMA.to_frame)
    least_threshold: float = ModelSettings.outpaced_ratio
    threshold_share: float = ModelSettings.outpaced_quantile
    held_by_line: frozenset[date] = frozenset()
    step_ups: pl.DataFrame = field(default_factory=STEP_UP_SCHEMA.to_frame)


@dataclass(frozen=True)
class Look:
    """How the picture is wanted, apart from the data.

    Parameters
    ----------
    units, theme
        What the runner reads in, and what the browser shows.
    is_narrow
        A phone.
    shown
        Ids of the lanes wanted; empty is all.
    """

    units: Units
    theme: Theme = "light"
    is_narrow: bool = False
    shown: Sequence[str] = ()


def _drivers(why: Why | None, analysis: Analysis) -> dict[tuple[date, date], tuple[str, ...]]:
    if why is None:
        return {}
    return {span: names(row) for span, row in by_window(why, analysis.windows).items()}


def picture(
    analysis: Analysis,
    shoe_names: Mapping[str, str],
    start: date,
    end: date,
    look: Look,
    why: Why | None = None,
    events: pl.DataFrame | None = None,
    strength: pl.DataFrame | None = None,
) -> Picture:
    """Lay the analysis of a runner out for the Timeline.

    Parameters
    ----------
    analysis : Analysis
        Runs, dense days, windows and spikes of the whole history.
    shoe_names : mapping of str to str
        Name of each pair by its id.
    start, end : date
        First and last local date to show.
    look : Look
        Units, theme, width and lanes.
    why : Why or None
        Flares and drivers of the same analysis; None leaves them out.
    events : DataFrame or None
        EVENT; None leaves them out.
    strength : DataFrame or None
        STRENGTH; None is nothing logged.

    Returns
    -------
    Picture
        Day by day up to two years, week by week beyond.

    Source
    ------
    ours: beyond two years a day is narrower than a pixel.
    """
    step = 1 if (end - start).days < DAYS_BY_DAY else 7
    grid = lanes(analysis.days, analysis.settings, step)
    dates = grid["local_date"]
    beside = (_estimated(analysis.runs, grid), _left_out(analysis.excluded, dates))
    beside += () if strength is None else (weekly_sets(strength, dates),)
    beside += (usual_table(why.step_ups, dates),) if why else ()
    drawn = reduce(
        lambda one, more: one.join(more, on="local_date", how="left", maintain_order="left"), beside, grid
    )
    return Picture(
        lanes=drawn,
        shares=shoe_shares(analysis.runs, dates),
        windows=analysis.windows,
        spikes=analysis.distance_spikes,
        start=start,
        end=end,
        step_days=step,
        units=look.units,
        theme=look.theme,
        shoe_names=first_worn(analysis.runs, shoe_names),
        is_narrow=look.is_narrow,
        shown=look.shown,
        drivers=_drivers(why, analysis),
        flares=why.flares if why else None,
        sports=last_days(analysis.others, dates, ["time_s"], by="sport"),
        unlogged=no_others() if strength is None else sessions_without_sets(analysis.others, strength),
        events=events,
        first_runs=analysis.first_runs,
        least_threshold=analysis.settings.outpaced_ratio,
        threshold_share=analysis.settings.outpaced_quantile,
        held_by_line=_held_by_line(analysis.days),
        step_ups=why.step_ups.rows.filter(pl.col("channel") != "hard_gap")
        if why
        else STEP_UP_SCHEMA.to_frame(),
    )


def first_worn(runs: pl.DataFrame, shoe_names: Mapping[str, str]) -> dict[str, str]:
    """Put the pairs in the order in which they were first worn, which gives each its colour.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    shoe_names : mapping of str to str
        Name of each pair by its id.

    Returns
    -------
    dict of str to str
        Pairs never worn come last.

    Source
    ------
    ours: a new pair never changes the colour of an old one.
    """
    worn = runs.drop_nulls("shoe_id").sort("start_utc", "activity_id")["shoe_id"].unique(maintain_order=True)
    return {shoe: shoe_names[shoe] for shoe in [*worn, *sorted(shoe_names)] if shoe in shoe_names}


def _held_by_line(days: pl.DataFrame) -> frozenset[date]:
    above = pl.col("held_against_tkm") > pl.col("habitual_tkm") * (1 + 1e-9)
    return frozenset(days.filter(above)["local_date"].to_list())


def _left_out(excluded: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    summed = last_days(excluded, dates, ["distance_m", "load_tkm"])
    return summed.rename({"distance_m": "left_out_m", "load_tkm": "left_out_tkm"})


def _estimated(runs: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Tell on which dates of the grid one of the last 7 days has a run estimated from its summary."""
    guessed = runs.filter(pl.col("estimated")).select(guessed_on="local_date").unique().sort("guessed_on")
    if guessed.is_empty():
        return grid.select("local_date", estimated=pl.lit(False))
    near = grid.select("local_date").join_asof(
        guessed, left_on="local_date", right_on="guessed_on", tolerance="6d", strategy="backward"
    )
    return near.select("local_date", estimated=pl.col("guessed_on").is_not_null())
