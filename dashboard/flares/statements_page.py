"""What you already wrote: clauses proposed, answered with one tap, and what came before those that were the heel."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.diary import breaks_section, statements, written_section
from dashboard.diary import statements_text as text
from dashboard.diary.statements import Statement
from dashboard.flares import start_question_section, written_question_section
from dashboard.flares.written_question_section import STATEMENT_SECTION
from dashboard.shared import session, ui
from dashboard.shared.text import day_in_words, escape_markdown

MOST_SHOWN = 20
SHOWN = "statements_shown"


def _answer(athlete_id: int, one: Statement, state: str | None) -> None:
    """Store an answer for the runner and clause that were drawn."""
    change = statements.answer_statement(session.store(), athlete_id, one.statement_id, state)
    day = day_in_words(one.date)
    sentence = (
        text.TAKEN_BACK.format(day=day)
        if state is None
        else text.SAVED.format(day=day, answer=text.ANSWERED[state])
    )
    ui.remember_change(STATEMENT_SECTION, sentence, change)


def _clause(one: Statement) -> None:
    """Write the clause, its date and session, and what was guessed; words are hidden on a shared screen."""
    wrote = session.title_of(one.text)
    shown = f"“{escape_markdown(wrote)}”" if wrote else text.HIDDEN_WORDS
    metres = "" if one.distance_m is None else f" · {session.units().distance_words(one.distance_m)}"
    st.markdown(f"**{one.date:%a} {day_in_words(one.date)}**{metres} · {shown}")
    st.caption(text.guess_in_words(one))


def _proposals(athlete_id: int, rows: Sequence[Statement]) -> None:
    most = st.session_state.setdefault(SHOWN, MOST_SHOWN)
    for one in rows[:most]:
        with st.container(border=True, key=f"large_taps_{one.statement_id}"):
            _clause(one)
            with st.container(horizontal=True):
                for state, label in text.ANSWER_BUTTONS.items():
                    key = f"{state}_{one.statement_id}"
                    st.button(label, on_click=_answer, args=(athlete_id, one, state), key=key)
    if len(rows) > most:
        number = min(MOST_SHOWN, len(rows) - most)
        if st.button(text.SHOW_MORE.format(number=number), key="more_statements"):
            st.session_state[SHOWN] = most + MOST_SHOWN
            st.rerun()


def _answered(athlete_id: int, rows: Sequence[Statement]) -> None:
    title = text.YOUR_ANSWERS.format(number=len(rows))
    below = st.expander(title, key="answered_statements", on_change="rerun")
    if not below.open:
        return
    with below:
        for one in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                wrote = session.title_of(one.text)
                shown = f"“{escape_markdown(wrote)}”" if wrote else text.HIDDEN_WORDS
                st.markdown(f"{day_in_words(one.date)} · {shown} · {text.ANSWERED[one.state]}")
                st.button(
                    text.ASK_AGAIN,
                    on_click=_answer,
                    args=(athlete_id, one, None),
                    key=f"again_{one.statement_id}",
                    type="tertiary",
                )


def render() -> None:
    """Draw the page: the count, what came before, the open clauses newest first, the answers, the breaks."""
    st.title(text.TITLE)
    runner = session.runner()
    if runner is None or not session.has_data(runner):
        st.info(text.NO_RUNNER)
        return
    athlete_id = runner.athlete_id
    rows = written_section.shown_statements()[::-1]
    proposed = [one for one in rows if one.state == statements.PROPOSED]
    answered = [one for one in rows if one.state != statements.PROPOSED]
    if not proposed:
        st.markdown(text.ALL_ANSWERED if rows else text.NOTHING)
    written_question_section.render(athlete_id, has_list=True)
    _proposals(athlete_id, proposed)
    if answered:
        _answered(athlete_id, answered)
    st.caption(text.ABOUT)
    start_question_section.render()
    breaks_section.render()


if __name__ == "__main__":
    render()
