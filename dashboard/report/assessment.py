"""A of the report: the physical therapist's opinions, in their own words."""

from __future__ import annotations

from dashboard.report import blocks
from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.material import ReportInput
from dashboard.report.objective import CHANNEL_NAMES
from dashboard.shared.opinions import Opinion, lost_in_words
from dashboard.shared.text import day_in_words

PT = "PT: {words}"
NO_OPINION = "No opinion noted."


def assessment_section(report_input: ReportInput) -> ReportSection:
    """Describe what the physical therapist holds; nothing is concluded here by a program."""
    record = report_input.consult
    items = [
        ReportItem((opinion_in_words(one),), CHANNEL_NAMES.get(one.channel, "")) for one in record.opinions
    ]
    items += [ReportItem((PT.format(words=_one_line(note)),)) for note in record.notes]
    items += [ReportItem((_one_line(line),)) for group in lost_in_words(record.lost) for line in group]
    return ReportSection(blocks.ASSESSMENT, items or [ReportItem((NO_OPINION,))])


def opinion_in_words(one: Opinion) -> str:
    """Write one opinion as "PT: likely – two track sessions a week (28 Nov 2026)"."""
    return f"{_one_line(one.sentence)} ({day_in_words(one.visit)})"


def _one_line(words: str) -> str:
    return " ".join(words.split())
