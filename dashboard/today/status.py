"""Where the runner stands now: load against habit, and how far the next run may go to stay near the longest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.outpaced_windows import LOOK_BACK_DAYS

MARGIN = 1.1
OPEN_WITHIN = 3


@dataclass(frozen=True)
class CurrentLoad:
    """Where load stands on the last day whose load is known."""

    as_of: date | None
    days_ago: int
    acute_tkm: float | None
    habitual_tkm: float | None
    ratio: float | None
    window_from: date | None
    window_robust: bool | None
    longest_m: float | None
    longest_date: date | None
    limit_m: float | None
    threshold: float | None = None
    """Load over habit from which it counts as above what the runner is used to."""
    is_withheld: bool = False
    """Whether too many runs are missing to say any of it."""


def current_load(analysis: Analysis, today: date) -> CurrentLoad:
    """Read where the runner stands.

    References
    ----------
    Margin: Frandsen 2025 (PMID 40623829), 5,205 runners, injuries of all kinds: runs more than 10 % beyond the
    longest of the 30 days before.
    """
    known = analysis.days.filter(pl.col("load_tkm").is_not_null() & (pl.col("local_date") <= today))
    last = known.sort("local_date").row(-1, named=True) if known.height else None
    as_of = last["local_date"] if last else None
    window = _open(analysis.windows, as_of)
    runs = analysis.runs.clear() if analysis.is_withheld else analysis.runs
    near = runs.filter(
        pl.col("local_date").is_between(today - timedelta(days=LOOK_BACK_DAYS), today)
        & (pl.col("distance_m") > 0)
    ).sort("distance_m", "local_date")
    longest = near.row(-1, named=True) if near.height else None
    return CurrentLoad(
        as_of=as_of,
        days_ago=(today - as_of).days if as_of else 0,
        acute_tkm=_week(last, "acute_tkm"),
        habitual_tkm=_week(last, "habitual_tkm"),
        ratio=last["ratio"] if last else None,
        window_from=window["from_date"] if window else None,
        window_robust=window["robust"] if window else None,
        longest_m=longest["distance_m"] if longest else None,
        longest_date=longest["local_date"] if longest else None,
        limit_m=longest["distance_m"] * MARGIN if longest else None,
        threshold=last["threshold"] if last else None,
        is_withheld=analysis.is_withheld,
    )


def _week(last: dict | None, column: str) -> float | None:
    return last[column] * 7 if last and last[column] is not None else None


def _open(windows: pl.DataFrame, as_of: date | None) -> dict | None:
    if as_of is None:
        return None
    begun = windows.filter(pl.col("from_date") <= as_of)
    if begun.is_empty():
        return None
    last = begun.sort("to_date").row(-1, named=True)
    return last if (as_of - last["to_date"]).days <= OPEN_WITHIN else None
