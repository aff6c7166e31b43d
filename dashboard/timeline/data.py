"""From the analysis to what the Timeline draws: the grid, the shares of the shoes, the window of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import reduce
from typing import Any

import polars as pl

from dashboard.charts.palette import Theme
from dashboard.diary.episodes import Episode
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.model.other_sessions import last_days_of, no_others
from dashboard.model.outpaced_windows import SPIKE_SCHEMA
from dashboard.model.rolling_week import rolling_weeks, shoe_shares
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import STEP_UP_SCHEMA
from dashboard.model.usual_lanes import usual_table
from dashboard.shared.units import Units
from dashboard.strength.progress import sessions_without_sets, weekly_sets

DAYS_BY_DAY, DAYS_BY_DAY_NARROW = 731, 366
"""A longer window is drawn week by week: a day would be narrower than a pixel of a wide screen, or of a phone."""


@dataclass(frozen=True)
class ScreenFit:
    """The room there is on one screen, in px before the figure is enlarged."""

    plot_px: float
    """Width of the plot."""
    heights: Mapping[str, float] = field(default_factory=dict)
    """Height of each lane by its title."""


@dataclass(frozen=True)
class TimelineData:
    """What the Timeline draws."""

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
    flares: pl.DataFrame | None = None
    sports: pl.DataFrame = field(default_factory=no_others)
    unlogged: pl.DataFrame = field(default_factory=no_others)
    events: pl.DataFrame | None = None
    first_runs: pl.DataFrame = field(default_factory=SPIKE_SCHEMA.to_frame)
    least_threshold: float = ModelSettings.outpaced_ratio
    threshold_share: float = ModelSettings.outpaced_quantile
    step_ups: pl.DataFrame = field(default_factory=STEP_UP_SCHEMA.to_frame)
    fit: ScreenFit | None = None
    episodes: Sequence[Episode] = ()
    order: Sequence[str] = ()
    stretch: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TimelineOptions:
    """How the Timeline is drawn, apart from the data."""

    units: Units
    theme: Theme = "light"
    is_narrow: bool = False
    shown: Sequence[str] = ()
    fit: ScreenFit | None = None
    order: Sequence[str] = ()
    """Ids of lanes in the order a runner wants them; those not named follow as they stand."""
    stretch: Mapping[str, float] = field(default_factory=dict)
    """How many times its own height a lane is drawn, by id."""


def timeline_data(
    analysis: Analysis,
    shoe_names: Mapping[str, str],
    start: date,
    end: date,
    options: TimelineOptions,
    explanation: FlareExplanation | None = None,
    events: pl.DataFrame | None = None,
    strength: pl.DataFrame | None = None,
    episodes: Sequence[Episode] = (),
) -> TimelineData:
    """Build what the Timeline draws; where a day would be narrower than a pixel, a row is a week."""
    by_day = DAYS_BY_DAY_NARROW if options.is_narrow else DAYS_BY_DAY
    drawn = _table(analysis, step := 1 if (end - start).days < by_day else 7, explanation, strength)
    return TimelineData(
        lanes=drawn,
        shares=shoe_shares(analysis.runs, drawn["local_date"]),
        windows=analysis.windows,
        spikes=analysis.distance_spikes,
        start=start,
        end=end,
        step_days=step,
        shoe_names=first_worn(analysis.runs, shoe_names),
        sports=last_days_of(analysis.others, drawn["local_date"], ["time_s"], by="sport"),
        unlogged=no_others() if strength is None else sessions_without_sets(analysis.others, strength),
        events=events,
        **_thresholds(analysis),
        first_runs=analysis.first_runs,
        **_explained(explanation),
        episodes=episodes,
        **_same_fields(options),
    )


def _thresholds(analysis: Analysis) -> dict[str, Any]:
    """Return what a day is high from, and the days that are held against a line back."""
    return {
        "least_threshold": analysis.settings.outpaced_ratio,
        "threshold_share": analysis.settings.outpaced_quantile,
    }


def _same_fields(options: TimelineOptions) -> dict[str, Any]:
    """Return how it is drawn; the fields bear one name in both records."""
    return {one.name: getattr(options, one.name) for one in fields(options)}


def _explained(explanation: FlareExplanation | None) -> dict[str, Any]:
    """Return flares and step-ups, as far as they are worked out."""
    if explanation is None:
        return {}
    step_ups = explanation.step_ups.rows.filter(pl.col("channel") != "hard_gap")
    return {"flares": explanation.flares, "step_ups": step_ups}


def _table(
    analysis: Analysis, step: int, explanation: FlareExplanation | None, strength: pl.DataFrame | None
) -> pl.DataFrame:
    """Return a row for each date of the grid with the columns of all lanes."""
    grid = rolling_weeks(analysis.days, analysis.settings, step)
    dates = grid["local_date"]
    beside = (_estimated(analysis.runs, grid), _left_out(analysis.excluded, dates))
    beside += () if strength is None else (weekly_sets(strength, dates),)
    beside += (usual_table(explanation.step_ups, dates),) if explanation else ()
    return reduce(
        lambda one, more: one.join(more, on="local_date", how="left", maintain_order="left"), beside, grid
    )


def first_worn(runs: pl.DataFrame, shoe_names: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs in the order in which they were first worn, which gives each its colour.

    A new pair never changes the colour of an old one.
    """
    worn = runs.drop_nulls("shoe_id").sort("start_utc", "activity_id")["shoe_id"].unique(maintain_order=True)
    return {shoe: shoe_names[shoe] for shoe in [*worn, *sorted(shoe_names)] if shoe in shoe_names}


def _left_out(excluded: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    summed = last_days_of(excluded, dates, ["distance_m", "load_tkm"])
    return summed.rename({"distance_m": "left_out_m", "load_tkm": "left_out_tkm"})


def _estimated(runs: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Return on which dates of the grid one of the last 7 days has a run estimated from its summary."""
    guessed = runs.filter(pl.col("estimated")).select(guessed_on="local_date").unique().sort("guessed_on")
    if guessed.is_empty():
        return grid.select("local_date", estimated=pl.lit(False))
    near = grid.select("local_date").join_asof(
        guessed, left_on="local_date", right_on="guessed_on", tolerance="6d", strategy="backward"
    )
    return near.select("local_date", estimated=pl.col("guessed_on").is_not_null())
