"""The runner's pairs: what is known of each, and what a person says of them, every word of which can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.errors import ContractError
from connectors.frames import SHOE
from connectors.shoes.shoe_facts import NONE_OF_THEM, shoe_facts
from connectors.source import stable_id
from connectors.store import Store
from dashboard.shared.undo import Change, record_edits

PAIR_FACT_FIELDS = (
    "name", "brand", "model", "kind", "drop_mm", "plate", "heel_lift_mm", "insert", "first_use", "distance_before_m",
    "is_retired", "retired_on",
)  # fmt: skip
"""What a person may say of a pair on its form."""
_OF_MODEL = ("kind", "drop_mm", "plate", "catalogue_id")
FACTS_EDITED, MODEL_CHOSEN, PAIRS_MERGED, PAIR_SPLIT = "pair facts", "shoe model", "one pair", "two pairs"
"""Reasons, stored with each batch of edits."""


def known_pairs(store: Store, athlete_id: int) -> pl.DataFrame:
    """Read every pair with what is known of it.

    The model and the page read the same.
    """
    return shoe_facts(store.shoes(athlete_id))


def edit_pair(
    store: Store, athlete_id: int, shoe_id: str, facts: Mapping[str, Any], decided_by: str = "runner"
) -> Change:
    """Store facts of one pair as a person states them.

    Kept as edits, so that no import overwrites them.
    """
    now = _pair(store, athlete_id, shoe_id)
    now = now | {"drop_mm": now["shoe_drop_mm"]}
    edits = [
        Edit("shoe", shoe_id, name, value)
        for name, value in facts.items()
        if name in PAIR_FACT_FIELDS and _plain(value) != _plain(now[name])
    ]
    return record_edits(store, athlete_id, edits, decided_by, FACTS_EDITED)


def choose_model(
    store: Store, athlete_id: int, shoe_id: str, catalogue_id: str, decided_by: str = "runner"
) -> Change:
    """Store which model of the catalogue a pair is.

    A wrong match is mended once, and no later import or catalogue unmends it.
    """
    _pair(store, athlete_id, shoe_id)
    return record_edits(
        store, athlete_id, [Edit("shoe", shoe_id, "catalogue_id", catalogue_id)], decided_by, MODEL_CHOSEN
    )


def merge_pairs(store: Store, athlete_id: int, shoe_id: str, into: str, decided_by: str = "runner") -> Change:
    """Merge two ids into one pair.

    Both records stay, so the two can be parted again.
    """
    if shoe_id == into:
        raise ContractError("A pair cannot be merged with itself. Nothing was changed; choose another.")
    _pair(store, athlete_id, shoe_id)
    _pair(store, athlete_id, into)
    return record_edits(store, athlete_id, [Edit("shoe", shoe_id, "same_as", into)], decided_by, PAIRS_MERGED)


def split_pair(
    store: Store, athlete_id: int, shoe_id: str, first: date, name: str, decided_by: str = "runner"
) -> Change:
    """Split one id into two pairs of one model, the second from a date on.

    What a person said of the model holds for both; what was said of the first pair alone does not.
    """
    pair = _pair(store, athlete_id, shoe_id)
    name = name.strip()
    worn = store.activities(athlete_id).filter(pl.col("shoe_id") == shoe_id)
    later = worn.filter(pl.col("local_date") >= first)["activity_id"].to_list()
    if not name:
        raise ContractError("The second pair needs a name. Nothing was changed; give it one.")
    if not later or len(later) == worn.height:
        raise ContractError(
            "With that date one of the two pairs would have no session. Nothing was changed; choose another date."
        )
    source_id = f"split-{secrets.token_hex(6)}"
    second = stable_id(athlete_id, "manual", source_id)
    row = {
        "shoe_id": second,
        "athlete_id": athlete_id,
        "source": "manual",
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "name": name,
        "brand": pair["brand"],
        "model": pair["model"],
        "is_retired": None,
    }
    edited = set((pair["edited"] or "").split())
    values = pair | {"drop_mm": pair["shoe_drop_mm"]}
    if pair["match_verdict"] == NONE_OF_THEM:
        values["catalogue_id"] = ""
    edits = [Edit("shoe", second, "name", name)]
    edits += [Edit("shoe", second, field, values[field]) for field in _OF_MODEL if field in edited]
    edits += [Edit("activity", activity, "shoe_id", second) for activity in later]
    # Without the act the row is no pair: see `Store.shoes`. So the order keeps a half-written split unseen.
    store.write(SHOE, pl.DataFrame([row], schema=SHOE.schema))
    return record_edits(store, athlete_id, edits, decided_by, PAIR_SPLIT)


def _pair(store: Store, athlete_id: int, shoe_id: str) -> dict[str, Any]:
    pairs = known_pairs(store, athlete_id).filter(pl.col("shoe_id") == shoe_id)
    if pairs.is_empty():
        raise ContractError("This pair is not on record any more. Nothing was changed; open the page again.")
    return pairs.row(0, named=True)


def _plain(value: Any) -> Any:
    """Nothing written and unknown are the same; so are 8 and 8.0."""
    if isinstance(value, str):
        return value.strip() or None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
