"""Rows of a programme, apart from the store: which run, which weeks, what a table shows of them and takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.frames import PROGRAMME
from dashboard.model.progression import week_of
from dashboard.strength_words import certainty_in_words
from dashboard.units import Units

EDITED = (
    "exercise",
    "week_from",
    "week_to",
    "sets",
    "repetitions",
    "load_kg",
    "hold_s",
    "tempo",
    "times_per_week",
    "note",
)
"""What a person may edit in a row."""
Row = dict[str, Any]


def by_programme(found: Sequence[Row]) -> dict[tuple[str, date], list[Row]]:
    """Part the rows of several programmes.

    Parameters
    ----------
    found : sequence of dict
        From `rows`.

    Returns
    -------
    dict of (name, first day) to list of dict
        In the order given.

    Source
    ------
    ours: a programme is one name begun on one day.
    """
    parted: dict[tuple[str, date], list[Row]] = {}
    for row in found:
        parted.setdefault((row["programme"], row["start_date"]), []).append(row)
    return parted


def is_running(found: Sequence[Row], day: date) -> bool:
    """Tell whether a programme has weeks left, or has yet to begin.

    Parameters
    ----------
    found : sequence of dict
        All rows of one programme.
    day : date
        Local date.

    Returns
    -------
    bool
        True until the end of its last week.

    Source
    ------
    ours.
    """
    return week_of(found[0]["start_date"], day) <= last_week(found)


def last_week(found: Sequence[Row]) -> int:
    """Give the number of the last week of a programme.

    Parameters
    ----------
    found : sequence of dict
        All rows of one programme.

    Returns
    -------
    int
        From 1.

    Source
    ------
    ours.
    """
    return max(row["week_to"] for row in found)


def exercises_on(found: Sequence[Row], day: date) -> list[str]:
    """Name the exercises planned for the week of a date.

    Parameters
    ----------
    found : sequence of dict
        Rows of PROGRAMME, of any programmes.
    day : date
        Local date.

    Returns
    -------
    list of str
        In the order of the rows.

    Source
    ------
    ours: what is planned comes first in the list to choose from.
    """
    weeks = [(row, week_of(row["start_date"], day)) for row in found]
    return [row["exercise"] for row, week in weeks if row["week_from"] <= week <= row["week_to"]]


def frame(found: Sequence[Row]) -> pl.DataFrame:
    """Give rows as a frame for the model.

    Parameters
    ----------
    found : sequence of dict
        Rows of PROGRAMME.

    Returns
    -------
    DataFrame
        PROGRAMME.

    Source
    ------
    ours.
    """
    return pl.DataFrame(list(found), schema=PROGRAMME.schema)


def shown(row: Mapping[str, Any], units: Units) -> Row:
    """Give a row as a table shows it.

    Parameters
    ----------
    row : mapping
        Of PROGRAMME.
    units : Units
        What the runner reads in.

    Returns
    -------
    dict
        EDITED, the weight in the runner's unit, and how sure the numbers are.

    Source
    ------
    ours.
    """
    kg = row["load_kg"]
    load = None if kg is None else round(units.weight(kg), 2)
    plain = {name: row[name] for name in EDITED if name not in ("load_kg", "note")}
    return {**plain, "load": load, "certainty": certainty_in_words(row), "note": row["note"]}


def merged(rows: Sequence[Mapping[str, Any]], changed: Mapping[str, Any], units: Units) -> list[Row]:
    """Take back what a person did to the table.

    Parameters
    ----------
    rows : sequence of mapping
        As `shown` gave them.
    changed : mapping
        `edited_rows` (row number to changed values), `added_rows` and `deleted_rows`, as the table keeps them.
    units : Units
        What the weights are in.

    Returns
    -------
    list of dict
        With the keys of EDITED; an emptied or absent value is None.

    Source
    ------
    ours.
    """
    edits = {int(number): values for number, values in changed.get("edited_rows", {}).items()}
    gone = set(changed.get("deleted_rows", ()))
    whole = [{**row, **edits.get(number, {})} for number, row in enumerate(rows) if number not in gone]
    return [_kept(row, units) for row in [*whole, *changed.get("added_rows", ())]]


def _kept(row: Mapping[str, Any], units: Units) -> Row:
    load = row.get("load")
    kg = None if load is None else round(units.kilograms(float(load)), 2)
    return {name: (kg if name == "load_kg" else row.get(name)) for name in EDITED}
