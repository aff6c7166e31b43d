"""The report to paste into a record: plain text, in the words of the page."""

from __future__ import annotations

from textwrap import wrap

from dashboard.report.blocks import ReportGrid, ReportItem
from dashboard.report.page import ReportPage

WIDTH = 96
INDENT = "  "


def render_text(report_page: ReportPage) -> str:
    """Write a report as plain text.

    What a physical therapist can paste into a record.
    """
    head = [f"Heelwise: {report_page.title}" + (f", {report_page.label}" if report_page.label else "")]
    head += [f"{INDENT}Period: {report_page.period}"] if report_page.period else []
    head += [f"{INDENT}{remark}" for remark in report_page.remarks]
    head += (
        [f"{INDENT}{' · '.join(f'{name}: {value}' for name, value in report_page.facts)}"]
        if report_page.facts
        else []
    )
    blocks = [head, *([one.title, *_item_lines(one.items)] for one in report_page.sections if one.items)]
    blocks += [_table(report_page.grid)] if report_page.grid else []
    blocks.append([f"{INDENT}{report_page.care}"])
    return "\n\n".join("\n".join(_wrapped(block)) for block in blocks)


def _item_lines(items: list[ReportItem]) -> list[str]:
    return [f"{INDENT}{line}" for item in items for line in item.lines]


def _table(grid: ReportGrid) -> list[str]:
    wide = [max(len(row[place]) for row in [grid.head, *grid.rows]) for place in range(len(grid.head))]
    rows = [
        INDENT
        + "  ".join(
            text.rjust(wide[place]) if place else text.ljust(wide[place]) for place, text in enumerate(row)
        )
        for row in [grid.head, *grid.rows]
    ]
    return [grid.caption, *rows]


def _wrapped(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        deeper = INDENT * 2 if line.startswith(INDENT) else INDENT
        out += wrap(line, WIDTH, subsequent_indent=deeper) if len(line) > WIDTH else [line]
    return out
