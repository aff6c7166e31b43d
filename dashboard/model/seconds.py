"""One second at a time: what is known of it, and the sums of a run that the load is made of.

Sums are taken for every choice of "as it was" or "as usual" over steps, speed, hills and cadence, so that the
shares of a run come from the same pass as its load.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from operator import mul

import polars as pl

from dashboard.model import shelf, tissue
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings

VARYING = ("speed", "hills", "cadence")
"""Drivers that change within a run; shoe and surface do not, and steps are counted."""
DROPOUT_SPM = 40.0
"""A step rate below this while the runner moves is a sensor that lost the foot. Design choice."""


def understood(samples: pl.LazyFrame, settings: ModelSettings, also: Sequence[str] = ()) -> pl.LazyFrame:
    """Say of each second whether it was run or walked, and drop what contradicts itself.

    Parameters
    ----------
    samples : LazyFrame
        SAMPLE columns and `activity_id`.
    settings : ModelSettings
        The walking limits.
    also : sequence of str
        Further columns of SAMPLE to hand on as they are.

    Returns
    -------
    LazyFrame
        `activity_id`, `distance_m`, `speed_mps`, `cadence_spm`, `grade_pct` (Float64, null unknown), those of
        `also`, and `walking` (Boolean, null where neither speed nor cadence is known). A cadence of zero at
        speed is unknown; so is a speed of zero at running cadence.

    Source
    ------
    ours: walking below 140 steps/min, or below 1.9 m/s where cadence is unknown (design choice).
    """
    speed, cadence = pl.col("speed_mps").cast(pl.Float64), pl.col("cadence_spm").cast(pl.Float64)
    lost_foot = (cadence < DROPOUT_SPM) & (speed >= settings.walk_below_mps)
    lost_place = (speed < tissue.STANDING_MPS) & (cadence >= settings.walk_below_spm)
    known = samples.select(
        pl.col("activity_id"),
        pl.col("distance_m").cast(pl.Float64),
        pl.when(lost_place).then(None).otherwise(speed).alias("speed_mps"),
        pl.when(lost_foot).then(None).otherwise(cadence).alias("cadence_spm"),
        pl.col("grade_pct").cast(pl.Float64),
        *(pl.col(name) for name in also),
    )
    slow = pl.col("cadence_spm") < settings.walk_below_spm
    return known.with_columns(walking=pl.coalesce(slow, pl.col("speed_mps") < settings.walk_below_mps))


def run_sums(samples: pl.LazyFrame, personal: Personal, settings: ModelSettings) -> pl.DataFrame:
    """Sum each recording in one streaming pass.

    Parameters
    ----------
    samples : LazyFrame
        SAMPLE columns and `activity_id`.
    personal : Personal
        The runner's own cadence-speed line and fast speed.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    DataFrame, one row for each recording
        `activity_id`; `seconds`, `known_s` (speed known), `cadence_s`, `grade_s`, `on_feet_s`, `fast_s` in s;
        `span_m`, distance from first to last sample as the device has it; `cadence_sum`, `cadence_n`,
        `deviation_sum`, `deviation_own` for means; `steps_...` and `metres_...` with one digit for each of
        `VARYING` (1 as it was, 0 left out); lens sums `c_1`, `c_0`, `a_1`, `a_0` with and without hills;
        `climb` and `descent`, the weighted steps that slopes up add and slopes down take away.

    Source
    ------
    ours: science of the factors is in their files; a sum over seconds knows no order.
    """
    seconds = _with_forces(_with_own(understood(samples, settings), personal), settings)
    sums = seconds.group_by("activity_id").agg(*_facts(personal), *_coalitions(), *_lenses(settings))
    return sums.sort("activity_id").collect().with_columns(pl.col("activity_id").cast(pl.String))


def no_sums() -> pl.DataFrame:
    """Give the frame of `run_sums` for a runner without recordings.

    Returns
    -------
    DataFrame, no rows
        The columns of `run_sums`.

    Source
    ------
    ours: no recording is a case like any other.
    """
    facts = ("seconds", "known_s", "on_feet_s", "cadence_s", "grade_s", "span_m", "fast_s")
    means = ("cadence_sum", "cadence_n", "deviation_sum", "deviation_own")
    sums = [f"{count}_{_digits(c)}" for c in _choices() for count in ("steps", "metres")]
    names = (*facts, *means, *sums, "c_1", "c_0", "a_1", "a_0", "climb", "descent")
    return pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(names, pl.Float64)})


def _with_own(seconds: pl.LazyFrame, personal: Personal) -> pl.LazyFrame:
    """Add the runner's own step rate; hills and cadence do not count in a second that was walked."""
    speed, walking = pl.col("speed_mps"), pl.col("walking")
    line = personal.own_cadence(speed)
    strolling = pl.when(speed < tissue.STANDING_MPS).then(0.0).otherwise(tissue.WALKING_SPM)
    own = pl.when(walking).then(strolling).otherwise(line)
    return seconds.with_columns(
        own_cadence_spm=pl.when(speed.is_not_null()).then(own),
        relative_cadence=pl.when(walking.not_()).then(pl.col("cadence_spm") / line),
        flat=pl.col("grade_pct").abs().fill_null(0.0) < personal.FLAT_PCT,
        has_grade=pl.col("grade_pct").is_not_null(),
        grade_pct=pl.when(walking.not_()).then(pl.col("grade_pct")),
    )


