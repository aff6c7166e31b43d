"""What every figure shares: sizes of type, the font, the base of a layout and of an annotation."""

from __future__ import annotations

from typing import Any

from dashboard.charts.palette import Palette

SMALL_PX, BODY_PX, NAME_PX = 12, 13, 15  # px
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'


PlotlyDict = dict[str, Any]


def annotation(text: str, palette: Palette, **where: Any) -> PlotlyDict:
    """Build an annotation without an arrow, in small muted type where `font` does not differ."""
    font = {"size": SMALL_PX, "color": palette.muted, **where.pop("font", {})}
    return {"text": text, "showarrow": False, "font": font, "borderpad": 0, **where}
