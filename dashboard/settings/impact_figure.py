"""Scatter of Garmin's impact load over tendon load, a dot for each run."""

from __future__ import annotations

from dashboard.charts.palette import Theme, palette_of, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import PlotlyDict, base_layout
from dashboard.settings.impact import ImpactComparison
from dashboard.shared.text import day_in_words
from dashboard.shared.units import Units

HEIGHT = 280
RING_PX = 2


def impact_figure(comparison: ImpactComparison, units: Units, theme: Theme) -> PageFigure:
    """Draw the scatter; the runs furthest apart are rings."""
    palette, rows = palette_of(theme), comparison.rows
    apart = {row["activity_id"] for row in comparison.apart}
    is_apart = [one in apart for one in rows["activity_id"].to_list()]
    labels = [
        f"{day_in_words(row['local_date'])}, {units.distance_words(row['distance_m'])}"
        for row in rows.iter_rows(named=True)
    ]
    trace: PlotlyDict = {
        "type": "scatter",
        "mode": "markers",
        "x": rows["load_tkm"].round(2).to_list(),
        "y": (rows["impact_m"] / 1000).round(2).to_list(),
        "text": labels,
        "hovertemplate": "%{text}<br>%{x} easy km, %{y} km by Garmin<extra></extra>",
        "marker": {
            "size": 9,
            "symbol": ["diamond-open" if one else "circle" for one in is_apart],
            "color": [palette.load if one else with_alpha(palette.load, 0.45) for one in is_apart],
            "line": {"width": RING_PX},
        },
    }
    layout: PlotlyDict = {
        **base_layout(palette, HEIGHT, (56, 16, 16, 48)),
        "showlegend": False,
        "xaxis": _axis("Tendon load, easy km", palette.grid),
        "yaxis": _axis("Garmin's impact load, km", palette.grid),
    }
    return PageFigure({"data": [trace], "layout": layout})


def _axis(title: str, grid: str) -> PlotlyDict:
    return {
        "title": {"text": title},
        "rangemode": "tozero",
        "gridcolor": grid,
        "zeroline": False,
        "fixedrange": True,
    }
