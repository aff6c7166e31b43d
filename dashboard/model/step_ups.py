"""Stretches in which one channel of training went far beyond the runner's own weeks: a step-up.

A description, not a limit: each threshold is a design choice in `ModelSettings`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from dashboard.model.channels import CHANNELS, WEEK, Novelty, mark_other_pairs, prior_weeks
from dashboard.model.outpaced_windows import joined_stretches
from dashboard.model.settings import ModelSettings

YEAR_WEEKS = 52
NEEDED_YEAR_WEEKS = 12
SPREAD = (0.1, 0.5, 0.9)
TOLERANCE = 1e-9
DOSE = ("volume", "longest", "fast", "speed", "climb", "descent", "cadence", "shoe_new", "drop")
"""Channels that are a dose of load; run_days and hard_gap are made of them."""
SHOE_CHANNELS = ("shoe_new", "drop")

STEP_UP_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "channel": pl.String,
        "usual": pl.Float64,  # median of the eight weeks before the peak; units of `channels.CHANNELS`
        "usual_low": pl.Float64,
        "usual_high": pl.Float64,
        "reached": pl.Float64,
        "z": pl.Float64,
        "above_share_of_year": pl.Float64,  # 0 to 1, in the direction that adds load
        "peak_date": pl.Date,
        "shoe_id": pl.String,  # of the pair behind shoe_new and drop; null for other channels
    }
)


Enough = Callable[[np.ndarray, np.ndarray, ModelSettings], np.ndarray]


@dataclass(frozen=True)
class StepUps:
    """Step-ups of a whole record.

    Parameters
    ----------
    first
        Day number of the first date.
    rows
        STEP_UP_SCHEMA, by `from_date`, then in the order of `CHANNELS`.
    meets
        Channel to ndarray of bool, shape (days,): whether a day meets the rule.
    within
        Channel to ndarray of bool, shape (days,): whether a day lies in a step-up.
    z
        As `Novelty.z`.
    usual
        Channel to `usual_range`, shape (3, days): what a lane draws as the runner's own usual.
    """

    first: int
    rows: pl.DataFrame
    meets: Mapping[str, np.ndarray]
    within: Mapping[str, np.ndarray]
    z: Mapping[str, np.ndarray]
    usual: Mapping[str, np.ndarray]


NO_STEP_UPS = StepUps(0, STEP_UP_SCHEMA.to_frame(), {}, {}, {}, {})
"""Of an empty record."""


def usual_range(values: np.ndarray) -> np.ndarray:
    """Return what was usual in the eight weeks before each date.

    Parameters
    ----------
    values : ndarray, shape (days,)
        One channel's value of the last seven days; NaN not known.

    Returns
    -------
    ndarray, shape (3, days)
        10th, 50th and 90th percentile of the known ones of the values 7, 14, … 56 days earlier, interpolated; NaN
        where none is known.
    """
    ordered = np.sort(prior_weeks(values), axis=0)  # NaN last
    count = np.isfinite(ordered).sum(axis=0)
    column = np.arange(ordered.shape[1])
    quantiles = np.full((len(SPREAD), ordered.shape[1]), np.nan)
    for row, share in enumerate(SPREAD):
        place = share * np.maximum(count - 1, 0)
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        below, above = ordered[low, column], ordered[high, column]
        quantiles[row] = np.where(count > 0, below + (place - low) * (above - below), np.nan)
    return quantiles


def share_of_year(values: np.ndarray, sign: int) -> np.ndarray:
    """Return the share of the last year's weeks that a value lies beyond.

    Parameters
    ----------
    values : ndarray, shape (days,)
        One channel's value of the last seven days; NaN not known.
    sign : int
        1 where more adds load, -1 where less does.

    Returns
    -------
    ndarray, shape (days,)
        0 to 1 over the known values 7, 14, … 364 days earlier, ties by half; NaN where fewer than 12 are known.
    """
    signed, count, beyond = sign * values, np.zeros(len(values)), np.zeros(len(values))
    for week in range(1, YEAR_WEEKS + 1):
        back = week * WEEK
        if back >= len(values):
            break
        now, then = signed[back:], signed[:-back]
        with np.errstate(invalid="ignore"):
            beyond[back:] += (then < now) + 0.5 * (then == now)
        count[back:] += np.isfinite(then)
    known = (count >= NEEDED_YEAR_WEEKS) & np.isfinite(values)
    return np.where(known, beyond / np.maximum(count, 1), np.nan)


def is_enough(channel: str, values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
    """Return whether a value is far enough from usual to matter for a tendon.

    Parameters
    ----------
    channel : str
        `Channel.id`.
    values, usual : ndarray, shape (days,)
        In the unit of the channel; NaN not known.
    settings : ModelSettings
        `step_up_…`.

    Returns
    -------
    ndarray of bool, shape (days,)
        False where not known.
    """
    with np.errstate(invalid="ignore"):
        return _ENOUGH[channel](values, usual, settings)


def _times(name: str) -> Enough:
    def check(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
        return values >= getattr(settings, name) * usual - TOLERANCE

    return check


def _differs(name: str, sign: int) -> Enough:
    def check(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
        return sign * (values - usual) >= getattr(settings, name) - TOLERANCE

    return check


def _fast(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
    more, some = values - usual, settings.step_up_fast_usual_min * 60
    again = values >= settings.step_up_half_again * usual - TOLERANCE
    often = (usual > some) & (more >= some - TOLERANCE) & again
    return (more >= settings.step_up_fast_min * 60 - TOLERANCE) | often


def _height(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
    more = values - usual
    again = values >= settings.step_up_half_again * usual - TOLERANCE
    much = more >= settings.step_up_climb_much_m - TOLERANCE
    return (more >= settings.step_up_climb_m - TOLERANCE) & (again | much)


def _cadence(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
    return values <= -settings.step_up_cadence_pct + TOLERANCE


def _known_share(values: np.ndarray, usual: np.ndarray, settings: ModelSettings) -> np.ndarray:
    """A half of the week in another pair is what z = 2 asks for."""
    return np.isfinite(values)


_ENOUGH: Mapping[str, Enough] = {
    "volume": _times("step_up_distance"),
    "longest": _times("step_up_distance"),
    "fast": _fast,
    "speed": _times("step_up_speed"),
    "climb": _height,
    "descent": _height,
    "cadence": _cadence,
    "run_days": _differs("step_up_run_days", 1),
    "hard_gap": _differs("step_up_gap_days", -1),
    "shoe_new": _known_share,
    "drop": _differs("step_up_drop_mm", -1),
}


def find_step_ups(weeks: Novelty, runs: pl.DataFrame, days: pl.DataFrame, settings: ModelSettings) -> StepUps:
    """Find the stretches in which a channel stepped up.

    A day meets the rule where z is at least `step_up_z`, the value lies beyond `step_up_share` of the last year's
    weeks, and it is enough to matter. A step-up is built like a window: `step_up_days` such days of seven, joined
    when at most `step_up_join_days` lie between. Design choices.

    Parameters
    ----------
    weeks : Novelty
        Of the whole record.
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA.
    settings : ModelSettings
        `step_up_…`.

    Returns
    -------
    StepUps
        `reached`, `usual`, `z` and `above_share_of_year` of a row are those of the day with the largest z of the days
        that meet the rule, the earliest of equals.
    """
    dates = days["local_date"].to_list()
    rows: list[dict[str, object]] = []
    meets: dict[str, np.ndarray] = {}
    within: dict[str, np.ndarray] = {}
    ranges: dict[str, np.ndarray] = {}
    for channel in CHANNELS:
        values, z = weeks.values[channel.id], weeks.z[channel.id]
        usual, share = usual_range(values), share_of_year(values, channel.sign)
        with np.errstate(invalid="ignore"):
            met = (z >= settings.step_up_z - TOLERANCE) & (share >= settings.step_up_share - TOLERANCE)
        met &= is_enough(channel.id, values, usual[1], settings)
        inside = np.zeros(len(met), dtype=bool)
        for start, end in joined_stretches(met, settings.step_up_days, settings.step_up_join_days):
            inside[start : end + 1] = True
            peak = start + int(np.argmax(np.where(met[start : end + 1], z[start : end + 1], -np.inf)))
            rows.append(
                {
                    "from_date": dates[start],
                    "to_date": dates[end],
                    "channel": channel.id,
                    **{
                        name: _known(value)
                        for name, value in zip(
                            ("usual_low", "usual", "usual_high"), usual[:, peak], strict=True
                        )
                    },
                    "reached": float(values[peak]),
                    "z": float(z[peak]),
                    "above_share_of_year": float(share[peak]),
                    "peak_date": dates[peak],
                }
            )
        meets[channel.id], within[channel.id], ranges[channel.id] = met, inside, usual
    frame = pl.DataFrame(rows, schema=STEP_UP_SCHEMA).sort("from_date", maintain_order=True)
    return StepUps(weeks.first, _with_pairs(frame, runs, days), meets, within, weeks.z, ranges)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _with_pairs(rows: pl.DataFrame, runs: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Name the pair behind each step-up of shoes: the one worn furthest in the week of the peak."""
    if rows.filter(pl.col("channel").is_in(SHOE_CHANNELS)).is_empty():
        return rows
    marked = mark_other_pairs(runs.filter(pl.col("distance_m") > 0), days).drop_nulls("shoe_id")
    pairs = [
        _pair(row, marked) if row["channel"] in SHOE_CHANNELS else None for row in rows.iter_rows(named=True)
    ]
    return rows.with_columns(shoe_id=pl.Series(pairs, dtype=pl.String))


