"""What a person says of the beginning of a flare, beside what the rule says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import ONSET
from connectors.store import Store
from dashboard.model.flares import MATCH_DAYS, ONSET_EDIT_SCHEMA

ONSET_SOURCE = "manual"


def save_onset(
    store: Store, athlete_id: int, rule: date | None, person: date | None, decided_by: str
) -> None:
    """Store what a person said of one flare; what was said of it before is replaced.

    The rule's date is never overwritten, so both can be seen and the person's taken back.
    """
    source_id = f"rule:{rule}" if rule else f"added:{person}"
    same = [
        row["source_id"]
        for row in onset_decisions(store, athlete_id)
        if rule and row["onset_rule_date"] and abs((row["onset_rule_date"] - rule).days) <= MATCH_DAYS
    ]
    row = {
        "athlete_id": athlete_id,
        "source": ONSET_SOURCE,
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "onset_rule_date": rule,
        "onset_person_date": person,
        "decided_by": decided_by,
    }
    frame = pl.DataFrame([row], schema=ONSET.schema)
    store.replace(ONSET, athlete_id, frame, [(ONSET_SOURCE, one) for one in same])


def undo_onsets(store: Store, athlete_id: int, source_ids: list[str]) -> None:
    """Go back to the rule."""
    if source_ids:
        store.delete(ONSET, athlete_id, ONSET_SOURCE, source_ids)


def onset_decisions(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Return everything that persons said, oldest onset first."""
    rows = store.read(ONSET, athlete_id)
    return rows.sort(pl.coalesce("onset_rule_date", "onset_person_date"), "source_id").to_dicts()


def onset_edits(store: Store, athlete_id: int) -> pl.DataFrame:
    """Return what was said in the form the rule of flares reads."""
    return pl.DataFrame(onset_decisions(store, athlete_id), schema=ONSET.schema).select(*ONSET_EDIT_SCHEMA)
