"""Entries already made: those of one day, the last fortnight, and their correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.frames import SYMPTOM
from connectors.store import Store
from connectors.symptoms import BAND_MIDDLES_MIN
from dashboard.entries import MORNING
from dashboard.kept import put

STRIP_DAYS = 14


@dataclass(frozen=True)
class Morning:
    """One day of the strip.

    Parameters
    ----------
    date
        Local date.
    is_logged
        Whether something is known of that morning.
    """

    date: date
    is_logged: bool


def of_day(symptoms: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    """Give the entries of one day.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    day : date
        Local date.

    Returns
    -------
    list of dict
        Rows of SYMPTOM by side; empty where nothing was logged.

    Source
    ------
    ours.
    """
    return symptoms.filter(pl.col("date") == day).sort("side", "source_id", nulls_last=True).to_dicts()


def with_morning(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the entries that say something of the morning.

    Parameters
    ----------
    rows : list of dict
        Rows of SYMPTOM.

    Returns
    -------
    list of dict
        Those with a score of the morning.

    Source
    ------
    ours: pain after a run does not answer how the morning was.
    """
    return [row for row in rows if any(row[name] is not None for name in MORNING)]


def fortnight(symptoms: pl.DataFrame, today: date) -> list[Morning]:
    """Give the last 14 days.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    today : date
        Local date of the reader.

    Returns
    -------
    list of Morning
        Oldest first, today last.

    Source
    ------
    ours: a missed day is best filled while it is remembered.
    """
    known = symptoms.filter(pl.any_horizontal(pl.col(MORNING).is_not_null()))["date"]
    logged = set(known.to_list())
    days = [today - timedelta(days=back) for back in range(STRIP_DAYS)][::-1]
    return [Morning(day, day in logged) for day in days]


def latest(symptoms: pl.DataFrame, most: int = 30) -> list[dict[str, Any]]:
    """Give the last entries, newest first.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    most : int
        How many at most.

    Returns
    -------
    list of dict
        Rows of SYMPTOM.

    Source
    ------
    ours.
    """
    rows = symptoms.sort("date", "side", "source_id", descending=[True, False, False])
    return rows.head(most).to_dicts()


def correct(
    store: Store, athlete_id: int, rows: list[dict[str, Any]], changes: Mapping[int, Mapping[str, Any]]
) -> int:
    """Store corrections of entries, and delete the ones marked.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Whose.
    rows : list of dict
        As `latest` gave them.
    changes : mapping of int to mapping
        Row number to the values that were changed; a true `remove` deletes it. An emptied cell is unknown. Minutes
        take the place of a band, and a band that of minutes.

    Returns
    -------
    int
        How many entries were changed or deleted.

    Raises
    ------
    ContractError, StoreError
        When one value is out of bounds or nothing can be written; nothing is changed then.

    Source
    ------
    ours: a correction keeps the entry's own source and id, so that a later import still finds it.
    """
    gone = [rows[n] for n, change in changes.items() if change.get("remove")]
    changed = [
        {**rows[n], **_settled(change)}
        for n, change in changes.items()
        if not change.get("remove") and set(change) - {"remove"}
    ]
    put(store, SYMPTOM, athlete_id, changed, gone)
    return len(gone) + len(changed)


def _settled(change: Mapping[str, Any]) -> dict[str, Any]:
    """Give a change in which minutes and band agree, and that is the runner's own."""
    said = {name: value for name, value in change.items() if name != "remove"}
    if "morning_stiffness_band" in said:
        band = said["morning_stiffness_band"]
        said["morning_stiffness_min"] = None if band is None else BAND_MIDDLES_MIN[band]
    elif "morning_stiffness_min" in said:
        said["morning_stiffness_band"] = None
    is_morning = set(said) & {*MORNING, "morning_stiffness_band", "site"}
    return {**said, "is_same_as_before": False} if is_morning else said
