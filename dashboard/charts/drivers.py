"""The drivers of each window and the dates of each flare, in the few words a picture has room for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard import state_words, words
from dashboard.model.driver_words import LESS, NAMES, TOLD, listed
from dashboard.model.shelf import DRIVERS
from dashboard.model.why import Why
from dashboard.why_words import SHORT_DRIVERS

Span = tuple[date, date]
MOST = 3
LEAST = 0.15
"""Shares below this are left to the sentences and tables. Design choice."""


def by_window(why: Why, windows: pl.DataFrame) -> dict[Span, dict[str, Any]]:
    """Give the drivers of each outpaced window by its dates.

    Parameters
    ----------
    why : Why
        Of the whole history.
    windows : DataFrame
        The windows of the same analysis, in the same order.

    Returns
    -------
    dict
        First and last date of the window to a row of DRIVER_SCHEMA.

    Source
    ------
    ours.
    """
    spans = windows.select("from_date", "to_date").rows()
    return dict(zip(spans, why.windows.drivers.to_dicts(), strict=True))


def names(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the drivers of a rise, largest first.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.

    Returns
    -------
    tuple of str
        At most three; empty where there is no rise to share out.

    Source
    ------
    ours.
    """
    if row["leading"] is None:
        return ()
    large = [name for name in DRIVERS if row[f"share_{name}"] >= LEAST]
    return tuple(SHORT_DRIVERS[n] for n in sorted(large, key=lambda name: -row[f"share_{name}"])[:MOST])


def went_with(row: Mapping[str, Any]) -> str | None:
    """Say in one short sentence what a rise went with.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.

    Returns
    -------
    str or None
        None where there is no rise to share out.

    Source
    ------
    ours: what each driver multiplied the load by, against the eight weeks before.
    """
    if row["leading"] is None:
        return None
    order = sorted(DRIVERS, key=lambda name: -row[f"share_{name}"])
    up = [f"{NAMES[n]} (×{row[f'x_{n}']:.2f})" for n in order if row[f"share_{n}"] >= TOLD]
    down = [f"{LESS[n]} (×{row[f'x_{n}']:.2f})" for n in order if row[f"share_{n}"] <= -TOLD]
    template = words.WENT_WITH_AND if down else words.WENT_WITH
    return template.format(up=listed(up), down=listed(down))


def flares_in_words(flares: pl.DataFrame, start: date, end: date) -> str | None:
    """Say when flares began and how long they lasted.

    Parameters
    ----------
    flares : DataFrame
        FLARE_SCHEMA.
    start, end : date
        First and last local date shown.

    Returns
    -------
    str or None
        One sentence; None without a flare in these dates.

    Source
    ------
    ours.
    """
    seen = flares.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    if seen.is_empty():
        return None
    said = words.dates(start, end)
    spans = [said(row["onset"], row["last_high"]) for row in seen.iter_rows(named=True)]
    if len(spans) == 1:
        return words.ONE_FLARE.format(span=spans[0])
    if len(spans) <= MOST:
        return words.FEW_FLARES.format(count=len(spans), spans=listed(spans))
    return words.MANY_FLARES.format(count=len(spans), last=spans[-1])


def on_day(row: Mapping[str, Any], span: Span, ratio: float) -> str:
    """Say of a day that it lies in a window, and what that window went with.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.
    span : tuple of two dates
        The window.
    ratio : float
        Its largest ratio.

    Returns
    -------
    str
        One or two sentences.

    Source
    ------
    ours.
    """
    told = words.IN_WINDOW.format(span=words.span(*span), ratio=ratio)
    return " ".join(part for part in (told, went_with(row)) if part)


def day_in_words(why: Why, windows: pl.DataFrame, day: date) -> list[str]:
    """Say in which window or flare a day lies.

    Parameters
    ----------
    why : Why
        Of the whole history.
    windows : DataFrame
        The windows of the same analysis.
    day : date
        Local date.

    Returns
    -------
    list of str
        Whole sentences; none where it lies in neither.

    Source
    ------
    ours.
    """
    driven = by_window(why, windows)
    inside = windows.filter((pl.col("from_date") <= day) & (pl.col("to_date") >= day))
    said = [
        f"{on_day(driven[span], span, row['peak_ratio'])} {state_words.window(row)}"
        for row in inside.iter_rows(named=True)
        for span in [(row["from_date"], row["to_date"])]
    ]
    sore = why.flares.filter((pl.col("onset") <= day) & (pl.col("last_high") >= day))
    return [
        *said,
        *(words.IN_FLARE.format(span=words.span(r["onset"], r["last_high"])) for r in sore.to_dicts()),
    ]
