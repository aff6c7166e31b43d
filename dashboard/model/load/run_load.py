"""Load of each run: its recording or summary, the runner's own measures, weighted sums, then the load in each lens."""

from __future__ import annotations

from itertools import product
from math import factorial

import numpy as np
import polars as pl

from dashboard.model.load import achilles_force, factor, summary_estimate, uncertainty, weighted_sums
from dashboard.model.load.recordings import Recordings, recordings_for
from dashboard.model.load.run_inputs import run_inputs, select_runs
from dashboard.model.load.runner_profile import ReferenceKm, RunnerProfile, fit_profile, reference_km
from dashboard.model.load.seconds import ScanSamples
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

WEIGHT_CHOICES = tuple(
    "".join(map(str, c)) for c in product((0, 1), repeat=len(weighted_sums.VARYING)) if any(c)
)
"""One digit for each of `weighted_sums.VARYING`: 1 weighted, 0 left out. All but "000", which is the plain steps."""


def weighted_steps(runs: pl.DataFrame, unit: ReferenceKm, settings: ModelSettings) -> pl.DataFrame:
    """Sum the steps of each run, weighted by each choice of what changes within it.

    A sum over the seconds of a run adds up over runs, so any stretch of days can be taken apart from these alone;
    `w_111` with the shoe is the load.

    Parameters
    ----------
    runs : DataFrame
        As from `run_inputs.run_inputs`, with the estimates of `summary_estimate.summary_estimates` and `fit` of
        `_calibration`.
    unit : ReferenceKm
        The easy km: its force is the 1 of speed.
    settings : ModelSettings
        The exponent.

    Returns
    -------
    DataFrame, same rows
        `w_...` for each of `WEIGHT_CHOICES`; `w_climb` and `w_descent`, by which slopes up and down move `w_010`
        from the plain steps; `x_hills_a` and `x_hills_c`, hills alone in the other lenses. Null where the
        load is not known.
    """
    known = pl.col("used_m").is_not_null()
    sums = {f"w_{c}": _either(_recorded(c, unit, settings), _estimated(c)) for c in WEIGHT_CHOICES}
    seen, scale, plain = pl.col("has_altitude"), pl.col("steps_scale"), pl.col("steps_000")
    slopes = {
        f"w_{name}": _either(
            pl.when(seen).then(pl.col(name)).otherwise(plain * pl.col(f"e_{name}")) * scale,
            pl.col("e_leg_steps") * pl.col(f"e_{name}"),
        )
        for name in ("climb", "descent")
    }
    lenses = {
        f"x_hills_{lens}": pl.when(pl.col("estimated").not_() & seen & (pl.col(f"{lens}_0") > 0))
        .then(pl.col(f"{lens}_1") / pl.col(f"{lens}_0"))
        .otherwise(pl.col(f"e_hills_{lens}"))
        for lens in "ac"
    }
    parts = {**sums, **slopes, **lenses}
    return runs.select(pl.when(known).then(part).alias(name) for name, part in parts.items())


def _either(recorded: pl.Expr, estimated: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("estimated")).then(estimated).otherwise(recorded)


def _recorded(choice: str, unit: ReferenceKm, settings: ModelSettings) -> pl.Expr:
    speed, hills, cadence = choice
    steps = pl.col(f"steps_{choice}")
    flat = pl.col(f"steps_{speed}0{cadence}")
    weighted = flat * pl.col("e_hills") if hills == "1" else flat
    force = unit.force**settings.exponent if speed == "1" else 1.0
    return pl.when("has_altitude").then(steps).otherwise(weighted) * pl.col("steps_scale") / force


def _estimated(choice: str) -> pl.Expr:
    """Multiply the run's own estimates; what recordings of this runner add to them counts as speed."""
    parts = {
        "speed": pl.col("e_speed") * pl.col("fit"),
        "hills": pl.col("e_hills"),
        "cadence": pl.col("e_cadence"),
    }
    total = pl.col("e_leg_steps")
    for name, digit in zip(weighted_sums.VARYING, choice, strict=True):
        total = total * parts[name] if digit == "1" else total
    return total


