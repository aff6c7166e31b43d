"""A programme against the ledger: in a sentence for this week, and as rows for all weeks so far."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import polars as pl

from connectors.plural import count
from dashboard import strength_words, words
from dashboard.model.exercises import exercise
from dashboard.model.progression import WEEK_DAYS, week_of
from dashboard.units import Units

NOT_PLANNED = "–"
PEAK = "{peak:g} × body weight"


def in_words(found: pl.DataFrame, start: date, weeks: int, today: date) -> list[str]:
    """Say in which week a programme is, and what of it is logged.

    Parameters
    ----------
    found : DataFrame
        PROGRESS_SCHEMA of one programme.
    start : date
        Its first day.
    weeks : int
        Its last week.
    today : date
        Local date.

    Returns
    -------
    list of str
        One or two whole sentences.

    Source
    ------
    ours: counts, no score.
    """
    week = week_of(start, today)
    if week < 1:
        return [strength_words.BEFORE.format(day=words.day(start))]
    if week > weeks:
        return [strength_words.OVER.format(day=words.day(start + timedelta(days=weeks * WEEK_DAYS - 1)))]
    first = start + timedelta(days=(week - 1) * WEEK_DAYS)
    span = words.span(first, first + timedelta(days=WEEK_DAYS - 1))
    head = strength_words.WEEK.format(week=week, weeks=weeks, span=span)
    now = found.filter(pl.col("week") == week)
    if now.is_empty():
        return [head]
    days, sets = int(cast(int, now["logged_days"].max())), int(now["logged_sets"].sum())
    whole = not now["planned_sets"].null_count() and not now["planned_days"].null_count()
    if not whole:
        return [head, strength_words.SETS_ALONE.format(sets=count(sets, "set"), days=count(days, "day"))]
    planned = {
        "planned_days": f"{now['planned_days'].max():g}",
        "planned_sets": f"{now['planned_sets'].sum():g}",
    }
    return [head, strength_words.DAYS_AND_SETS.format(days=days, sets=sets, **planned)]


def rows(found: pl.DataFrame, units: Units) -> list[dict[str, Any]]:
    """Give planned and logged beside each other, newest week first.

    Parameters
    ----------
    found : DataFrame
        PROGRESS_SCHEMA of one programme.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of dict
        Texts and numbers by the title of their column; a dash where nobody planned a number.

    Source
    ------
    ours.
    """
    newest = found.sort(["week", "exercise"], descending=[True, False])
    return [_row(row, units) for row in newest.iter_rows(named=True)]


def _row(row: dict[str, Any], units: Units) -> dict[str, Any]:
    known = exercise(row["exercise"])
    heavy, planned_heavy = row["logged_load_kg"], row["planned_load_kg"]
    return {
        "Week": row["week"],
        "Exercise": row["exercise"],
        "Days": f"{row['logged_days']} of {_planned(row['planned_days'])}",
        "Sets": f"{row['logged_sets']} of {_planned(row['planned_sets'])}",
        "Repetitions": f"{row['logged_repetitions']} of {_planned(row['planned_repetitions'])}",
        f"Weight, {units.weight_unit} (plan)": f"{_weight(heavy, units)} ({_weight(planned_heavy, units)})",
        "Literature's peak load": PEAK.format(peak=known.peak_bw)
        if known and known.peak_bw
        else words.NOT_KNOWN,
    }


def _planned(value: float | None) -> str:
    return NOT_PLANNED if value is None else f"{value:g}"


def _weight(kg: float | None, units: Units) -> str:
    return NOT_PLANNED if kg is None else f"{round(units.weight(kg), 1):g}"
