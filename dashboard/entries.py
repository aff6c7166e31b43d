"""Symptom entries made by hand, on the page or on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import SYMPTOM
from connectors.store import Store
from connectors.symptoms import symptom_id, symptom_rows
from dashboard.kept import Kept, Rows, put

MORNING = ("morning_stiffness_0_10", "morning_stiffness_min", "morning_pain_0_10")
SCORES = (*MORNING, "pain_start_0_10", "pain_during_0_10", "pain_after_0_10")
_TAKEN = ("side", "site", *MORNING, "morning_stiffness_band")  # what a morning takes over from the one before
_STIFFNESS = ("morning_stiffness_min", "morning_stiffness_band")  # one answer, given in either way


@dataclass(frozen=True)
class Entry:
    """What was said of one date and side; None is unknown, 0 is none.

    Parameters
    ----------
    date
        Local date.
    side, site
        As in the contract.
    morning_stiffness_0_10, morning_pain_0_10, pain_start_0_10, pain_during_0_10, pain_after_0_10
        0 to 10.
    morning_stiffness_min, morning_stiffness_band
        min; the band stands for minutes where those are not given.
    warmed_up
        Whether the pain of the start eased during the run.
    is_same_as_before
        Taken over whole from the day before.
    note
        The runner's own words.
    """

    date: date
    side: str | None = None
    site: str | None = None
    morning_stiffness_0_10: float | None = None
    morning_stiffness_min: float | None = None
    morning_stiffness_band: str | None = None
    morning_pain_0_10: float | None = None
    pain_start_0_10: float | None = None
    warmed_up: bool | None = None
    pain_during_0_10: float | None = None
    pain_after_0_10: float | None = None
    is_same_as_before: bool | None = None
    note: str | None = None


@dataclass(frozen=True)
class Logged:
    """What storing entries did.

    Parameters
    ----------
    what
        "new", "updated" or "unchanged".
    date
        Local date of the entries.
    kept
        For `kept.undo`.
    """

    what: str
    date: date
    kept: Kept


def none_on(day: date, side: str | None = None) -> Entry:
    """Give the entry that says: no stiffness and no pain this morning.

    Parameters
    ----------
    day : date
        Local date.
    side : str or None
        Which heel; None is not said.

    Returns
    -------
    Entry
        Every score of the morning a known zero; of a run later that day nothing is said.

    Source
    ------
    ours: "none" is an answer, an empty day is not.
    """
    return Entry(
        day, side, morning_stiffness_band="0", **dict.fromkeys(MORNING, 0.0), is_same_as_before=False
    )


def same_as_before(rows: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Give the entries that say: as the morning before.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of SYMPTOM of the day before.

    Returns
    -------
    list of Entry
        One for each that says something of the morning, marked as taken over; empty where none does. What was said
        of a run, and the note, stay with their day.

    Source
    ------
    ours: a morning like the last is a true answer, and is told from one thought over.
    """
    return [
        Entry(row["date"] + timedelta(days=1), **{name: row[name] for name in _TAKEN}, is_same_as_before=True)
        for row in rows
        if any(row[name] is not None for name in MORNING)
    ]


def keep(store: Store, athlete_id: int, *said: Entry) -> Logged:
    """Store entries of one date; what one leaves open keeps what was said before of that date and side.

    Parameters
    ----------
    store : Store
        Where they go.
    athlete_id : int
        Whose they are.
    *said : Entry
        What was said; at least one.

    Returns
    -------
    Logged
        What it did.

    Raises
    ------
    ContractError, StoreError
        When one cannot be stored; nothing is changed then.

    Source
    ------
    ours: stiffness is known in the morning and pain after the run, and both are one day.
    """
    stored = _stored(store, athlete_id, [symptom_id(one.date, one.side) for one in said])
    rows = [_over(asdict(one), stored.get(symptom_id(one.date, one.side))) for one in said]
    built = symptom_rows(rows, athlete_id, datetime.now(UTC)).to_dicts()
    for row in built:
        before = stored.get(row["source_id"])
        row["source"] = before["source"] if before else row["source"]
    return _write(store, said[0].date, built, list(stored.values()))


def amend(store: Store, row: Mapping[str, Any], **changes: Any) -> Logged:
    """Change what a stored entry says; another side makes it the entry of that side.

    Parameters
    ----------
    store : Store
        Where it is.
    row : mapping
        A row of SYMPTOM as it is stored.
    **changes
        Columns of SYMPTOM; None is unknown.

    Returns
    -------
    Logged
        What it did.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: an entry thought over is no longer the same as the day before.
    """
    same = False if set(changes) & set(_TAKEN) else row["is_same_as_before"]
    changed = {**row, "is_same_as_before": same, **changes}
    if changed["side"] == row["side"]:
        return _write(store, row["date"], [changed], [dict(row)])
    changed["source_id"] = symptom_id(row["date"], changed["side"])
    there = _stored(store, row["athlete_id"], [changed["source_id"]]).get(changed["source_id"])
    if there:
        changed = {**_over(changed, there), "source": there["source"]}
    return _write(store, row["date"], [changed], [dict(row), *([there] if there else [])])


def _stored(store: Store, athlete_id: int, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rows by id, whatever they came from; what was made by hand goes before the rest."""
    rows = store.read(SYMPTOM, athlete_id).filter(pl.col("source_id").is_in(ids))
    ordered = rows.sort(pl.col("source") == "manual")
    return {row["source_id"]: row for row in ordered.iter_rows(named=True)}


def _over(said: dict[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Fill what was left open with what was said before; minutes and their band are one answer."""
    if before is None:
        return said
    answered = [name for name in _STIFFNESS if said[name] is not None]
    own = _STIFFNESS if answered else ()
    return {
        name: before[name] if value is None and name not in own else value for name, value in said.items()
    }


def _write(store: Store, day: date, rows: Rows, before: Rows) -> Logged:
    kept = put(store, SYMPTOM, rows[0]["athlete_id"], rows, before)
    changed = kept.counts.new or kept.counts.updated
    return Logged("updated" if kept.before and changed else "new" if changed else "unchanged", day, kept)
