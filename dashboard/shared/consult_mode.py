"""The consult: its steps in order, its windows, and what may be shown of a runner on a shared screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.date_window import full_range, last_days

ZOOM = 1.5
"""The smallest letters of a picture are 12 px on a page and 18 px here."""
CONSULT_LENGTHS = {"4 weeks": 28, "12 weeks": 84, "16 weeks": 112, "26 weeks": 182}
FULL_RECORD = "All"
USUAL_LENGTH = "16 weeks"
LATEST_ENTRIES = 30
SIDE_WORDS = {"left": "Left heel", "right": "Right heel", "both": "Both heels"}
SITE_WORDS = {"midportion": ", mid-tendon", "insertion": ", where it meets the heel", "other": ""}


@dataclass(frozen=True)
class ConsultStep:
    """One step of the consult."""

    view: str
    title: str


STEPS = (
    ConsultStep("consult", "Cover"),
    ConsultStep("consult_symptoms", "Symptoms"),
    ConsultStep("consult_timeline", "Timeline"),
    ConsultStep("shoes", "Shoes"),
    ConsultStep("consult_first", "What changed"),
    ConsultStep("checks", "Tests"),
    ConsultStep("plan", "Plan"),
    ConsultStep("consult_report", "Report"),
)
"""As a consult goes; shoes, tests and plan are the pages of every day in larger type."""


def consult_address(athlete_id: int | None) -> str:
    """Return the address that opens the consult: light, large and without the menu.

    Streamlit, "Embed your app": the light theme and the bare page are asked for in the address.
    """
    asked = {"embed": "true", "embed_options": "light_theme"}
    return "/consult?" + urlencode(asked | ({"runner": athlete_id} if athlete_id else {}))


def consult_dates(analysis: Analysis, choice: str | None) -> tuple[date, date]:
    """Return the dates of a window.

    16 weeks hold a build-up, its flare and what came after.
    """
    first, last = full_range(analysis)
    if choice == FULL_RECORD:
        return first, last
    return last_days(first, last, CONSULT_LENGTHS[choice or USUAL_LENGTH])


def heel_in_words(symptoms: pl.DataFrame) -> str | None:
    """Describe which heel and where on it, as logged most often in the last entries.

    Said once on the cover, in place of a name.
    """
    latest = symptoms.sort("date").drop_nulls("side").tail(LATEST_ENTRIES)
    if latest.is_empty():
        return None
    site = latest["site"].drop_nulls().mode().sort()
    return (
        SIDE_WORDS[str(latest["side"].mode().sort()[0])]
        + (SITE_WORDS[str(site[0])] if site.len() else "")
        + "."
    )
