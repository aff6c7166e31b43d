"""What went with the cadence experiment: load for each step and for each km, and the mornings after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import log

import polars as pl

from dashboard.model import shelf
from dashboard.model.experiment_steps import NEEDED_RUNS, Side, Stepped, welch
from dashboard.model.settings import ModelSettings

STRENGTHS = (0.5, 2.0)
"""How far the effect of cadence may be from the published one, as a factor: halved to doubled (design choice)."""
MORNINGS = {
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
class PerKm:
    """Load of the runs of one side, as they were run.

    Parameters
    ----------
    runs
        Runs with a recording that holds step rate.
    steps_per_km
        Steps of both feet.
    load_per_step
        tkm for each of them.
    load_per_km
        tkm for each km: the product of the two.
    """

    runs: int
    steps_per_km: float
    load_per_step: float
    load_per_km: float


@dataclass(frozen=True)
class BothSides:
    """Two factors and their product, since over before: 1.02 is 2 % more.

    Parameters
    ----------
    steps
        Steps of a km.
    step_load
        Load of a step.
    """

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
class Alone:
    """What the step rate alone does in the model, at the same speed, hills and shoes.

    Parameters
    ----------
    published
        With the effect of a step as set.
    halved, doubled
        With that effect halved and doubled.
    lens_a
        Load of a km since over before in lens A, which knows no exponent.
    """

    published: BothSides
    halved: BothSides
    doubled: BothSides
    lens_a: float


def per_km(runs: pl.DataFrame, side: Side) -> PerKm | None:
    """Sum the load of one side.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    side : Side
        Its dates.

    Returns
    -------
    PerKm or None
        None below five runs with recorded steps.

    Source
    ------
    ours: sums over sums, so that a long run counts as long.
    """
    known = pl.col("has_samples") & pl.col("has_cadence") & pl.col("estimated").not_()
    told = runs.filter(
        known & (pl.col("load_tkm") > 0) & (pl.col("steps") > 0),
        pl.col("local_date").is_between(side.first, side.last),
    )
    if told.height < NEEDED_RUNS:
        return None
    km = float((told["load_tkm"] / told["multiplier"]).sum())
    steps, load = 2 * float(told["steps"].sum()), float(told["load_tkm"].sum())
    return PerKm(told.height, steps / km, load / steps, load / km)


def as_run(before: PerKm, since: PerKm) -> BothSides:
    """Take the change of load for each km apart into steps and load of a step.

    Parameters
    ----------
    before, since : PerKm
        Both sides.

    Returns
    -------
    BothSides
        Speed, hills, shoes and step rate together.

    Source
    ------
    ours: load of a km is steps times load of a step, so the logarithms add up.
    """
    return BothSides(
        since.steps_per_km / before.steps_per_km,
        since.load_per_step / before.load_per_step,
    )


def alone(found: Stepped, settings: ModelSettings) -> Alone | None:
    """Say what the model makes of the step rate alone.

    Parameters
    ----------
    found : Stepped
        Step rate over the line of the weeks before.
    settings : ModelSettings
        Exponent, and strength of the effect.

    Returns
    -------
    Alone or None
        None where either side is not enough.

    Source
    ------
    The cadence factor (Van Hooren 2024, doi:10.1111/sms.14570), taken against the weeks before. Bounds: ours.
    """
    if found.rows.is_empty():
        return None
    halved, doubled = (
        replace(settings, cadence_strength=settings.cadence_strength * share) for share in STRENGTHS
    )
    return Alone(
        published=_both_sides(found.rows, settings),
        halved=_both_sides(found.rows, halved),
        doubled=_both_sides(found.rows, doubled),
        lens_a=_ratio(found.rows, shelf.weight("cadence", "second", settings), pl.col("weight")),
    )


def _both_sides(rows: pl.DataFrame, settings: ModelSettings) -> BothSides:
    steps = pl.col("relative_cadence")
    force = shelf.force("cadence", "second", settings).pow(settings.exponent)
    return BothSides(
        _ratio(rows, steps, pl.col("weight")),
        _ratio(rows, force, pl.col("weight") * steps),
    )


def _ratio(rows: pl.DataFrame, value: pl.Expr, weight: pl.Expr) -> float:
    """Weighted mean of a value since over that before."""
    means = rows.group_by("is_since").agg((value * weight).sum() / weight.sum()).sort("is_since")
    before, since = means.to_series(1)
    return float(since / before)


def mornings(symptoms: pl.DataFrame, runs: pl.DataFrame, before: Side, since: Side) -> pl.DataFrame:
    """Compare the mornings after days with a run, before the experiment and since.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM; the larger of several entries of a date counts.
    runs : DataFrame
        RUN_SCHEMA.
    before, since : Side
        Dates of both sides.

    Returns
    -------
    DataFrame, one row for each measure
        MORNING_SCHEMA, in the unit of the measure. A morning without an entry is not a calm one.

    Source
    ------
    ours: the answer of the next morning is what pain rules go by (Silbernagel 2007,
    read.qxmd.com/read/17307888). Interval: see `experiment_steps.welch`.
    """
    felt = symptoms.group_by(local_date=pl.col("date") - timedelta(1)).agg(
        pl.col(column).max().alias(name) for name, column in MORNINGS.items()
    )
    days = runs.select("local_date").unique().join(felt, on="local_date", how="left").sort("local_date")
    old, new = (
        days.filter(pl.col("local_date").is_between(side.first, side.last)) for side in (before, since)
    )
    return pl.DataFrame([_morning(name, old, new) for name in MORNINGS], schema=MORNING_SCHEMA, orient="row")


def _morning(name: str, old: pl.DataFrame, new: pl.DataFrame) -> tuple[object, ...]:
    was, now = old[name].drop_nulls(), new[name].drop_nulls()
    difference = (None, None, None)
    if min(len(was), len(now)) >= NEEDED_RUNS:
        difference = welch(now.to_numpy(), was.to_numpy())
    return name, old.height, len(was), was.mean(), new.height, len(now), now.mean(), *difference
