"""The load of a run of which only the summary is known: distance, time, mean cadence, climb."""

from __future__ import annotations

import polars as pl

from dashboard.model.load import achilles_force, factor
from dashboard.model.load.runner_profile import ReferenceKm, RunnerProfile
from dashboard.model.settings import ModelSettings

PLAUSIBLE_MPS = (0.5, 7.0)
"""Mean speeds outside this are a wrong time or distance, not a run. Design choice."""
LONGEST_GUESS_S = 12 * 3600.0
"""A time alone is turned into a distance up to this length only. Design choice."""
WALKING_MPS = 1.4


def effective_speed(runs: pl.DataFrame, personal: RunnerProfile) -> pl.DataFrame:
    """Settle on a distance and time for each run, and say what was missing.

    A hand-entered run has one of the two; the other comes from the runner's own easy speed (design choice).

    Parameters
    ----------
    runs : DataFrame
        `distance_m`, `moving_s`, `elapsed_s`; null or 0 unknown.
    personal : RunnerProfile
        Easy speed, for what is missing.

    Returns
    -------
    DataFrame
        The rows with `known_m` (null unknown), `used_m`, `used_s` (both null where neither distance nor time
        is known), `no_distance`, `no_time`, `odd_time`.
    """
    positive = [
        pl.when(pl.col(c) > 0).then(pl.col(c)).alias(c) for c in ("distance_m", "moving_s", "elapsed_s")
    ]
    positive_runs = runs.with_columns(positive).with_columns(known_m=pl.col("distance_m"))
    metres, seconds = pl.col("known_m"), pl.coalesce("moving_s", "elapsed_s")
    speed = metres / seconds
    odd = (speed.is_between(*PLAUSIBLE_MPS).not_()).fill_null(False) | (
        metres.is_null() & (seconds > LONGEST_GUESS_S)
    ).fill_null(False)
    positive_runs = positive_runs.with_columns(
        no_distance=metres.is_null(),
        no_time=seconds.is_null(),
        odd_time=odd,
        told_s=pl.when(odd.not_()).then(seconds),
    )
    return positive_runs.with_columns(
        used_s=pl.coalesce("told_s", metres / personal.easy_mps),
        used_m=pl.coalesce(metres, pl.col("told_s") * personal.easy_mps),
    ).drop("told_s")


def summary_estimates(
    runs: pl.DataFrame, personal: RunnerProfile, unit: ReferenceKm, settings: ModelSettings
) -> pl.DataFrame:
    """Estimate every run from its summary.

    Mean speed and cadence through the same factors; the climb is spread evenly, so that every metre climbs or falls
    at (ascent + descent) / distance. A mean cadence or speed of walking counts as part walked.

    Parameters
    ----------
    runs : DataFrame
        As from `effective_speed`, with `cadence_spm`, and `climb_m`, `fall_m` (null unknown).
    personal : RunnerProfile
        Own step rate.
    unit : ReferenceKm
        The easy km.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    DataFrame, same rows
        `e_steps`, `e_speed`, `e_hills`, `e_cadence`: multipliers of a km that multiply to lens B;
        `e_hills_a`, `e_hills_c`: hills alone in the other lenses; `e_climb`, `e_descent`: what slopes up add
        to 1 and slopes down take away, in lens B; `e_a`, `e_c`: a km in lenses A and C;
        `e_leg_steps`: steps of one leg in all. No shoe yet.
    """
    paced = _paced(runs, personal, settings)
    b, c = settings.exponent, settings.vitro_exponent
    hills = _hills(paced, settings)
    parts = paced.select(
        e_steps=pl.col("own_steps") / unit.steps_per_km,
        e_leg_steps=pl.col("own_steps") * pl.col("used_m") / 1000,
        e_speed=_mixed_force(b, settings) / unit.force**b,
        e_cadence=factor.force_product("cadence", "second", settings).pow(b),
        c_speed=_mixed_force(c, settings) / unit.force**c,
        c_cadence=factor.force_product("cadence", "second", settings).pow(c),
        a_speed=_mixed_weight(settings) / unit.weight,
        a_cadence=factor.weight_product("cadence", "second", settings),
    ).with_columns(hills)
    return parts.select(
        "e_steps", "e_speed", "e_hills", "e_cadence", "e_hills_a", "e_hills_c", "e_climb", "e_descent",
        "e_leg_steps",
        e_a=pl.col("a_speed") * pl.col("a_cadence") * pl.col("e_hills_a"),
        e_c=pl.col("e_steps") * pl.col("c_speed") * pl.col("c_cadence") * pl.col("e_hills_c"),
    )  # fmt: skip


