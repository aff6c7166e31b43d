"""How the runner steps: step rate, step length and what a foot pod adds, at matched speed on level ground."""

from __future__ import annotations

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model import seconds
from dashboard.model.load import Scan
from dashboard.model.personal import LINE_RANGE_MPS, Personal
from dashboard.model.settings import ModelSettings

BANDS_OF_EASY = 10
"""A band of speed is one tenth of the own easy speed wide, easy in the middle of band 0. Design choice: a step
within one lengthens by at most a tenth, and a band means the same for a slow runner as for a fast one."""
BAND_NEEDS_S = 60.0
"""Seconds of level running in a band below which a run says nothing of it. Design choice."""

PLAUSIBLE = {
    "step_length_mm": (300.0, 3_000.0),
    "contact_ms": (100.0, 450.0),
    "contact_left_pct": (30.0, 70.0),
    "vertical_oscillation_mm": (20.0, 200.0),
    "form_power_w": (1.0, 500.0),
}
"""What a running step may read; beyond lies a sensor that lost the foot. Design choice."""
DYNAMICS = ("contact_ms", "contact_left_pct", "vertical_oscillation_mm", "form_power_w")
"""Measures that only some devices record."""
MEASURES = ("cadence_deviation_pct", "cadence_spm", "step_length_mm", *DYNAMICS)
SECONDS = {
    name: f"{name.rsplit('_', 1)[0]}_s" if name in PLAUSIBLE else "seconds"
    for name in ("cadence_deviation_pct", "cadence_spm", *PLAUSIBLE)
}
"""Measure to the column with the seconds behind it."""

MEANS = {
    "seconds": pl.Float64,  # level running with speed and step rate known
    "speed_mps": pl.Float64,
    "cadence_spm": pl.Float64,
    "own_cadence_spm": pl.Float64,  # the own line at that speed; null where it was never measured
    "cadence_deviation_pct": pl.Float64,
    **{column: pl.Float64 for name in PLAUSIBLE for column in (name, SECONDS[name])},
}
MECHANICS_SCHEMA = pl.Schema(
    {"activity_id": pl.String, "local_date": pl.Date, "band": pl.Int32, **MEANS}  # band: tenths above easy
)


def mechanics(
    activities: pl.DataFrame, samples: Scan, personal: Personal, settings: ModelSettings
) -> pl.DataFrame:
    """Average every run by band of speed, in one streaming pass over its seconds.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`; other sports are left out.
    samples : callable
        Recording ids to LazyFrame.
    personal : Personal
        Easy speed and the own cadence-speed line.
    settings : ModelSettings
        The walking limits.

    Returns
    -------
    DataFrame, one row for each run and band with at least 60 s
        MECHANICS_SCHEMA, by start and band. Means over level running (grade below 3 %, or not known) from 2 to 6
        m/s with step rate known. `step_length_mm`: as recorded, else speed over step rate, of one step. A measure
        with less than 60 s behind it is null.

    Source
    ------
    ours: raw cadence mirrors speed and slope, so like is set beside like; means, since they add up over runs and
    what a median would keep out (walking, a lost foot) is left out before.
    """
    kept = pl.col("sport").is_in(RUN_SPORTS) & pl.col("samples_id").is_not_null()
    runs = activities.filter(kept).select("activity_id", "local_date", "start_utc", "samples_id")
    ids = runs["samples_id"].unique().sort().to_list()
    if not ids:
        return MECHANICS_SCHEMA.to_frame()
    sums = _sums(samples(ids), personal, settings).rename({"activity_id": "samples_id"})
    joined = runs.join(sums, on="samples_id").sort("start_utc", "activity_id", "band")
    measured = personal.cadence_from != "default"
    own = personal.own_cadence(pl.col("speed_mps")) if measured else pl.lit(None, pl.Float64)
    told = joined.filter(pl.col("seconds") >= BAND_NEEDS_S).with_columns(own_cadence_spm=own)
    return told.with_columns(deviation(), *known_well(BAND_NEEDS_S)).select(*MECHANICS_SCHEMA)


def _sums(samples: pl.LazyFrame, personal: Personal, settings: ModelSettings) -> pl.DataFrame:
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    running = seconds.understood(samples, settings, tuple(PLAUSIBLE)).filter(
        pl.col("walking").not_()
        & cadence.is_not_null()
        & speed.is_between(*LINE_RANGE_MPS)
        & (pl.col("grade_pct").abs() < Personal.FLAT_PCT).fill_null(True)
    )
    read: dict[str, pl.Expr] = {
        name: pl.when(pl.col(name).is_between(*bounds)).then(pl.col(name))
        for name, bounds in PLAUSIBLE.items()
    }
    read["step_length_mm"] = read["step_length_mm"].fill_null(speed / cadence * 60_000)
    found = running.select(
        pl.col("activity_id"),
        (speed / personal.easy_mps * BANDS_OF_EASY + 0.5).floor().cast(pl.Int32).alias("band")
        - BANDS_OF_EASY,
        speed,
        cadence,
        *(value.alias(name) for name, value in read.items()),
    )
    return (
        found.group_by("activity_id", "band")
        .agg(
            pl.len().cast(pl.Float64).alias("seconds"),
            pl.col("speed_mps", "cadence_spm", *PLAUSIBLE).mean(),
            *(pl.col(name).count().cast(pl.Float64).alias(SECONDS[name]) for name in PLAUSIBLE),
        )
        .sort("activity_id", "band")
        .collect()
        .with_columns(pl.col("activity_id").cast(pl.String), pl.col(*PLAUSIBLE).cast(pl.Float64))
    )


def band_edges(personal: Personal, band: int) -> tuple[float, float]:
    """Give the speeds between which a band lies.

    Parameters
    ----------
    personal : Personal
        Easy speed.
    band : int
        Tenths above easy; 0 is easy.

    Returns
    -------
    tuple of float
        Low and high, m/s.

    Source
    ------
    ours: see `BANDS_OF_EASY`.
    """
    middle = 1 + band / BANDS_OF_EASY
    half = 0.5 / BANDS_OF_EASY
    return (middle - half) * personal.easy_mps, (middle + half) * personal.easy_mps


def deviation() -> pl.Expr:
    """Set step rate against the own line at the same speed.

    Returns
    -------
    Expr, Float64
        `cadence_deviation_pct`, %; null where either is not known.

    Source
    ------
    ours: see `mechanics`.
    """
    relative = pl.col("cadence_spm") / pl.col("own_cadence_spm")
    return ((relative - 1) * 100).alias("cadence_deviation_pct")


def known_well(needed_s: float) -> list[pl.Expr]:
    """Take away measures that too few seconds stand behind.

    Parameters
    ----------
    needed_s : float
        s.

    Returns
    -------
    list of Expr
        Each of `PLAUSIBLE`, null below that.

    Source
    ------
    ours.
    """
    return [pl.when(pl.col(SECONDS[name]) >= needed_s).then(pl.col(name)).alias(name) for name in PLAUSIBLE]
