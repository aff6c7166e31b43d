"""The one way to build a set of an exercise: the Strength page and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from connectors.frames import STRENGTH
from connectors.subjects import Subject, manual_rows


def strength_rows(
    sets: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of STRENGTH from what a runner did.

    Parameters
    ----------
    sets : iterable of mapping
        Keys are columns of STRENGTH without provenance; `date` and `exercise` are required. A set without
        `set_number` takes the next free one of its date, exercise and side, in the order given.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the entry.

    Returns
    -------
    DataFrame, shape (n, columns of STRENGTH)
        Source "manual"; the id at the source is `strength_id`.

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one set comes twice.

    Source
    ------
    ours: the page and the CSV make a row in the same way.
    """
    given = list(sets)
    taken = {strength_id(one) for one in given if one.get("set_number") is not None}
    numbered: list[Mapping[str, object]] = []
    for one in given:
        has_number = one.get("set_number") is not None
        numbered.append(one if has_number else {**one, "set_number": next_number(one, taken)})
        taken.add(strength_id(numbered[-1]))
    return manual_rows(numbered, STRENGTH, strength_id, athlete_id, fetched_utc)


def next_number(one: Mapping[str, object], taken: set[str]) -> int:
    """Give the first number that no set of the same date, exercise and side has.

    Parameters
    ----------
    one : mapping
        A set; its own number is not looked at.
    taken : set of str
        Ids of the sets there are.

    Returns
    -------
    int
        From 1.

    Source
    ------
    ours: a set that was moved to another date keeps its id, and must not be written over.
    """
    number = 1
    while strength_id({**one, "set_number": number}) in taken:
        number += 1
    return number


def strength_id(one: Mapping[str, object]) -> str:
    """Name a set: one for each date, exercise, side and number.

    Parameters
    ----------
    one : mapping
        With `date`, `exercise`, `set_number` and perhaps `side`.

    Returns
    -------
    str
        Such as "2026-03-01:Seated calf raise:left:1".

    Source
    ------
    ours: the same table read twice changes nothing.
    """
    return f"{one['date']}:{one['exercise']}:{one.get('side') or 'unknown'}:{one['set_number']}"


SETS = Subject(
    STRENGTH,
    told_by="exercise",
    columns={
        name: name
        for name in STRENGTH.columns
        if name not in ("athlete_id", "source", "source_id", "fetched_utc")
    },
    build=strength_rows,
    id_of=lambda one: strength_id(one) if one.get("set_number") is not None else None,
)
"""One row for each set; `load_kg` is in kilograms."""
