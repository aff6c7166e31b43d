"""What a person said of a session, as the model takes it: left out, corrected cadence, incline, own climb."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from connectors.frames import RUN_SPORTS, SESSION_EXTRA
from dashboard.model.load import summary_estimate
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import ScanSamples

CUTS = ("cut_from_s", "cut_to_s")


def with_edit_columns(activities: pl.DataFrame) -> pl.DataFrame:
    """Add missing columns that a person may fill, and scale the mean cadence as a person said.

    Records that no person ever spoke of are a case like any other.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns; those of SESSION_EXTRA and `edited` may be missing, which is nothing said.

    Returns
    -------
    DataFrame, same rows
        With all of them; `is_excluded` is never null; `cadence_spm` is scaled by `cadence_scale`.
    """
    types = {name: column.dtype for name, column in SESSION_EXTRA.items()} | {"edited": pl.String}
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in types.items() if name not in activities.columns
    ]
    return activities.with_columns(missing).with_columns(
        is_excluded=pl.col("is_excluded").fill_null(False),
        cadence_spm=pl.col("cadence_spm") * pl.col("cadence_scale").fill_null(1.0),
    )


def with_corrected_cadence(samples: ScanSamples, runs: pl.DataFrame) -> ScanSamples:
    """Scale the recorded cadence of runs of which a person said that it is half or double; cut what was no run.

    A device that counts one foot, or both twice, is wrong from the first second to the last.

    Parameters
    ----------
    samples : callable
        Recording ids to LazyFrame, SAMPLE columns and `activity_id`.
    runs : DataFrame
        `samples_id`, `cadence_scale` (null as recorded), `cut_from_s` and `cut_to_s` (s, null uncut).

    Returns
    -------
    callable
        The same where nothing was said, so that nothing is slower.
    """
    changed = (pl.col("cadence_scale") != 1.0).fill_null(False)
    for cut in CUTS:
        changed = changed | pl.col(cut).is_not_null()
    corrected = runs.filter(pl.col("samples_id").is_not_null() & changed).unique("samples_id", keep="last")
    if corrected.is_empty():
        return samples

    def scaled(ids: Sequence[str]) -> pl.LazyFrame:
        rows = samples(ids)
        kind = rows.collect_schema()["activity_id"]
        wanted = corrected.filter(pl.col("samples_id").is_in(list(ids)))
        scales = wanted.select(
            pl.col("samples_id").cast(kind).alias("activity_id"),
            pl.col("cadence_scale").cast(pl.Float32).alias("|scale"),
            *(pl.col(cut).alias(f"|{cut}") for cut in CUTS),
        )
        joined = rows.join(scales.lazy(), on="activity_id", how="left", maintain_order="left")
        first, last = (pl.col(f"|{cut}") for cut in CUTS)
        second = pl.col("second")
        inside = joined.filter(((second >= first) | first.is_null()) & ((second < last) | last.is_null()))
        scaled_steps = pl.col("cadence_spm") * pl.col("|scale").fill_null(1.0)
        return inside.with_columns(cadence_spm=scaled_steps).drop("|scale", *(f"|{cut}" for cut in CUTS))

    return scaled


def was_edited(field: str) -> pl.Expr:
    """Return whether a person spoke of a field.

    A person's word comes before a device's.

    Parameters
    ----------
    field : str
        One of the fields that may be edited.

    Returns
    -------
    Expr, Boolean
        From `edited`; never null.
    """
    return pl.col("edited").fill_null("").str.split(" ").list.contains(field)


GAP = 0.05
"""Samples and summary may differ by this share of the distance before one is scaled to the other. Design
choice."""
COVERS_LEAST = 0.2
"""Samples of less than this share of the distance say too little; the summary is used. Design choice."""
INDOOR_SPORTS = ("VirtualRun",)
SHOE_WORN = ("kind", "drop_mm", "drop_low_mm", "drop_high_mm", "is_plated")
"""What the model reads of a pair."""


def select_runs(activities: pl.DataFrame, shoe_facts: pl.DataFrame) -> pl.DataFrame:
    """Select the runs, with what the runner says of the shoe worn.

    Walks, hikes, rides and swims load the tendon in another way and do not count as running load.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`.
    shoe_facts : DataFrame
        What is known of each pair: `shoe_id` and SHOE_WORN, of which the range of drop may be missing.

    Returns
    -------
    DataFrame
        The rows of RUN_SPORTS in order of start, with `kind`, `drop_mm`, `drop_low_mm`, `drop_high_mm`, `is_plated`
        (null unknown) and what a person said (`run_inputs.with_edit_columns`).
    """
    missing = [pl.lit(None, pl.Float64).alias(name) for name in SHOE_WORN if name not in shoe_facts.columns]
    facts = shoe_facts.with_columns(missing).select("shoe_id", *SHOE_WORN).unique("shoe_id", keep="last")
    runs = with_edit_columns(activities.filter(pl.col("sport").is_in(RUN_SPORTS)))
    return runs.join(facts, on="shoe_id", how="left", maintain_order="left").sort("start_utc", "activity_id")


def run_inputs(runs: pl.DataFrame, sums: pl.DataFrame, personal: RunnerProfile) -> pl.DataFrame:
    """Settle, for each run, what is used and what is missing.

    The service's distance wins, since the runner may have corrected or cropped it there.

    Parameters
    ----------
    runs : DataFrame
        As from `select_runs`.
    sums : DataFrame
        The columns of `recordings.RecordingData.facts` and of `weighted_sums.weighted_sums`, a row for each recording.
    personal : RunnerProfile
        Easy speed, for what is missing.

    Returns
    -------
    DataFrame, same rows
        Sums joined; `climb_m` and `fall_m` (null unknown; of a belt, from its incline); `estimated` where the
        summary has to be used; `known_m`, `used_m`, `used_s` (see `summary_estimate.effective_speed`); `steps_scale`
        and `metres_scale`, by which sums are stretched to the run's distance; one Boolean column for each flag.
    """
    joined = runs.join(
        sums,
        left_on="samples_id",
        right_on="activity_id",
        how="left",
        maintain_order="left",
    )
    settled = summary_estimate.effective_speed(_usable(joined), personal)
    return _flagged(settled.with_columns(_scales()).with_columns(_belt_slope()))


def _usable(joined: pl.DataFrame) -> pl.DataFrame:
    """Add what the samples alone say, and whether they say enough."""
    filled = pl.col("metres_000") * pl.col("seconds") / pl.col("known_s")
    metres = pl.when(pl.col("span_m") > filled / 2).then("span_m").otherwise(filled)
    enough = (metres > 0) & (pl.col("steps_111") > 0)
    covers = (filled >= pl.col("distance_m") * COVERS_LEAST).fill_null(True)
    on_belt = pl.col("sport").is_in(INDOOR_SPORTS) | (pl.col("surface") == "treadmill").fill_null(False)
    usable = joined.with_columns(
        is_indoor=pl.when(on_belt).then(True).otherwise("is_indoor"),
        has_heart_rate=pl.col("heart_rate_bpm").is_not_null(),
        has_samples=(pl.col("seconds") > 0).fill_null(False),
        samples_m=pl.when(enough).then(metres),
        estimated=(enough & covers).fill_null(False).not_(),
        # The device's figure first, as services do, so that totals agree with what the runner reads there;
        # but a person's own word before both.
        climb_m=_height_of_edit_or_device("ascent"),
        fall_m=_height_of_edit_or_device("descent"),
        told_cadence_spm=pl.col("cadence_spm"),
    )
    return usable.with_columns(
        indoor=pl.col("is_indoor").fill_null(False),
        distance_m=pl.when(pl.col("distance_m") > 0).then("distance_m").otherwise("samples_m"),
        moving_s=pl.when(pl.col("moving_s") > 0).then("moving_s").otherwise("on_feet_s"),
    )


def _height_of_edit_or_device(name: str) -> pl.Expr:
    typed, device = f"{name}_m", f"{name}_device_m"
    return pl.when(was_edited(typed)).then(typed).otherwise(pl.coalesce(device, typed))


def _belt_slope() -> list[pl.Expr]:
    """Compute the climb of a belt from its incline, or use a person's own figure; a sensor indoors knows neither."""
    slope = pl.col("incline_pct") / 100
    parts = {"climb_m": ("ascent_m", slope), "fall_m": ("descent_m", -slope)}
    return [
        pl.when(pl.col("indoor"))
        .then(
            pl.coalesce(
                pl.col("used_m") * grade.clip(lower_bound=0.0), pl.when(was_edited(typed)).then(pl.col(typed))
            )
        )
        .otherwise(name)
        .alias(name)
        for name, (typed, grade) in parts.items()
    ]


def _scales() -> list[pl.Expr]:
    """Return how far the sums are stretched to the run's distance.

    Steps are taken as recorded where the distance fits them within 5 %, or where the device's own distance
    does: then only its speed reads high. Seconds of unknown speed count as the mean of the others.
    """
    known, seen = pl.col("known_m"), pl.col("metres_000")
    scale = pl.col("seconds") / pl.col("known_s")
    short = known > seen * scale / (1 - GAP)
    reads_high = (known >= pl.col("span_m") / (1 + GAP)).fill_null(False)
    long = (known < seen / (1 + GAP)) & reads_high.not_()
    stretched = known / seen
    held = pl.min_horizontal(pl.max_horizontal(stretched, pl.lit(1.0)), scale)
    return [
        pl.when(short | long).then(stretched).otherwise(held).alias("steps_scale"),
        stretched.alias("metres_scale"),
        short.fill_null(False).alias("partial_samples"),
        long.fill_null(False).alias("distance_differs"),
    ]


def _flagged(runs: pl.DataFrame) -> pl.DataFrame:
    sampled = pl.col("estimated").not_()
    half = pl.col("seconds") / 2
    grade = sampled & (pl.col("grade_s") >= half)
    climb = pl.col("estimated") & pl.col("climb_m").is_not_null()
    is_doubted = pl.col("told_cadence_spm").is_not_null() & pl.col("estimated")
    flags = pl.col("flags").fill_null("").str.split(" ")
    return runs.with_columns(
        has_altitude=(grade & pl.col("indoor").not_()).fill_null(False),
        has_cadence=((sampled & (pl.col("cadence_s") >= half)) | is_doubted).fill_null(False),
        summary_chosen=pl.col("uses_recording").not_().fill_null(False),
    ).with_columns(
        treadmill=pl.col("indoor") & pl.col("climb_m").is_null() & pl.col("fall_m").is_null(),
        incline=pl.col("indoor") & pl.col("incline_pct").is_not_null(),
        no_samples=(pl.col("has_samples") | pl.col("summary_chosen")).not_(),
        no_altitude=(pl.col("has_altitude") | climb | pl.col("indoor")).not_(),
        no_cadence=pl.col("has_cadence").not_(),
        no_shoe=pl.col("shoe_id").is_null(),
        no_shoe_facts=pl.col("shoe_id").is_not_null()
        & pl.all_horizontal(pl.col("kind", "drop_mm", "is_plated").is_null()),
        hidden_start=flags.list.contains("hidden_start"),
        odd_time=pl.col("odd_time") & pl.col("estimated"),
        no_time=pl.col("no_time") & pl.col("estimated"),
    )
