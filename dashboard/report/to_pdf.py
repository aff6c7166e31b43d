"""The report as PDF: tagged, after PDF/UA, set by typst from the same page and the same picture."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from connectors.errors import HeelwiseError
from dashboard.report import blocks
from dashboard.report.blocks import ReportGrid, ReportItem, ReportSection
from dashboard.report.page import LEFT, ReportPage
from dashboard.timeline.print_figure import draw_svg, picture_alt

TEMPLATE = "page.typ"
FONT = "Libertinus Serif"
PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARD = "ua-1"
HEIGHTS = (520.0, 460.0, 400.0, 340.0, 290.0, 240.0)
"""Heights of the picture, tallest first: the template takes the first with which everything stands on one sheet."""
DRAWN = (
    r"\x20-\x7e\xa0-\u017f\u0218-\u021b\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    r"\u2013\u2014\u2018-\u201e\u2022\u2026\u2080-\u2089\u2192\u2212\u2264\u2265\u25a1\u25cf"
)
"""Signs in the fonts that typst brings along: Latin, Greek, Cyrillic, our own. Others need a font of this machine."""
UNDRAWN = re.compile(f"[^{DRAWN}]")


def render_pdf(report_page: ReportPage, paper: str = "a4", with_details: bool = False) -> bytes:
    """Write a report as PDF.

    References
    ----------
    ISO 14289-1 is asked of typst, which refuses to write what would break it.
    """
    try:
        import typst  # noqa: PLC0415 - an extra that not everybody has
    except ImportError as error:
        raise HeelwiseError(blocks.NO_TYPST) from error
    template = files("dashboard.report").joinpath(TEMPLATE).read_bytes()
    shown, problem = _plain(report_page, with_details), ""
    for _ in range(2):
        inputs = {"page": json.dumps(shown), "paper": PAPERS[paper]}
        try:
            return typst.compile(template, format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs)
        except typst.TypstError as error:
            problem = str(error).splitlines()[0]
            shown = _drawable(shown)
    raise HeelwiseError(blocks.NO_PDF.format(reason=problem))


def _plain(report_page: ReportPage, with_details: bool = False) -> dict[str, Any]:
    """The page as plain values."""
    data = report_page.picture
    return {
        "document-title": f"Heelwise: {report_page.title}",
        "title": report_page.title,
        "who": " · ".join(part for part in (report_page.label, report_page.period) if part),
        "remarks": report_page.remarks,
        "facts": report_page.facts,
        "pictures": [draw_svg(data, FONT, height) for height in HEIGHTS] if data else [],
        "alt": picture_alt(data) if data else "",
        "left": _plain_sections(report_page.sections[:LEFT]),
        "right": _plain_sections(report_page.sections[LEFT:]),
        "sure-title": blocks.CERTAINTY,
        "sure": report_page.certainty,
        "care": report_page.care,
        "doubts": _plain_sections(report_page.doubts),
        "details-title": blocks.SECOND_PAGE,
        "details": _halves(report_page.details) if with_details else [],
    }


def _plain_sections(sections: list[ReportSection]) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "parts": [_plain_part(part) for part in one.parts]}
        for one in sections
        if one.items
    ]


def _halves(sections: list[ReportSection]) -> list[list[dict[str, Any]]]:
    """Return two columns of about the same length, the order kept."""
    lengths = [sum(len(line) for item in one.items for line in item.lines) for one in sections]
    first = sum(sum(lengths[:place]) < sum(lengths) / 2 for place in range(len(sections)))
    return [_plain_sections(sections[:first]), _plain_sections(sections[first:])]


def _plain_part(part: ReportItem | ReportGrid) -> dict[str, Any]:
    if isinstance(part, ReportGrid):
        return {"caption": part.caption, "head": part.head, "rows": part.rows}
    return {"lead": part.lead, "said": part.sentences}


def _drawable(page: dict[str, Any]) -> dict[str, Any]:
    """The same with a sign in place of every letter that may not be drawn."""
    shown = json.loads(json.dumps(page), object_hook=lambda part: {k: _signed(v) for k, v in part.items()})
    return {**shown, "remarks": [*shown["remarks"], blocks.UNDRAWN]}


def _signed(value: Any) -> Any:
    if isinstance(value, str):
        return UNDRAWN.sub("□", value)
    return [_signed(one) for one in value] if isinstance(value, list) else value
