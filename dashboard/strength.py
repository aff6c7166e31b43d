"""Sets of exercises kept by hand: log, same as last time, remove, correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import STRENGTH
from connectors.store import Store
from connectors.strength import next_number, strength_id, strength_rows
from dashboard.kept import Kept, put


def ledger(store: Store, athlete_id: int) -> pl.DataFrame:
    """Give every set on record.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    DataFrame
        STRENGTH, oldest first.

    Source
    ------
    ours.
    """
    return store.read(STRENGTH, athlete_id).sort("date", "exercise", "side", "set_number", "source_id")


def keep(store: Store, athlete_id: int, sets: Sequence[Mapping[str, Any]]) -> Kept:
    """Put sets into the ledger after those already there.

    Parameters
    ----------
    store, athlete_id
        As for `ledger`.
    sets : sequence of mapping
        Columns of STRENGTH without provenance and number; `date` and `exercise` are required, what is absent is
        unknown.

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    ContractError, StoreError
        When a value is out of bounds or nothing can be written; nothing is changed then.

    Source
    ------
    ours: a second round on one day adds to the first.
    """
    taken = set(store.read(STRENGTH, athlete_id)["source_id"].to_list())
    numbered = []
    for one in sets:
        numbered.append({**one, "set_number": next_number(one, taken)})
        taken.add(strength_id(numbered[-1]))
    rows = strength_rows(numbered, athlete_id, datetime.now(UTC))
    return put(store, STRENGTH, athlete_id, rows.to_dicts())


def last_time(store: Store, athlete_id: int, exercise: str, before: date) -> list[dict[str, Any]]:
    """Give the sets of the last day with an exercise.

    Parameters
    ----------
    store, athlete_id
        As for `ledger`.
    exercise : str
        Its name.
    before : date
        Days from this local date on are not looked at.

    Returns
    -------
    list of dict
        Rows of STRENGTH in their order; none where it was never logged before.

    Source
    ------
    ours.
    """
    done = ledger(store, athlete_id).filter((pl.col("exercise") == exercise) & (pl.col("date") < before))
    return done.filter(pl.col("date") == pl.col("date").max()).to_dicts()


def on_day(store: Store, athlete_id: int, day: date) -> list[dict[str, Any]]:
    """Give the sets of one date.

    Parameters
    ----------
    store, athlete_id
        As for `ledger`.
    day : date
        Local date.

    Returns
    -------
    list of dict
        Rows of STRENGTH.

    Source
    ------
    ours.
    """
    return ledger(store, athlete_id).filter(pl.col("date") == day).to_dicts()


def remove(store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]]) -> Kept:
    """Take sets out of the ledger.

    Parameters
    ----------
    store, athlete_id
        As for `ledger`.
    rows : sequence of mapping
        Rows of STRENGTH.

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    return put(store, STRENGTH, athlete_id, (), rows)


def correct(
    store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]], changes: Mapping[int, Mapping[str, Any]]
) -> Kept:
    """Store corrections of sets, and take out the ones marked.

    Parameters
    ----------
    store, athlete_id
        As for `ledger`.
    rows : sequence of mapping
        Rows of STRENGTH.
    changes : mapping of int to mapping
        Row number to the values that were changed; a true `remove` takes the set out. An emptied cell is unknown.

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    ContractError, StoreError
        When a value is out of bounds or nothing can be written; nothing is changed then.

    Source
    ------
    ours: a corrected set keeps its source and id.
    """
    gone = [rows[n] for n, change in changes.items() if change.get("remove")]
    changed = [
        {**rows[n], **{k: v for k, v in change.items() if k != "remove"}}
        for n, change in changes.items()
        if not change.get("remove")
    ]
    return put(store, STRENGTH, athlete_id, changed, gone)