def log_shares(worth: np.ndarray) -> np.ndarray:
    """Share a change out among the factors that made it, on the log scale.

    Parameters
    ----------
    worth : ndarray, shape (2**n, rows), above 0
        Load with each choice of factors taken as they were: bit i of the row number says whether factor i is
        (row 0 none, last row all). NaN stays NaN.

    Returns
    -------
    ndarray, shape (n, rows)
        ln of each factor's multiplier; they sum to ln(all) - ln(none) exactly.

    Raises
    ------
    ValueError
        When the number of rows is not a power of two.

    References
    ----------
    Shapley 1953 (doi:10.1515/9781400881970-018) on ln(load): the mean over all orders of adding the factors.
    For a plain product it is each factor's own ln.
    """
    count = int(worth.shape[0]).bit_length() - 1
    if worth.shape[0] != 2**count:
        raise ValueError("worth needs one row for each choice of factors")
    logs = np.log(worth)
    shares = np.zeros((count, *worth.shape[1:]))
    for choice in range(2**count):
        size = choice.bit_count()
        for i in range(count):
            if not choice >> i & 1:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[i] += weight * (logs[choice | 1 << i] - logs[choice])
    return shares


def recorded_multipliers(runs: pl.DataFrame, unit: ReferenceKm, settings: ModelSettings) -> pl.DataFrame:
    """Share the load of a km of each recorded run out among steps, speed, hills and cadence.

    Exact Shapley shares of ln(load) within the run (see `run_load.log_shares`), against the easy flat km.

    Parameters
    ----------
    runs : DataFrame
        As from `run_inputs.run_inputs`, with `e_hills`, `e_hills_a`, `e_hills_c` for runs whose samples hold no
        altitude.
    unit : ReferenceKm
        The easy km.
    settings : ModelSettings
        The exponents.

    Returns
    -------
    DataFrame, same rows
        `r_steps`, `r_speed`, `r_hills`, `r_cadence`, which multiply to the load of a km in lens B; `r_a` and
        `r_c`, that load in lenses A and C. No shoe yet. Null for runs that are estimated from their summary.
    """
    shares = np.exp(log_shares(_worth(runs, unit, settings)))
    names = ("r_steps", *(f"r_{name}" for name in weighted_sums.VARYING))
    frame = pl.DataFrame(dict(zip(names, shares, strict=True)), nan_to_null=True)
    km, seen = pl.col("used_m") / 1000, pl.col("has_altitude")
    lens_c = pl.when(seen).then("c_1").otherwise(pl.col("c_0") * pl.col("e_hills_c"))
    lens_a = pl.when(seen).then("a_1").otherwise(pl.col("a_0") * pl.col("e_hills_a"))
    others = runs.select(
        r_c=lens_c * pl.col("steps_scale") / km / unit.steps_per_km / unit.force**settings.vitro_exponent,
        r_a=lens_a * pl.col("metres_scale") / pl.col("used_m") / unit.weight,
        told_hills=pl.when(seen).then(1.0).otherwise("e_hills"),
    )
    both = pl.concat([frame, others], how="horizontal")
    return both.with_columns(r_hills=pl.col("r_hills") * pl.col("told_hills")).drop("told_hills")


def _worth(runs: pl.DataFrame, unit: ReferenceKm, settings: ModelSettings) -> np.ndarray:
    """Load of a km for each choice of steps (bit 0), speed, hills and cadence taken as they were."""
    choices = []
    for choice in range(2 ** (len(weighted_sums.VARYING) + 1)):
        taken = [choice >> (i + 1) & 1 for i in range(len(weighted_sums.VARYING))]
        sums = {hills: _sum_of(choice & 1, taken, hills) for hills in (0, 1)}
        total = pl.when("has_altitude").then(sums[1]).otherwise(sums[0])
        per_m = 1.0 if choice & 1 == 0 else 1000 / unit.steps_per_km
        scale = pl.col("steps_scale") if choice & 1 else pl.col("metres_scale")
        force = unit.force**settings.exponent if taken[0] else 1.0
        load = pl.when(pl.col("estimated").not_()).then(total * scale * per_m / pl.col("used_m") / force)
        choices.append(load.fill_null(float("nan")).alias(str(choice)))
    return np.vstack([column.to_numpy() for column in runs.select(choices)])


def _sum_of(by_steps: int, taken: list[int], hills: int) -> pl.Expr:
    """Name the sum of one choice; where hills are unknown, the sum without them."""
    digits = "".join(
        str(t * hills) if name == "hills" else str(t)
        for name, t in zip(weighted_sums.VARYING, taken, strict=True)
    )
    return pl.col(f"{'steps' if by_steps else 'metres'}_{digits}")


CALIBRATE_FROM = 10
"""Runs with recording and summary that are needed to learn how they differ. Design choice."""
FLAG_WORDS = (
    *("no_samples", "summary_chosen", "treadmill", "incline", "no_shoe", "no_shoe_facts"),
    *uncertainty.WIDTHS,
)
"""Words this module puts into a run's flags, beside those of its activity."""


