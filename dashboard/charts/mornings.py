"""The next morning after each kind of session, as a sentence and a table."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.change_words import signed
from dashboard.charts.rows import table
from dashboard.model.driver_words import listed
from dashboard.why_words import KINDS

HEAD = ("Kind of day", "Mornings known", "Stiffness, 0–10", "Stiffness, min", "Pain, 0–10")
MEASURES = ("stiffness_0_10", "stiffness_min", "pain_0_10")
CAPTION = "Change on the next morning against the week before, by kind of session"
NOTHING = "No next morning is known yet: it takes an entry the morning after a run, and three in the week before it."
NO_KIND = "After no kind of session did the next morning clearly differ from the mornings before it."
HIGHER = "The next morning was higher than those before it after {kinds} sessions, on average."
LOWER = "It was lower after {kinds} days."
EXPLAINED = (
    "Mean change against the week before, with its 95 % interval; days without a run stand beside, since mornings "
    "drift on their own. A day may be of several kinds."
)


def in_words(found: pl.DataFrame) -> list[str]:
    """Say after which kinds of session the next morning clearly differed.

    Parameters
    ----------
    found : DataFrame
        RESPONSE_SCHEMA.

    Returns
    -------
    list of str
        One or two whole sentences.

    Source
    ------
    ours: a kind is named where the 95 % interval of stiffness or pain leaves zero out.
    """
    if not found["told"].sum():
        return [NOTHING]
    up = found.filter(pl.col("low") > 0)["kind"].unique(maintain_order=True).to_list()
    down = found.filter(pl.col("high") < 0)["kind"].unique(maintain_order=True).to_list()
    said = [HIGHER.format(kinds=listed([KINDS[k].lower() for k in up]))] if up else []
    said += [LOWER.format(kinds=listed([f"“{KINDS[k].lower()}”" for k in down]))] if down and up else []
    return said or [NO_KIND]


def in_html(found: pl.DataFrame) -> str:
    """Lay every kind of session out.

    Parameters
    ----------
    found : DataFrame
        RESPONSE_SCHEMA.

    Returns
    -------
    str
        HTML; empty where no kind is known.

    Source
    ------
    ours.
    """
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for row in found.iter_rows(named=True):
        by_kind.setdefault(row["kind"], {})[row["measure"]] = row
    rows = [
        [KINDS[kind], _known(measures), *(_change(measures[name]) for name in MEASURES)]
        for kind, measures in by_kind.items()
    ]
    return table(HEAD, rows, CAPTION) if rows else ""


def _known(measures: dict[str, dict[str, Any]]) -> str:
    most = max(measures.values(), key=lambda row: row["told"])
    return f"{most['told']} of {most['sessions']}"


def _change(row: dict[str, Any]) -> str:
    if row["change"] is None:
        return "not known"
    if row["low"] is None:
        return f"{signed(row['change'])} (too few)"
    return f"{signed(row['change'])} ({signed(row['low'])} to {signed(row['high'])})"
