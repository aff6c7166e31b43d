"""QR codes, drawn on this machine: black on white in either theme, so that every camera reads them."""

from __future__ import annotations

import base64
from html import escape
from itertools import chain

import segno

QUIET_ZONE = 4
"""Modules left white around a code. ISO/IEC 18004:2015, 9.1."""


def code_svg(words: str) -> str:
    """Return the QR code of a text as SVG, black on white in either theme."""
    code = segno.make(words, error="m", micro=False, boost_error=False)
    rows = [list(row) for row in code.matrix]
    size = len(rows) + 2 * QUIET_ZONE
    dots = chain.from_iterable(
        (f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z" for x, dark in enumerate(row) if dark)
        for y, row in enumerate(rows)
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size} {size}' shape-rendering='crispEdges'>"
        f"<path fill='#ffffff' d='M0 0h{size}v{size}h-{size}z'/><path fill='#000000' d='{''.join(dots)}'/></svg>"
    )


def code_image(words: str, alt: str) -> str:
    """Return the code as an image of the page itself: a page's HTML may hold no drawing."""
    image = base64.b64encode(code_svg(words).encode()).decode()
    return f"<img class='hw-code' alt='{escape(alt, quote=True)}' src='data:image/svg+xml;base64,{image}'>"
