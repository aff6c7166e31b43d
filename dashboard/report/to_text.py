"""The report to paste into a record: plain text, in the words of the page."""

from __future__ import annotations

from textwrap import wrap

from dashboard.report import blocks
from dashboard.report.blocks import ReportGrid, ReportSection
from dashboard.report.page import ReportPage

WIDTH = 96
INDENT = "  "


def render_text(report_page: ReportPage, with_details: bool = False) -> str:
    """Write a report as plain text.

    What a physical therapist can paste into a record: short lines, no tables.
    """
    head = [f"Heelwise: {report_page.title}" + (f", {report_page.label}" if report_page.label else "")]
    head += [f"{INDENT}Period: {report_page.period}"] if report_page.period else []
    head += [f"{INDENT}{remark}" for remark in report_page.remarks]
    head += (
        [f"{INDENT}{' · '.join(f'{name}: {value}' for name, value in report_page.facts)}"]
        if report_page.facts
        else []
    )
    parts = [head, *(_section_lines(one) for one in report_page.sections if one.items)]
    sure = [f"{INDENT}{line}" for line in report_page.certainty]
    parts += [[blocks.CERTAINTY, *sure]] if sure else []
    parts += [_section_lines(one) for one in report_page.doubts]
    parts.append([f"{INDENT}{report_page.care}"])
    if with_details:
        parts += [[blocks.SECOND_PAGE], *(_section_lines(one) for one in report_page.details if one.items)]
        grid = report_page.grid
        parts += [[grid.caption, *(f"{INDENT}{line}" for line in grid.in_words)]] if grid else []
    return "\n\n".join("\n".join(_wrapped(part)) for part in parts)


def _section_lines(section: ReportSection) -> list[str]:
    lines = [section.title]
    for part in section.parts:
        rows = part.in_words if isinstance(part, ReportGrid) else part.lines
        lines += [f"{INDENT}{line}" for line in rows]
    return lines


def _wrapped(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        deeper = INDENT * 2 if line.startswith(INDENT) else INDENT
        out += (
            wrap(line, WIDTH, subsequent_indent=deeper, break_on_hyphens=False)
            if len(line) > WIDTH
            else [line]
        )
    return out
