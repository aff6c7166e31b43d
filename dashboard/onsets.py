"""What a person says of the beginning of a flare, beside what the rule says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import ONSET
from connectors.store import Store
from dashboard.model.symptoms import EDIT_SCHEMA, MATCH_DAYS

SOURCE = "manual"


def keep(store: Store, athlete_id: int, rule: date | None, person: date | None, decided_by: str) -> None:
    """Store what a person said of one flare; what was said of it before is replaced.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Runner on this machine, from 1.
    rule : date or None
        Onset by the rule; None for a flare the rule did not find.
    person : date or None
        Onset by the person; None says that it was no flare.
    decided_by : str
        "runner" or "therapist".

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: the rule's date is never overwritten, so both can be seen and the person's taken back.
    """
    source_id = f"rule:{rule}" if rule else f"added:{person}"
    same = [
        row["source_id"]
        for row in decisions(store, athlete_id)
        if rule and row["onset_rule_date"] and abs((row["onset_rule_date"] - rule).days) <= MATCH_DAYS
    ]
    row = {
        "athlete_id": athlete_id,
        "source": SOURCE,
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "onset_rule_date": rule,
        "onset_person_date": person,
        "decided_by": decided_by,
    }
    frame = pl.DataFrame([row], schema=ONSET.schema)
    store.replace(ONSET, athlete_id, frame, [(SOURCE, one) for one in same])


def take_back(store: Store, athlete_id: int, source_ids: list[str]) -> None:
    """Go back to the rule.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.
    source_ids : list of str
        Ids of the rows to delete, as `decisions` gives them; none is nothing to do.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    if source_ids:
        store.delete(ONSET, athlete_id, SOURCE, source_ids)


def decisions(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Give everything that persons said, oldest onset first.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.

    Returns
    -------
    list of dict
        Rows of ONSET.

    Source
    ------
    ours.
    """
    rows = store.read(ONSET, athlete_id)
    return rows.sort(pl.coalesce("onset_rule_date", "onset_person_date"), "source_id").to_dicts()


def edits(store: Store, athlete_id: int) -> pl.DataFrame:
    """Give what was said in the form the rule of flares reads.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.

    Returns
    -------
    DataFrame
        EDIT_SCHEMA.

    Source
    ------
    ours.
    """
    return pl.DataFrame(decisions(store, athlete_id), schema=ONSET.schema).select(*EDIT_SCHEMA)