def _paced(runs: pl.DataFrame, personal: RunnerProfile, settings: ModelSettings) -> pl.DataFrame:
    """Part of the time run, speed of that part, steps of a km."""
    mean = pl.col("used_m") / pl.col("used_s")
    spm = pl.col("cadence_spm")
    line = personal.own_cadence(mean)
    walked_spm, easy = achilles_force.WALKING_SPM, personal.easy_mps
    by_cadence = (
        pl.when(spm >= settings.walk_below_spm).then(1.0).otherwise((spm - walked_spm) / (line - walked_spm))
    )
    by_speed = (
        pl.when(mean >= settings.walk_below_mps)
        .then(1.0)
        .otherwise((mean - WALKING_MPS) / (easy - WALKING_MPS))
    )
    share = pl.coalesce(by_cadence, by_speed).clip(0.0, 1.0)
    frame = runs.with_columns(run_share=share, speed_mps=mean, walking=pl.lit(False)).with_columns(
        speed_mps=pl.when(pl.col("run_share") < 1).then(pl.max_horizontal(mean, pl.lit(easy))).otherwise(mean)
    )
    own = personal.own_cadence(pl.col("speed_mps"))
    run_steps = pl.col("run_share") * own / 120
    walk_steps = (1 - pl.col("run_share")) * walked_spm / 120
    per_second = pl.coalesce(spm / 120, run_steps + walk_steps)
    return frame.with_columns(
        own_steps=per_second * pl.col("used_s") / pl.col("used_m") * 1000,
        step_share=run_steps / (run_steps + walk_steps),
        relative_cadence=pl.when(pl.col("run_share") == 1).then(spm / own),
    )


def _mixed_force(exponent: float, settings: ModelSettings) -> pl.Expr:
    walking = (settings.walking_force_bw / achilles_force.FORCE_BW) ** exponent
    share = pl.col("step_share")
    return share * factor.force_product("speed", "second", settings).pow(exponent) + (1 - share) * walking


def _mixed_weight(settings: ModelSettings) -> pl.Expr:
    walking = settings.walking_force_bw / achilles_force.FORCE_BW
    run_m, walk_m = pl.col("run_share") * pl.col("speed_mps"), (1 - pl.col("run_share")) * WALKING_MPS
    share = run_m / (run_m + walk_m)
    return share * factor.weight_product("speed", "second", settings) + (1 - share) * walking


def _hills(runs: pl.DataFrame, settings: ModelSettings) -> pl.DataFrame:
    """Hills of a km in each lens, 1 where the climb is unknown."""
    climb = pl.coalesce("climb_m", "fall_m")
    fall = pl.coalesce("fall_m", "climb_m")
    slope = runs.select(
        up_share=pl.when(climb + fall > 0).then(climb / (climb + fall)).otherwise(0.5),
        slope=(climb + fall) / pl.col("used_m") * 100,
    )
    force, weight = (
        factor.force_product("hills", "second", settings),
        factor.weight_product("hills", "second", settings),
    )
    up = slope.select(grade_pct=pl.col("slope")).select(up=force, up_weight=weight)
    down = slope.select(grade_pct=-pl.col("slope")).select(down=force, down_weight=weight)
    both = pl.concat([slope, up, down], how="horizontal")

    def mean(rising: str, falling: str, exponent: float) -> pl.Expr:
        share = pl.col("up_share")
        return share * pl.col(rising).pow(exponent) + (1 - share) * pl.col(falling).pow(exponent)

    return both.select(
        e_hills=mean("up", "down", settings.exponent),
        e_hills_c=mean("up", "down", settings.vitro_exponent),
        e_hills_a=mean("up_weight", "down_weight", 1.0),
        e_climb=pl.col("up_share") * (pl.col("up").pow(settings.exponent) - 1),
        e_descent=(1 - pl.col("up_share")) * (1 - pl.col("down").pow(settings.exponent)),
    )
