"""Strength programmes of a runner: start from a template, edit, stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from connectors.errors import HeelwiseError
from connectors.frames import PROGRAMME
from connectors.store import Store
from dashboard.kept import Kept, put
from dashboard.model import programmes
from dashboard.model.exercises import exercise
from dashboard.model.programmes import LAST_WEEK, Template
from dashboard.model.progression import week_of
from dashboard.programme_rows import EDITED, Row, by_programme

SOURCE = "manual"


def rows(store: Store, athlete_id: int) -> list[Row]:
    """Give every row of every programme.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    list of dict
        Rows of PROGRAMME; latest start first, then in order of weeks.

    Source
    ------
    ours.
    """
    kept = store.read(PROGRAMME, athlete_id)
    order = ["start_date", "programme", "week_from", "source_id"]
    return kept.sort(order, descending=[True, False, False, False]).to_dicts()


def start(store: Store, athlete_id: int, chosen: Template, first: date, decided_by: str) -> Kept:
    """Start a programme from a template.

    Parameters
    ----------
    store, athlete_id
        As for `rows`.
    chosen : Template
        To start from; what it leaves open stays open.
    first : date
        Local date of its first day.
    decided_by : str
        "runner" or "therapist".

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    HeelwiseError
        When the same programme begins on that day already; nothing is changed then.
    ContractError, StoreError
        When it cannot be written.

    Source
    ------
    ours: the numbers become the runner's own rows, the template stays as it is.
    """
    if (chosen.name, first) in by_programme(rows(store, athlete_id)):
        raise HeelwiseError(
            f"{chosen.name} begins on {first} already. Nothing was changed; edit it, or choose another day."
        )
    return _replace(store, athlete_id, (), programmes.rows(chosen, first, decided_by))


def edit(
    store: Store, athlete_id: int, before: Sequence[Row], after: Sequence[Mapping[str, Any]], decided_by: str
) -> Kept:
    """Put edited rows in the place of a programme's rows.

    Parameters
    ----------
    store, athlete_id
        As for `rows`.
    before : sequence of dict
        All rows of one programme, at least one.
    after : sequence of mapping
        Its new rows, with the keys of EDITED; an empty value is left open. A row without an exercise is left out.
    decided_by : str
        "runner" or "therapist": who set the rows that changed.

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    HeelwiseError
        When nothing is left or the weeks of a row run backwards; nothing is changed then.
    ContractError, StoreError
        When a value is out of bounds or it cannot be written; nothing is changed then.

    Source
    ------
    ours: a row nobody touched keeps who set it.
    """
    known = {_said(row): row["decided_by"] for row in before}
    head = {name: before[0][name] for name in ("programme", "start_date")}
    made: list[Row] = []
    for row in after:
        if not row.get("exercise"):
            continue
        first, last = int(row.get("week_from") or 1), int(row.get("week_to") or row.get("week_from") or 1)
        if not 1 <= first <= last <= LAST_WEEK:
            raise HeelwiseError(
                f"The weeks of {row['exercise']} run from {first} to {last}. Nothing was changed; the last week must "
                "not be before the first."
            )
        one = exercise(row["exercise"])
        whole = {**{name: row.get(name) for name in EDITED}, "week_from": first, "week_to": last}
        named = {"kind": one.kind if one else row.get("kind"), "knee": one.knee if one else row.get("knee")}
        made.append({**head, **whole, **named, "decided_by": known.get(_said(whole), decided_by)})
    if not made:
        raise HeelwiseError("A programme needs at least one exercise. Nothing was changed; stop it instead.")
    return _replace(store, athlete_id, before, made)


def stop(store: Store, athlete_id: int, found: Sequence[Row], last: date) -> Kept:
    """End a programme with the week of a date; what was planned until then stays.

    Parameters
    ----------
    store, athlete_id
        As for `rows`.
    found : sequence of dict
        All rows of one programme.
    last : date
        Local date.

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
    ours: what was planned in weeks gone by is a fact of those weeks.
    """
    week = week_of(found[0]["start_date"], last)
    left = [{**row, "week_to": min(row["week_to"], week)} for row in found if row["week_from"] <= week]
    return _replace(store, athlete_id, found, left)


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) or None for name in EDITED)


def _replace(
    store: Store, athlete_id: int, before: Sequence[Row], after: Sequence[Mapping[str, Any]]
) -> Kept:
    given = {"athlete_id": athlete_id, "source": SOURCE, "fetched_utc": datetime.now(UTC)}
    numbered = [
        {**row, **given, "source_id": f"{row['programme']}:{row['start_date']}:{number:03d}"}
        for number, row in enumerate(after, 1)
    ]
    return put(store, PROGRAMME, athlete_id, numbered, before)
