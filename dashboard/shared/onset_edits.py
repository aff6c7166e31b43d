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
SAME_FLARE_DAYS = 28
"""A typed onset this near to a flare moves that flare. Design choice: the days looked back before one."""


def save_onset(
    store: Store,
    athlete_id: int,
    rule: date | None,
    person: date | None,
    decided_by: str,
    moved_id: str | None = None,
) -> Change:
    """Store the onset of one flare as a person dates it, in place of an earlier one; the rule's date stays.

    Its id stays as well, since opinions hang on it; `moved_id` is that of a flare only a person dated.
    """
    same = [
        one
        for one in onset_decisions(store, athlete_id)
        if one["source_id"] == moved_id
        or (rule and one["onset_rule_date"] and abs((one["onset_rule_date"] - rule).days) <= MATCH_DAYS)
    ]
    row = {
        "athlete_id": athlete_id,
        "source": ONSET_SOURCE,
        "source_id": same[0]["source_id"] if same else f"rule:{rule}" if rule else f"added:{person}",
        "fetched_utc": datetime.now(UTC),
        "onset_rule_date": rule,
        "onset_person_date": person,
        "decided_by": decided_by,
    }
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


def flare_near(flares: pl.DataFrame, day: date | None) -> dict[str, Any] | None:
    """Return the flare a typed onset speaks of: the nearest that begins within four weeks of it."""
    if day is None or flares.is_empty():
        return None

    def apart(row: dict[str, Any]) -> int:
        return min(abs((at - day).days) for at in (row["onset"], row["onset_rule"]) if at is not None)

    near = min(flares.to_dicts(), key=apart)
    return near if apart(near) <= SAME_FLARE_DAYS else None


def onset_id(store: Store, athlete_id: int, onset: date) -> str | None:
    """Return the id of the onset that a person dated to a day; None where nobody did."""
    dated = [row for row in onset_decisions(store, athlete_id) if row["onset_person_date"] == onset]
    return dated[0]["source_id"] if dated else None


def save_flare_onset(
    store: Store, athlete_id: int, flares: pl.DataFrame, onset: date, decided_by: str
) -> Change:
    """Store an onset for the flare it speaks of: moved where that flare is on record, else one flare more."""
    near = flare_near(flares, onset)
    rule = near["onset_rule"] if near else None
    moved = onset_id(store, athlete_id, near["onset"]) if near and near["onset_person"] else None
    return save_onset(store, athlete_id, rule, onset, decided_by, moved)
