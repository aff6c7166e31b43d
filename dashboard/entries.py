"""Symptom entries made by hand, on the page or on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import SYMPTOM
from connectors.store import Store
from connectors.symptoms import symptom_id, symptom_rows

SOURCE = "manual"
SCORES = (
    "morning_stiffness_0_10",
    "morning_stiffness_min",
    "morning_pain_0_10",
    "pain_during_0_10",
    "pain_after_0_10",
)


@dataclass(frozen=True)
class Entry:
    """What was said of one date and side; None is unknown, 0 is none.

    Parameters
    ----------
    date
        Local date.
    side, site
        As in the contract.
    morning_stiffness_0_10, morning_pain_0_10, pain_during_0_10, pain_after_0_10
        0 to 10.
    morning_stiffness_min
        min.
    note
        The runner's own words.
    """

    date: date
    side: str | None = None
    site: str | None = None
    morning_stiffness_0_10: float | None = None
    morning_stiffness_min: float | None = None
    morning_pain_0_10: float | None = None
    pain_during_0_10: float | None = None
    pain_after_0_10: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class Kept:
    """What storing an entry did, so that it can be undone.

    Parameters
    ----------
    source_id
        Id of the row.
    what
        "new", "updated" or "unchanged".
    before
        The row as it was; None where there was none.
    """

    source_id: str
    what: str
    before: dict[str, Any] | None


def none_on(day: date, side: str | None = None) -> Entry:
    """Give the entry that says: no stiffness and no pain.

    Parameters
    ----------
    day : date
        Local date.
    side : str or None
        Which heel; None is not said.

    Returns
    -------
    Entry
        Every score a known zero.

    Source
    ------
    ours: "none" is an answer, an empty day is not.
    """
    return Entry(day, side, **dict.fromkeys(SCORES, 0.0))


def keep(store: Store, athlete_id: int, entry: Entry) -> Kept:
    """Store an entry; what it leaves open keeps what was said before of that date and side.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose it is.
    entry : Entry
        What was said.

    Returns
    -------
    Kept
        What it did.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: stiffness is known in the morning and pain after the run, and both are one day.
    """
    said = {f.name: getattr(entry, f.name) for f in fields(entry)}
    source_id = symptom_id(entry.date, entry.side)
    before = find(store, athlete_id, SOURCE, source_id)
    if before is not None:
        said |= {name: before[name] for name, value in said.items() if value is None}
    counts = store.write(SYMPTOM, symptom_rows([said], athlete_id, datetime.now(UTC)))
    what = "new" if counts.new else "updated" if counts.updated else "unchanged"
    return Kept(source_id, what, before)


def undo(store: Store, athlete_id: int, kept: Kept) -> None:
    """Take back what `keep` did.

    Parameters
    ----------
    store : Store
        Where the entry is.
    athlete_id : int
        Whose it is.
    kept : Kept
        What `keep` gave.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: a slip of the thumb must cost one tap.
    """
    if kept.before is None:
        store.delete(SYMPTOM, athlete_id, SOURCE, [kept.source_id])
    else:
        store.write(SYMPTOM, pl.DataFrame([kept.before], schema=SYMPTOM.schema))


def find(store: Store, athlete_id: int, source: str, source_id: str) -> dict[str, Any] | None:
    """Look up one stored entry.

    Parameters
    ----------
    store : Store
        Where to look.
    athlete_id : int
        Whose.
    source, source_id : str
        Its key.

    Returns
    -------
    dict or None
        The row; None where there is none.

    Source
    ------
    ours.
    """
    rows = store.read(SYMPTOM, athlete_id)
    same = rows.filter((pl.col("source") == source) & (pl.col("source_id") == source_id))
    return same.row(0, named=True) if same.height else None


def latest(store: Store, athlete_id: int, most: int = 30) -> list[dict[str, Any]]:
    """Give the last entries, newest first.

    Parameters
    ----------
    store : Store
        Where to look.
    athlete_id : int
        Whose.
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
    rows = store.read(SYMPTOM, athlete_id).sort("date", "side", "source_id", descending=[True, False, False])
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
        Row number to the values that were changed; a true `remove` deletes it. An emptied cell is unknown.

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
        {**rows[n], **{k: v for k, v in change.items() if k != "remove"}}
        for n, change in changes.items()
        if not change.get("remove") and set(change) - {"remove"}
    ]
    if changed:
        store.write(SYMPTOM, pl.DataFrame(changed, schema=SYMPTOM.schema))
    for row in gone:
        store.delete(SYMPTOM, athlete_id, row["source"], [row["source_id"]])
    return len(gone) + len(changed)
