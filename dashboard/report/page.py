"""The report as one page of words: the model from which text, HTML and PDF are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.plural import count
from dashboard.report import blocks
from dashboard.report import sections as report_sections
from dashboard.report.blocks import ReportGrid, ReportSection
from dashboard.report.material import ReportInput
from dashboard.shared import text
from dashboard.shared.text import initials
from dashboard.timeline.data import TimelineData, TimelineOptions, timeline_data

LONGEST_LABEL = 60
BESIDE = 6
"""Sections from the agreed step on, the last of a page: what stands beside the story where there is room for two
columns."""


@dataclass(frozen=True)
class ReportPage:
    """Everything a reader of the report reads, in order."""

    title: str
    label: str
    period: str
    remarks: list[str]
    facts: list[tuple[str, str]]
    picture: TimelineData | None
    sections: list[ReportSection]
    grid: ReportGrid | None
    care: str = text.SEEK_CARE


def build_page(report_input: ReportInput, name: str | None = None) -> ReportPage:
    """Build the report of one runner.

    What a physical therapist asks for, in the order of a consult.
    """
    remarks = [blocks.MADE_UP] if report_input.runner.is_demo else []
    remarks += [report_input.left_out] if report_input.left_out else []
    label = initials(report_input.runner.name) if name is None else " ".join(name.split())[:LONGEST_LABEL]
    if report_input.start is None or report_input.end is None:
        rests = [
            *_doubted(report_input),
            ReportSection(blocks.AGREED, report_sections.agreed_section(report_input)),
            ReportSection(blocks.RESTS_ON, report_sections.sources_section(report_input, 0)),
            ReportSection(blocks.READING, report_sections.reading_section(report_input)),
        ]
        return ReportPage(blocks.TITLE, label, "", [*remarks, blocks.EMPTY], [], None, rests, None)
    days = (report_input.end - report_input.start).days + 1
    return ReportPage(
        title=blocks.TITLE,
        label=label,
        period=blocks.PERIOD.format(
            span=text.span_in_words(report_input.start, report_input.end), days=count(days, "day")
        ),
        remarks=remarks,
        facts=report_sections.record_facts(report_input, days),
        picture=timeline_data(
            report_input.analysis,
            report_input.shoe_names,
            report_input.start,
            report_input.end,
            TimelineOptions(report_input.units),
            report_input.why,
            strength=report_input.strength,
        ),
        sections=_sections(report_input, days),
        grid=report_sections.table_grid(report_input),
    )


def _doubted(report_input: ReportInput) -> list[ReportSection]:
    return (
        [ReportSection(blocks.DOUBTED, report_sections.doubted(report_input))] if report_input.doubted else []
    )


def _sections(report_input: ReportInput, days: int) -> list[ReportSection]:
    return [
        ReportSection(blocks.STANDS_OUT, report_sections.stands_out_section(report_input)),
        *_doubted(report_input),
        ReportSection(blocks.CHANGED_LAST, report_sections.closing_section(report_input)),
        ReportSection(blocks.WINDOWS, report_sections.windows_section(report_input)),
        ReportSection(blocks.FLARES, report_sections.flares_section(report_input)),
        ReportSection(blocks.LOAD_FIRST, report_sections.linkage_section(report_input)),
        ReportSection(blocks.AGREED, report_sections.agreed_section(report_input)),
        ReportSection(blocks.SHOES, report_sections.shoes_section(report_input)),
        ReportSection(blocks.RESTS_ON, report_sections.sources_section(report_input, days)),
        ReportSection(blocks.HOW_SURE, report_sections.certainty_section(report_input)),
        ReportSection(blocks.NOT_KNOWN, report_sections.not_known_section()),
        ReportSection(blocks.READING, report_sections.reading_section(report_input)),
    ]


def page_sentences(report_page: ReportPage) -> list[dict[str, Any]]:
    """Return the sentences of the page as plain values, for the JSON report.

    Whoever reads the JSON reads the same words.
    """
    return [
        {"title": section.title, "said": [line for item in section.items for line in item.lines]}
        for section in report_page.sections
        if section.items
    ]
