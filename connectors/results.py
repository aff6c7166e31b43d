"""The one way to build a result of a test or questionnaire: the Tests page and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from connectors.frames import TEST_RESULT
from connectors.subjects import Subject, manual_rows

HIGHEST = {
    "pain_on_loading_0_10": 10.0,
    "hop_pain_0_10": 10.0,
    "visa_a": 100.0,
    "tendins_a": 100.0,
}
"""Upper ends of the scales that have one."""


def result_rows(
    results: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of TEST_RESULT.

    Parameters
    ----------
    results : iterable of mapping
        Keys are columns of TEST_RESULT without provenance; `date`, `measure` and `value` are required.
        `decided_by` is the runner where nobody is named.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the entry.

    Returns
    -------
    DataFrame, shape (n, columns of TEST_RESULT)
        Source "manual"; the id at the source is `result_id`.

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one measure, date and side come twice.

    Source
    ------
    ours: the page and the CSV make a row in the same way.
    """
    named = ({**one, "decided_by": one.get("decided_by") or "runner"} for one in results)
    return manual_rows(named, TEST_RESULT, result_id, athlete_id, fetched_utc)


def result_id(one: Mapping[str, object]) -> str:
    """Name a result: one for each date, measure and side.

    Parameters
    ----------
    one : mapping
        With `date`, `measure` and perhaps `side`.

    Returns
    -------
    str
        Such as "2026-03-01:heel_rise_reps:left".

    Source
    ------
    ours: a second try on one day takes the place of the first.
    """
    return f"{one['date']}:{one['measure']}:{one.get('side') or 'whole'}"


def _on_scale(one: Mapping[str, object]) -> None:
    measure, value = str(one["measure"]), one["value"]
    highest = HIGHEST.get(measure)
    if highest is not None and isinstance(value, float) and value > highest:
        raise ValueError(f"Its {measure} {value:g} is outside 0 to {highest:g}.")


RESULTS = Subject(
    TEST_RESULT,
    told_by="measure",
    columns={name: name for name in ("date", "measure", "side", "value", "decided_by", "note")},
    build=result_rows,
    id_of=result_id,
    needs=("value",),
    check=_on_scale,
)
"""One row for each number of a test."""
