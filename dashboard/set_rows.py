"""Sets of exercises, apart from the store: what a table shows of them, takes back, and takes over to another day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.units import Units

SAME = ("exercise", "side", "repetitions", "load_kg", "hold_s", "tempo", "kind", "knee")
"""What is taken over from the last time; pain and note are of their own day."""


def shown(row: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Give a set as a table shows it.

    Parameters
    ----------
    row : mapping
        Of STRENGTH.
    units : Units
        What the runner reads in.

    Returns
    -------
    dict
        `load` is in the runner's unit.

    Source
    ------
    ours.
    """
    kg = row["load_kg"]
    first = {name: row[name] for name in ("date", "exercise", "side", "repetitions")}
    last = {name: row[name] for name in ("hold_s", "tempo", "pain_0_10", "note")}
    return {**first, "load": None if kg is None else round(units.weight(kg), 2), **last}


def as_kept(change: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Turn what was changed in the table back into columns of STRENGTH.

    Parameters
    ----------
    change : mapping
        Changed values by column of the table.
    units : Units
        What `load` is in.

    Returns
    -------
    dict
        For `correct`.

    Source
    ------
    ours.
    """
    kept = {name: value for name, value in change.items() if name != "load"}
    if "load" in change:
        load = change["load"]
        kept["load_kg"] = None if load is None else round(units.kilograms(float(load)), 2)
    return kept


def again(sets: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
    """Write sets of another day as sets of this one.

    Parameters
    ----------
    sets : sequence of mapping
        From `last_time`.
    day : date
        Local date.

    Returns
    -------
    list of dict
        For `keep`; pain and note stay unknown, as nobody has said them of this day.

    Source
    ------
    ours.
    """
    return [{"date": day, **{name: one[name] for name in SAME}} for one in sets]
