"""The consult: its steps in order, its windows, and what may be shown of a runner on a shared screen."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl

TYPE_SIZES_PX = (18, 24, 30)
USUAL_TYPE_PX = 24
"""Size of the type of a consult. Read at 3 m, 24 px on a 24-inch screen are 9 minutes of arc, on a projector 20."""
SMALLEST_PX = 12
PHONE_TYPE_PX = 18
NARROW_PX = 50
"""A screen less wide than so many letters of the type has the names of lanes above them. Design choice."""
LATEST_ENTRIES = 30
SIDE_WORDS = {"left": "Left heel", "right": "Right heel", "both": "Both heels"}
SITE_WORDS = {"midportion": ", mid-tendon", "insertion": ", where it meets the heel", "other": ""}


EMBEDDED = {"embed": "true", "embed_options": "light_theme"}
"""What opens a page without the menu, and light."""


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
    ConsultStep("strength", "Strength"),
    ConsultStep("plan", "Plan"),
    ConsultStep("consult_report", "Report"),
)
"""As a consult goes; shoes, tests, strength and plan are the pages of every day in larger type."""


def consult_address(athlete_id: int | None) -> str:
    """Return the address that opens the consult: light, large and without the menu.

    Streamlit, "Embed your app": the light theme and the bare page are asked for in the address.
    """
    return "/consult?" + urlencode(EMBEDDED | ({"runner": athlete_id} if athlete_id else {}))


def zoom(type_px: int) -> float:
    """Return by how much a figure is enlarged, so that its smallest letters have the size of the type."""
    return type_px / SMALLEST_PX


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
