"""The load of a part of the runs, with the runner's measures held as they are: quick enough for a what-if."""

from __future__ import annotations

import polars as pl

from dashboard.model import weighing
from dashboard.model.basis import running
from dashboard.model.load import CALIBRATE_FROM, Scan, ground_for, run_loads
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings

COMPANIONS = 6 * CALIBRATE_FROM
"""Recorded runs taken along, so that runs without a recording are still set against this runner's own. Design
choice."""


def with_companions(activities: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """Choose the sessions asked for, and the latest recorded ones beside them.

    Parameters
    ----------
    activities : DataFrame
        As for `load_runs`.
    wanted : list of str
        `activity_id`s.

    Returns
    -------
    DataFrame
        Rows of `activities`.

    Source
    ------
    ours: see `COMPANIONS`.
    """
    mine = pl.col("activity_id").is_in(wanted)
    recorded = pl.col("samples_id").is_not_null() & (pl.col("distance_m") > 0)
    counted = pl.col("is_excluded").fill_null(False).not_()
    others = activities.filter(mine.not_() & recorded & counted & pl.col("sport").is_in(["Run", "TrailRun"]))
    latest = others.sort("start_utc", "activity_id").tail(COMPANIONS)
    return pl.concat([activities.filter(mine), latest])


def part_loads(
    activities: pl.DataFrame,
    samples: Scan,
    shoe_facts: pl.DataFrame,
    personal: Personal,
    settings: ModelSettings,
) -> pl.DataFrame:
    """Work out the load of some runs with measures known before.

    Parameters
    ----------
    activities, samples, shoe_facts, settings
        As for `load_runs`.
    personal : Personal
        The runner's measures, from all runs.

    Returns
    -------
    DataFrame
        RUN_SCHEMA.

    Source
    ------
    ours: a few runs set right hardly move what is usual.
    """
    ground = ground_for(activities, samples, settings)
    sums = weighing.run_sums(ground.seconds, personal, settings)
    known = ground.facts.join(sums, on="activity_id")
    return run_loads(running(activities, shoe_facts), known, personal, settings)
