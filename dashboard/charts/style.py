"""What every figure shares: sizes of type, the font, the base of a layout and of an annotation."""

from __future__ import annotations

from typing import Any

from dashboard.charts.palette import Palette

SMALL_PX, BODY_PX, NAME_PX = 12, 13, 15  # px
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'


PlotlyDict = dict[str, Any]


def base_layout(
    palette: Palette,
    height: float,
    margin: tuple[float, float, float, float],
    is_narrow: bool = False,
    pad: int = 4,
) -> PlotlyDict:
    """Build what every layout begins with; `margin` is left, right, top and bottom, px."""
    left, right, top, bottom = margin
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": pad},
        "font": {"family": FONT, "size": SMALL_PX if is_narrow else BODY_PX, "color": palette.ink},
        "paper_bgcolor": palette.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
    }


def annotation(text: str, colour: str, **where: Any) -> PlotlyDict:
    """Build an annotation without an arrow, in small type where `font` does not differ."""
    font = {"size": SMALL_PX, "color": colour, **where.pop("font", {})}
    return {"text": text, "showarrow": False, "font": font, "borderpad": 0, **where}
