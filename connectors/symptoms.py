"""The one way to build a symptom entry: the Log page, the command line and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from connectors.errors import ContractError
from connectors.frames import STIFFNESS_BOUNDS_MIN, SYMPTOM, checked

BAND_MIDDLES_MIN = {"0": 0.0, "<5": 2.5, "5-15": 10.0, "15-30": 22.5, ">30": 45.0}
"""What stands for a band where one number is needed: its middle; half as much again as the lower end of the open
one. Design choice; whoever compares minutes must go by `frames.STIFFNESS_BOUNDS_MIN`."""


def symptom_rows(
    entries: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of SYMPTOM from what a runner said.

    Parameters
    ----------
    entries : iterable of mapping
        Keys are columns of SYMPTOM without provenance; `date` (a date) is required, what is absent is
        unknown.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the entry.

    Returns
    -------
    DataFrame, shape (n, columns of SYMPTOM)
        Source "manual"; the id at the source is `symptom_id`, so that a later entry takes the place of an
        earlier one. A band without minutes is given its middle.

    Raises
    ------
    ContractError
        When a value is out of its bounds, minutes are outside their band, or one date and side come twice.

    Source
    ------
    ours: the page, the command and the CSV make a row in the same way.
    """
    rows = [
        {
            **entry,
            "morning_stiffness_min": minutes_of(entry),
            "athlete_id": athlete_id,
            "source": "manual",
            "source_id": symptom_id(entry["date"], entry.get("side")),
            "fetched_utc": fetched_utc,
        }
        for entry in entries
    ]
    if not rows:
        return SYMPTOM.empty()
    return checked(pl.DataFrame(rows, infer_schema_length=None, strict=False), SYMPTOM)


def symptom_id(day: object, side: object) -> str:
    """Name an entry: one for each date and side.

    Parameters
    ----------
    day : date
        Local date.
    side : str or None
        One of left, right, both; None is unknown.

    Returns
    -------
    str
        Such as "2026-03-01:left".

    Source
    ------
    ours: the key of the contract's diary.
    """
    return f"{day}:{side or 'unknown'}"


def minutes_of(entry: Mapping[str, object]) -> object:
    """Give the minutes of an entry, those that stand for its band where only that is known.

    Parameters
    ----------
    entry : mapping
        As for `symptom_rows`.

    Returns
    -------
    object
        min; None where neither is known.

    Raises
    ------
    ContractError
        When the minutes are outside the band.

    Source
    ------
    ours: see `BAND_MIDDLES_MIN`.
    """
    minutes, band = entry.get("morning_stiffness_min"), str(entry.get("morning_stiffness_band"))
    if band not in STIFFNESS_BOUNDS_MIN:
        return minutes  # no band, or one that the contract will refuse
    low, high = STIFFNESS_BOUNDS_MIN[band]
    if minutes is None:
        return BAND_MIDDLES_MIN[band]
    if isinstance(minutes, int | float) and low <= minutes <= high:
        return minutes
    raise ContractError(f"{minutes} min of stiffness is not within {band} min. Nothing was stored.")
