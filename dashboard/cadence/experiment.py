"""The cadence experiment as the runner sets it: a start, a target, perhaps an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

import numpy as np
import polars as pl

from connectors.errors import HeelwiseError
from connectors.late_imports import late_import
from connectors.setting_bounds import EXPERIMENT_END, EXPERIMENT_START, EXPERIMENT_TARGET
from connectors.store import Store
from dashboard.model.load import factor
from dashboard.model.load.runner_profile import LINE_NEEDS_S, SLOPE_RANGE, RunnerProfile
from dashboard.model.settings import ModelSettings
from dashboard.shared.undo import SettingsChange, save_settings

START_KEY, TARGET_KEY, END_KEY = EXPERIMENT_START, EXPERIMENT_TARGET, EXPERIMENT_END
TARGET_RANGE = (1.0, 10.0)
DEFAULT_TARGET_PCT = 5.0
"""Lyght 2016 and Heiderscheit 2011 changed step rate by 5 and 10 %; beyond 10 % nobody was measured."""


@dataclass(frozen=True)
class CadenceExperiment:
    """A change of step rate that the runner tries out."""

    start: date
    target_pct: float = DEFAULT_TARGET_PCT
    end: date | None = None


def read_experiment(texts: Mapping[str, str]) -> CadenceExperiment | None:
    """Read the experiment from texts, as the store keeps them.

    As the settings of the model.
    """
    start = texts.get(START_KEY, "").strip()
    if not start:
        return None
    end = texts.get(END_KEY, "").strip()
    target = texts.get(TARGET_KEY, "").strip() or str(DEFAULT_TARGET_PCT)
    try:
        last = date.fromisoformat(end) if end else None
        return validate_experiment(CadenceExperiment(date.fromisoformat(start), float(target), last))
    except ValueError as error:
        raise HeelwiseError(
            f"The cadence experiment cannot be read: “{start}”, “{target}”, “{end}”. Nothing was changed; please "
            "set it again on the Cadence page."
        ) from error


def validate_experiment(experiment: CadenceExperiment) -> CadenceExperiment:
    """Hold an experiment against its limits.

    Limits: step rate was measured at +5 and +10 % (Heiderscheit 2011, MSSE 43:296).
    """
    low, high = TARGET_RANGE
    if not low <= experiment.target_pct <= high:
        raise HeelwiseError(
            f"The target must be from {low:g} to {high:g} % above your own step rate; it is "
            f"{experiment.target_pct:g} %. Nothing was changed."
        )
    if experiment.end is not None and experiment.end < experiment.start:
        raise HeelwiseError("The experiment cannot end before it starts. Nothing was changed.")
    return experiment


def experiment_settings(experiment: CadenceExperiment | None) -> dict[str, str | None]:
    """Write an experiment as texts for the store.

    What `read_experiment` reads.
    """
    if experiment is None:
        return {START_KEY: None, TARGET_KEY: None, END_KEY: None}
    end = experiment.end.isoformat() if experiment.end else None
    return {START_KEY: experiment.start.isoformat(), TARGET_KEY: f"{experiment.target_pct:g}", END_KEY: end}


def load_experiment(store: Store, athlete_id: int) -> CadenceExperiment | None:
    """Read the experiment of one runner."""
    return read_experiment(store.settings(athlete_id))


def save_experiment(store: Store, athlete_id: int, experiment: CadenceExperiment) -> SettingsChange:
    """Store an experiment in place of the one before.

    One at a time, since two would each be the other's weeks before.
    """
    return save_settings(store, athlete_id, experiment_settings(validate_experiment(experiment)))


def remove_experiment(store: Store, athlete_id: int) -> SettingsChange:
    """Forget the experiment; what was recorded stays."""
    return save_settings(store, athlete_id, experiment_settings(None))


BEFORE_DAYS = 56
"""Days before the start that it is set against: the eight weeks of every other comparison here. Design choice."""
NEEDED_RUNS = 5
"""Runs that each side needs. Design choice."""
WITHIN_PCT = 1.0
"""A stretch of a run counts as at target from this far below it. Design choice."""
SPREAD_MPS = 0.1
"""Spread of speed, one standard deviation, from which the weeks before have a slope of their own. Design choice."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class ExperimentSide:
    """One of the two sides that are compared."""

    first: date
    last: date
    runs: int
    seconds: float

    @property
    def is_enough(self) -> bool:
        """Whether there is as much as a comparison needs."""
        return self.runs >= NEEDED_RUNS and self.seconds >= LINE_NEEDS_S


@dataclass(frozen=True)
class CadenceChange:
    """Step rate at matched speed, before the experiment and since."""

    before: ExperimentSide
    since: ExperimentSide
    line: RunnerProfile | None
    rows: pl.DataFrame
    change_pct: float | None = None
    low_pct: float | None = None
    high_pct: float | None = None
    at_target: float | None = None


