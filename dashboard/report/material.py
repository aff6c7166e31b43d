"""What every form of a report is made from: one runner, one period, nothing that must stay on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.frames import SHOE, SHOE_FACT, SYMPTOM
from connectors.store import Runner, Store
from dashboard import visits
from dashboard.charts.window import LENGTHS, whole
from dashboard.gather import analysis_of, why_of
from dashboard.model.analysis import Analysis
from dashboard.model.why import Why
from dashboard.report import document
from dashboard.report.doubts import Doubt, doubts
from dashboard.report.handed import handed
from dashboard.units import Units, from_settings

USUAL_DAYS = LENGTHS["16 weeks"]
"""What a consult looks back on."""


@dataclass(frozen=True)
class Material:
    """What a report is made from.

    Parameters
    ----------
    runner
        Whose it is.
    analysis, why
        Of the whole history, as far as it may go into a report.
    document
        The same as plain values for the period: the contract's JSON.
    symptoms
        SYMPTOM.
    shoe_names, drops
        Of each pair by its id; drop in mm, where the runner stated it.
    units
        What the runner reads in.
    start, end
        First and last local date, inside the record; None where nothing is in the period.
    agreed
        What the last consult of the period ended on, or the last of all where the period is open; None unknown.
    left_out
        One sentence on what is missing; None where nothing is.
    doubted
        Open doubts about the record that a reader has to know of.
    """

    runner: Runner
    analysis: Analysis
    why: Why
    document: dict[str, Any]
    symptoms: pl.DataFrame
    shoe_names: Mapping[str, str]
    drops: Mapping[str, float]
    units: Units
    start: date | None
    end: date | None
    agreed: visits.Agreed | None
    left_out: str | None
    doubted: Sequence[Doubt] = ()


def material(
    store: Store,
    runner: Runner,
    since: date | None = None,
    until: date | None = None,
    without_link: bool = False,
    ready: tuple[Analysis, Why] | None = None,
    usual_days: int | None = USUAL_DAYS,
) -> Material:
    """Gather what a report is made from.

    Parameters
    ----------
    store : Store
        All that is kept.
    runner : Runner
        Whose report it is.
    since, until : date or None
        First and last local date; None is `usual_days` before the last, and the last on record.
    without_link : bool
        As for `handed.handed`.
    ready : tuple of Analysis and Why, or None
        What a page has computed from everything; used where everything may go in.
    usual_days : int or None
        Length of a period without `since`, d; None is from the first date on record.

    Returns
    -------
    Material
        For `page.laid_out` and `json.render`.

    Source
    ------
    ours: what may not go in is left out before anything is computed, so that all totals agree.
    """
    given = handed(store, runner, without_link)
    if ready is None or not given.is_whole:
        analysis = analysis_of(given.store, runner.athlete_id)
        ready = analysis, why_of(given.store, runner.athlete_id, analysis)
    analysis, why = ready
    start, end = _period(analysis, since, until, usual_days)
    asked = (start, end) if start and end else (since, until)
    doubted = doubts(given.store, runner.athlete_id, analysis, *asked)
    written = document.compose(given.store, runner, analysis, *asked, why, doubted)
    lacking = (since or (start if usual_days else None), until)  # what is newest may be what is left out
    left_out = given.in_words(*lacking)
    written["left_out"] = {"runs": given.count(*lacking), "why": left_out}
    shoes, facts = (given.store.read(kind, runner.athlete_id) for kind in (SHOE, SHOE_FACT))
    stated = facts.drop_nulls("drop_mm")
    return Material(
        runner=runner,
        analysis=analysis,
        why=why,
        document=written,
        symptoms=given.store.read(SYMPTOM, runner.athlete_id),
        shoe_names=dict(zip(shoes["shoe_id"].to_list(), shoes["name"].to_list(), strict=True)),
        drops=dict(zip(stated["shoe_id"].to_list(), stated["drop_mm"].to_list(), strict=True)),
        units=from_settings(store.settings(runner.athlete_id)),
        start=start,
        end=end,
        agreed=visits.agreed(store, runner.athlete_id, until),
        left_out=left_out,
        doubted=doubted,
    )


def _period(
    analysis: Analysis, since: date | None, until: date | None, usual_days: int | None
) -> tuple[date | None, date | None]:
    """The dates asked for, as far as the record has them."""
    if analysis.days.is_empty():
        return None, None
    first, last = whole(analysis)
    end = min(until or last, last)
    usual = first if usual_days is None else end - timedelta(days=usual_days - 1)
    start = max(since or usual, first)
    return (start, end) if start <= end else (None, None)
