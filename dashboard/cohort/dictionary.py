"""The data dictionary of the cohort tables, as Markdown: written from the contracts alone."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from connectors.contract import Column
from dashboard.cohort.columns import COHORT_TABLES, SCHEMA_VERSION, WORD_SETS
from dashboard.cohort.reasons import REASONS
from dashboard.model.settings import MODEL_VERSION

KINDS = {
    pl.String: "text",
    pl.Float64: "number",
    pl.Int64: "whole number",
    pl.Boolean: "true or false",
    pl.Date: "date",
}
HEAD = (
    "# Columns of the cohort tables",
    "",
    "Written from the contracts (`dashboard/cohort/columns.py`); a test holds it. Tables version "
    f"{SCHEMA_VERSION}, model version {MODEL_VERSION}. How the tables are made: [cohort.md](cohort.md).",
    "",
    "Null is unknown, never zero. A number that is 0 is known to be none.",
)


def dictionary() -> str:
    """Return the whole dictionary."""
    lines = list(HEAD)
    for table in COHORT_TABLES:
        lines += ["", f"## {table.name}", "", f"One row: {table.grain}.", ""]
        lines += ["| column | kind | null | meaning and unit |", "|---|---|---|---|"]
        lines += [_row(name, column) for name, column in table.columns.items()]
    lines += ["", "## Words", ""]
    lines += [f"- `{name}`: {_listed(words)}." for name, words in WORD_SETS.items()]
    lines += ["", "## Reasons of refusals", ""]
    lines += [f"- `{code}`: {sentence}" for code, sentence in REASONS.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, column: Column) -> str:
    is_sentence = column.one_of == tuple(REASONS.values())
    words = f". One of {_listed(column.one_of)}" if column.one_of and not is_sentence else ""
    return f"| `{name}` | {KINDS[column.dtype]} | {'yes' if column.null else 'no'} | {column.unit}{words} |"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
