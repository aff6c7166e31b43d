"""The runner's pairs: what is known of each, and what a person says of them, every word of which can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.errors import ContractError
from connectors.frames import EDIT, SHOE
from connectors.shoes.shoe_facts import NONE_OF_THEM, shoe_facts
from connectors.source import stable_id
from connectors.store import Store

PAIR_FACT_FIELDS = (
    "name", "brand", "model", "kind", "drop_mm", "plate", "heel_lift_mm", "insert", "first_use", "distance_before_m",
    "is_retired", "retired_on",
)  # fmt: skip
"""What a person may say of a pair on its form."""
_OF_MODEL = ("kind", "drop_mm", "plate", "catalogue_id")
FACTS_EDITED, MODEL_CHOSEN, PAIRS_MERGED, PAIR_SPLIT = "pair facts", "shoe model", "one pair", "two pairs"
"""Reasons of the acts, as kept with them."""


def known_pairs(store: Store, athlete_id: int) -> pl.DataFrame:
    """Read every pair with what is known of it.

    The model and the page read the same.
    """
    return shoe_facts(store.shoes(athlete_id))


def edit_pair(
    store: Store, athlete_id: int, shoe_id: str, facts: Mapping[str, Any], decided_by: str = "runner"
) -> str | None:
    """Keep what a person says of one pair.

    Kept as edits, so that no import overwrites them.
    """
    now = _pair(store, athlete_id, shoe_id)
    now = now | {"drop_mm": now["shoe_drop_mm"]}
    edits = [
        Edit("shoe", shoe_id, name, value)
        for name, value in facts.items()
        if name in PAIR_FACT_FIELDS and _plain(value) != _plain(now[name])
    ]
    return store.edit(athlete_id, edits, decided_by, FACTS_EDITED) if edits else None


def choose_model(
    store: Store, athlete_id: int, shoe_id: str, catalogue_id: str, decided_by: str = "runner"
) -> str:
    """Keep which model of the catalogue a pair is.

    A wrong match is mended once, and no later import or catalogue unmends it.
    """
    _pair(store, athlete_id, shoe_id)
    return store.edit(
        athlete_id, [Edit("shoe", shoe_id, "catalogue_id", catalogue_id)], decided_by, MODEL_CHOSEN
    )


def merge_pairs(store: Store, athlete_id: int, shoe_id: str, into: str, decided_by: str = "runner") -> str:
    """Say that two ids are one pair.

    Both records stay, so the two can be parted again.
    """
    if shoe_id == into:
        raise ContractError("A pair cannot be put together with itself. Nothing was changed; choose another.")
    _pair(store, athlete_id, shoe_id)
    _pair(store, athlete_id, into)
    return store.edit(athlete_id, [Edit("shoe", shoe_id, "same_as", into)], decided_by, PAIRS_MERGED)


def split_pair(
    store: Store, athlete_id: int, shoe_id: str, first: date, name: str, decided_by: str = "runner"
) -> str:
    """Say that one id was two pairs of one model, the second from a date on.

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
    told = set((pair["edited"] or "").split())
    values = pair | {"drop_mm": pair["shoe_drop_mm"]}
    if pair["match_verdict"] == NONE_OF_THEM:
        values["catalogue_id"] = ""
    edits = [Edit("shoe", second, "name", name)]
    edits += [Edit("shoe", second, field, values[field]) for field in _OF_MODEL if field in told]
    edits += [Edit("activity", activity, "shoe_id", second) for activity in later]
    # Without the act the row is no pair: see `Store.shoes`. So the order keeps a half-written split unseen.
    store.write(SHOE, pl.DataFrame([row], schema=SHOE.schema))
    return store.edit(athlete_id, edits, decided_by, PAIR_SPLIT)


def _pair(store: Store, athlete_id: int, shoe_id: str) -> dict[str, Any]:
    found = known_pairs(store, athlete_id).filter(pl.col("shoe_id") == shoe_id)
    if found.is_empty():
        raise ContractError("This pair is not on record any more. Nothing was changed; open the page again.")
    return found.row(0, named=True)


def _plain(value: Any) -> Any:
    """Nothing written and unknown are the same; so are 8 and 8.0."""
    if isinstance(value, str):
        return value.strip() or None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


LATEST = 10


@dataclass(frozen=True)
class ShoeEditBatch:
    """One thing a person said of pairs."""

    batch_id: str
    when: datetime
    decided_by: str
    reason: str
    pair: str
    fields: tuple[str, ...]


def shoe_edit_batches(store: Store, athlete_id: int) -> list[ShoeEditBatch]:
    """List the latest things said of pairs that are in force."""
    said = store.read(EDIT, athlete_id).filter(pl.col("record") == "shoe", ~pl.col("is_undone"))
    names = dict(store.read(SHOE, athlete_id).select("shoe_id", "name").iter_rows())
    names |= dict(store.shoes(athlete_id).select("shoe_id", "name").iter_rows())
    batches = said.group_by("batch_id").agg(
        pl.col("fetched_utc", "decided_by", "reason", "record_id").first(), pl.col("field").sort()
    )
    latest = batches.sort("fetched_utc", "batch_id", descending=True).head(LATEST)
    return [
        ShoeEditBatch(
            row["batch_id"],
            row["fetched_utc"],
            row["decided_by"],
            row["reason"] or FACTS_EDITED,
            names.get(row["record_id"], ""),
            tuple(row["field"]),
        )
        for row in latest.iter_rows(named=True)
    ]
