"""What the next visit opens on: agreed and done, tests, symptoms and load since the last one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from connectors.frames import TEST_RESULT
from dashboard.consult import agreed_and_done
from dashboard.consult.since_last_visit import load_in_words, since_last_visit, symptoms_in_words
from dashboard.flares import lead_text
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.shared import session, text, ui, visits


def render(athlete_id: int) -> None:
    """Draw it, where there was a visit before today."""
    analysis, explanation = session.analysis(), session.explanation()
    last = visits.visit_before(session.store(), athlete_id, session.today())
    if last is None or analysis is None or explanation is None:
        return
    st.header(f"Since the last visit, {text.day_in_words(last)}", anchor="since")
    for title, lines in next_visit_parts(athlete_id, analysis, explanation, last):
        st.html(ui.card_heading(title) + ui.bullets([[line] for line in lines]))


def next_visit_parts(
    athlete_id: int, analysis: Analysis, explanation: FlareExplanation, last: date
) -> list[tuple[str, list[str]]]:
    """Return each part with its lines, in the order a follow-up goes."""
    store, today, units = session.store(), session.today(), session.units()
    since = since_last_visit(analysis, explanation.flares, last, today)
    reader = lead_text.Reader(units, session.shoe_names())
    led = lead_text.of_span(analysis, explanation, last, today, reader)
    agreed = agreed_and_done.agreed_in_words(store, athlete_id, analysis, last, today, units)
    results = agreed_and_done.results_in_words(store.read(TEST_RESULT, athlete_id), last, today)
    return [
        ("Agreed, and done", agreed),
        ("Tests, then and now", results),
        ("Symptoms", symptoms_in_words(since)),
        ("Load", [*load_in_words(since, units), *led]),
    ]