def _with_forces(seconds: pl.LazyFrame, settings: ModelSettings) -> pl.LazyFrame:
    """Add steps, metres, and each driver's force raised to the exponent; null where speed is unknown."""
    known = pl.col("speed_mps").is_not_null()
    b = settings.exponent
    raised = {name: shelf.force(name, "second", settings).pow(b).alias(f"f_{name}") for name in VARYING}
    weights = {name: shelf.weight(name, "second", settings).alias(f"w_{name}") for name in VARYING}
    return seconds.with_columns(
        pl.when(known).then(shelf.steps(settings)).alias("n"),
        *raised.values(),
        *weights.values(),
    ).with_columns(_products())


def _choices() -> list[tuple[int, ...]]:
    return list(product((0, 1), repeat=len(VARYING)))


def _products() -> list[pl.Expr]:
    """Multiply the raised forces of each choice once, for both counts."""
    products = []
    for choice in _choices():
        taken = [pl.col(f"f_{name}") for name, on in zip(VARYING, choice, strict=True) if on]
        if taken:
            products.append(reduce(mul, taken).alias(f"p_{_digits(choice)}"))
    return products


def _digits(choice: tuple[int, ...]) -> str:
    return "".join(map(str, choice))


def _coalitions() -> list[pl.Expr]:
    sums = []
    for choice in _choices():
        digits = _digits(choice)
        for name, count in (("steps", pl.col("n")), ("metres", pl.col("speed_mps"))):
            sums.append(
                (count * pl.col(f"p_{digits}") if any(choice) else count).sum().alias(f"{name}_{digits}")
            )
    return sums


def _lenses(settings: ModelSettings) -> list[pl.Expr]:
    """Lens C from the forces of lens B, lens A from its own weights; each also with hills left out."""
    again = settings.vitro_exponent / settings.exponent
    flat, whole = pl.col("p_101"), pl.col("p_111")  # with hills left out, and all
    flat_weight = pl.col("speed_mps") * pl.col("w_speed") * pl.col("w_cadence")
    return [
        (pl.col("n") * whole.pow(again)).sum().alias("c_1"),
        (pl.col("n") * flat.pow(again)).sum().alias("c_0"),
        (flat_weight * pl.col("w_hills")).sum().alias("a_1"),
        flat_weight.sum().alias("a_0"),
        (pl.col("n") * (pl.col("f_hills") - 1).clip(lower_bound=0.0)).sum().alias("climb"),
        (pl.col("n") * (1 - pl.col("f_hills")).clip(lower_bound=0.0)).sum().alias("descent"),
    ]


def _facts(personal: Personal) -> list[pl.Expr]:
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    running = pl.col("walking").not_()
    compared = running & pl.col("flat") & (pl.col("relative_cadence").is_not_null())
    own = cadence / pl.col("relative_cadence")
    return [
        pl.len().cast(pl.Float64).alias("seconds"),
        speed.is_not_null().sum().cast(pl.Float64).alias("known_s"),
        (speed > tissue.STANDING_MPS).sum().cast(pl.Float64).alias("on_feet_s"),
        cadence.is_not_null().sum().cast(pl.Float64).alias("cadence_s"),
        pl.col("has_grade").sum().cast(pl.Float64).alias("grade_s"),
        (pl.col("distance_m").max() - pl.col("distance_m").min()).alias("span_m"),
        (running & (speed > personal.fast_mps)).sum().cast(pl.Float64).alias("fast_s"),
        pl.when(running).then(cadence).sum().alias("cadence_sum"),
        (running & cadence.is_not_null()).sum().cast(pl.Float64).alias("cadence_n"),
        pl.when(compared).then(cadence - own).sum().alias("deviation_sum"),
        pl.when(compared).then(own).sum().alias("deviation_own"),
    ]