def load_runs(
    activities: pl.DataFrame,
    samples: ScanSamples,
    shoe_facts: pl.DataFrame,
    settings: ModelSettings,
    recordings: Recordings | None = None,
) -> tuple[pl.DataFrame, RunnerProfile]:
    """Compute the load of every run, and the measures of the runner. The slow part.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`, the id of the recording to use (null none); what a person said
        (SESSION_EXTRA, `edited`) where there. Sports that are not running are left out: they load the tendon
        in another way and are kept as context.
    samples : callable
        Recording ids to LazyFrame.
    shoe_facts : DataFrame
        What is known of each pair, as from `connectors.shoes.shoe_facts.shoe_facts`, or SHOE_FACT alone.
    settings : ModelSettings
        Numbers of the model.
    recordings : Recordings or None
        As from `recordings_for` with the same recordings and walking limits; None reads them.

    Returns
    -------
    tuple of DataFrame and RunnerProfile
        RUN_SCHEMA in order of start, and the runner's own measures. `load_tkm` is null where neither
        distance nor time is known. Runs a person left out are marked `is_excluded`: they have their estimate,
        and the measures do not rest on them.

    References
    ----------
    Science in the factors; the sum over steps as Edwards 2018 (doi:10.1249/JES.0000000000000155)
    frames it.
    """
    runs = select_runs(activities, shoe_facts)
    usual = runs.filter(pl.col("is_excluded").not_())  # what is left out says nothing of what is usual
    recordings = recordings or recordings_for(activities, samples, settings)
    personal = fit_profile(recordings.speeds, usual, settings)
    return run_loads(runs, recordings, personal, settings), personal


def run_loads(
    runs: pl.DataFrame, recordings: Recordings, personal: RunnerProfile, settings: ModelSettings
) -> pl.DataFrame:
    """Compute the load of runs from their recordings and summaries.

    Lens B with exponent b is the engine, A and C stand beside it.

    Parameters
    ----------
    runs : DataFrame
        ACTIVITY columns, `samples_id`, `kind`, `drop_mm`, `is_plated`; runs only.
    recordings : Recordings
        As from `recordings_for`; a run without one is estimated from its summary.
    personal : RunnerProfile
        The runner's own measures.
    settings : ModelSettings
        Numbers of the model.

    Returns
    -------
    DataFrame
        RUN_SCHEMA, in order of start.
    """
    sums = recordings.sums(personal, settings)
    unit = reference_km(personal, settings)
    known = run_inputs(runs, recordings.facts.join(sums, on="activity_id"), personal)
    known = pl.concat(
        [known, summary_estimate.summary_estimates(known, personal, unit, settings)], how="horizontal"
    )
    known = known.with_columns(*_worn(settings), *uncertainty.shoe_bounds(settings))
    known = pl.concat([known, recorded_multipliers(known, unit, settings)], how="horizontal")
    known = known.with_columns(**_calibration(known)).with_columns(_loads())
    known = pl.concat([known, weighted_steps(known, unit, settings)], how="horizontal")
    known = pl.concat([known, uncertainty.load_bounds(known, unit, settings)], how="horizontal")
    return _as_runs(known, personal)


def _worn(settings: ModelSettings) -> list[pl.Expr]:
    """Multiply what is worn, carried and run on, in each lens."""
    carried = achilles_force.carried_force(settings)
    force = factor.force_product("shoe", "run", settings) * carried
    return [
        force.pow(settings.exponent).alias("worn"),
        force.pow(settings.vitro_exponent).alias("worn_c"),
        (factor.weight_product("shoe", "run", settings) * carried).alias("worn_a"),
    ]


def _calibration(runs: pl.DataFrame) -> dict[str, pl.Expr]:
    """How this runner's recordings lie to the estimates from their summaries, in each lens."""
    both = runs.filter(
        ~pl.col("estimated")
        & ~pl.col("partial_samples")
        & ~pl.col("distance_differs")
        & ~pl.col("is_excluded")
    ).select(
        b=_product("r_") / _product("e_"), a=pl.col("r_a") / pl.col("e_a"), c=pl.col("r_c") / pl.col("e_c")
    )
    if both.drop_nulls().height < CALIBRATE_FROM:
        values = {
            "fit": 1.0,
            "fit_a": 1.0,
            "fit_c": 1.0,
            "low": uncertainty.SUMMARY_SHARE[0],
            "high": uncertainty.SUMMARY_SHARE[1],
        }
    else:
        middle, low, high = (float(both["b"].quantile(q, "linear") or 1.0) for q in (0.5, 0.1, 0.9))
        others = {f"fit_{lens}": float(both[lens].quantile(0.5, "linear") or 1.0) for lens in "ac"}
        values = {"fit": middle, **others, "low": low / middle, "high": high / middle}
    names = {"low": "spread_low", "high": "spread_high"}
    return {names.get(name, name): pl.lit(value) for name, value in values.items()}


