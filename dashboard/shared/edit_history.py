"""The history of edits: each batch in words, and whether it is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from connectors.edits import EDITABLE, parse_value
from connectors.frames import ACTIVITY, EDIT, SHOE
from connectors.store import Store
from dashboard.shared import text as shared_text
from dashboard.shared.text import EDITED, NOT_KNOWN, SURFACE_NAMES, YES_NO, duration_words
from dashboard.shared.units import Units

_LENGTHS = ("distance_m", "distance_before_m")
_HEIGHTS = ("ascent_m", "descent_m")
MOST_SENTENCES = 4


@dataclass(frozen=True)
class EditBatch:
    """Edits that were made, and are undone, together."""

    batch_id: str
    when: datetime
    decided_by: str
    reason: str | None
    is_undone: bool
    sentences: tuple[str, ...]

    @property
    def summary(self) -> str:
        """First sentences, and the number of those left out."""
        rest = len(self.sentences) - MOST_SENTENCES
        return " ".join([*self.sentences[:MOST_SENTENCES], *([f"And {rest} more."] if rest > 0 else [])])


def edit_batches(
    store: Store,
    athlete_id: int,
    units: Units,
    batch_id: str | None = None,
    record: str | None = None,
) -> list[EditBatch]:
    """List the batches of edits, the latest first; of one id, or of those that edit one kind of record."""
    edits = store.read(EDIT, athlete_id)
    if batch_id is not None:
        edits = edits.filter(pl.col("batch_id") == batch_id)
    if record is not None:
        edits = edits.filter((pl.col("record") == record).any().over("batch_id"))
    if edits.is_empty():
        return []
    # Names and dates as they came in: an edit may have moved them since, and a merged pair has one too.
    names = dict(store.read(SHOE, athlete_id).select("shoe_id", "name").iter_rows())
    days = dict(store.read(ACTIVITY, athlete_id).select("activity_id", "local_date").iter_rows())
    ordered = edits.sort("fetched_utc", "source_id")
    batches = [part for _, part in ordered.group_by("batch_id", maintain_order=True)]
    return [_batch(part, names, days, units) for part in reversed(batches)]


def _batch(part: pl.DataFrame, names: Mapping[str, str], days: Mapping[str, Any], units: Units) -> EditBatch:
    one = part.row(0, named=True)
    fields = part.group_by("record", "field", "value", maintain_order=True).agg("record_id")
    # What is kept with a flag is a list of flags, and differs from run to run; it is said once.
    flags = fields.filter(pl.col("field") == "kept_flags").explode("record_id", empty_as_null=True)
    groups = [row for row in fields.iter_rows(named=True) if row["field"] != "kept_flags"]
    if flags.height:
        groups.append(
            {
                "record": "activity",
                "field": "kept_flags",
                "value": None,
                "record_id": flags["record_id"].to_list(),
            }
        )
    sentences = tuple(_sentence(row, names, days, units) for row in groups)
    return EditBatch(
        one["batch_id"], one["fetched_utc"], one["decided_by"], one["reason"], one["is_undone"], sentences
    )


def _sentence(row: Mapping[str, Any], names: Mapping[str, str], days: Mapping[str, Any], units: Units) -> str:
    single, several = EDITED.get(row["field"], ("One edit of {field}.", "{count} edits of {field}."))
    ids = row["record_id"]
    day = days.get(ids[0])
    return (single if len(ids) == 1 else several).format(
        count=len(ids),
        day=shared_text.day_in_words(day) if day else "a day no longer on record",
        pair=names.get(ids[0], shared_text.SHOE_NAMELESS),
        field=row["field"],
        value=_value(row["record"], row["field"], row["value"], names, units),
    )


def _value(record: str, field: str, text: str | None, names: Mapping[str, str], units: Units) -> str:
    if field not in EDITABLE[record] or text is None:
        return NOT_KNOWN if text is None else text
    value, dtype = parse_value(record, field, text), EDITABLE[record][field].dtype
    if field in ("shoe_id", "same_as"):
        return names.get(value, shared_text.SHOE_NAMELESS)
    if dtype == pl.Boolean:
        return YES_NO[value]
    if dtype == pl.Date:
        return shared_text.day_in_words(value)
    if dtype == pl.String:
        return shared_text.SPORTS.get(value) or SURFACE_NAMES.get(value) or value
    return _number(field, value, units)


def _number(field: str, value: float, units: Units) -> str:
    if field == "moving_s":
        return duration_words(value)
    if field in _LENGTHS:
        return units.distance_words(value)
    return units.height_words(value) if field in _HEIGHTS else f"{value:g}"
