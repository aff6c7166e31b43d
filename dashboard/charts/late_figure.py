"""A page-friendly figure for modules that a report reads for their words alone: Plotly is imported with the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.late_imports import late_import

if TYPE_CHECKING:
    from dashboard.charts.plotly_figure import PageFigure


def page_figure(plain: dict[str, Any]) -> PageFigure:
    """Return plain data as a figure."""
    return late_import("dashboard.charts.plotly_figure").PageFigure(plain)
