"""Long breaks in running as questions: sore, ill, away, skip."""

from __future__ import annotations

import streamlit as st

from dashboard.diary import break_answers, remembered_runs
from dashboard.diary import statements_text as text
from dashboard.model.run_breaks import RunBreak
from dashboard.shared import session, ui
from dashboard.shared.text import span_in_words

BREAK_SECTION = "breaks"
MOST_OPEN = 5
MORE = "breaks_more"


def _answer(athlete_id: int, one: RunBreak, answer: str) -> None:
    change = break_answers.answer_break(session.store(), athlete_id, one, answer)
    span = span_in_words(one.first, one.last)
    sentence = text.BREAK_SAVED.format(span=span, answer=text.BREAK_ANSWERED[answer])
    ui.remember_change(BREAK_SECTION, sentence, change)


def _question(athlete_id: int, one: RunBreak) -> None:
    name = break_answers.break_id(one)
    with st.container(border=True, key=f"large_taps_break_{name}"):
        st.markdown(text.break_in_words(one.first, one.last))
        with st.container(horizontal=True):
            for answer, label in text.BREAK_BUTTONS.items():
                st.button(
                    label, on_click=_answer, args=(athlete_id, one, answer), key=f"break_{answer}_{name}"
                )


def render() -> None:
    """Ask about the breaks that are long for this runner, longest first; all but five on a tap."""
    runner = session.runner()
    if runner is None:
        return
    answered = break_answers.answered_ids(session.store(), runner.athlete_id)
    breaks = remembered_runs.breaks_of(session.store(), runner.athlete_id)
    asked = [one for one in breaks if break_answers.break_id(one) not in answered]
    if not asked and ui.last_change(BREAK_SECTION) is None:
        return
    st.header(text.BREAKS)
    st.caption(text.BREAKS_ABOUT)
    ui.undo_bar(BREAK_SECTION)
    for one in asked[:MOST_OPEN]:
        _question(runner.athlete_id, one)
    rest = asked[MOST_OPEN:]
    if rest:
        below = st.expander(text.SHOW_MORE.format(number=len(rest)), key=MORE, on_change="rerun")
        if below.open:
            with below:
                for one in rest:
                    _question(runner.athlete_id, one)
