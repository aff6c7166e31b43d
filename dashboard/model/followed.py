"""What a morning follows: the runs and exercises of the day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.frames import RUN_SPORTS


@dataclass(frozen=True)
class Followed:
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


def followed(activities: pl.DataFrame, strength: pl.DataFrame, morning: date) -> Followed:
    """Say what a morning follows.

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
    Followed
        Of the local date before.

    Source
    ------
    ours: the same link as in `responses.next_mornings`, by local dates: a run belongs to the date it started on, a
    morning to the date on the runner's clock.
    """
    before = morning - timedelta(days=1)
    runs = _runs(activities).filter(pl.col("local_date") == before)
    metres = runs["distance_m"]
    done = strength.filter(pl.col("date") == before).sort("fetched_utc", "source_id")
    return Followed(
        date=before,
        runs=runs.height,
        distance_m=float(metres.sum()) if runs.height and not metres.null_count() else None,
        exercises=tuple(done["exercise"].unique(maintain_order=True).to_list()),
        sets=done.height,
    )


def latest_runs(activities: pl.DataFrame, today: date, most: int, within_days: int) -> pl.DataFrame:
    """Give the last runs that something can still be said of.

    Parameters
    ----------
    activities : DataFrame
        As for `followed`.
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

    Source
    ------
    ours, design choice: how a run felt is not remembered for long.
    """
    since = today - timedelta(days=within_days)
    near = _runs(activities).filter(pl.col("local_date").is_between(since, today))
    return near.sort("start_utc", "activity_id", descending=True).head(most)


def latest_pairs(activities: pl.DataFrame, shoes: pl.DataFrame, most: int) -> list[str]:
    """Give the pairs worn last.

    Parameters
    ----------
    activities : DataFrame
        As for `followed`.
    shoes : DataFrame
        SHOE; retired pairs are left out.
    most : int
        How many at most.

    Returns
    -------
    list of str
        `shoe_id`, last worn first.

    Source
    ------
    ours.
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
