"""How the runner steps: step rate, step length and what a foot pod adds, at matched speed on level ground."""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.load import seconds
from dashboard.model.load.runner_profile import LINE_RANGE_MPS, RunnerProfile
from dashboard.model.load.seconds import ScanSamples
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
MEASURE_COLUMNS = ("cadence_deviation_pct", "cadence_spm", "step_length_mm", *DYNAMICS)
SECOND_COLUMNS = {
    name: f"{name.rsplit('_', 1)[0]}_s" if name in PLAUSIBLE else "seconds"
    for name in ("cadence_deviation_pct", "cadence_spm", *PLAUSIBLE)
}
"""Measure to the column with the seconds behind it."""

MEAN_COLUMNS = {
    "seconds": pl.Float64,  # level running with speed and step rate known
    "speed_mps": pl.Float64,
    "cadence_spm": pl.Float64,
    "own_cadence_spm": pl.Float64,  # the own line at that speed; null where it was never measured
    "cadence_deviation_pct": pl.Float64,
    **{column: pl.Float64 for name in PLAUSIBLE for column in (name, SECOND_COLUMNS[name])},
}
MECHANICS_SCHEMA = pl.Schema(
    {
        "activity_id": pl.String,
        "local_date": pl.Date,
        "band": pl.Int32,
        **MEAN_COLUMNS,
    }  # band: tenths above easy
)


def run_mechanics(
    activities: pl.DataFrame, samples: ScanSamples, personal: RunnerProfile, settings: ModelSettings
) -> pl.DataFrame:
    """Average every run by band of speed, in one streaming pass over its seconds.

    Raw cadence mirrors speed and slope, so like is set beside like; means, since they add up over runs and what a
    median would keep out (walking, a lost foot) is left out before.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`; other sports are left out.
    samples : callable
        Recording ids to LazyFrame.
    personal : RunnerProfile
        Easy speed and the own cadence-speed line.
    settings : ModelSettings
        The walking limits.

    Returns
    -------
    DataFrame, one row for each run and band with at least 60 s
        MECHANICS_SCHEMA, by start and band. Means over level running (grade below 3 %, or not known) from 2 to 6
        m/s with step rate known. `step_length_mm`: as recorded, else speed over step rate, of one step. A measure
        with less than 60 s behind it is null.
    """
    is_recorded_run = pl.col("sport").is_in(RUN_SPORTS) & pl.col("samples_id").is_not_null()
    runs = activities.filter(is_recorded_run).select("activity_id", "local_date", "start_utc", "samples_id")
    ids = runs["samples_id"].unique().sort().to_list()
    if not ids:
        return MECHANICS_SCHEMA.to_frame()
    sums = _sums(samples(ids), personal, settings).rename({"activity_id": "samples_id"})
    joined = runs.join(sums, on="samples_id").sort("start_utc", "activity_id", "band")
    measured = personal.cadence_from != "default"
    own = personal.own_cadence(pl.col("speed_mps")) if measured else pl.lit(None, pl.Float64)
    compared = joined.filter(pl.col("seconds") >= BAND_NEEDS_S).with_columns(own_cadence_spm=own)
    return compared.with_columns(deviation(), *known_well(BAND_NEEDS_S)).select(*MECHANICS_SCHEMA)


def _sums(samples: pl.LazyFrame, personal: RunnerProfile, settings: ModelSettings) -> pl.DataFrame:
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    running = seconds.clean_seconds(samples, settings, tuple(PLAUSIBLE)).filter(
        pl.col("walking").not_()
        & cadence.is_not_null()
        & speed.is_between(*LINE_RANGE_MPS)
        & (pl.col("grade_pct").abs() < RunnerProfile.FLAT_PCT).fill_null(True)
    )
    read: dict[str, pl.Expr] = {
        name: pl.when(pl.col(name).is_between(*bounds)).then(pl.col(name))
        for name, bounds in PLAUSIBLE.items()
    }
    read["step_length_mm"] = read["step_length_mm"].fill_null(speed / cadence * 60_000)
    sums = running.select(
        pl.col("activity_id"),
        (speed / personal.easy_mps * BANDS_OF_EASY + 0.5).floor().cast(pl.Int32).alias("band")
        - BANDS_OF_EASY,
        speed,
        cadence,
        *(value.alias(name) for name, value in read.items()),
    )
    return (
        sums.group_by("activity_id", "band")
        .agg(
            pl.len().cast(pl.Float64).alias("seconds"),
            pl.col("speed_mps", "cadence_spm", *PLAUSIBLE).mean(),
            *(pl.col(name).count().cast(pl.Float64).alias(SECOND_COLUMNS[name]) for name in PLAUSIBLE),
        )
        .sort("activity_id", "band")
        .collect()
        .with_columns(pl.col("activity_id").cast(pl.String), pl.col(*PLAUSIBLE).cast(pl.Float64))
    )


def band_edges(personal: RunnerProfile, band: int) -> tuple[float, float]:
    """Return the speeds between which a band lies.

    See `BANDS_OF_EASY`.

    Parameters
    ----------
    personal : RunnerProfile
        Easy speed.
    band : int
        Tenths above easy; 0 is easy.

    Returns
    -------
    tuple of float
        Low and high, m/s.
    """
    middle = 1 + band / BANDS_OF_EASY
    half = 0.5 / BANDS_OF_EASY
    return (middle - half) * personal.easy_mps, (middle + half) * personal.easy_mps


