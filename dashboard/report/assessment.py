"""A of the report: the physical therapist's opinions, in their own words."""

from __future__ import annotations

from dashboard.report import blocks
from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.consult_record import Opinion
from dashboard.report.material import ReportInput
from dashboard.report.objective import CHANNEL_NAMES
from dashboard.shared.text import day_in_words

OPINION_WORDS = {"likely": "likely", "possible": "possible", "no": "no"}
PT = "PT: {words}"
NO_OPINION = "No opinion noted."


def assessment_section(report_input: ReportInput) -> ReportSection:
    """Describe what the physical therapist holds; nothing is concluded here by a program."""
    record = report_input.consult
    items = [
        ReportItem((opinion_in_words(one),), CHANNEL_NAMES.get(one.channel, "")) for one in record.opinions
    ]
    items += [ReportItem((PT.format(words=" ".join(note.split())),)) for note in record.notes]
    return ReportSection(blocks.ASSESSMENT, items or [ReportItem((NO_OPINION,))])


def opinion_in_words(one: Opinion) -> str:
    """Write one opinion as "PT: likely – two track sessions a week (28 Nov 2026)"."""
    parts = [OPINION_WORDS[one.opinion] if one.opinion else "", " ".join((one.note or "").split())]
    said = PT.format(words=" – ".join(part for part in parts if part))
    return f"{said} ({day_in_words(one.visit)})"
