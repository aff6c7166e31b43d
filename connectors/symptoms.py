"""The one way to build a symptom entry: the Log page, the command line and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from connectors.frames import SYMPTOM, checked


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
        earlier one.

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one date and side come twice.

    Source
    ------
    ours: the page, the command and the CSV make a row in the same way.
    """
    rows = [
        {
            **entry,
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