def deviation() -> pl.Expr:
    """Set step rate against the own line at the same speed.

    See `run_mechanics`.

    Returns
    -------
    Expr, Float64
        `cadence_deviation_pct`, %; null where either is not known.
    """
    relative = pl.col("cadence_spm") / pl.col("own_cadence_spm")
    return ((relative - 1) * 100).alias("cadence_deviation_pct")


def known_well(needed_s: float) -> list[pl.Expr]:
    """Remove measures that rest on too few seconds.

    Parameters
    ----------
    needed_s : float
        s.

    Returns
    -------
    list of Expr
        Each of `PLAUSIBLE`, null below that.
    """
    return [
        pl.when(pl.col(SECOND_COLUMNS[name]) >= needed_s).then(pl.col(name)).alias(name) for name in PLAUSIBLE
    ]


STRETCH_NEEDS_S = 300.0
"""Seconds in a band below which a stretch of dates says nothing of it. Design choice."""
STRETCH_SCHEMA = pl.Schema({"from_date": pl.Date, "band": pl.Int32, "runs": pl.Int64, **MEAN_COLUMNS})


def usual_bands(rows: pl.DataFrame, most: int = 4) -> list[int]:
    """Name the bands the runner runs in most.

    A reader can follow four lines.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    most : int
        How many at most.

    Returns
    -------
    list of int
        Those with at least five minutes, slowest first.
    """
    by_time = rows.group_by("band").agg(pl.col("seconds").sum()).sort("seconds", "band", descending=True)
    return sorted(by_time.filter(pl.col("seconds") >= STRETCH_NEEDS_S)["band"].head(most).to_list())


def in_bands(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Select the runs of some dates.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    first, last : date
        Local dates, both included.

    Returns
    -------
    DataFrame
        MECHANICS_SCHEMA.
    """
    return rows.filter(pl.col("local_date").is_between(first, last))


def between_dates(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Average the runs of some dates by band.

    An hour says more than a minute.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    first, last : date
        Local dates, both included.

    Returns
    -------
    DataFrame, one row for each band
        STRETCH_SCHEMA, slowest first; each mean weighted by its seconds, null below five minutes.
    """
    return _pooled(in_bands(rows, first, last).with_columns(from_date=pl.lit(first, pl.Date)))


def mechanics_over_time(rows: pl.DataFrame, every: Literal["week", "month"]) -> pl.DataFrame:
    """Average the runs of each week or month by band.

    No gap, so that a line breaks where nothing is known.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    every : "week" or "month"
        Weeks begin on Monday.

    Returns
    -------
    DataFrame, one row for each band and step from the first run to the last
        STRETCH_SCHEMA, by band and date; means as in `between_dates`. A step without running has `runs` 0 and nulls.
    """
    if rows.is_empty():
        return STRETCH_SCHEMA.to_frame()
    step = {"week": "1w", "month": "1mo"}[every]
    dated = rows.with_columns(from_date=pl.col("local_date").dt.truncate(step))
    edges = dated.select(low=pl.col("from_date").min(), high=pl.col("from_date").max())
    steps = edges.select(from_date=pl.date_ranges("low", "high", step)).explode(
        "from_date", empty_as_null=True
    )
    grid = steps.join(dated.select("band").unique(), how="cross")
    filled = grid.join(_pooled(dated), on=["from_date", "band"], how="left")
    zero = [pl.col(name).fill_null(0.0) for name in dict.fromkeys(SECOND_COLUMNS.values())]
    return (
        filled.with_columns(pl.col("runs").fill_null(0), *zero)
        .select(*STRETCH_SCHEMA)
        .sort("band", "from_date")
    )


def _pooled(rows: pl.DataFrame) -> pl.DataFrame:
    """Average rows by `from_date` and band, each measure weighted by its own seconds."""

    def mean(name: str, by: str) -> pl.Expr:
        known = pl.when(pl.col(name).is_not_null()).then(pl.col(by))
        return ((pl.col(name) * known).sum() / known.sum()).fill_nan(None).alias(name)

    means = rows.group_by("from_date", "band").agg(
        pl.col("activity_id").n_unique().cast(pl.Int64).alias("runs"),
        pl.col("seconds").sum(),
        *(mean(name, "seconds") for name in ("speed_mps", "cadence_spm", "own_cadence_spm")),
        *(mean(name, SECOND_COLUMNS[name]) for name in PLAUSIBLE),
        *(
            pl.when(pl.col(name).is_not_null())
            .then(pl.col(SECOND_COLUMNS[name]))
            .sum()
            .alias(SECOND_COLUMNS[name])
            for name in PLAUSIBLE
        ),
    )
    held = [
        pl.when(pl.col("seconds") >= STRETCH_NEEDS_S).then(pl.col(name)).alias(name)
        for name in ("cadence_spm", "own_cadence_spm")
    ]
    pooled = means.with_columns(*held, *known_well(STRETCH_NEEDS_S)).with_columns(deviation())
    return pooled.select(*STRETCH_SCHEMA).sort("band", "from_date")
