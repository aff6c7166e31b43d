"""Stretches in which load outpaced habit, and single runs that went beyond the usual."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from connectors.frames import UTC_TIME
from dashboard.model.adaptation import NEEDED_OF_YEAR, TOLERANCE, YEAR_DAYS, Adapted
from dashboard.model.schemas import WEEK
from dashboard.model.settings import ModelSettings

JOIN_GAP = 3
"""Windows with up to this many days between them are one. Design choice."""
LOOK_BACK_DAYS = 30
SPIKE_BANDS = (("large", 2.0), ("moderate", 1.3), ("small", 1.1))
NO_COMPARATOR = "no_comparator"
"""A first run after 30 days without one: there is no run to compare it with."""
LENS_NOTE = "depends on model assumptions"
WINDOW_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "peak_date": pl.Date,
        "peak_ratio": pl.Float64,
        "threshold": pl.Float64,
        "above_share_of_year": pl.Float64,
        "robust": pl.Boolean,
        "lens_note": pl.String,
    }
)
SPIKE_SCHEMA = pl.Schema(
    {
        "local_date": pl.Date,
        "activity_id": pl.String,
        "distance_ratio": pl.Float64,
        "band": pl.String,
        "longest_m": pl.Float64,
        "days_since": pl.Int64,
    }
)


def outpaced_windows(
    days: pl.DataFrame, settings: ModelSettings, lens_b: Adapted | None = None
) -> pl.DataFrame:
    """Find the windows in which load outpaced what the runner was used to.

    At least `outpaced_days` days of seven at or above the runner's own threshold; windows up to three days apart are
    joined. Design choices: no threshold on such a ratio is validated (Impellizzeri 2020).

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `adaptation.adapt_days`.
    settings : ModelSettings
        `outpaced_days`.
    lens_b : Adapted or None
        Which days count for the runner's year; None takes those of which habit is known.

    Returns
    -------
    DataFrame
        `from_date` and `to_date`: first and last high day; `peak_date`, `peak_ratio`: acute over what it is held
        against; `threshold` on the peak day; `above_share_of_year`: share of the runner's year before the peak that
        lies below it, 0 to 1, ties by half, null where fewer than 90 days count; `robust`, whether lens A has a
        window on some of the same days; `lens_note`, in words where it has not.
    """
    dates = days["local_date"].to_list()
    week, against = days["acute_tkm"].to_numpy(), days["held_against_tkm"].to_numpy()
    ratio = np.divide(week, against, out=np.full(len(week), np.nan), where=against > 0)
    counted = np.where(lens_b.counts if lens_b is not None else ratio > 0, ratio, np.nan)
    threshold = days["threshold"].to_numpy()
    others = stretches(days["is_high_a"].fill_null(False).to_numpy(), settings)
    rows = []
    for start, end in stretches(days["is_high"].fill_null(False).to_numpy(), settings):
        peak = start + int(np.nanargmax(ratio[start : end + 1]))
        robust = any(a <= end and b >= start for a, b in others)
        rows.append(
            {
                "from_date": dates[start],
                "to_date": dates[end],
                "peak_date": dates[peak],
                "peak_ratio": float(ratio[peak]),
                "threshold": float(threshold[peak]),
                "above_share_of_year": share_below(
                    counted[max(peak - YEAR_DAYS, 0) : peak], float(ratio[peak])
                ),
                "robust": robust,
                "lens_note": None if robust else LENS_NOTE,
            }
        )
    return pl.DataFrame(rows, schema=WINDOW_SCHEMA)


def share_below(values: np.ndarray, value: float) -> float | None:
    """Return the share of known values that lie below one, ties by half.

    Parameters
    ----------
    values : ndarray, shape (days,)
        Any unit; NaN unknown.
    value : float
        In the same unit.

    Returns
    -------
    float or None
        0 to 1; None with fewer than `NEEDED_OF_YEAR` known.
    """
    known = values[np.isfinite(values)]
    if len(known) < NEEDED_OF_YEAR:
        return None
    return float(((known < value).sum() + 0.5 * (known == value).sum()) / len(known))


def stretches(high: np.ndarray, settings: ModelSettings) -> list[tuple[int, int]]:
    """Find the windows in one series of days.

    Parameters
    ----------
    high : ndarray of bool, shape (days,)
        Whether load was at or above the threshold; not known is not high.
    settings : ModelSettings
        `outpaced_days`.

    Returns
    -------
    list of tuple of int and int
        Positions of the first and last day of each window, in order.
    """
    return joined_stretches(high, settings.outpaced_days, JOIN_GAP)


def joined_stretches(high: np.ndarray, least_days: float, join_gap: float) -> list[tuple[int, int]]:
    """Find stretches of high days: as many of seven, joined when at most so many days lie between.

    Parameters
    ----------
    high : ndarray of bool, shape (days,)
        Days that meet a rule.
    least_days : float
        How many of seven days are needed.
    join_gap : float
        Days between two stretches that are one.

    Returns
    -------
    list of tuple of int and int
        Positions of the first and last high day of each, in order.
    """
    counts = np.convolve(high, np.ones(WEEK))[: len(high)] if len(high) else np.zeros(0)
    enough = np.nonzero(counts >= least_days)[0]
    edges = np.zeros(len(high) + 1)
    np.add.at(edges, np.maximum(enough - WEEK + 1, 0), 1)
    np.add.at(edges, enough + 1, -1)
    at = np.nonzero(high & (np.cumsum(edges[:-1]) > 0))[0]
    if not len(at):
        return []
    cut = np.nonzero(np.diff(at) - 1 > join_gap)[0]
    starts, ends = at[np.concatenate([[0], cut + 1])], at[np.concatenate([cut, [len(at) - 1]])]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def session_spikes(runs: pl.DataFrame, days: pl.DataFrame | None = None) -> pl.DataFrame:
    """Find runs longer than the longest of the 30 days before, and first runs after 30 days without one.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    days : DataFrame or None
        DAY_SCHEMA, for which days are known; None takes every day of the record as known.

    Returns
    -------
    DataFrame
        SPIKE_SCHEMA, in order of time: `distance_ratio` (above 1.1), `band`, `longest_m` (m, the run it is compared
        with). Runs in the first 30 days of the record, and those of unknown distance, have no ratio and are left
        out. Earlier runs of the same date count as before. `band` "no_comparator": no run, of any distance, in the
        30 days before, all of which are known; `days_since` the run before, its distance may be unknown, and
        `distance_ratio` and `longest_m` are null. It is never an exposure of a test.

    References
    ----------
    Frandsen 2025 (PMID 40623829), 5,205 runners, injuries of all kinds: more than 10, 30 and 100 % beyond. Runs
    within 10 % are the reference group of that study.
    """
    rows = [*_longer_runs(runs), *_first_runs(runs, days)]
    frame = pl.DataFrame(rows, schema=[*SPIKE_SCHEMA.items(), ("start_utc", UTC_TIME)], orient="row")
    return frame.sort("local_date", "start_utc", "activity_id").select(list(SPIKE_SCHEMA))


def distance_spikes(spikes: pl.DataFrame) -> pl.DataFrame:
    """Return the spikes that have a run to be compared with.

    Parameters
    ----------
    spikes : DataFrame
        As from `session_spikes`.

    Returns
    -------
    DataFrame
        The same columns.
    """
    return spikes.filter(pl.col("band") != NO_COMPARATOR)


def _longer_runs(runs: pl.DataFrame) -> list[tuple[object, ...]]:
    known = runs.filter(pl.col("distance_m") > 0).sort("local_date", "start_utc", "activity_id")
    dates, metres = known["local_date"].to_list(), known["distance_m"].to_numpy()
    ids, begun = known["activity_id"].to_list(), known["start_utc"].to_list()
    first_record = runs["local_date"].min()
    starts = np.searchsorted(
        np.array(dates, dtype="datetime64[D]"),
        np.array([d - timedelta(days=LOOK_BACK_DAYS) for d in dates], dtype="datetime64[D]"),
    )
    rows: list[tuple[object, ...]] = []
    for i, start in enumerate(starts.tolist()):
        if start == i or not _long_enough(first_record, dates[i]):
            continue
        longest = float(metres[start:i].max())
        ratio = float(metres[i]) / longest
        band = spike_band(ratio)
        if band is not None:
            rows.append((dates[i], ids[i], ratio, band, longest, None, begun[i]))
    return rows


def _first_runs(runs: pl.DataFrame, days: pl.DataFrame | None) -> list[tuple[object, ...]]:
    ordered = runs.sort("local_date", "start_utc", "activity_id").select(
        "local_date", "activity_id", "start_utc", since=pl.col("local_date").diff().dt.total_days()
    )
    unknown = set() if days is None else set(days.filter(~pl.col("known"))["local_date"].to_list())
    rows: list[tuple[object, ...]] = []
    for day, run, begun, since in ordered.filter(pl.col("since") > LOOK_BACK_DAYS).rows():
        before = (day - timedelta(days=n) for n in range(1, LOOK_BACK_DAYS + 1))
        if not unknown.intersection(before):
            rows.append((day, run, None, NO_COMPARATOR, None, since, begun))
    return rows


def _long_enough(first: object, day: date) -> bool:
    return isinstance(first, date) and (day - first).days >= LOOK_BACK_DAYS


def spike_band(distance_ratio: float) -> str | None:
    """Name how far a run went beyond the longest of the 30 days before.

    Parameters
    ----------
    distance_ratio : float
        Distance over that longest distance.

    Returns
    -------
    str or None
        "small" above 1.1, "moderate" above 1.3, "large" above 2.0; None up to 1.1.

    References
    ----------
    Frandsen 2025 (PMID 40623829): the bands of the study.
    """
    return next((band for band, above in SPIKE_BANDS if distance_ratio > above + TOLERANCE), None)
