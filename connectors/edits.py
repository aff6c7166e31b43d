"""What a person says of sessions and pairs: kept beside what came in, laid over it at each reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from connectors.contract import Column, date_limits
from connectors.errors import ContractError
from connectors.frames import ACTIVITY, EDIT, PAIR_EXTRA, SESSION_EXTRA, SHOE, SHOE_FACT, checked
from connectors.plain_text import storable_parts

_OF_ACTIVITY = (
    "shoe_id",
    "sport",
    "local_date",
    "distance_m",
    "moving_s",
    "ascent_m",
    "descent_m",
    "is_indoor",
    "perceived_exertion_0_10",
)
EDITABLE: Mapping[str, Mapping[str, Column]] = {
    "activity": {**{name: ACTIVITY.columns[name] for name in _OF_ACTIVITY}, **SESSION_EXTRA},
    "shoe": {
        **{name: SHOE.columns[name] for name in ("name", "brand", "model", "is_retired")},
        **{name: SHOE_FACT.columns[name] for name in ("kind", "drop_mm")},
        **PAIR_EXTRA,
    },
}
"""Record to the fields a person may speak of, each with its type and bounds."""
NEVER_UNKNOWN = ("sport", "local_date", "name")


@dataclass(frozen=True)
class Edit:
    """One thing a person says of one field."""

    record: str
    record_id: str
    field: str
    value: Any


def edit_rows(
    edits: Sequence[Edit], athlete_id: int, batch_id: str, when: datetime, decided_by: str, reason: str | None
) -> pl.DataFrame:
    """Build rows of EDIT from one act of a person.

    The value is text, so that one table holds every field.
    """
    rows = [
        {
            "athlete_id": athlete_id,
            "source": "manual",
            "source_id": f"{batch_id}:{number:05d}",
            "fetched_utc": when,
            "batch_id": batch_id,
            "record": edit.record,
            "record_id": edit.record_id,
            "field": edit.field,
            "value": _text(edit),
            "decided_by": decided_by,
            "reason": reason,
            "is_undone": False,
        }
        for number, edit in enumerate(edits)
    ]
    return checked(pl.DataFrame(rows, schema=EDIT.schema), EDIT)


def apply_edits(
    frame: pl.DataFrame, edits: pl.DataFrame, record: str, same: Mapping[str, str]
) -> pl.DataFrame:
    """Apply a person's edits to what came in.

    Nothing that came in is overwritten, so an undo needs no copy and an import cannot take a word back.
    """
    key = f"{record}_id"
    fields = EDITABLE[record]
    missing = [pl.lit(None, c.dtype).alias(name) for name, c in fields.items() if name not in frame.columns]
    full = frame.with_columns(missing)
    rows = _last_words(edits, record, same)
    for field in rows["field"].unique().sort().to_list():
        words = rows.filter(pl.col("field") == field)
        values = [parse_value(record, field, text) for text in words["value"].to_list()]
        over = pl.DataFrame(
            {key: words["record_id"], "|said": pl.Series(values, dtype=fields[field].dtype), "|is_said": True}
        )
        full = full.join(over, on=key, how="left", maintain_order="left").with_columns(
            pl.when("|is_said").then("|said").otherwise(field).alias(field)
        )
        full = full.drop("|said", "|is_said")
    names = rows.group_by("record_id").agg(pl.col("field").sort().str.join(" ").alias("edited"))
    return full.join(names.rename({"record_id": key}), on=key, how="left", maintain_order="left")


def parse_value(record: str, field: str, text: str | None) -> Any:
    """Read the value of an edit.

    See `edit_rows`.
    """
    dtype = EDITABLE[record][field].dtype
    if text is None or dtype == pl.String:
        return text
    if dtype == pl.Boolean:
        return text == "true"
    return date.fromisoformat(text) if dtype == pl.Date else float(text)


def edit_problem(record: str, field: str, text: str | None) -> str | None:
    """Return why the text of an edit from elsewhere is no possible value of its field, or None where it is one."""
    column = EDITABLE.get(record, {}).get(field)
    if column is None:
        return None  # of a later version: laid over nothing
    if text is None:
        return f"{field} must be known" if field in NEVER_UNKNOWN else None
    if column.dtype == pl.Boolean:
        return None if text in ("true", "false") else f"{field} must be true or false"
    try:
        problem = column.problem(parse_value(record, field, text))
    except ValueError:
        problem = "cannot be read"
    return problem and f"{field} {problem}"


def _text(edit: Edit) -> str | None:
    column = EDITABLE.get(edit.record, {}).get(edit.field)
    if column is None:
        raise ContractError(f"{edit.field} of one {edit.record} cannot be edited. Nothing was changed.")
    value = storable_parts(edit.value)
    if value is None:
        if edit.field in NEVER_UNKNOWN:
            raise ContractError(f"{edit.field} cannot be left empty. Nothing was changed.")
        return None
    if column.dtype == pl.Boolean and isinstance(value, bool):
        return "true" if value else "false"
    if column.dtype == pl.Date and isinstance(value, date) and column.problem(value) is None:
        return value.isoformat()
    if column.dtype == pl.Float64 and isinstance(value, int | float) and _within(float(value), column):
        return repr(float(value))
    if column.dtype == pl.String and isinstance(value, str) and value in (column.one_of or (value,)):
        return value
    raise ContractError(f"{value} is not a possible {edit.field} ({_allowed(column)}). Nothing was changed.")


def _within(value: float, column: Column) -> bool:
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    return low <= value <= high and abs(value) != float("inf")


def _allowed(column: Column) -> str:
    if column.one_of:
        return "one of " + ", ".join(column.one_of)
    if column.low is not None and column.high is not None:
        return f"{column.low:g} to {column.high:g}, {column.unit}"
    if column.dated is not None:
        first, last = date_limits(column.dated)
        return f"{first} to {last}, {column.unit}"
    return column.unit


def _last_words(edits: pl.DataFrame, record: str, same: Mapping[str, str]) -> pl.DataFrame:
    """Select the last edit of each field; several records of one run share their words."""
    name = pl.col("record_id")
    known = edits.filter(~pl.col("is_undone"), pl.col("record") == record)
    known = known.filter(pl.col("field").is_in(list(EDITABLE[record])))
    return (
        known.with_columns(name.replace(dict(same)) if same else name)
        .sort("fetched_utc", "source_id")
        .unique(["record_id", "field"], keep="last", maintain_order=True)
    )
