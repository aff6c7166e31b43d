"""How a statement fares under other assumptions: lenses across, time constants down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.charts.rows import table
from dashboard.model.robustness import same_leading
from dashboard.why_words import (
    DRIVER_NAMES,
    LEADING,
    LEADING_ASSUMED,
    LEADING_NONE,
    LENSES,
)

CAPTION = (
    "Largest ratio of load over habit, and whether load outpaced habit, under each lens and time constant"
)
OUTPACED, WITHIN = "outpaced ×{value:.2f}", "within ×{value:.2f}"


def in_html(held: pl.DataFrame) -> str:
    """Lay the answers for one span out as a table.

    Parameters
    ----------
    held : DataFrame
        HELD_SCHEMA of one span.

    Returns
    -------
    str
        HTML: a row for each time constant, a column for each lens; "not known" where too few days are known.

    Source
    ------
    ours: one tap shows how, not only that, it depends on the model.
    """
    found = {(row["tau_days"], row["lens"]): row for row in held.iter_rows(named=True)}
    taus = sorted({tau for tau, _ in found})
    own = {row["tau_days"] for row in found.values() if row["is_own"]}
    rows = [
        [
            f"{tau:g} days" + (" (yours)" if tau in own else ""),
            *(_answer(found[tau, lens]) for lens in LENSES),
        ]
        for tau in taus
    ]
    return table(["Habit over", *LENSES.values()], rows, CAPTION)


def leading_in_words(led: pl.DataFrame) -> str | None:
    """Say whether lens A and B name the same largest driver.

    Parameters
    ----------
    led : DataFrame
        LED_SCHEMA of one span.

    Returns
    -------
    str or None
        One sentence; None where lens B names none.

    Source
    ------
    ours.
    """
    if led.is_empty():
        return None
    verdict = same_leading(led).row(0, named=True)
    if verdict["leading"] is None:
        return None
    if verdict["robust"]:
        return LEADING.format(name=DRIVER_NAMES[verdict["leading"]].lower())
    rows = sorted(led.iter_rows(named=True), key=lambda row: row["lens"])
    parts = [f"{_name(row['leading'])} under lens {row['lens']}" for row in rows]
    return LEADING_ASSUMED.format(parts=", ".join(parts))


def part(frame: pl.DataFrame, span: Sequence[Any]) -> pl.DataFrame:
    """Give the rows of one span.

    Parameters
    ----------
    frame : DataFrame
        With `from_date`, `to_date`.
    span : sequence of two dates
        The span.

    Returns
    -------
    DataFrame
        Same columns.

    Source
    ------
    ours.
    """
    return frame.filter((pl.col("from_date") == span[0]) & (pl.col("to_date") == span[1]))


def _name(driver: str | None) -> str:
    return LEADING_NONE if driver is None else DRIVER_NAMES[driver].lower()


def _answer(row: dict[str, Any]) -> str:
    if row["holds"] is None or row["value"] is None:
        return "not known"
    return (OUTPACED if row["holds"] else WITHIN).format(value=row["value"])