def _pair(row: Mapping[str, object], marked: pl.DataFrame) -> str | None:
    peak = row["peak_date"]
    worn = marked.filter(
        pl.col("local_date").is_between(pl.lit(peak).dt.offset_by(f"-{WEEK - 1}d"), pl.lit(peak))
    )
    if row["channel"] == "drop":
        chosen = worn.filter(pl.col("drop_mm") < pl.lit(row["usual"]))
    else:
        chosen = worn.filter(pl.col("other") > 0)
    by_pair = chosen.group_by("shoe_id").agg(pl.col("distance_m").sum())
    ordered = by_pair.sort("distance_m", "shoe_id", descending=[True, False])
    return ordered["shoe_id"][0] if ordered.height else None


def touching(rows: pl.DataFrame, start: date, end: date) -> pl.DataFrame:
    """Return the step-ups that touch a span of dates.

    Parameters
    ----------
    rows : DataFrame
        With `from_date` and `to_date`.
    start, end : date
        First and last date, both included.

    Returns
    -------
    DataFrame
        The same columns.
    """
    return rows.filter((pl.col("from_date") <= pl.lit(end)) & (pl.col("to_date") >= pl.lit(start)))


def channel_rank(channel: str) -> int:
    """Return the part of a list a channel stands in.

    Parameters
    ----------
    channel : str
        Its id.

    Returns
    -------
    int
        0 for a dose, 1 for run_days, 2 for hard_gap.
    """
    return 0 if channel in DOSE else 1 if channel == "run_days" else 2


def order_changes(changes: pl.DataFrame) -> pl.DataFrame:
    """Sort the changes of each span: those that stepped up first, and doses before what is made of them.

    Parameters
    ----------
    changes : DataFrame
        `changes.CHANGE_SCHEMA`.

    Returns
    -------
    DataFrame
        By span; in each first the channels with a step-up in it, then the rest; in each part the dose channels, then
        run_days, then hard_gap; among these by z, the largest first; channels of unknown z last.
    """
    rank = pl.col("channel").replace_strict(
        {channel.id: channel_rank(channel.id) for channel in CHANNELS}, return_dtype=pl.Int64
    )
    return (
        changes.with_columns(unknown=pl.col("z").is_null(), part=rank)
        .sort(
            "from_date", "to_date", "unknown", "stepped_up", "part", "z",
            descending=[False, False, False, True, False, True], maintain_order=True,
        )
        .drop("unknown", "part")
    )  # fmt: skip


def is_leading(channel: str) -> bool:
    """Return whether a channel may stand first in a sentence.

    Parameters
    ----------
    channel : str
        Its id.

    Returns
    -------
    bool
        True for all but hard_gap, which is made of the load itself.
    """
    return channel_rank(channel) < 2
