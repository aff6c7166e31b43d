"""A picture on a page: quiet, told to a screen reader, and larger on the shared screen of a consult."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import consult
from dashboard.charts import quiet
from dashboard.charts.quiet import PageFigure
from dashboard.charts.zoom import zoomed
from dashboard.views import consult_frame


def draw(figure: PageFigure, key: str, alt: str, **more: Any) -> Any:
    """Draw a figure; `more` is what `st.plotly_chart` takes beside, and what it gives is given back."""
    shown = zoomed(figure, consult.ZOOM) if consult_frame.is_open() else figure
    return st.plotly_chart(shown, key=key, theme=None, config=quiet.QUIET, alt=alt, **more)
