"""The report to paste into a record: plain text, in the words of the page."""

from __future__ import annotations

from textwrap import wrap

from dashboard.report.page import Page
from dashboard.report.parts import Grid, Item

WIDTH = 96
INDENT = "  "


def render(page: Page) -> str:
    """Write a report as plain text.

    Parameters
    ----------
    page : Page
        As laid out.

    Returns
    -------
    str
        Lines of at most 96 characters. No name of a runner but the label, no title or place of a run, no note
        of the diary.

    Source
    ------
    ours: what a physical therapist can paste into a record.
    """
    head = [f"Heelwise: {page.title}" + (f", {page.label}" if page.label else "")]
    head += [f"{INDENT}Period: {page.period}"] if page.period else []
    head += [f"{INDENT}{remark}" for remark in page.remarks]
    head += [f"{INDENT}{' · '.join(f'{name}: {value}' for name, value in page.facts)}"] if page.facts else []
    blocks = [head, *([one.title, *_said(one.items)] for one in page.sections if one.items)]
    blocks += [_table(page.grid)] if page.grid else []
    blocks.append([f"{INDENT}{page.care}"])
    return "\n\n".join("\n".join(_wrapped(block)) for block in blocks)


def _said(items: list[Item]) -> list[str]:
    return [f"{INDENT}{line}" for item in items for line in item.lines]


def _table(grid: Grid) -> list[str]:
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
