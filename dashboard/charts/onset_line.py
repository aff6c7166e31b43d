"""The onset through all lanes of a picture."""

from __future__ import annotations

from datetime import date

from dashboard import words
from dashboard.charts.palette import Theme, palette
from dashboard.charts.quiet import PageFigure
from dashboard.charts.stage import BODY


def with_onset(figure: PageFigure, onset: date | None, theme: Theme) -> PageFigure:
    """Draw a line through every lane on the day symptoms began.

    Parameters
    ----------
    figure : PageFigure
        A Timeline.
    onset : date or None
        None draws nothing.
    theme : "light" or "dark"
        What the browser shows.

    Returns
    -------
    PageFigure
        The same figure.

    Source
    ------
    ours: what came before and what after is read off one line, in every lane at once.
    """
    if onset is None:
        return figure
    look = palette(theme)
    line = {"color": look.ink, "width": 2, "dash": "dash"}
    figure.add_shape(type="line", xref="x", yref="paper", x0=str(onset), x1=str(onset), y0=0, y1=1, line=line)
    figure.add_annotation(
        text=f"Onset, {words.day(onset)}",
        xref="x",
        x=str(onset),
        xanchor="left",
        xshift=4,
        yref="paper",
        y=0,
        yanchor="bottom",
        showarrow=False,
        font={"size": BODY, "color": look.ink},
        bgcolor=look.background,
    )
    return figure
