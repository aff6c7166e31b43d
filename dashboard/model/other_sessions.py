"""What stands beside the running and is in no sum of it: sessions a person left out, and other sports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.load.run_inputs import with_edit_columns
from dashboard.model.schemas import RUN_SCHEMA, WEEK

OTHER_SCHEMA = pl.Schema({"local_date": pl.Date, "sport": pl.String, "time_s": pl.Float64})


def no_runs() -> pl.DataFrame:
    """Return the frame of a runner of whom nothing is left out.

    Returns
    -------
    DataFrame, no rows
        RUN_SCHEMA.
    """
    return RUN_SCHEMA.to_frame()


def no_others() -> pl.DataFrame:
    """Return the frame of a runner without another sport.

    Returns
    -------
    DataFrame, no rows
        `local_date`, `sport`, `time_s`.
    """
    return OTHER_SCHEMA.to_frame()


def split_excluded(runs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the runs that count from those a person left out.

    What is left out is shown, and is in no sum.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA; without `is_excluded` nothing is left out.

    Returns
    -------
    tuple of DataFrame
        Those that count, and those left out; both in their order.
    """
    if "is_excluded" not in runs.columns:
        return runs, no_runs()
    left_out = pl.col("is_excluded").fill_null(False)
    return runs.filter(left_out.not_()), runs.filter(left_out)


def other_sports(activities: pl.DataFrame) -> pl.DataFrame:
    """Return the time spent in other sports.

    A ride or a walk loads the tendon in a way this model does not estimate, so it is shown as time.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns, and `is_excluded` where a person said so.

    Returns
    -------
    DataFrame
        OTHER_SCHEMA: one row for each session that is no run and is not left out, by date; `time_s` moving,
        else elapsed, null unknown.
    """
    sessions = with_edit_columns(activities).filter(
        pl.col("sport").is_in(RUN_SPORTS).not_(), pl.col("is_excluded").not_()
    )
    return sessions.select("local_date", "sport", time_s=pl.coalesce("moving_s", "elapsed_s")).sort(
        "local_date", "sport", "time_s"
    )


def last_days_of(
    sessions: pl.DataFrame, dates: pl.Series, values: Sequence[str], by: str | None = None
) -> pl.DataFrame:
    """Sum sessions over the last days, at each date of a grid.

    The same last seven days as every lane.

    Parameters
    ----------
    sessions : DataFrame
        `local_date`, the values, and `by`.
    dates : Series of Date
        Grid to read on, rising.
    values : sequence of str
        Columns to sum; null counts as nothing, for what is drawn apart has no totals to keep whole.
    by : str or None
        Column whose values are summed each by itself.

    Returns
    -------
    DataFrame
        `local_date`, `by` where given, and the sums; only rows with a sum above 0.
    """
    keys = [by] if by else []
    if sessions.is_empty() or dates.is_empty():
        return sessions.head(0).select("local_date", *keys, *values)
    first = sessions.select(pl.col("local_date").min()).item()
    summed = sessions.group_by("local_date", *keys).agg(pl.col(name).sum() for name in values)
    kinds = summed[by].unique().sort().to_list() if by else [None]
    at = _numbers(dates) - _number(first)
    frames = []
    for kind in kinds:
        summed_kind = summed.filter(pl.col(by) == kind) if by else summed
        sums = {name: _rolling(summed_kind, name, at, _number(first), WEEK) for name in values}
        kind_column = (
            {by: pl.Series([kind], dtype=summed.schema[by]).new_from_index(0, len(dates))} if by else {}
        )
        frames.append(pl.DataFrame({"local_date": dates, **kind_column, **sums}))
    return pl.concat(frames).filter(pl.any_horizontal(pl.col(name) > 0 for name in values))


def _numbers(dates: pl.Series) -> np.ndarray:
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def _number(day: object) -> int:
    return int(np.datetime64(str(day), "D").astype(np.int64))


def _rolling(summed: pl.DataFrame, name: str, at: np.ndarray, first: int, days: int) -> np.ndarray:
    day = _numbers(summed["local_date"]) - first
    daily = np.zeros(int(day.max()) + 2)
    np.add.at(daily, day + 1, summed[name].fill_null(0.0).to_numpy())
    reached = np.cumsum(daily)
    upto = np.clip(at + 1, 0, len(daily) - 1)
    since = np.clip(at + 1 - days, 0, len(daily) - 1)
    return np.maximum(reached[upto] - reached[since], 0.0)
