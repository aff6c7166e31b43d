"""Stretches in which load outpaced habit, and single runs that went beyond the usual."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from dashboard.model.settings import ModelSettings

WEEK = 7
JOIN_GAP = 3
"""Windows with up to this many days between them are one. Design choice."""
TOLERANCE = 1e-9
"""Lets a ratio of exactly the threshold count, whatever the last binary digit says."""
LOOK_BACK_DAYS = 30
SPIKE_BANDS = (("large", 2.0), ("moderate", 1.3), ("small", 1.1))
LENS_NOTE = "depends on model assumptions"
WINDOW_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "peak_date": pl.Date,
        "peak_ratio": pl.Float64,
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
    }
)


def outpaced_windows(days: pl.DataFrame, settings: ModelSettings) -> pl.DataFrame:
    """Find the windows in which load outpaced what the runner was used to.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `adaptation.adapt_days`.
    settings : ModelSettings
        `outpaced_ratio`, `outpaced_days`.

    Returns
    -------
    DataFrame
        `from_date` and `to_date`: first and last day at or above the ratio; `peak_date`, `peak_ratio`;
        `robust`, whether lens A has a window on some of the same days; `lens_note`, in words where it has
        not. A day without a ratio is not counted.

    References
    ----------
    Design choice: at least three days at 1.3 or more within seven; windows up to three days apart are
    joined.
    No threshold on such a ratio is validated (Impellizzeri 2020).
    """
    dates = days["local_date"].to_list()
    ratio = days["ratio"].to_numpy()
    others = stretches(days["ratio_a"].to_numpy(), settings)
    rows = []
    for start, end in stretches(ratio, settings):
        peak = start + int(np.nanargmax(ratio[start : end + 1]))
        robust = any(a <= end and b >= start for a, b in others)
        note = None if robust else LENS_NOTE
        rows.append((dates[start], dates[end], dates[peak], float(ratio[peak]), robust, note))
    return pl.DataFrame(rows, schema=WINDOW_SCHEMA, orient="row")


def stretches(ratio: np.ndarray, settings: ModelSettings) -> list[tuple[int, int]]:
    """Find the windows in one series of ratios.

    The rule of `outpaced_windows`, for any lens.

    Parameters
    ----------
    ratio : ndarray, shape (days,)
        Load of the last seven days over habit; NaN not known, which is not high.
    settings : ModelSettings
        `outpaced_ratio`, `outpaced_days`.

    Returns
    -------
    list of tuple of int and int
        Positions of the first and last day of each window, in order.
    """
    high = np.nan_to_num(np.asarray(ratio, dtype=np.float64), nan=0.0) >= settings.outpaced_ratio - TOLERANCE
    counts = np.convolve(high, np.ones(WEEK))[: len(high)] if len(high) else np.zeros(0)
    enough = np.nonzero(counts >= settings.outpaced_days)[0]
    near = np.zeros(len(high), dtype=bool)
    for last in enough.tolist():
        near[max(0, last - WEEK + 1) : last + 1] = True
    found: list[tuple[int, int]] = []
    for day in np.nonzero(high & near)[0].tolist():
        if found and day - found[-1][1] - 1 <= JOIN_GAP:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def session_spikes(runs: pl.DataFrame) -> pl.DataFrame:
    """Find runs longer than the longest of the 30 days before.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.

    Returns
    -------
    DataFrame
        `local_date`, `activity_id`, `distance_ratio` (above 1.1), `band`, `longest_m` (the run it is
        compared with). Runs in the first 30 days of the record, and after 30 days without a run, have
        nothing to be compared with and are left out, as are runs of unknown distance. Earlier runs of the
        same date count as before.

    References
    ----------
    Frandsen 2025 (PMID 40623829), 5,205 runners, injuries of all kinds: more than 10, 30 and 100 % beyond.
    """
    known = runs.filter(pl.col("distance_m") > 0).sort("local_date", "start_utc", "activity_id")
    if known.is_empty():
        return SPIKE_SCHEMA.to_frame()
    dates, metres = known["local_date"].to_list(), known["distance_m"].to_numpy()
    ids = known["activity_id"].to_list()
    first_record = runs["local_date"].min()
    starts = np.searchsorted(
        np.array(dates, dtype="datetime64[D]"),
        np.array([d - timedelta(days=LOOK_BACK_DAYS) for d in dates], dtype="datetime64[D]"),
    )
    rows = []
    for i, start in enumerate(starts.tolist()):
        if start == i or not _long_enough(first_record, dates[i]):
            continue
        longest = float(metres[start:i].max())
        ratio = float(metres[i]) / longest
        band = spike_band(ratio)
        if band is not None:
            rows.append((dates[i], ids[i], ratio, band, longest))
    return pl.DataFrame(rows, schema=SPIKE_SCHEMA, orient="row")


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
