"""Sets of exercises, apart from the store: what a table shows of them, takes back, and takes over to another day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import STRENGTH
from connectors.manual_rows import next_number, strength_id, strength_rows
from connectors.store import Store
from dashboard.shared.undo import Change, correct_rows, replace_rows
from dashboard.shared.units import Units

SAME_SETS = ("exercise", "side", "repetitions", "load_kg", "hold_s", "tempo", "kind", "knee")
"""What is taken over from the last time; pain and note are of their own day."""


def set_rows_shown(row: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Return a set as a table shows it."""
    kg = row["load_kg"]
    first = {name: row[name] for name in ("date", "exercise", "side", "repetitions")}
    last = {name: row[name] for name in ("hold_s", "tempo", "pain_0_10", "note")}
    return {**first, "load": None if kg is None else round(units.weight(kg), 2), **last}


def as_stored(change: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Turn what was changed in the table back into columns of STRENGTH."""
    columns = {name: value for name, value in change.items() if name != "load"}
    if "load" in change:
        load = change["load"]
        columns["load_kg"] = None if load is None else round(units.kilograms(float(load)), 2)
    return columns


def sets_again(sets: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
    """Write sets of another day as sets of this one."""
    return [{"date": day, **{name: one[name] for name in SAME_SETS}} for one in sets]


def sets_to_repeat(last: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], str | None]:
    """Return the sets a form begins with, and their side: as many left as right are that many on both."""
    sides = {side: [one for one in last if one["side"] == side] for side in ("left", "right")}
    others = [one for one in last if one["side"] not in sides]
    left, right = sides["left"], sides["right"]
    if left and right and not others:
        is_even = len(left) == len(right)
        return (
            (right, "both")
            if is_even
            else (max(left, right, key=len), max(sides, key=lambda s: len(sides[s])))
        )
    return list(last), last[-1]["side"] if last else None


def load_strength(store: Store, athlete_id: int) -> pl.DataFrame:
    """Return every set on record."""
    return store.read(STRENGTH, athlete_id).sort("date", "exercise", "side", "set_number", "source_id")


def save_sets(store: Store, athlete_id: int, sets: Sequence[Mapping[str, Any]]) -> Change:
    """Store sets after those already there.

    A second round on one day adds to the first.
    """
    taken = set(store.read(STRENGTH, athlete_id)["source_id"].to_list())
    numbered = []
    for one in sets:
        numbered.append({**one, "set_number": next_number(one, taken)})
        taken.add(strength_id(numbered[-1]))
    rows = strength_rows(numbered, athlete_id, datetime.now(UTC))
    return replace_rows(store, STRENGTH, athlete_id, rows.to_dicts())


def sets_last_time(store: Store, athlete_id: int, exercise: str, before: date) -> list[dict[str, Any]]:
    """Return the sets of the last day with an exercise."""
    done = load_strength(store, athlete_id).filter(
        (pl.col("exercise") == exercise) & (pl.col("date") < before)
    )
    return done.filter(pl.col("date") == pl.col("date").max()).to_dicts()


def sets_on_day(store: Store, athlete_id: int, day: date) -> list[dict[str, Any]]:
    """Return the sets of one date."""
    return load_strength(store, athlete_id).filter(pl.col("date") == day).to_dicts()


def remove_sets(store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]]) -> Change:
    """Delete sets."""
    return replace_rows(store, STRENGTH, athlete_id, (), rows)


def correct_sets(
    store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]], changes: Mapping[int, Mapping[str, Any]]
) -> Change:
    """Store corrections of sets, and delete the ones marked."""
    return correct_rows(store, STRENGTH, athlete_id, rows, changes)
