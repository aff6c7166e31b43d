"""Onsets of flares as a person dates them, beside the date of the rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import ONSET
from connectors.store import Store
from dashboard.model.flares import MATCH_DAYS, ONSET_EDIT_SCHEMA
from dashboard.shared.undo import Change, replace_rows

ONSET_SOURCE = "manual"


def save_onset(
    store: Store, athlete_id: int, rule: date | None, person: date | None, decided_by: str
) -> Change:
    """Store the onset of one flare as a person dates it, in place of an earlier one; the rule's date stays."""
    row = {
        "athlete_id": athlete_id,
        "source": ONSET_SOURCE,
        "source_id": f"rule:{rule}" if rule else f"added:{person}",
        "fetched_utc": datetime.now(UTC),
        "onset_rule_date": rule,
        "onset_person_date": person,
        "decided_by": decided_by,
    }
    same = [
        one
        for one in onset_decisions(store, athlete_id)
        if rule and one["onset_rule_date"] and abs((one["onset_rule_date"] - rule).days) <= MATCH_DAYS
    ]
    return replace_rows(store, ONSET, athlete_id, [row], same)


def undo_onsets(store: Store, athlete_id: int, source_ids: list[str]) -> Change:
    """Delete onsets dated by a person, so that the rule's date holds again."""
    rows = [row for row in onset_decisions(store, athlete_id) if row["source_id"] in source_ids]
    return replace_rows(store, ONSET, athlete_id, (), rows)


def onset_decisions(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Return the onsets dated by a person, oldest first."""
    rows = store.read(ONSET, athlete_id)
    return rows.sort(pl.coalesce("onset_rule_date", "onset_person_date"), "source_id").to_dicts()


def onset_edits(store: Store, athlete_id: int) -> pl.DataFrame:
    """Return the onsets dated by a person, as the rule of flares reads them."""
    return pl.DataFrame(onset_decisions(store, athlete_id), schema=ONSET.schema).select(*ONSET_EDIT_SCHEMA)
