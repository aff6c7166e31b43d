"""Samples and summaries to the load of each run."""

from __future__ import annotations

import hashlib

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model import bands, choices, recorded, shelf, summary, tissue, weighing
from dashboard.model.baseline import baseline
from dashboard.model.basis import basis, running
from dashboard.model.ground import Ground, ground_of
from dashboard.model.personal import Personal, personal_from
from dashboard.model.said import CUTS, rescaled, with_said
from dashboard.model.seconds import Scan
from dashboard.model.settings import ModelSettings
from dashboard.model.tables import RUN_SCHEMA

CALIBRATE_FROM = 10
"""Runs with recording and summary that are needed to learn how they differ. Design choice."""
WORDS = (
    *("no_samples", "summary_chosen", "treadmill", "incline", "no_shoe", "no_shoe_facts"),
    *bands.WIDTHS,
)
"""Words this module puts into a run's flags, beside those of its activity."""


def load_runs(
    activities: pl.DataFrame,
    samples: Scan,
    shoes: pl.DataFrame,
    shoe_facts: pl.DataFrame,
    settings: ModelSettings,
    ground: Ground | None = None,
) -> tuple[pl.DataFrame, Personal]:
    """Work out the load of every run, and what is usual for the runner. The slow part.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`, the id of the recording to use (null none); what a person said
        (SESSION_EXTRA, `edited`) where there. Sports that are not running are left out: they load the tendon
        in another way and are kept as context.
    samples : callable
        Recording ids to LazyFrame.
    shoes : DataFrame
        SHOE. Not read: what make and model say of a pair stands in `shoe_facts`.
    shoe_facts : DataFrame
        What is known of each pair, as from `connectors.shoes.pairs.known_pairs`, or SHOE_FACT alone.
    settings : ModelSettings
        Numbers of the model.
    ground : Ground or None
        What `ground_for` gave for the same recordings and walking limits; None reads it.

    Returns
    -------
    tuple of DataFrame and Personal
        RUN_SCHEMA in order of start, and the runner's own measures. `load_tkm` is null where neither
        distance nor time is known. Runs a person left out are marked `is_excluded`: they have their estimate,
        and the measures do not rest on them.

    Source
    ------
    ours: science in the factors; the sum over steps as Edwards 2018 (doi:10.1249/JES.0000000000000155)
    frames it.
    """
    runs = running(activities, shoe_facts)
    usual = runs.filter(pl.col("is_excluded").not_())  # what is left out says nothing of what is usual
    known = ground or ground_for(activities, samples, settings)
    personal = personal_from(known.speeds, usual, settings)
    sums = weighing.run_sums(known.seconds, personal, settings)
    return run_loads(runs, known.facts.join(sums, on="activity_id"), personal, settings), personal


def ground_for(activities: pl.DataFrame, samples: Scan, settings: ModelSettings) -> Ground:
    """Read what the recordings of runs say before anything is weighed.

    Parameters
    ----------
    activities, samples, settings
        As for `load_runs`; of the settings only the walking limits are read.

    Returns
    -------
    Ground
        For `load_runs` of any other settings. Of a run that was left out nothing is read: its load is told
        from its summary.

    Source
    ------
    ours: a changed force or exponent leaves it as it is.
    """
    runs = _counted(activities)
    return ground_of(rescaled(samples, runs), _recordings(runs), settings)


def ground_key(activities: pl.DataFrame) -> str:
    """Name what `ground_for` would read.

    Parameters
    ----------
    activities : DataFrame
        As for `load_runs`.

    Returns
    -------
    str
        32 hexadecimal digits; the same for the same recordings with the same corrected cadence.

    Source
    ------
    ours.
    """
    read = _counted(activities).select("samples_id", "cadence_scale", *CUTS)
    rows = read.drop_nulls("samples_id").sort("samples_id").iter_rows()
    words = "".join(
        f"{one}*{scale}" + (f"[{first},{last}]" if first is not None or last is not None else "")
        for one, scale, first, last in rows
    )
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def _counted(activities: pl.DataFrame) -> pl.DataFrame:
    runs = with_said(activities.filter(pl.col("sport").is_in(RUN_SPORTS)))
    return runs.filter(pl.col("is_excluded").not_())


def _recordings(runs: pl.DataFrame) -> list[str]:
    return runs["samples_id"].drop_nulls().unique().sort().to_list()


def run_loads(
    runs: pl.DataFrame, sums: pl.DataFrame, personal: Personal, settings: ModelSettings
) -> pl.DataFrame:
    """Turn the sums and summaries of runs into loads.

    Parameters
    ----------
    runs : DataFrame
        ACTIVITY columns, `samples_id`, `kind`, `drop_mm`, `is_plated`; runs only.
    sums : DataFrame
        The columns of `ground.Ground.facts` and of `weighing.run_sums`, a row for each recording.
    personal : Personal
        The runner's own measures.
    settings : ModelSettings
        Numbers of the model.

    Returns
    -------
    DataFrame
        RUN_SCHEMA, in order of start.

    Source
    ------
    ours: lens B with exponent b is the engine, A and C stand beside it.
    """
    unit = baseline(personal, settings)
    known = basis(runs, sums, personal)
    known = pl.concat([known, summary.estimates(known, personal, unit, settings)], how="horizontal")
    known = known.with_columns(*_worn(settings), *bands.shoe_ends(settings))
    known = pl.concat([known, recorded.multipliers(known, unit, settings)], how="horizontal")
    known = known.with_columns(**_calibration(known)).with_columns(_loads())
    known = pl.concat([known, choices.weighted_steps(known, unit, settings)], how="horizontal")
    known = pl.concat([known, bands.widened(known, unit, settings)], how="horizontal")
    return _as_runs(known, personal)


def _worn(settings: ModelSettings) -> list[pl.Expr]:
    """Multiply what is worn, carried and run on, in each lens."""
    carried = tissue.carried(settings)
    force = shelf.force("shoe", "run", settings) * carried
    return [
        force.pow(settings.exponent).alias("worn"),
        force.pow(settings.vitro_exponent).alias("worn_c"),
        (shelf.weight("shoe", "run", settings) * carried).alias("worn_a"),
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
        values = {"fit": 1.0, "fit_a": 1.0, "fit_c": 1.0, "low": bands.SUMMARY[0], "high": bands.SUMMARY[1]}
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


def _as_runs(runs: pl.DataFrame, personal: Personal) -> pl.DataFrame:
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
    told = runs["flags"].fill_null("").to_list()
    rows = runs.select(WORDS).iter_rows()
    return [
        " ".join(sorted({*text.split(), *(word for word, on in zip(WORDS, row, strict=True) if on)}))
        for text, row in zip(told, rows, strict=True)
    ]
