"""Results of tests and questionnaires kept by hand: keep, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import TEST_RESULT
from connectors.results import result_rows
from connectors.store import Store
from dashboard.kept import Kept, put


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
        For `kept.undo`.

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
    return put(store, TEST_RESULT, athlete_id, result_rows(said, athlete_id, datetime.now(UTC)).to_dicts())


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
        For `kept.undo`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    return put(store, TEST_RESULT, athlete_id, (), rows)
