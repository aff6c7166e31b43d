"""How a step of a return ladder, or any next run, stands against the line back after a break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.model.running_state import WAY_BACK
from dashboard.model.schemas import NEEDED_OF_WEEK, WEEK


@dataclass(frozen=True)
class LinePosition:
    """One run against the line back; it changes no step.

    Parameters
    ----------
    acute_tkm
        Mean load of the seven days that end with the run, tkm a day; days after the record count as rest.
    line_tkm
        The line on the last recorded day, tkm a day.
    share
        Acute over line.
    threshold
        The runner's own on that day.
    """

    acute_tkm: float
    line_tkm: float
    share: float
    threshold: float


def against_line(days: pl.DataFrame, on: date, run_tkm: float) -> LinePosition | None:
    """Compare a run to come with the line back.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `adaptation.adapt_days`.
    on : date
        Local date of the run, after the record.
    run_tkm : float
        Its load.

    Returns
    -------
    LinePosition or None
        None where the last recorded day is not on the way back, or too little of the week is known.
    """
    known = days.filter(pl.col("load_tkm").is_not_null())
    if known.is_empty():
        return None
    last = known.sort("local_date").row(-1, named=True)
    if last["state"] != WAY_BACK or last["line_tkm"] is None or on <= last["local_date"]:
        return None
    first = on - timedelta(days=WEEK - 1)
    week = known.filter(pl.col("local_date") >= first)
    ahead = (on - max(last["local_date"], first - timedelta(days=1))).days
    if week.height + ahead < NEEDED_OF_WEEK:
        return None
    acute = (float(week["load_tkm"].sum()) + run_tkm) / (week.height + ahead)
    return LinePosition(acute, last["line_tkm"], acute / last["line_tkm"], last["threshold"])
