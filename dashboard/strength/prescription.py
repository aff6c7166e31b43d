"""A programme as it is prescribed: which rows hold this week, which come next, and its weeks held or moved on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.errors import HeelwiseError
from dashboard.strength.progress import week_of
from dashboard.strength.templates import LAST_WEEK, exercise

Row = dict[str, Any]
LATEST_ENTRIES = 30
"""Entries of the diary that settle where the pain is now."""


def rows_in_week(rows: Sequence[Row], week: int) -> list[Row]:
    """Return the rows of a programme that hold in a week."""
    return [row for row in rows if row["week_from"] <= week <= row["week_to"]]


def next_week(rows: Sequence[Row], week: int) -> int | None:
    """Return the first week after this one in which something new begins."""
    return min((row["week_from"] for row in rows if row["week_from"] > week), default=None)


def held_rows(rows: Sequence[Row], today: date) -> list[Row]:
    """Return a programme with this week done once more; all that comes after it is a week later."""
    week = _week_under_way(rows, today)
    if max(row["week_to"] for row in rows) >= LAST_WEEK:
        raise HeelwiseError(f"A programme has at most {LAST_WEEK} weeks. Nothing was changed.")
    return [
        {
            **row,
            "week_from": row["week_from"] + (row["week_from"] > week),
            "week_to": row["week_to"] + (row["week_to"] >= week),
        }
        for row in rows
    ]


def moved_on_rows(rows: Sequence[Row], today: date) -> list[Row]:
    """Return a programme whose next step begins next week; this week and the weeks before stay as they were."""
    week = _week_under_way(rows, today)
    coming = next_week(rows, week)
    if coming is None:
        raise HeelwiseError("This is the last step of the programme. Nothing was changed.")
    early = coming - (week + 1)

    def moved(number: int) -> int:
        return number if number <= week else week if number < coming else number - early

    return [{**row, "week_from": moved(row["week_from"]), "week_to": moved(row["week_to"])} for row in rows]


def _week_under_way(rows: Sequence[Row], today: date) -> int:
    week = week_of(rows[0]["start_date"], today)
    if not 1 <= week <= max(row["week_to"] for row in rows):
        raise HeelwiseError("The programme is not under way on this day. Nothing was changed.")
    return week


def is_insertional(symptoms: pl.DataFrame) -> bool:
    """Return whether the last entries of the diary mostly say that the pain is where the tendon meets the heel."""
    sites = symptoms.sort("date").tail(LATEST_ENTRIES)["site"].drop_nulls()
    return sites.len() > 0 and str(sites.mode().sort()[0]) == "insertion"


def loads_calf(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a programme has calf work: two of those at once are worth a word."""
    return any((known := exercise(row["exercise"])) is not None and known.part == "calf" for row in rows)
