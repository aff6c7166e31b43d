"""The row that chooses the flare a consult talks about: buttons, the onset typed with Enter, a day more or less."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard.consult import flare_choice
from dashboard.consult.flare_choice import NOW, FlareChoice
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.shared import onset_edits, session, text
from dashboard.shared.window_section import ONSET_KEY, look_around_flare, onset_talked_about

TYPED_KEY, BUTTONS_KEY, PROBLEM_KEY = "onset_typed", "consult_flare", "onset_problem"
ROW = "consult_flare_row"


def chosen_flare(analysis: Analysis, explanation: FlareExplanation) -> FlareChoice:
    """Return the flare that is talked about: the one chosen in this consult, else the newest one on record."""
    decisions = onset_edits.onset_decisions(session.store(), session.logging_runner().athlete_id)
    onset = onset_talked_about()
    return flare_choice.flare_choice(analysis, explanation.flares, decisions, onset)


def choose_flare(analysis: Analysis, explanation: FlareExplanation) -> FlareChoice:
    """Draw the row and return the flare that is talked about."""
    now = chosen_flare(analysis, explanation)
    athlete_id, onset = session.logging_runner().athlete_id, now.onset
    options = [*flare_choice.onsets_offered(explanation.flares, onset), NOW]
    on_record = explanation.flares["onset"].to_list()
    st.session_state[BUTTONS_KEY] = onset or NOW
    st.session_state[TYPED_KEY] = str(onset) if onset else ""
    with st.container(horizontal=True, vertical_alignment="center", key=ROW):
        st.pills(
            "Flare",
            options,
            required=True,
            format_func=lambda one: _name(one, one in on_record),
            key=BUTTONS_KEY,
            on_change=_choose,
            args=(athlete_id,),
            label_visibility="collapsed",
        )
        _onset_fields(athlete_id, onset)
        if onset and now.decided_by != "therapist":
            st.button(
                "Keep as Onset (PT)", key="onset_keep", on_click=_keep, args=(athlete_id, explanation, onset)
            )
    if problem := st.session_state.pop(PROBLEM_KEY, None):
        st.warning(text.escape_markdown(problem))
    return now


def _onset_fields(athlete_id: int, onset: date | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="onset_fields"):
        _day_button("−", "onset_less", athlete_id, onset, -1)
        st.text_input(
            "Onset",
            key=TYPED_KEY,
            placeholder="Onset, 2026-09-08",
            on_change=_type,
            args=(athlete_id,),
            width=170,
            label_visibility="collapsed",
        )
        _day_button("+", "onset_more", athlete_id, onset, 1)


def _day_button(sign: str, key: str, athlete_id: int, onset: date | None, days: int) -> None:
    st.button(
        sign,
        key=key,
        on_click=_move,
        args=(athlete_id, onset, days),
        help="Onset one day earlier" if days < 0 else "Onset one day later",
        disabled=onset is None,
    )


def _name(option: date | str, is_on_record: bool) -> str:
    if not isinstance(option, date):
        return option
    return text.day_in_words(option) + ("" if is_on_record else ", typed")


def _set(athlete_id: int, onset: date | None) -> None:
    st.session_state[ONSET_KEY] = (athlete_id, onset)


def _choose(athlete_id: int) -> None:
    chosen = st.session_state[BUTTONS_KEY]
    _set(athlete_id, chosen if isinstance(chosen, date) else None)
    look_around_flare()


def _move(athlete_id: int, onset: date, days: int) -> None:
    _set(athlete_id, min(onset + timedelta(days=days), session.today()))


def _type(athlete_id: int) -> None:
    typed, today = st.session_state[TYPED_KEY], session.today()
    if not typed.strip():
        return
    day = flare_choice.parse_day(typed, today)
    if day is None:
        st.session_state[PROBLEM_KEY] = flare_choice.NOT_A_DATE.format(typed=typed.strip())
    elif day > today:
        st.session_state[PROBLEM_KEY] = flare_choice.IN_FUTURE.format(day=text.day_in_words(day))
    else:
        _set(athlete_id, day)
        look_around_flare()


def _keep(athlete_id: int, explanation: FlareExplanation, drawn: date) -> None:
    """Keep the onset that stands there now: one typed just before is sent with the press itself."""
    _type(athlete_id)
    if st.session_state.get(PROBLEM_KEY):
        return
    whose, typed = st.session_state.get(ONSET_KEY, (None, None))
    onset = typed if whose == athlete_id and typed is not None else drawn
    onset_edits.save_flare_onset(session.store(), athlete_id, explanation.flares, onset, "therapist")
    _set(athlete_id, onset)
