"""The report as PDF: tagged, after PDF/UA, set by typst from the same page and the same picture."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from connectors.errors import HeelwiseError
from dashboard import report_words as said
from dashboard import words
from dashboard.report.drawing import drawn
from dashboard.report.page import BESIDE, Page
from dashboard.report.parts import Section

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


def render(page: Page, paper: str = "a4") -> bytes:
    """Write a report as PDF.

    Parameters
    ----------
    page : Page
        As laid out.
    paper : str
        A key of `PAPERS`.

    Returns
    -------
    bytes
        PDF/UA-1: tagged, with a title, a language and words for the picture. Letters that no font here has are shown as
        □, and a sentence says so.

    Raises
    ------
    HeelwiseError
        When typst is not installed, or cannot set the page.

    Source
    ------
    ours: ISO 14289-1 is asked of typst, which refuses to write what would break it.
    """
    try:
        import typst  # noqa: PLC0415 - an extra that not everybody has
    except ImportError as error:
        raise HeelwiseError(said.NO_TYPST) from error
    template = files("dashboard.report").joinpath(TEMPLATE).read_bytes()
    shown, problem = _plain(page), ""
    for _ in range(2):
        inputs = {"page": json.dumps(shown), "paper": PAPERS[paper]}
        try:
            return typst.compile(template, format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs)
        except typst.TypstError as error:
            problem = str(error).splitlines()[0]
            shown = _drawable(shown)
    raise HeelwiseError(said.NO_PDF.format(reason=problem))


def _plain(page: Page) -> dict[str, Any]:
    """The page as plain values."""
    picture = drawn(page.picture, FONT) if page.picture else None
    lanes, span = ", ".join(words.LANES.values()), page.period.partition(" (")[0]
    return {
        "document-title": f"Heelwise: {page.title}",
        "title": page.title,
        "who": " · ".join(part for part in (page.label, page.period) if part),
        "remarks": page.remarks,
        "facts": page.facts,
        "picture": picture,
        "alt": said.PICTURE_ALT.format(span=span, lanes=lanes),
        "story": _told(page.sections[:-BESIDE]),
        "beside": _told(page.sections[-BESIDE:]),
        "care": page.care,
    }


def _told(sections: list[Section]) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "items": [{"lead": item.lead, "said": item.said} for item in one.items]}
        for one in sections
        if one.items
    ]


def _drawable(page: dict[str, Any]) -> dict[str, Any]:
    """The same with a sign in place of every letter that may not be drawn."""
    shown = json.loads(json.dumps(page), object_hook=lambda part: {k: _signed(v) for k, v in part.items()})
    return {**shown, "remarks": [*shown["remarks"], said.UNDRAWN]}


def _signed(value: Any) -> Any:
    if isinstance(value, str):
        return UNDRAWN.sub("□", value)
    return [_signed(one) for one in value] if isinstance(value, list) else value
