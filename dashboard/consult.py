"""The consult: its steps in order, its windows, and what may be shown of a runner on a shared screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import polars as pl

from dashboard.charts.window import whole
from dashboard.model.analysis import Analysis

ZOOM = 1.5
"""The smallest letters of a picture are 12 px on a page and 18 px here."""
LENGTHS = {"4 weeks": 28, "12 weeks": 84, "16 weeks": 112, "26 weeks": 182}
ALL = "All"
USUAL = "16 weeks"
LATEST = 30
SIDES = {"left": "Left heel", "right": "Right heel", "both": "Both heels"}
SITES = {"midportion": ", mid-tendon", "insertion": ", where it meets the heel", "other": ""}


@dataclass(frozen=True)
class Step:
    """One step of the consult.

    Parameters
    ----------
    view
        File in dashboard/views.
    title
        What stands on it.
    """

    view: str
    title: str


STEPS = (
    Step("consult", "Cover"),
    Step("consult_symptoms", "Symptoms"),
    Step("consult_timeline", "Timeline"),
    Step("shoes", "Shoes"),
    Step("consult_first", "What changed"),
    Step("checks", "Tests"),
    Step("plan", "Plan"),
    Step("consult_report", "Report"),
)
"""As a consult goes; shoes, tests and plan are the pages of every day in larger type."""


def address(athlete_id: int | None) -> str:
    """Give the address that opens the consult: light, large and without the menu.

    Parameters
    ----------
    athlete_id : int or None
        Runner on this machine.

    Returns
    -------
    str
        A number stands for the runner; no name is in it.

    Source
    ------
    Streamlit, "Embed your app": the light theme and the bare page are asked for in the address.
    """
    asked = {"embed": "true", "embed_options": "light_theme"}
    return "/consult?" + urlencode(asked | ({"runner": athlete_id} if athlete_id else {}))


def dates(found: Analysis, choice: str | None) -> tuple[date, date]:
    """Give the dates of a window.

    Parameters
    ----------
    found : Analysis
        With at least one day.
    choice : str or None
        One of `LENGTHS`, or `ALL`; None is the usual one.

    Returns
    -------
    tuple of date
        First and last local date, inside the record.

    Source
    ------
    ours: 16 weeks hold a build-up, its flare and what came after.
    """
    first, last = whole(found)
    if choice == ALL:
        return first, last
    return max(first, last - timedelta(days=LENGTHS[choice or USUAL] - 1)), last


def where(symptoms: pl.DataFrame) -> str | None:
    """Say which heel and where on it, as logged most often in the last entries.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.

    Returns
    -------
    str or None
        None where no side was ever logged.

    Source
    ------
    ours: said once on the cover, in place of a name.
    """
    told = symptoms.sort("date").drop_nulls("side").tail(LATEST)
    if told.is_empty():
        return None
    site = told["site"].drop_nulls().mode().sort()
    return SIDES[str(told["side"].mode().sort()[0])] + (SITES[str(site[0])] if site.len() else "") + "."
