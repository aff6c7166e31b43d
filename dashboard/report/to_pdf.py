"""The report as PDF: tagged, after PDF/UA, set by typst from the same page and the same picture."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from connectors.errors import HeelwiseError
from dashboard.report import blocks
from dashboard.report.blocks import ReportSection
from dashboard.report.page import BESIDE, ReportPage
from dashboard.timeline.print_figure import draw_svg, picture_alt

TEMPLATE = "page.typ"
FONT = "Libertinus Serif"
PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARD = "ua-1"
DRAWN = (
    r"\x20-\x7e\xa0-\u017f\u0218-\u021b\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    r"\u2013\u2014\u2018-\u201e\u2022\u2026\u2080-\u2089\u2212\u2264\u2265\u25a1"
)
"""Signs in the fonts that typst brings along: Latin, Greek, Cyrillic, our own. Others need a font of this machine."""
UNDRAWN = re.compile(f"[^{DRAWN}]")


def render_pdf(report_page: ReportPage, paper: str = "a4") -> bytes:
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
    shown, problem = _plain(report_page), ""
    for _ in range(2):
        inputs = {"page": json.dumps(shown), "paper": PAPERS[paper]}
        try:
            return typst.compile(template, format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs)
        except typst.TypstError as error:
            problem = str(error).splitlines()[0]
            shown = _drawable(shown)
    raise HeelwiseError(blocks.NO_PDF.format(reason=problem))


def _plain(report_page: ReportPage) -> dict[str, Any]:
    """The page as plain values."""
    picture = draw_svg(report_page.picture, FONT) if report_page.picture else None
    return {
        "document-title": f"Heelwise: {report_page.title}",
        "title": report_page.title,
        "who": " · ".join(part for part in (report_page.label, report_page.period) if part),
        "remarks": report_page.remarks,
        "facts": report_page.facts,
        "picture": picture,
        "alt": picture_alt(report_page.picture) if report_page.picture else "",
        "story": _plain_item(report_page.sections[:-BESIDE]),
        "beside": _plain_item(report_page.sections[-BESIDE:]),
        "care": report_page.care,
    }


def _plain_item(sections: list[ReportSection]) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "items": [{"lead": item.lead, "said": item.said} for item in one.items]}
        for one in sections
        if one.items
    ]


def _drawable(page: dict[str, Any]) -> dict[str, Any]:
    """The same with a sign in place of every letter that may not be drawn."""
    shown = json.loads(json.dumps(page), object_hook=lambda part: {k: _signed(v) for k, v in part.items()})
    return {**shown, "remarks": [*shown["remarks"], blocks.UNDRAWN]}


def _signed(value: Any) -> Any:
    if isinstance(value, str):
        return UNDRAWN.sub("□", value)
    return [_signed(one) for one in value] if isinstance(value, list) else value