def _product(prefix: str) -> pl.Expr:
    return (
        pl.col(f"{prefix}steps")
        * pl.col(f"{prefix}speed")
        * pl.col(f"{prefix}hills")
        * pl.col(f"{prefix}cadence")
    )


def _loads() -> list[pl.Expr]:
    """Choose recording or summary; the runner's own difference between the two counts as speed."""
    km = pl.col("used_m") / 1000

    def either(recorded: str, summed: pl.Expr) -> pl.Expr:
        return pl.when(pl.col("estimated")).then(summed).otherwise(pl.col(recorded))

    speed = either("r_speed", pl.col("e_speed") * pl.col("fit"))
    parts = {
        "x_steps": either("r_steps", pl.col("e_steps")),
        "x_speed": speed,
        "x_hills": either("r_hills", pl.col("e_hills")),
        "x_cadence": either("r_cadence", pl.col("e_cadence")),
        "x_shoe": pl.col("worn"),
    }
    multiplier = pl.lit(1.0)
    for part in parts.values():
        multiplier = multiplier * part
    known = pl.col("used_m").is_not_null()
    return [
        *(pl.when(known).then(part).alias(name) for name, part in parts.items()),
        pl.when(known).then(multiplier).alias("multiplier"),
        (multiplier * km).alias("load_tkm"),
        (either("r_a", pl.col("e_a") * pl.col("fit_a")) * km * pl.col("worn_a")).alias("load_a_tkm"),
        (either("r_c", pl.col("e_c") * pl.col("fit_c")) * km * pl.col("worn_c")).alias("load_c_tkm"),
    ]


def _as_runs(runs: pl.DataFrame, personal: RunnerProfile) -> pl.DataFrame:
    sampled = pl.col("estimated").not_()
    told_line = personal.own_cadence(pl.col("used_m") / pl.col("used_s"))
    told_deviation = pl.when(pl.col("told_cadence_spm") >= 140).then(
        pl.col("told_cadence_spm") / told_line - 1
    )
    own = personal.own_cadence(pl.col("compared_speed") / pl.col("compared_s"))
    deviation = (
        pl.when(sampled & (pl.col("compared_s") > 0))
        .then(pl.col("compared_cadence") / pl.col("compared_s") / own - 1)
        .otherwise(told_deviation)
    )
    mean_cadence = pl.when(pl.col("cadence_n") > 0).then(pl.col("cadence_sum") / pl.col("cadence_n"))
    measured = personal.cadence_from != "default"
    complete = runs.with_columns(
        distance_m=pl.col("known_m"),
        ascent_m=pl.col("climb_m"),
        descent_m=pl.col("fall_m"),
        fast_s=pl.when(sampled).then(pl.col("fast_s") * pl.col("steps_scale")),
        cadence_spm=pl.coalesce(mean_cadence, pl.col("told_cadence_spm")),
        cadence_deviation_pct=deviation * 100 if measured else pl.lit(None, pl.Float64),
        steps=pl.when(sampled).then(pl.col("steps_000") * pl.col("steps_scale")).otherwise("e_leg_steps"),
        load_low_tkm=pl.col("load_tkm") * pl.col("band_low"),
        load_high_tkm=pl.col("load_tkm") * pl.col("band_high"),
        x_shoe_low=pl.col("x_shoe") * pl.col("shoe_low"),
        x_shoe_high=pl.col("x_shoe") * pl.col("shoe_high"),
        flags=pl.Series(_words(runs), dtype=pl.String),
    )
    return complete.select(pl.col(name).cast(dtype) for name, dtype in RUN_SCHEMA.items())


def _words(runs: pl.DataFrame) -> list[str]:
    """Join the flags of the activity and of this module, sorted."""
    flags = runs["flags"].fill_null("").to_list()
    rows = runs.select(FLAG_WORDS).iter_rows()
    return [
        " ".join(sorted({*text.split(), *(word for word, on in zip(FLAG_WORDS, row, strict=True) if on)}))
        for text, row in zip(flags, rows, strict=True)
    ]
