"""The report as one page of words: the model from which text, HTML and PDF are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from connectors.plural import count
from connectors.store import Runner
from dashboard.report import blocks
from dashboard.report import sections as report_sections
from dashboard.report.agreed_plan import plan_section
from dashboard.report.assessment import assessment_section
from dashboard.report.blocks import ReportGrid, ReportSection
from dashboard.report.certainty import certainty_lines
from dashboard.report.material import ReportInput
from dashboard.report.objective import objective_section
from dashboard.report.subjective import subjective_section
from dashboard.shared import text
from dashboard.shared.text import initials
from dashboard.timeline.data import TimelineData, TimelineOptions, timeline_data
from dashboard.today.text import STALE_DAYS

LONGEST_LABEL = 60
LEFT = 2
"""Sections that stand left where there is room for two columns: S and O."""


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
    """S, O, A and P: the first page."""
    certainty: tuple[str, ...] = ()
    doubts: list[ReportSection] = field(default_factory=list)
    """After the first page where it is full."""
    details: list[ReportSection] = field(default_factory=list)
    """What a reader may leave."""
    grid: ReportGrid | None = None
    care: str = text.SEEK_CARE


def build_page(report_input: ReportInput, name: str | None = None, has_picture: bool = True) -> ReportPage:
    """Build the report of one runner: S, O, A and P, and behind them what a reader may leave."""
    remarks = [blocks.MADE_UP] if report_input.runner.is_demo else []
    remarks += [report_input.unverified] if report_input.unverified else []
    remarks += [report_input.left_out] if report_input.left_out else []
    empty = ReportPage(
        title=blocks.TITLE,
        label=page_label(report_input.runner, name),
        period="",
        remarks=[*remarks, blocks.EMPTY],
        facts=[],
        picture=None,
        sections=[
            subjective_section(report_input),
            objective_section(report_input),
            assessment_section(report_input),
            plan_section(report_input),
        ],
        certainty=certainty_lines(report_input),
        doubts=_doubted(report_input),
        details=[
            ReportSection(blocks.RESTS_ON, report_sections.sources_section(report_input, 0)),
            ReportSection(blocks.READING, report_sections.reading_section(report_input)),
        ],
    )
    start, end = report_input.start, report_input.end
    if start is None or end is None:
        return empty
    filled = _filled(empty, report_input, remarks, start, end)
    return replace(filled, picture=_picture(report_input, start, end)) if has_picture else filled


def _filled(
    page: ReportPage, report_input: ReportInput, remarks: list[str], start: date, end: date
) -> ReportPage:
    """Add what needs a period with days on record."""
    days = (end - start).days + 1
    gap = (report_input.consult.as_of - end).days
    if gap > STALE_DAYS:
        ended = blocks.ENDED.format(day=text.day_in_words(end), days=count(gap, "day"))
        remarks = [*remarks, ended]
    return replace(
        page,
        period=blocks.PERIOD.format(span=text.span_in_words(start, end), days=count(days, "day")),
        remarks=remarks,
        facts=report_sections.record_facts(report_input, days),
        details=_details(report_input, days),
        grid=report_sections.table_grid(report_input),
    )


def _picture(report_input: ReportInput, start: date, end: date) -> TimelineData:
    """Gather what the picture of the page is drawn from."""
    return timeline_data(
        report_input.analysis,
        report_input.shoe_names,
        start,
        end,
        TimelineOptions(report_input.units),
        report_input.why,
        strength=report_input.strength,
        episodes=report_input.episodes,
    )


def page_label(runner: Runner, name: str | None) -> str:
    """Return what stands for the runner: the name asked for, else initials, or the label where it is another."""
    if name is not None:
        return " ".join(name.split())[:LONGEST_LABEL]
    dotted = initials(runner.name)
    is_plain = not runner.label or runner.label == "".join(sign for sign in dotted if sign.isalpha())
    return dotted if is_plain else runner.label


def _doubted(report_input: ReportInput) -> list[ReportSection]:
    return (
        [ReportSection(blocks.DOUBTED, report_sections.doubted(report_input))] if report_input.doubted else []
    )


def _details(report_input: ReportInput, days: int) -> list[ReportSection]:
    return [
        ReportSection(blocks.STANDS_OUT, report_sections.stands_out_section(report_input)),
        ReportSection(blocks.CHANGED_LAST, report_sections.closing_section(report_input)),
        ReportSection(blocks.WINDOWS, report_sections.windows_section(report_input)),
        ReportSection(blocks.FLARES, report_sections.flares_section(report_input)),
        ReportSection(blocks.LOAD_FIRST, report_sections.linkage_section(report_input)),
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
    first = (
        [{"title": blocks.CERTAINTY, "said": list(report_page.certainty)}] if report_page.certainty else []
    )
    return [
        *_plain(report_page.sections),
        *first,
        *_plain([*report_page.doubts, *report_page.details]),
    ]


def _plain(sections: list[ReportSection]) -> list[dict[str, Any]]:
    return [
        {"title": section.title, "said": [line for item in section.items for line in item.lines]}
        for section in sections
        if section.items
    ]
