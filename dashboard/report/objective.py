"""O of the report: what was measured. Tests with their error, four weeks of load, what stepped up, sets done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.plural import count, percent
from dashboard.flares import lead_text
from dashboard.flares.change_text import amount
from dashboard.flares.lead_text import NO_STEP_UP
from dashboard.model.leading_changes import Lead, LeadingChange, before_flare, composite, lead
from dashboard.model.step_ups import SHOE_CHANNELS
from dashboard.report import blocks
from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.four_weeks import four_weeks_grid
from dashboard.report.material import ReportInput
from dashboard.shared import text as shared_text
from dashboard.shared.preferences import age_on
from dashboard.shared.text import day_in_words, span_in_words
from dashboard.shared.units import Units
from dashboard.strength.clinical_tests import (
    BETWEEN_DAYS_REPS,
    CLINICAL_MEASURES,
    ClinicalMeasure,
    limb_symmetry,
    result_changes,
    usual_value,
)
from dashboard.strength.progress import programme_progress
from dashboard.strength.text import EXERCISE_KIND_NAMES, SEXES, SIGN_NAMES

TESTS, SHOES, SETS = "Tests", "Shoes", "Sets done"
CHANGED = "Stepped up in the 28 days before {day}:"
CHANGED_IN = "Stepped up from {span}:"
NO_TESTS = "none on record"
NO_CHANGE = "Nothing in training stepped up in the 28 days before {day}."
UNKNOWN_CHANGE = "Whether anything in training stepped up from {span} is not known: too little is on record."
NO_SETS = "none logged in the 28 days to {day}"
RESULT = "{values} ({parts})"
WITHIN, BETTER, WORSE, BEYOND = "within error", "better", "worse", "beyond error"
ERROR, ERROR_REPS = "a change counts from {least:g}", "±{error:g} from day to day"
SYMMETRY = "{side} {percent:.0f} % of the other ({low:.0f} to {high:.0f} %)"
NORM = "usual at {age}, {sex}: {usual}"
PLANNED_SETS = "{programme}: {done} of {planned:g} planned since {day}"
SETS_OF_KIND = "{kind} {count}"
IN_FOUR_WEEKS = "28 days to {day}"
FOUR_WEEKS = 28
MOST_CHANNELS = 6

CHANNEL_NAMES = {
    "volume": "Distance",
    "longest": "Longest run",
    "fast": "Fast running",
    "speed": "Mean pace",
    "climb": "Climb",
    "descent": "Descent",
    "cadence": "Cadence at the same speed",
    "run_days": "Days with a run",
    "hard_gap": "Hard days apart",
    "shoe_new": "New or lower-drop shoe",
    "drop": "Drop of the shoes",
}
A_WEEK = ("volume", "fast", "climb", "descent", "run_days")
OF_RUNNING = "{share} of running"


def objective_section(report_input: ReportInput) -> ReportSection:
    """Describe what was measured and recorded."""
    tests = result_items(report_input) or [ReportItem((NO_TESTS,), TESTS)]
    rest = [
        *_changes(report_input),
        *[ReportItem((line,)) for line in _load(report_input)],
        ReportItem((sets_in_words(report_input),), SETS),
    ]
    return ReportSection(
        blocks.OBJECTIVE, [*tests, *rest], four_weeks_grid(report_input), grid_after=len(tests)
    )


def result_items(report_input: ReportInput) -> list[ReportItem]:
    """Write the newest result of each test, both legs on one line, with its error and what is usual at that age."""
    changed = result_changes(report_input.consult.results)
    items = []
    for measure in CLINICAL_MEASURES:
        own = changed.filter(measure=measure.id)
        if own.height:
            newest = own.filter(pl.col("date") == own["date"].max()).sort("side", nulls_last=True)
            line = _result(measure, newest.to_dicts()) + _beside(report_input, measure, newest)
            items.append(ReportItem((line,), measure.title))
    return items


def _result(measure: ClinicalMeasure, rows: list[dict[str, Any]]) -> str:
    """Write "left 22 → 24, right 28 → 28 repetitions (13 Oct to 10 Nov 2026; within error; ±6 from day to day)"."""
    values = ", ".join(_then_now(measure, row) for row in rows)
    compared, day = [row for row in rows if row["before"] is not None], rows[0]["date"]
    first = min([row["before_date"] for row in compared], default=day)
    parts = [span_in_words(first, day), _verdict_of(compared), _error(measure)]
    written = f"{values} {measure.unit}".rstrip()
    return RESULT.format(values=written, parts="; ".join(part for part in parts if part))


def _then_now(measure: ClinicalMeasure, row: Mapping[str, Any]) -> str:
    side = f"{row['side']} " if row["side"] else ""
    known = [value for value in (row["before"], row["value"]) if value is not None]
    return side + " → ".join(SIGN_NAMES[value] if measure.is_sign else f"{value:g}" for value in known)


def _verdict_of(rows: list[dict[str, Any]]) -> str:
    """What the changes come to; each side by its own where they differ, nothing where no error is known."""
    verdicts = {row["side"]: _verdict(row) for row in rows if row["is_beyond"] is not None}
    if len(set(verdicts.values())) <= 1:
        return next(iter(verdicts.values()), "")
    return ", ".join(f"{side} {verdict}" for side, verdict in verdicts.items())


def _verdict(row: Mapping[str, Any]) -> str:
    if not row["is_beyond"]:
        return WITHIN
    return BEYOND if row["is_worse"] is None else WORSE if row["is_worse"] else BETTER


def _error(measure: ClinicalMeasure) -> str:
    if measure.id == "heel_rise_reps":
        return ERROR_REPS.format(error=BETWEEN_DAYS_REPS)
    return "" if measure.least_change is None else ERROR.format(least=measure.least_change)


def _beside(report_input: ReportInput, measure: ClinicalMeasure, rows: pl.DataFrame) -> str:
    """How the legs compare, and what is usual at that age and sex: for heel rises alone."""
    if measure.id != "heel_rise_reps":
        return ""
    legs = dict(rows.select("side", "value").iter_rows())
    symmetry = limb_symmetry(legs.get("left"), legs.get("right"))
    parts = []
    if symmetry is not None and symmetry.side is not None:
        parts.append(
            SYMMETRY.format(
                side=symmetry.side, percent=symmetry.percent, low=symmetry.low, high=symmetry.high
            )
        )
    settings, day = report_input.consult.settings, rows["date"][0]
    usual, age = usual_value(settings, day), age_on(day, settings)
    if usual is not None:
        parts.append(NORM.format(age=age, sex=SEXES[settings["sex"]], usual=usual))
    return "".join(f"; {part}" for part in parts)


def _changes(report_input: ReportInput) -> list[ReportItem]:
    if report_input.start is None or report_input.end is None:
        return []
    flare = report_input.consult.flare
    span = before_flare(flare["onset"]) if flare else (report_input.start, report_input.end)
    leading = lead(
        report_input.analysis,
        report_input.why.step_ups,
        *span,
        report_input.shoe_names,
        report_input.why.flares,
    )
    items = change_items(leading, report_input.units, report_input.drops)[:MOST_CHANNELS]
    head, none = (CHANGED, NO_CHANGE) if flare else (CHANGED_IN, NO_STEP_UP)
    if not lead_text.is_known(report_input.analysis, report_input.why, *span):
        none = UNKNOWN_CHANGE
    dates = {"day": day_in_words(flare["onset"]) if flare else "", "span": span_in_words(*span)}
    return [ReportItem(((head if items else none).format(**dates),)), *items]


def change_items(leading: Lead, units: Units, drops: Mapping[str, float]) -> list[ReportItem]:
    """Write each channel that stepped up with its numbers, the furthest out first; shoes are one line."""
    once: dict[str, LeadingChange] = {}
    for one in (*leading.changes, *leading.others):
        once.setdefault(one.channel, one)
    shoes = [one for one in once.values() if one.channel in SHOE_CHANNELS]
    items = []
    for one in once.values():
        if one.channel not in SHOE_CHANNELS:
            items.append(ReportItem((change_in_words(one, units),), CHANNEL_NAMES[one.channel]))
        elif one is shoes[0]:
            items.append(ReportItem((shoe_in_words(shoes, drops),), SHOES))
    return items


def change_in_words(one: LeadingChange, units: Units) -> str:
    """Write the numbers of one channel as "11 → 35 min a week, 25 Aug to 6 Sep 2026"."""
    per = " a week" if one.channel in A_WEEK else ""
    between = arrow(*(amount(one.channel, value, units) for value in (one.usual, one.reached)))
    return f"{between}{per}, {span_in_words(one.since, one.until)}"


def arrow(usual: str, reached: str) -> str:
    """Write two amounts with an arrow between them, their unit once."""
    first, _, unit = usual.rpartition(" ")
    return f"{first if first and reached.endswith(' ' + unit) else usual} → {reached}"


def shoe_in_words(changes: list[LeadingChange], drops: Mapping[str, float]) -> str:
    """Write a change of shoes as "Altra Escalante 3, 12 → 0 mm, 100 % of running, 7 to 20 Apr 2026"."""
    name = next((one.shoe_name for one in changes if one.shoe_name), None) or shared_text.SHOE_NAMELESS
    pair = next((one.shoe_id for one in changes if one.shoe_id), None)
    drop, share = (
        next((one for one in changes if one.channel == kind), None) for kind in ("drop", "shoe_new")
    )
    parts = [name]
    own = drops.get(pair) if pair else None
    if drop is not None and drop.usual is not None:
        parts.append(f"{drop.usual:.0f} → {drop.reached if own is None else own:.0f} mm")
    elif own is not None:
        parts.append(f"{own:g} mm drop")
    parts += [OF_RUNNING.format(share=percent(share.reached))] if share is not None else []
    since, until = min(one.since for one in changes), max(one.until for one in changes)
    return ", ".join([*parts, span_in_words(since, until)])


def _load(report_input: ReportInput) -> list[str]:
    if report_input.start is None or report_input.end is None:
        return []
    flare = report_input.consult.flare
    span = before_flare(flare["onset"]) if flare else (report_input.start, report_input.end)
    words = lead_text.load_in_words(composite(report_input.analysis, *span))
    return [] if words is None else [words]


def sets_in_words(report_input: ReportInput) -> str:
    """Write how many sets were logged in four weeks: against the programme where there is one, else by kind."""
    record = report_input.consult
    first = record.as_of - timedelta(days=FOUR_WEEKS - 1)
    done = record.sets.filter(pl.col("date") >= first)
    planned = _planned_sets(record.programme, record.sets, first, record.as_of)
    if planned:
        return "; ".join(planned)
    if done.is_empty():
        return NO_SETS.format(day=day_in_words(record.as_of))
    kinds = done.with_columns(pl.col("kind").fill_null("other")).group_by("kind").len().sort("len", "kind")
    parts = [
        SETS_OF_KIND.format(kind=EXERCISE_KIND_NAMES[kind].lower(), count=number)
        for kind, number in kinds.reverse().iter_rows()
    ]
    return f"{count(done.height, 'set')}: {', '.join(parts)} ({IN_FOUR_WEEKS.format(day=day_in_words(record.as_of))})"


def _planned_sets(programme: pl.DataFrame, sets: pl.DataFrame, first: date, last: date) -> list[str]:
    weeks = programme_progress(programme, sets, last)
    lately = weeks.filter(pl.col("from_date").is_between(first, last))
    lines = []
    for (name,), rows in lately.sort("programme").group_by("programme", maintain_order=True):
        if not rows["planned_sets"].null_count():
            done, planned = int(rows["logged_sets"].sum()), float(rows["planned_sets"].sum())
            since = day_in_words(min(rows["from_date"].to_list()), False)
            lines.append(PLANNED_SETS.format(programme=name, done=done, planned=planned, day=since))
    return lines
