"""What is missing of a page that is half empty: the reason in one line, and one press to get it."""

from __future__ import annotations

import streamlit as st

from dashboard.model.analysis import Analysis
from dashboard.shared import session, ui

HEEL_STARTED = ("flares", "When did it start hurting?")
RECORDINGS = ("data", "Bring recordings")
NAME_PAIRS = ("runs", "Name the pairs of my runs")
NOTHING_LOGGED = (
    "No symptom is logged yet: two taps in the morning, or one date you remember, is enough to begin."
)
NO_RUNS = "No run is on record yet, so what you felt has nothing beside it. An export of Strava or Garmin is enough."
NO_RECORDINGS = (
    "None of these runs has a recording here: load is estimated from their totals, and fast running, hills and cadence "
    "stay open. A full export or a link brings the recordings."
)
NO_PAIRS = (
    "None of your runs has a shoe, so drop, plates and changes of shoes stay open. Pairs come with a Strava export, "
    "or are named for many runs at once."
)


def missing(sentence: str, *links: tuple[str, str]) -> None:
    """Write in one line why a part of the page is empty, with the ways to fill it: address and label."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"missing_{links[0][0]}"
    ):
        st.caption(sentence, width="content")
        for address, label in links:
            ui.page_link(address, label=label)


def beside_running(analysis: Analysis) -> None:
    """Describe which of runs, recordings and symptoms are missing for the picture; the gravest alone."""
    if analysis.runs.is_empty():
        missing(NO_RUNS, ui.IMPORT_RUNS)
    elif session.symptom_rows().is_empty():
        missing(NOTHING_LOGGED, ui.LOG_MORNING, HEEL_STARTED)
    elif not analysis.runs["has_samples"].any():
        missing(NO_RECORDINGS, RECORDINGS)
