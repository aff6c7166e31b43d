"""What was written of a leg, counted and asked with one tap for all dates of a place; what came before follows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from connectors.plural import count
from dashboard.diary import statements, written_section
from dashboard.diary import statements_text as text
from dashboard.diary.statements import Statement
from dashboard.flares import before_section
from dashboard.shared import session, ui
from dashboard.shared.text import day_in_words

STATEMENT_SECTION = "statements"
TOGETHER = (statements.HEEL, statements.OTHER, statements.NO)


def render(athlete_id: int, has_list: bool) -> None:
    """Draw the question and, once it is answered, what came before; `has_list` is where the clauses stand below."""
    shown = written_section.shown_statements()
    asked_of = statements.places_asked(shown)
    if asked_of:
        st.markdown(f"**{text.counting_sentence(shown)}**")
    ui.undo_bar(STATEMENT_SECTION)
    if asked_of:
        _answers(athlete_id, asked_of, has_list)
    if has_list or ui.last_change(STATEMENT_SECTION):
        before_section.render(written_section.shown_episodes())


def _answers(athlete_id: int, asked_of: dict[str, list[Statement]], has_list: bool) -> None:
    """Draw the answers to all clauses of the first place; the next place follows once they are given."""
    place, rows = next(iter(asked_of.items()))
    with st.container(horizontal=True, vertical_alignment="center", key="large_taps_together"):
        if len(asked_of) > 1:
            st.markdown(text.OF_PLACE.format(place=text.dates_in_words(place, rows)), width="content")
        for state in TOGETHER:
            label, key = text.ANSWER_BUTTONS[state], f"together_{state}_{place}"
            st.button(label, on_click=_answer, args=(athlete_id, rows, state), key=key)
        if not has_list:
            ui.page_link("wrote", text.ONE_BY_ONE, icon=":material/history_edu:")


def _answer(athlete_id: int, rows: Sequence[Statement], state: str) -> None:
    """Store the answer for the runner and the clauses that were drawn."""
    ids = [one.statement_id for one in rows]
    change = statements.answer_together(session.store(), athlete_id, ids, state)
    answer = text.ANSWERED[state]
    if len(rows) == 1:
        sentence = text.SAVED.format(day=day_in_words(rows[0].date), answer=answer)
    else:
        sentence = text.SAVED_TOGETHER.format(clauses=count(len(rows), "clause"), answer=answer)
    ui.remember_change(STATEMENT_SECTION, sentence, change)
