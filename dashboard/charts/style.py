"""What every figure shares: sizes of type, the font, and the type of plain Plotly data."""

from __future__ import annotations

from typing import Any

SMALL_PX, BODY_PX, NAME_PX = 12, 13, 15  # px
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'


PlotlyDict = dict[str, Any]
