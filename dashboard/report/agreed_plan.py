"""P of the report: limits, programme, ladder, what was agreed, and the day of review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard.plan.ladder import LadderStep, read_ladder, step_in_words
from dashboard.plan.limit_text import set_limits_in_words
from dashboard.plan.limits import limits_from
from dashboard.report import blocks
from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.consult_record import ConsultRecord
from dashboard.report.material import ReportInput
from dashboard.shared.text import day_in_words
from dashboard.shared.units import Units
from dashboard.strength.prescription import rows_in_week
from dashboard.strength.prescription_text import MAXIMUM, prescription_in_words
from dashboard.strength.programmes import Row, by_programme, last_week
from dashboard.strength.progress import week_of

AGREED, LIMIT, PROGRAMME, LADDER, REVIEW = "Agreed", "Limit", "Programme", "Ladder", "Review"
NOTHING = "Nothing agreed or set on record."
WEEK = "{name}, week {week} of {weeks}"
STEP_DONE = "step {step} of {steps} done on {day} ({words})"
STEP_NEXT = "step {step} of {steps} first ({words})"


def plan_section(report_input: ReportInput) -> ReportSection:
    """Describe what was agreed, what limits a plan, and what is done until the review."""
    record, agreed = report_input.consult, report_input.agreed
    lines = [" ".join(line.split()) for line in ((agreed.step if agreed else None) or "").splitlines()]
    step = " · ".join(line for line in lines if line)
    items = [ReportItem((f"{step} ({day_in_words(agreed.visit)})",), AGREED)] if agreed and step else []
    limits = set_limits_in_words(limits_from(record.limits, record.as_of), report_input.units)
    items += [ReportItem((line,), LIMIT) for line in limits]
    items += [ReportItem((line,), PROGRAMME) for line in programmes_in_words(record, report_input.units)]
    items += [ReportItem((line,), LADDER) for line in ladder_in_words(record.ladder)]
    if agreed and agreed.review:
        items.append(ReportItem((day_in_words(agreed.review),), REVIEW))
    return ReportSection(blocks.PLAN, items or [ReportItem((NOTHING,))])


def programmes_in_words(record: ConsultRecord, units: Units) -> list[str]:
    """Write each programme with its week, and what is prescribed for that week."""
    rows = record.programme.sort("start_date", "source_id").to_dicts()
    return [
        _programme(name, start, own, record.as_of, units)
        for (name, start), own in by_programme(rows).items()
        if week_of(start, record.as_of) <= last_week(own)
    ]


def _programme(name: str, start: date, rows: Sequence[Row], day: date, units: Units) -> str:
    """Write exercises of one dose together; the note of a row stays where it was typed."""
    week, weeks = week_of(start, day), last_week(rows)
    doses: dict[str, list[str]] = {}
    for row in rows_in_week(rows, week):
        doses.setdefault(prescription_in_words({**row, "note": maximum(row["note"])}, units), []).append(
            row["exercise"]
        )
    parts = [f"{dose} ({' · '.join(names)})" for dose, names in doses.items()]
    head = WEEK.format(name=name, week=week, weeks=weeks)
    return f"{head}: {'; '.join(parts)}" if parts else head


def maximum(note: str | None) -> str | None:
    """Return the part of a template's note that says how heavy; nothing else of it leaves."""
    match = MAXIMUM.search(note or "")
    return match.group(0) if match else None


def ladder_in_words(rows: pl.DataFrame) -> list[str]:
    """Write the last step done of the ladder, where somebody uses it."""
    if rows.is_empty():
        return []
    steps = read_ladder(rows)
    done = [one for one in steps if one.done_on is not None]
    if not done:
        return [STEP_NEXT.format(step=steps[0].step, steps=len(steps), words=step_in_words(steps[0]))]
    last = max(done, key=_order)
    day = day_in_words(last.done_on or date.min)
    return [STEP_DONE.format(step=last.step, steps=len(steps), day=day, words=step_in_words(last))]


def _order(step: LadderStep) -> tuple[date, int]:
    return (step.done_on or date.min, step.step)
