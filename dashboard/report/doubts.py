"""Open doubts about the record that a reader of the report has to know of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.frames import SYMPTOM
from connectors.source import Progress, silent
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.model.schemas import WEEK
from dashboard.runs.quality import service
from dashboard.runs.quality import text as quality_text
from dashboard.runs.quality.checks import find_check
from dashboard.runs.quality.load_effect import load_effect
from dashboard.runs.quality.quality_check import QualityFlag
from dashboard.shared import text
from dashboard.shared.pipeline import model_settings_of
from dashboard.shared.units import Units

ALWAYS = ("future", "rollover", "wrong_day", "night_start", "overlap", "twice")
"""Doubts about a date or a duplicate: told whatever their load."""
SHARE = 0.05
"""Of a usual week, seven times that day's habit, beyond which a doubt is told. Design choice."""
MOST = 6


@dataclass(frozen=True)
class Doubt:
    """One open doubt."""

    flag: QualityFlag | None
    local_date: date
    tkm: float | None

    def as_row(self) -> dict[str, Any]:
        """Return the doubt as the JSON report has it."""
        return {
            "run_id": self.flag.activity_id if self.flag else None,
            "with_run_id": self.flag.other_id if self.flag else None,
            "date": self.local_date.isoformat(),
            "kind": self.flag.kind if self.flag else "future",
            "tkm": None if self.tkm is None else round(self.tkm, 4),
        }

    def in_words(self, units: Units) -> str:
        """Describe what is doubted, without the name of a run."""
        day = text.day_in_words(self.local_date)
        if self.flag is None:
            return f"{day}, diary: An entry bears this date, which is still to come, so it is not drawn."
        title = find_check(self.flag.kind).title
        sentence = f"{day}, {title[0].lower()}{title[1:]}: {quality_text.flag_in_words(self.flag, units)}"
        if self.tkm is None or abs(self.tkm) < 0.05:
            return sentence
        way = "less" if self.tkm > 0 else "more"
        return f"{sentence} If so, its load is {units.load_words(abs(self.tkm))} {way}."


def doubts(
    store: Store,
    athlete_id: int,
    analysis: Analysis,
    since: date | None = None,
    until: date | None = None,
    today: date | None = None,
    ready: Sequence[QualityFlag] | None = None,
    progress: Progress = silent,
) -> list[Doubt]:
    """List the open doubts of a period that weigh, and all about a date or a duplicate.

    `ready` are the flags where a page holds them: finding them reads every recording.
    """
    now = today or date.today()
    open_flags = ready
    if open_flags is None:
        open_flags = service.list_flags(
            store, athlete_id, service.recorded_facts(store, athlete_id, progress), now
        )
    inside = [
        flag for flag in open_flags if flag.kind in ALWAYS[:2] or _inside(flag.local_date, since, until)
    ]
    changes = _changes(store, athlete_id, inside, analysis)
    usual = dict(analysis.days.select("local_date", "habitual_tkm").iter_rows())
    doubted = [Doubt(flag, flag.local_date, changes.get(flag.id)) for flag in inside]
    return [one for one in doubted if _weighs(one, usual.get(one.local_date))] + _diary(
        store, athlete_id, now
    )


def in_words(doubted: Sequence[Doubt], units: Units) -> list[str]:
    """Write doubts as sentences, the gravest first; of many the rest as a number."""
    more = len(doubted) - MOST
    rest = [f"{more:,} more open doubts stand under Data quality."] if more > 1 else []
    shown = doubted if more == 1 else doubted[:MOST]
    return [one.in_words(units) for one in shown] + rest


def _inside(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or day >= since) and (until is None or day <= until)


def _weighs(one: Doubt, habitual_tkm: float | None) -> bool:
    if one.flag is not None and one.flag.kind in ALWAYS:
        return True
    if one.tkm is None or abs(one.tkm) < 0.05:
        return False
    return not habitual_tkm or abs(one.tkm) > SHARE * WEEK * habitual_tkm


def _changes(
    store: Store, athlete_id: int, flags: Sequence[QualityFlag], analysis: Analysis
) -> dict[str, float | None]:
    """What each doubt is worth: worked out for one doubt of each session at a time, so that none hides another."""
    personal, left = analysis.personal, [flag for flag in flags if flag.remedy]
    if personal is None:
        return {}
    worth: dict[str, float | None] = {}
    if analysis.personal is None:  # an analysis put together by hand
        return {flag.id: None for flag in left}
    while left:
        one_each = list({flag.activity_id: flag for flag in reversed(left)}.values())
        settings = model_settings_of(store, athlete_id)
        change = load_effect(store, athlete_id, one_each, personal, settings).by_session
        worth |= {
            flag.id: -change[flag.activity_id] if flag.activity_id in change else None for flag in one_each
        }
        done = {flag.id for flag in one_each}
        left = [flag for flag in left if flag.id not in done]
    return worth


def _diary(store: Store, athlete_id: int, today: date) -> list[Doubt]:
    ahead = store.read(SYMPTOM, athlete_id).filter(pl.col("date") > today + timedelta(days=1))
    return [Doubt(None, day, None) for day in ahead["date"].unique().sort()]
