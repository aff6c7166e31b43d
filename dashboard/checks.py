"""Results of tests and questionnaires kept by hand: keep, undo, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import TEST_RESULT
from connectors.results import result_id, result_rows
from connectors.store import Store


@dataclass(frozen=True)
class Kept:
    """What was written, so that it can be taken back.

    Parameters
    ----------
    rows
        Results written.
    before
        Results they took the place of, or that were removed.
    """

    rows: tuple[dict[str, Any], ...] = ()
    before: tuple[dict[str, Any], ...] = ()


def results(store: Store, athlete_id: int) -> pl.DataFrame:
    """Give every result on record.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    DataFrame
        TEST_RESULT, oldest first.

    Source
    ------
    ours.
    """
    return store.read(TEST_RESULT, athlete_id).sort("date", "measure", "side", "source_id")


def keep(
    store: Store, athlete_id: int, day: date, values: Mapping[tuple[str, str | None], float], decided_by: str
) -> Kept:
    """Store the results of one day.

    Parameters
    ----------
    store, athlete_id
        As for `results`.
    day : date
        Local date.
    values : mapping of (measure, side) to float
        In the measure's own unit; what was skipped is not in it. Side is None for a questionnaire.
    decided_by : str
        Who took it down.

    Returns
    -------
    Kept
        For `undo`.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: a second try on one day takes the place of the first.
    """
    said = [
        {"date": day, "measure": measure, "side": side, "value": float(value), "decided_by": decided_by}
        for (measure, side), value in values.items()
    ]
    ids = [result_id(one) for one in said]
    there = store.read(TEST_RESULT, athlete_id)
    before = there.filter((pl.col("source") == "manual") & pl.col("source_id").is_in(ids))
    rows = result_rows(said, athlete_id, datetime.now(UTC))
    store.write(TEST_RESULT, rows)
    return Kept(tuple(rows.to_dicts()), tuple(before.to_dicts()))


def remove(store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]]) -> Kept:
    """Take results out.

    Parameters
    ----------
    store, athlete_id
        As for `results`.
    rows : sequence of mapping
        Rows of TEST_RESULT.

    Returns
    -------
    Kept
        For `undo`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    for source in sorted({row["source"] for row in rows}):
        ids = [row["source_id"] for row in rows if row["source"] == source]
        store.delete(TEST_RESULT, athlete_id, source, ids)
    return Kept(before=tuple(dict(row) for row in rows))


def undo(store: Store, athlete_id: int, kept: Kept) -> None:
    """Take back what `keep` or `remove` did.

    Parameters
    ----------
    store, athlete_id
        As for `results`.
    kept : Kept
        What they gave.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    if kept.rows:
        remove(store, athlete_id, kept.rows)
    if kept.before:
        store.write(TEST_RESULT, pl.DataFrame(list(kept.before), schema=TEST_RESULT.schema))
