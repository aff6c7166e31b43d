"""What a morning follows: the runs and exercises of the day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np
import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.channels import NEW_AFTER_DAYS, NEW_KM
from dashboard.model.student_t import central_t


@dataclass(frozen=True)
class FollowedBy:
    """The day before a morning.

    Parameters
    ----------
    date
        Local date of the day before.
    runs
        Runs of that date.
    distance_m
        Their distance; null where one of them has none, or there is no run.
    exercises
        Names of the exercises of that date, in the order they were done.
    sets
        How many sets of them.
    """

    date: date
    runs: int
    distance_m: float | None
    exercises: tuple[str, ...]
    sets: int


def followed_by(activities: pl.DataFrame, strength: pl.DataFrame, morning: date) -> FollowedBy:
    """Return what a morning follows.

    The same link as in `next_morning.next_morning_rows`, by local dates: a run belongs to the date it started on, a
    morning to the date on the runner's clock.

    Parameters
    ----------
    activities : DataFrame
        As `Store.activities` gives them; what a person left out is left out.
    strength : DataFrame
        STRENGTH.
    morning : date
        Local date of waking.

    Returns
    -------
    FollowedBy
        Of the local date before.
    """
    before = morning - timedelta(days=1)
    runs = _runs(activities).filter(pl.col("local_date") == before)
    metres = runs["distance_m"]
    done = strength.filter(pl.col("date") == before).sort("fetched_utc", "source_id")
    return FollowedBy(
        date=before,
        runs=runs.height,
        distance_m=float(metres.sum()) if runs.height and not metres.null_count() else None,
        exercises=tuple(done["exercise"].unique(maintain_order=True).to_list()),
        sets=done.height,
    )


def latest_runs(activities: pl.DataFrame, today: date, most: int, within_days: int) -> pl.DataFrame:
    """Return the last runs that something can still be said of.

    How a run felt is not remembered for long.

    Parameters
    ----------
    activities : DataFrame
        As `Store.activities` gives them; what a person left out is left out.
    today : date
        Local date of the runner.
    most : int
        How many at most.
    within_days : int
        How far back, d.

    Returns
    -------
    DataFrame
        Rows of `activities`, newest first.
    """
    since = today - timedelta(days=within_days)
    near = _runs(activities).filter(pl.col("local_date").is_between(since, today))
    return near.sort("start_utc", "activity_id", descending=True).head(most)


def latest_pairs(activities: pl.DataFrame, shoes: pl.DataFrame, most: int) -> list[str]:
    """Return the pairs worn last.

    Parameters
    ----------
    activities : DataFrame
        As `Store.activities` gives them; what a person left out is left out.
    shoes : DataFrame
        SHOE; retired pairs are left out.
    most : int
        How many at most.

    Returns
    -------
    list of str
        `shoe_id`, last worn first.
    """
    worn = shoes.filter(~pl.col("is_retired").fill_null(False)).select("shoe_id")
    last = (
        _runs(activities)
        .drop_nulls("shoe_id")
        .sort("start_utc", "activity_id", descending=True)
        .join(worn, on="shoe_id", how="semi", maintain_order="left")
    )
    return last["shoe_id"].unique(maintain_order=True).head(most).to_list()


def _runs(activities: pl.DataFrame) -> pl.DataFrame:
    left_out = pl.col("is_excluded").fill_null(False)
    return activities.filter(pl.col("sport").is_in(RUN_SPORTS) & ~left_out)


LONG = 1.25
HILLY = 1.5
HILLY_PER_KM = 15.0
FAST_S = 300.0
USUAL_RUNS = 20
NEEDED_RUNS = 5
BEFORE_DAYS = 7
NEEDED_MORNINGS = 3
NEEDED_SESSIONS = 5
CONFIDENCE = 0.95

SESSION_KINDS = ("easy", "long", "fast", "hilly", "new_shoe", "rehab", "rest")
RESPONSE_MEASURES = ("stiffness_0_10", "stiffness_min", "pain_0_10")
FEW_SESSIONS = "{count} of {needed} sessions with an entry the morning after: too few for an interval."

RESPONSE_SCHEMA = pl.Schema(
    {
        "kind": pl.String,
        "measure": pl.String,
        "sessions": pl.Int64,
        "told": pl.Int64,
        "change": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "higher": pl.Int64,
        "why": pl.String,
    }
)


def session_kinds(runs: pl.DataFrame) -> pl.DataFrame:
    """Return for each run what kind of session it was.

    Kinds are relative to the same runner.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.

    Returns
    -------
    DataFrame, one row for each run and kind
        `activity_id`, `local_date`, `kind`: long (a quarter beyond the median of the 20 runs before), fast (five
        minutes above the own fast speed), hilly (climb and descent of a km half as much again as that median, and
        15 m), new_shoe (a pair with less than 50 km on record); a run may be several. easy: none of them. A run
        that says too little to tell is left out of easy.
    """
    ordered = runs.sort("local_date", "start_utc", "activity_id")
    metres = pl.col("distance_m")
    slope = (pl.col("ascent_m") + pl.col("descent_m")) / (metres / 1000)
    worn = (metres.cum_sum() - metres).over("shoe_id")
    late = (pl.col("local_date").min().over("shoe_id") - pl.col("local_date").min()).dt.total_days()
    marked = ordered.select(
        "activity_id",
        "local_date",
        long=metres >= LONG * _usual(metres),
        fast=pl.col("fast_s") >= FAST_S,
        hilly=(slope >= HILLY * _usual(slope)) & (slope >= HILLY_PER_KM),
        new_shoe=pl.col("shoe_id").is_not_null() & (late >= NEW_AFTER_DAYS) & (worn < NEW_KM * 1000),
    )
    some = pl.any_horizontal(pl.col("long", "fast", "hilly", "new_shoe").fill_null(False))
    is_known = pl.col("long").is_not_null() & pl.col("fast").is_not_null()
    kinds = ("easy", "long", "fast", "hilly", "new_shoe")
    return (
        marked.with_columns(easy=is_known & some.not_())
        .unpivot(kinds, index=["activity_id", "local_date"], variable_name="kind", value_name="is")
        .filter(pl.col("is").fill_null(False))
        .select("activity_id", "local_date", "kind")
        .sort("local_date", "activity_id", "kind")
    )


def _usual(value: pl.Expr) -> pl.Expr:
    return value.rolling_median(USUAL_RUNS, min_samples=NEEDED_RUNS).shift(1)


def next_morning_rows(symptoms: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Return the change on the morning after each date.

    Against the mornings just before, so that the course of a flare is not put down to one session; a tendon answers
    within a day or two (Rosengarten 2014, bjsm 47/9/e2.24).

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM; the larger of several entries of a date counts.
    days : DataFrame
        DAY_SCHEMA, for the dates.

    Returns
    -------
    DataFrame, one row for each date
        `local_date` and one column for each of MEASURES: the morning after, less the mean of that day's own morning
        and the six before it; null where the morning after, or all but two of those seven, were not logged. Minutes
        logged as a band are left out: a mean of middles would claim what nobody said, and 0-10 is asked beside them.
    """
    names = ("morning_stiffness_0_10", "morning_stiffness_min", "morning_pain_0_10")
    exact = pl.when(pl.col("morning_stiffness_band").is_null()).then("morning_stiffness_min")
    logged = symptoms.with_columns(exact.alias("morning_stiffness_min"))
    felt = logged.group_by(pl.col("date").alias("local_date")).agg(pl.col(names).max())
    mornings = days.select("local_date").join(felt, on="local_date", how="left", maintain_order="left")
    return mornings.select(
        "local_date",
        *(
            (pl.col(n).shift(-1) - pl.col(n).rolling_mean(BEFORE_DAYS, min_samples=NEEDED_MORNINGS)).alias(
                measure
            )
            for n, measure in zip(names, RESPONSE_MEASURES, strict=True)
        ),
    )


