"""Today's answers in one line each: how the week stands, what stepped up, this morning, tomorrow, the next long run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.diary import entries
from dashboard.diary import text as diary_text
from dashboard.flares import lead_text
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.model.schemas import WEEK
from dashboard.plan import service
from dashboard.plan import text as plan_text
from dashboard.plan.guardrails.base import load_guardrails
from dashboard.plan.limits import violations
from dashboard.shared import state_text, text
from dashboard.shared.text import HABIT_UNKNOWN
from dashboard.shared.units import Units
from dashboard.today.status import CurrentLoad
from dashboard.today.text import ABOVE, BELOW, LIMIT_SOURCE, NO_LIMIT, NO_LOAD, OLD, STALE_DAYS

USUAL_WEEKS = 8
HEADLINES = {
    "more": "Tendon load is above what you are used to.",
    "near": "Tendon load is close to what you are used to.",
    "less": "Tendon load is below what you are used to.",
}
OLD_HEADLINES = {
    "more": "In the week to {day}, your last on record, tendon load was above what you were used to.",
    "near": "In the week to {day}, your last on record, tendon load was close to what you were used to.",
    "less": "In the week to {day}, your last on record, tendon load was below what you were used to.",
}
HELD = "Tendon load was {ratio} of what you are used to, in the 7 days to {day}."
DISTANCE = "{distance} in the same days; {usual} a week on average over the eight weeks before."
DISTANCE_ALONE = "{distance} in the same days."
NOT_LOGGED = "Not logged yet."
NOTHING_PLANNED = "Nothing is planned."
KEEPS, CROSSES = "Touches no limit.", "Crosses: {names}."
LONG_RUN = "Up to {limit}: 10 % beyond the longest of the last 30 days ({longest} on {day})."
NO_STEP_UP = "Nothing stepped up in the last two weeks."
STEP_UP_UNKNOWN = "Too little is on record to tell."


@dataclass(frozen=True)
class Answer:
    """One question of the day with its answer; a source stands behind it where there is one."""

    title: str
    sentences: tuple[str, ...]
    source: str = ""


def headline(now: CurrentLoad) -> str:
    """Return the one answer of the page."""
    if now.as_of is None:
        return text.HABIT_WITHHELD if now.is_withheld else NO_LOAD
    if now.ratio is None:
        return HABIT_UNKNOWN
    level = "more" if now.ratio > ABOVE else "less" if now.ratio < BELOW else "near"
    if now.days_ago > STALE_DAYS:
        return OLD_HEADLINES[level].format(day=text.day_in_words(now.as_of))
    return HEADLINES[level]


def week_answer(analysis: Analysis, now: CurrentLoad, units: Units) -> Answer:
    """Describe the last 7 days with a known load: load against habit, and the distance beside it."""
    if now.as_of is None:
        return Answer("Your week", (text.HABIT_WITHHELD if now.is_withheld else NO_LOAD,))
    held = []
    if now.ratio is not None:
        held = [HELD.format(day=text.day_in_words(now.as_of, False), ratio=state_text.ratio(now.ratio))]
    old = [OLD.format(days=now.days_ago)] if now.days_ago > STALE_DAYS else []
    return Answer("Your week", (*held, _distance(analysis, now.as_of, units), *old))


def _distance(analysis: Analysis, until: date, units: Units) -> str:
    """Describe the distance of a week beside the mean of the weeks before; unknown weeks are no weeks of rest."""
    runs = analysis.runs.select("local_date", "distance_m")
    week = _summed(runs, until - timedelta(days=WEEK - 1), until)
    start = until - timedelta(days=WEEK * (USUAL_WEEKS + 1) - 1)
    known = analysis.days.filter(
        pl.col("local_date").is_between(start, until - timedelta(days=WEEK)) & pl.col("known")
    )
    if known.height < WEEK * USUAL_WEEKS:
        return DISTANCE_ALONE.format(distance=units.distance_words(week))
    usual = _summed(runs, start, until - timedelta(days=WEEK)) / USUAL_WEEKS
    return DISTANCE.format(distance=units.distance_words(week), usual=units.distance_words(usual))


def _summed(runs: pl.DataFrame, first: date, last: date) -> float:
    return float(runs.filter(pl.col("local_date").is_between(first, last))["distance_m"].sum())


def morning_answer(symptoms: pl.DataFrame, today: date) -> Answer:
    """Describe how the heel was this morning; a morning without an answer is not a calm one."""
    rows = entries.with_morning_entry(entries.entries_on(symptoms, today))
    sentences = tuple(f"{_capital(diary_text.entry_in_words(row))}." for row in rows)
    if sentences:
        return Answer("This morning", sentences)
    earlier = symptoms.filter(pl.col("date") < today).sort("date", "side", "source_id")
    if earlier.is_empty():
        return Answer("This morning", (NOT_LOGGED,))
    last = earlier.row(-1, named=True)
    entry = f"{text.day_in_words(last['date'], False)}: {diary_text.entry_in_words(last)}."
    return Answer("This morning", (NOT_LOGGED, f"Last entry, {entry}"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def tomorrow_answer(
    projection: service.PlanProjection, today: date, units: Units, shoe_names: Mapping[str, str]
) -> Answer:
    """Describe what is planned for tomorrow, and which limits it touches."""
    day = today + timedelta(days=1)
    runs = [run for run in projection.plan if run.date == day]
    if not runs:
        return Answer("Tomorrow", (NOTHING_PLANNED,))
    planned = "; ".join(plan_text.run_in_words(run, units, dict(shoe_names)) for run in runs)
    until_then = tuple(run for run in projection.plan if run.date <= day)
    crossed = violations(until_then, projection.limits, projection.context)
    week = {day - timedelta(days=n) for n in range(day.weekday() + 1)}
    names = [
        rule.title for rule in load_guardrails() if any(one.date in week for one in crossed.get(rule.id, []))
    ]
    return Answer("Tomorrow", (f"{planned}.", CROSSES.format(names=", ".join(names)) if names else KEEPS))


def long_run_answer(now: CurrentLoad, units: Units) -> Answer:
    """Describe how far the next long run may go to stay near the longest of 30 days."""
    if now.limit_m is None or now.longest_date is None:
        return Answer("Next long run", (text.HABIT_WITHHELD if now.is_withheld else NO_LIMIT,))
    limit, longest = units.distance_words(now.limit_m), units.distance_words(now.longest_m)
    words = LONG_RUN.format(limit=limit, longest=longest, day=text.day_in_words(now.longest_date, False))
    return Answer("Next long run", (words,), LIMIT_SOURCE)


def step_up_answer(analysis: Analysis, explanation: FlareExplanation, led: Sequence[str]) -> Answer:
    """Put first what changed most in the fortnight; too short a record is not told as calm."""
    spans = explanation.recent.spans
    is_known = not spans.is_empty() and lead_text.is_known(
        analysis, explanation, *spans.select("from_date", "to_date").row(0)
    )
    return Answer("What stepped up", tuple(led[:1]) or (NO_STEP_UP if is_known else STEP_UP_UNKNOWN,))
