"""Runs by which a runner may remember when it began, and the dates between which it did."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.frames import EVENT, RUN_SPORTS
from connectors.store import Store
from dashboard.model.run_breaks import Anchor, RunBreak, anchor_runs, long_breaks


def _runs(store: Store, athlete_id: int) -> pl.DataFrame:
    rows = store.activities(athlete_id)
    return rows.filter(pl.col("sport").is_in(RUN_SPORTS)).select("local_date", "distance_m")


def run_years(store: Store, athlete_id: int) -> list[int]:
    """Return the years with a run, newest first."""
    days = _runs(store, athlete_id)["local_date"].drop_nulls()
    return sorted({day.year for day in days}, reverse=True)


def breaks_of(store: Store, athlete_id: int) -> list[RunBreak]:
    """Return the breaks in running that are long for this runner."""
    return long_breaks(_runs(store, athlete_id)["local_date"].drop_nulls())


def anchors_of(store: Store, athlete_id: int, year: int, today: date) -> list[tuple[Anchor, date]]:
    """Return the runs of a year, each with the date by which it had begun if that was the last without it.

    That is the next run listed; after the last of a year the first of the next, or today.
    """
    runs = _runs(store, athlete_id)
    races = store.read(EVENT, athlete_id).filter(pl.col("kind") == "race")["date"].to_list()
    anchors = anchor_runs(runs, races, year)
    ends = [one.date for one in (*anchors[1:], *anchor_runs(runs, races, year + 1)[:1])]
    ends += [today] * (len(anchors) - len(ends))
    return list(zip(anchors, ends, strict=False))