def morning_responses(
    runs: pl.DataFrame,
    days: pl.DataFrame,
    symptoms: pl.DataFrame,
    strength: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Compare the next morning across kinds of session.

    Interval: Student's t, which takes mornings as independent; they are not quite, so it is somewhat narrow.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA.
    symptoms : DataFrame
        SYMPTOM.
    strength : DataFrame or None
        STRENGTH: days with exercises and no run are of the kind rehab.

    Returns
    -------
    DataFrame, one row for each kind there is and measure
        RESPONSE_SCHEMA. `sessions`: days of that kind; `told`: those with a change known. `change`: mean change, in
        the unit of the measure, with its 95 % interval `low` to `high` (null below five, `why` says so). `higher`:
        mornings higher than those before. Days of rest stand beside the others: mornings drift on their own.
    """
    changed = next_morning_rows(symptoms, days)
    kinds = _day_kinds(runs, days, strength)
    rows = []
    for kind in SESSION_KINDS:
        dates = kinds.filter(pl.col("kind") == kind).select("local_date")
        if dates.is_empty():
            continue
        responses = changed.join(dates, on="local_date", how="semi")
        for measure in RESPONSE_MEASURES:
            rows.append((kind, measure, dates.height, *_summary(responses[measure].drop_nulls().to_numpy())))
    return pl.DataFrame(rows, schema=RESPONSE_SCHEMA, orient="row")


def _day_kinds(runs: pl.DataFrame, days: pl.DataFrame, strength: pl.DataFrame | None) -> pl.DataFrame:
    """Dates by kind: a date with several runs is easy only where all of them were."""
    ran = session_kinds(runs).select("local_date", "kind").unique()
    harder = ran.filter(pl.col("kind") != "easy").select("local_date")
    easy = ran.filter(pl.col("kind") == "easy").join(harder, on="local_date", how="anti")
    still = days.filter(pl.col("known") & (pl.col("runs") == 0)).select("local_date")
    exercised = still.clear() if strength is None else strength.select(local_date="date").unique()
    rehab = still.join(exercised, on="local_date", how="semi").with_columns(kind=pl.lit("rehab"))
    rest = still.join(exercised, on="local_date", how="anti").with_columns(kind=pl.lit("rest"))
    return pl.concat([ran.filter(pl.col("kind") != "easy"), easy, rehab, rest])


def _summary(
    values: np.ndarray,
) -> tuple[int, float | None, float | None, float | None, int, str | None]:
    count = len(values)
    mean = float(values.mean()) if count else None
    higher = int((values > 0).sum())
    if mean is None or count < NEEDED_SESSIONS:
        return count, mean, None, None, higher, FEW_SESSIONS.format(count=count, needed=NEEDED_SESSIONS)
    error = float(values.std(ddof=1)) / sqrt(count)
    half = central_t(CONFIDENCE, count - 1) * error
    return count, mean, mean - half, mean + half, higher, None
