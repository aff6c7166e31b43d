"""What every form of a report is made from: one runner, one period, nothing that must stay on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import polars as pl

from connectors.errors import VaultUnreadable
from connectors.frames import ACTIVITY, RUN_SPORTS, STRENGTH, SYMPTOM
from connectors.shoes.shoe_facts import shoe_facts
from connectors.source import SOURCES, Progress, silent, source_by_id
from connectors.store import Runner, Store
from connectors.store.digests import UnverifiedRows
from connectors.store.token_vault import open_vault
from connectors.sync.status import STRAVA
from dashboard.access.person_store import PersonStore
from dashboard.diary.episodes import Episode
from dashboard.diary.statements import all_episodes
from dashboard.model.analysis import Analysis
from dashboard.model.date_window import WINDOW_LENGTHS, full_range
from dashboard.model.explain import FlareExplanation
from dashboard.report.blocks import (
    LEFT_OUT_ASKED,
    LEFT_OUT_UNLINKED,
    ONE_LEFT_OUT_ASKED,
    ONE_LEFT_OUT_UNLINKED,
)
from dashboard.report.consult_record import ConsultRecord, flare_of_page, read_consult_record
from dashboard.report.document_facts import document_facts
from dashboard.report.doubts import Doubt, doubts
from dashboard.runs.quality.quality_check import QualityFlag
from dashboard.shared import visits
from dashboard.shared.left_out_text import left_out_in_words
from dashboard.shared.pipeline import analysis_of, explanation_of
from dashboard.shared.units import Units, units_from_settings
from dashboard.shared.unverified import unverified_sentence


@dataclass(frozen=True)
class ShareableData:
    """What a report is made from."""

    store: Store
    is_whole: bool = True
    missing: tuple[date, ...] = ()
    is_asked: bool = False
    sentence: str | None = None
    """What is said first where rows are the runner's alone, in place of what a link's machine would say."""

    def count(self, since: date | None, until: date | None) -> int:
        """Count the runs that a period lacks.

        A sum that lacks something says how much.
        """
        return sum((since is None or since <= d) and (until is None or d <= until) for d in self.missing)

    def as_row(self, since: date | None, until: date | None) -> dict[str, Any]:
        """Return what was left out of a period as the document holds it."""
        return {"runs": self.count(since, until), "why": self.in_words(since, until)}

    def in_words(self, since: date | None, until: date | None) -> str | None:
        """Describe what was left out of a period, and why."""
        if self.sentence is not None:
            return self.sentence
        count = self.count(since, until)
        if not count:
            return None
        if count == 1:
            return ONE_LEFT_OUT_ASKED if self.is_asked else ONE_LEFT_OUT_UNLINKED
        return (LEFT_OUT_ASKED if self.is_asked else LEFT_OUT_UNLINKED).format(count=count)


def shareable(store: Store, runner: Runner, without_link: bool = False) -> ShareableData:
    """Settle what a report of one runner may hold."""
    # Strava's API terms, as developers quote them: the data is for the athlete it belongs to, who alone can
    # link. A link moves with no backup, so the folder that holds it is the runner's own. A link that cannot
    # be read is none.
    others = store.left_out(runner.athlete_id, date.today())
    if others.missing:  # decided by who asks: this store never reads them
        return ShareableData(store, False, others.dates, sentence=left_out_in_words(others))
    if isinstance(store, PersonStore) and not without_link:
        return ShareableData(store)
    rows = store.read(ACTIVITY, runner.athlete_id)
    bound = [one.id for one in SOURCES if not one.may_leave_account]
    has_any = bool(rows["source"].is_in(bound).any())
    if not without_link:
        bound = [one for one in bound if not _is_linked(store, runner, one)]
        has_any = bool(rows["source"].is_in(bound).any())
    if not has_any:
        return ShareableData(store)
    part = store.without(*bound)
    had, has = (_runs(one, runner) for one in (store, part))
    beside = had.join(has, on="local_date", how="left", suffix="_left").fill_null(0).sort("local_date")
    gone = [[day] * max(all_runs - left, 0) for day, all_runs, left in beside.iter_rows()]
    return ShareableData(part, False, tuple(day for days in gone for day in days), without_link)


def _runs(store: Store, runner: Runner) -> pl.DataFrame:
    """Runs of each date."""
    rows = store.activities(runner.athlete_id).filter(pl.col("sport").is_in(RUN_SPORTS))
    return rows.group_by("local_date").agg(pl.len().cast(pl.Int64).alias("runs"))


def _is_linked(store: Store, runner: Runner, source_id: str) -> bool:
    """Whether the link that rows of a source came by is here."""
    vault, account = open_vault(store.home), source_by_id(source_id).account
    try:
        if account == STRAVA:
            return vault.read(runner.athlete_id) is not None
        return account is not None and vault.read_key(runner.athlete_id, account) is not None
    except VaultUnreadable:
        return False


USUAL_DAYS = WINDOW_LENGTHS["16 weeks"]
"""What a consult looks back on."""
BEFORE_ONSET = timedelta(days=28)
"""How far before an onset a page begins at least: what changed is looked for in so many days before it."""
LONGEST_PAGE = timedelta(days=365)
"""Days of a page whose length nobody asked for, at most. Design choice."""


@dataclass(frozen=True)
class ReportInput:
    """What a report is made from."""

    runner: Runner
    analysis: Analysis
    why: FlareExplanation
    document: dict[str, Any]
    symptoms: pl.DataFrame
    shoe_names: Mapping[str, str]
    drops: Mapping[str, float]
    units: Units
    start: date | None
    end: date | None
    agreed: visits.AgreedStep | None
    left_out: str | None
    doubted: Sequence[Doubt] = ()
    strength: pl.DataFrame = field(default_factory=STRENGTH.empty)
    consult: ConsultRecord = field(default_factory=ConsultRecord)
    episodes: Sequence[Episode] = ()
    compose: Callable[[], dict[str, Any]] = dict
    """Build the document with all keys of the contract: the page needs few of them, and the plan takes a while."""

    @property
    def unverified(self) -> str:
        """What is not as it was written, or empty."""
        rows = self.document["unverified"]
        return unverified_sentence([UnverifiedRows(0, one["table"], one["month"] or "") for one in rows])


def collect(
    store: Store,
    runner: Runner,
    since: date | None = None,
    until: date | None = None,
    without_link: bool = False,
    ready: tuple[Analysis, FlareExplanation] | None = None,
    usual_days: int | None = USUAL_DAYS,
    today: date | None = None,
    flags: Sequence[QualityFlag] | None = None,
    progress: Progress = silent,
) -> ReportInput:
    """Gather what a report is made from.

    What may not go in is left out before anything is computed, so that all totals agree.
    """
    given = shareable(store, runner, without_link)
    analysis, why = ready if ready and given.is_whole else _analysed(given.store, runner.athlete_id, progress)
    start, end = _period(analysis, why.flares, since, until, usual_days)
    asked = (start, end) if start and end else (since, until)
    known = flags if given.is_whole else None
    doubted = doubts(given.store, runner.athlete_id, analysis, *asked, ready=known, progress=progress)
    written = document_facts(given.store, runner, analysis, *asked)
    written["left_out"] = given.as_row(since or (start if usual_days else None), until)
    return ReportInput(
        runner=runner,
        analysis=analysis,
        why=why,
        document=written,
        symptoms=given.store.read(SYMPTOM, runner.athlete_id),
        strength=given.store.read(STRENGTH, runner.athlete_id),
        shoe_names=given.store.shoe_names(runner.athlete_id),
        drops=_drops(given.store, runner),
        units=units_from_settings(store.settings(runner.athlete_id)),
        start=start,
        end=end,
        agreed=visits.agreed_at(store, runner.athlete_id, until),
        left_out=written["left_out"]["why"],
        doubted=doubted,
        episodes=all_episodes(given.store, runner.athlete_id),
        consult=read_consult_record(given.store, runner.athlete_id, why.flares, (start, end), until, today),
        compose=partial(_compose, given.store, runner, analysis, asked, why, doubted, written),
    )


def _compose(
    store: Store,
    runner: Runner,
    analysis: Analysis,
    asked: tuple[date | None, date | None],
    *computed: Any,
) -> dict[str, Any]:
    compose = import_module("dashboard.report.document").compose_document
    return compose(store, runner, analysis, *asked, *computed)


def _analysed(store: Store, athlete_id: int, progress: Progress) -> tuple[Analysis, FlareExplanation]:
    analysis = analysis_of(store, athlete_id, progress)
    return analysis, explanation_of(store, athlete_id, analysis)


def _with_onset(flares: pl.DataFrame, start: date, end: date, first: date) -> date:
    """Begin early enough for the onset of the flare a page is about, and for what came in the weeks before it.

    An onset of over a year ago stays outside: the picture of the last weeks would be too small to read.
    """
    flare = flare_of_page(flares, start, end)
    if flare is None or flare["onset"] - BEFORE_ONSET < end - LONGEST_PAGE:
        return start
    return max(first, min(start, flare["onset"] - BEFORE_ONSET))


def _drops(store: Store, runner: Runner) -> dict[str, float]:
    """Drops of the pairs, as a person says, their source states or the catalogue has them."""
    facts = shoe_facts(store.shoes(runner.athlete_id))
    return dict(facts.select("shoe_id", "drop_mm").drop_nulls().iter_rows())


def _period(
    analysis: Analysis, flares: pl.DataFrame, since: date | None, until: date | None, usual_days: int | None
) -> tuple[date | None, date | None]:
    """The dates asked for, as far as the record has them; those nobody asked for hold the onset."""
    if analysis.days.is_empty():
        return None, None
    first, last = full_range(analysis)
    end = min(until or last, last)
    usual = first if usual_days is None else end - timedelta(days=usual_days - 1)
    start = max(since or usual, first)
    if since is None and usual_days is not None and start <= end:
        start = _with_onset(flares, start, end, first)
    return (start, end) if start <= end else (None, None)
