"""What the lanes of the Timeline draw: rolling weeks of every quantity on one grid of dates."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.model.adaptation import plain_mean
from dashboard.model.running_state import IRREGULAR
from dashboard.model.schemas import WEEK
from dashboard.model.settings import ModelSettings

ROLLED_COLUMNS = {
    "load_tkm": "load_7d_tkm",
    "load_low_tkm": "load_low_7d_tkm",
    "load_high_tkm": "load_high_7d_tkm",
    "distance_m": "distance_7d_m",
    "moving_s": "moving_7d_s",
    "ascent_m": "ascent_7d_m",
    "descent_m": "descent_7d_m",
    "fast_s": "fast_7d_s",
}
FELT_COLUMNS = ("pain_0_10", "stiffness_min", "stiffness_low_min", "stiffness_high_min", "stiffness_0_10")
NEEDED = 0.75
"""Share of the running days of a week whose value must be known before their sum is shown. Design choice."""


def rolling_weeks(days: pl.DataFrame, settings: ModelSettings, step_days: int = 1) -> pl.DataFrame:
    """Return every quantity of the Timeline on one grid.

    The last seven days hold one of each weekday, so a weekly rhythm does not show as a change.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `adaptation.adapt_days`.
    settings : ModelSettings
        Of the analysis.
    step_days : int
        Dates apart: 1, or 7 for long windows.

    Returns
    -------
    DataFrame
        `local_date`, counted back from the last day. Sums of the last seven days: `load_7d_tkm` and its low
        and high (seven times the acute mean), `distance_7d_m`, `moving_7d_s`, `ascent_7d_m`, `descent_7d_m`,
        `fast_7d_s`; null where less than three quarters of the running days are known. `habitual_7d_tkm`
        with `habitual_low_7d_tkm` and `habitual_high_7d_tkm`, habit over and times the runner's own threshold (on
        the way back from a break the line times it), null where running is irregular; `ratio`; `held_ratio`, of what
        the load is held against; `line_7d_tkm`, the line back from a break; `mean_7d_tkm`, the plain mean of the last
        12 weeks; `threshold` and `state` as of `adapt_days`; `cadence_deviation_pct`, time-weighted over seven
        days. `pain_0_10`, `stiffness_min` and its low and high, `stiffness_0_10`: the largest of the step's own days.
        SI units; null unknown.
    """
    if days.is_empty():
        return _shape(days).clear()
    weeks = _shape(days.sort("local_date"))
    back = pl.int_range(pl.len()).reverse() // step_days
    return (
        weeks.group_by(back.alias("step"))
        .agg(pl.all().exclude(FELT_COLUMNS).last(), *(pl.col(name).max() for name in FELT_COLUMNS))
        .sort("local_date")
        .select(weeks.columns)
    )


def _shape(days: pl.DataFrame) -> pl.DataFrame:
    habit = pl.col("habitual_tkm") * WEEK
    upper, edge = pl.col("held_against_tkm") * WEEK, pl.col("threshold")
    is_regular = pl.col("state").ne_missing(IRREGULAR)
    held = pl.col("acute_tkm") / pl.col("held_against_tkm")
    return days.with_columns(mean_tkm=pl.Series(plain_mean(days), nan_to_null=True)).select(
        "local_date",
        (pl.col("acute_tkm") * WEEK).alias("load_7d_tkm"),
        *(_rolling(name).alias(new) for name, new in ROLLED_COLUMNS.items() if name != "load_tkm"),
        habit.alias("habitual_7d_tkm"),
        pl.when(is_regular).then(habit / edge).alias("habitual_low_7d_tkm"),
        pl.when(is_regular).then(upper * edge).alias("habitual_high_7d_tkm"),
        "ratio",
        pl.when(pl.col("held_against_tkm") > 0).then(held).alias("held_ratio"),
        (pl.col("line_tkm") * WEEK).alias("line_7d_tkm"),
        (pl.col("mean_tkm") * WEEK).alias("mean_7d_tkm"),
        "threshold",
        "state",
        _weighted("cadence_deviation_pct", "moving_s").alias("cadence_deviation_pct"),
        *FELT_COLUMNS,
    )


def _rolling(name: str) -> pl.Expr:
    """Sum of seven days; null where too little of it is known or the record does not reach."""
    value, ran = pl.col(name), (pl.col("runs") > 0)
    total = value.fill_null(0.0).rolling_sum(WEEK, min_samples=WEEK)
    rolled = (ran & value.is_not_null()).cast(pl.Float64).rolling_sum(WEEK, min_samples=WEEK)
    days_run = ran.fill_null(False).cast(pl.Float64).rolling_sum(WEEK, min_samples=WEEK)
    reached = pl.col("known").cast(pl.Float64).rolling_sum(WEEK, min_samples=WEEK) > WEEK - 0.5
    complete = (rolled >= NEEDED * days_run - 1e-9) & reached
    return pl.when(complete).then(total.clip(lower_bound=0.0))


def _weighted(name: str, by: str) -> pl.Expr:
    used = pl.when(pl.col(name).is_not_null()).then(pl.col(by)).fill_null(0.0)
    total = (pl.col(name).fill_null(0.0) * used).rolling_sum(WEEK, min_samples=1)
    weight = used.rolling_sum(WEEK, min_samples=1)
    return pl.when(weight > 1.0).then(total / weight)


def shoe_shares(runs: pl.DataFrame, dates: pl.Series, last_days: int = WEEK) -> pl.DataFrame:
    """Share the distance of the last days out among the pairs worn.

    A part that is not recorded is shown as not recorded.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    dates : Series of Date
        Grid to read on, as `local_date` of `rolling_weeks`.
    last_days : int
        Days back that count, including the date itself.

    Returns
    -------
    DataFrame
        `local_date`, `shoe_id` (null: pair not recorded), `distance_m`, `share` (0 to 1; those of a date sum
        to 1). No rows for a date without distance.
    """
    worn = runs.filter(pl.col("distance_m") > 0)
    empty = pl.DataFrame(
        schema={"local_date": pl.Date, "shoe_id": pl.String, "distance_m": pl.Float64, "share": pl.Float64}
    )
    if worn.is_empty() or dates.is_empty():
        return empty
    summed = worn.group_by("local_date", "shoe_id").agg(pl.col("distance_m").sum())
    pairs = summed["shoe_id"].unique().sort(nulls_last=True).to_list()
    table, first = _by_day(summed, pairs)
    day = dates.to_numpy().astype("datetime64[D]").astype(np.int64) - first
    upto = np.clip(day + 1, 0, len(table) - 1)
    since = np.clip(day + 1 - last_days, 0, len(table) - 1)
    metres = np.maximum(table[upto] - table[since], 0.0)
    total = metres.sum(axis=1)
    rows, columns = np.nonzero(metres > 0.5)
    return pl.DataFrame(
        {
            "local_date": dates.gather(rows),
            "shoe_id": pl.Series(pairs, dtype=pl.String).gather(columns),
            "distance_m": metres[rows, columns],
            "share": metres[rows, columns] / total[rows],
        },
        schema=empty.schema,
    )


def _by_day(summed: pl.DataFrame, pairs: list[str | None]) -> tuple[np.ndarray, int]:
    """Metres reached in each pair before each day, and the number of the first day."""
    day = summed["local_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    first = int(day.min())
    place = {pair: i for i, pair in enumerate(pairs)}
    table = np.zeros((int(day.max()) - first + 2, len(pairs)))
    columns = np.array([place[pair] for pair in summed["shoe_id"]])
    np.add.at(table, (day - first + 1, columns), summed["distance_m"].to_numpy())
    return np.cumsum(table, axis=0), first
