"""How tall the picture of a page may be, so that S, O, A and P stand on the same sheet."""

from __future__ import annotations

from math import ceil

from dashboard.report.blocks import ReportGrid, ReportSection
from dashboard.report.page import ReportPage

MOST_HEIGHT = 520.0
DENSE_BELOW = 400.0
"""With a picture lower than this the words are set smaller, too."""
LEAST_HEIGHT = 240.0
LINE_CHARACTERS = 60
"""Characters of one line of half a sheet in print, at the least; measured in Chromium with DejaVu Sans, a wide one."""
LINES_BESIDE = 29
"""Lines of a column that fit below the tallest picture; measured on Letter in Chromium."""
LINE_HEIGHT = 13.1
"""Height of one line in the units of the picture."""
UNEVEN = 4
"""Lines by which one column may be longer, as a line of a list and a row of a table stay whole."""


def column_lines(sections: list[ReportSection]) -> int:
    """Estimate the printed lines of a column; rather too many than too few."""
    lines = 0
    for section in sections:
        lines += 2
        for part in section.parts:
            if isinstance(part, ReportGrid):
                lines += len(part.rows) + 3
            else:
                lines += ceil(len(part.lines[0]) / LINE_CHARACTERS)
    return lines


def page_lines(report_page: ReportPage) -> int:
    """Estimate the printed lines of the longer of two columns, through which all the words flow."""
    sure = sum(ceil(len(line) / LINE_CHARACTERS) for line in report_page.certainty) + 2
    return ceil((column_lines(report_page.sections) + sure) / 2) + UNEVEN + 2 * len(report_page.remarks)


def picture_height(report_page: ReportPage) -> float:
    """Return the height of the picture: as tall as the words beside it leave room for."""
    beyond = page_lines(report_page) - LINES_BESIDE
    return max(LEAST_HEIGHT, MOST_HEIGHT - LINE_HEIGHT * max(beyond, 0))