def cadence_change(
    rows: pl.DataFrame, personal: RunnerProfile, experiment: CadenceExperiment, today: date
) -> CadenceChange:
    """Compare step rate since the start with the eight weeks before, at matched speed."""
    # The line is fitted to the weeks before alone, so that the new steps do not become their own measure, and
    # a slower or faster runner is held to the step rate that went with that speed. Interval: Welch's t over
    # runs.
    start = experiment.start
    last = min(experiment.end or today, today)
    day = pl.col("local_date")
    earlier = rows.filter(day.is_between(start - timedelta(BEFORE_DAYS), start - timedelta(1)))
    later = rows.filter(day.is_between(start, last))
    before = _side(start - timedelta(BEFORE_DAYS), start - timedelta(1), earlier)
    since = _side(start, last, later)
    line = _line(earlier, personal) if before.is_enough else None
    if line is None or not since.is_enough:
        return CadenceChange(before, since, line, _relative(rows.clear(), personal, start))
    both = _relative(pl.concat([earlier, later]), line, start)
    change, low, high = _change(both)
    target = 1 + (experiment.target_pct - WITHIN_PCT) / 100
    new = both.filter("is_since")
    reached = new.filter(pl.col("relative_cadence") >= target)["seconds"].sum()
    return CadenceChange(before, since, line, both, change, low, high, float(reached) / since.seconds)


def _side(first: date, last: date, rows: pl.DataFrame) -> ExperimentSide:
    return ExperimentSide(first, last, rows["activity_id"].n_unique(), float(rows["seconds"].sum()))


def _relative(rows: pl.DataFrame, line: RunnerProfile, start: date) -> pl.DataFrame:
    own = line.own_cadence(pl.col("speed_mps"))
    return rows.with_columns(
        is_since=pl.col("local_date") >= start,
        relative_cadence=pl.col("cadence_spm") / own,
        weight=pl.col("seconds") / pl.col("seconds").sum().over("activity_id"),
    )


def _line(rows: pl.DataFrame, personal: RunnerProfile) -> RunnerProfile:
    """Fit a straight line to the means of runs and bands, each weighted by its seconds."""
    speed, cadence, weight = (rows[n].to_numpy() for n in ("speed_mps", "cadence_spm", "seconds"))
    middle, level = np.average(speed, weights=weight), np.average(cadence, weights=weight)
    away = speed - middle
    variance = np.average(away**2, weights=weight)
    slope = personal.cadence_slope
    if variance >= SPREAD_MPS**2:
        slope = np.average(away * cadence, weights=weight) / variance
    slope = float(np.clip(slope, *SLOPE_RANGE))
    return replace(
        personal,
        cadence_intercept_spm=float(level - slope * middle),
        cadence_slope=slope,
        cadence_from="samples",
        cadence_s=float(weight.sum()),
    )


def _change(both: pl.DataFrame) -> tuple[float, float | None, float | None]:
    """Difference of the mean deviation of runs, %, with its interval."""
    by_run = (
        both.group_by("is_since", "activity_id")
        .agg((pl.col("relative_cadence") * pl.col("weight")).sum() * 100)
        .sort("is_since", "activity_id")
    )
    old, new = (by_run.filter(pl.col("is_since") == side)["relative_cadence"] for side in (False, True))
    return welch(new.to_numpy(), old.to_numpy())


def welch(new: np.ndarray, old: np.ndarray) -> tuple[float, float | None, float | None]:
    """Return the difference of two means with its interval.

    Welch's t test, which takes runs as independent; they are not quite, so the interval is somewhat narrow.
    """
    difference = float(new.mean() - old.mean())
    if max(np.ptp(new), np.ptp(old)) <= 1e-9 * max(abs(difference), 1.0):
        return difference, None, None
    ttest_ind = late_import("scipy.stats").ttest_ind
    interval = ttest_ind(new, old, equal_var=False).confidence_interval(CONFIDENCE)
    return difference, float(interval.low), float(interval.high)


STRENGTHS = (0.5, 2.0)
"""How far the effect of cadence may be from the published one, as a factor: halved to doubled (design choice)."""
MORNING_KINDS = {
    "stiffness_0_10": "morning_stiffness_0_10",
    "stiffness_min": "morning_stiffness_min",
    "pain_0_10": "morning_pain_0_10",
}

MORNING_SCHEMA = pl.Schema(
    {
        "measure": pl.String,
        "run_days_before": pl.Int64,  # days with a run
        "told_before": pl.Int64,  # of them with an entry the morning after
        "before": pl.Float64,  # mean of these mornings, in the unit of the measure; null without one
        "run_days_since": pl.Int64,
        "told_since": pl.Int64,
        "since": pl.Float64,
        "change": pl.Float64,  # null below five mornings on either side
        "low": pl.Float64,
        "high": pl.Float64,
    }
)


@dataclass(frozen=True)
class LoadPerKm:
    """Load of the runs of one side, as they were run."""

    runs: int
    steps_per_km: float
    load_per_step: float
    load_per_km: float


@dataclass(frozen=True)
class BeforeAfter:
    """Two factors and their product, since over before: 1.02 is 2 % more."""

    steps: float
    step_load: float

    @property
    def km_load(self) -> float:
        """Load of a km: more steps times less for each."""
        return self.steps * self.step_load

    @property
    def shares(self) -> tuple[float, float]:
        """Natural logarithms of both, which add up to that of `km_load`."""
        return log(self.steps), log(self.step_load)


@dataclass(frozen=True)
class CadenceEffect:
    """What the step rate alone does in the model, at the same speed, hills and shoes."""

    published: BeforeAfter
    halved: BeforeAfter
    doubled: BeforeAfter
    lens_a: float


def load_per_km(runs: pl.DataFrame, side: ExperimentSide) -> LoadPerKm | None:
    """Sum the load of one side.

    Sums over sums, so that a long run counts as long.
    """
    known = pl.col("has_samples") & pl.col("has_cadence") & pl.col("estimated").not_()
    known_runs = runs.filter(
        known & (pl.col("load_tkm") > 0) & (pl.col("steps") > 0),
        pl.col("local_date").is_between(side.first, side.last),
    )
    if known_runs.height < NEEDED_RUNS:
        return None
    km = float((known_runs["load_tkm"] / known_runs["multiplier"]).sum())
    steps, load = 2 * float(known_runs["steps"].sum()), float(known_runs["load_tkm"].sum())
    return LoadPerKm(known_runs.height, steps / km, load / steps, load / km)


def run_at(before: LoadPerKm, since: LoadPerKm) -> BeforeAfter:
    """Split the change of load for each km into steps and load of a step.

    Load of a km is steps times load of a step, so the logarithms add up.
    """
    return BeforeAfter(
        since.steps_per_km / before.steps_per_km,
        since.load_per_step / before.load_per_step,
    )


def cadence_effect(change: CadenceChange, settings: ModelSettings) -> CadenceEffect | None:
    """Describe what the model makes of the step rate alone.

    References
    ----------
    The cadence factor (Van Hooren 2024, doi:10.1111/sms.14570), taken against the weeks before. Bounds: ours.
    """
    if change.rows.is_empty():
        return None
    halved, doubled = (
        replace(settings, cadence_strength=settings.cadence_strength * share) for share in STRENGTHS
    )
    return CadenceEffect(
        published=_both_sides(change.rows, settings),
        halved=_both_sides(change.rows, halved),
        doubled=_both_sides(change.rows, doubled),
        lens_a=_ratio(change.rows, factor.weight_product("cadence", "second", settings), pl.col("weight")),
    )


def _both_sides(rows: pl.DataFrame, settings: ModelSettings) -> BeforeAfter:
    steps = pl.col("relative_cadence")
    force = factor.force_product("cadence", "second", settings).pow(settings.exponent)
    return BeforeAfter(
        _ratio(rows, steps, pl.col("weight")),
        _ratio(rows, force, pl.col("weight") * steps),
    )


def _ratio(rows: pl.DataFrame, value: pl.Expr, weight: pl.Expr) -> float:
    """Weighted mean of a value since over that before."""
    means = rows.group_by("is_since").agg((value * weight).sum() / weight.sum()).sort("is_since")
    before, since = means.to_series(1)
    return float(since / before)


def experiment_mornings(
    symptoms: pl.DataFrame, runs: pl.DataFrame, before: ExperimentSide, since: ExperimentSide
) -> pl.DataFrame:
    """Compare the mornings after days with a run, before the experiment and since."""
    # The answer of the next morning is what pain rules go by (Silbernagel 2007, read.qxmd.com/read/17307888).
    # Interval: see `experiment.welch`.
    felt = symptoms.group_by(local_date=pl.col("date") - timedelta(1)).agg(
        pl.col(column).max().alias(name) for name, column in MORNING_KINDS.items()
    )
    days = runs.select("local_date").unique().join(felt, on="local_date", how="left").sort("local_date")
    old, new = (
        days.filter(pl.col("local_date").is_between(side.first, side.last)) for side in (before, since)
    )
    return pl.DataFrame(
        [_morning(name, old, new) for name in MORNING_KINDS], schema=MORNING_SCHEMA, orient="row"
    )


def _morning(name: str, old: pl.DataFrame, new: pl.DataFrame) -> tuple[object, ...]:
    was, now = old[name].drop_nulls(), new[name].drop_nulls()
    difference = (None, None, None)
    if min(len(was), len(now)) >= NEEDED_RUNS:
        difference = welch(now.to_numpy(), was.to_numpy())
    return name, old.height, len(was), was.mean(), new.height, len(now), now.mean(), *difference
