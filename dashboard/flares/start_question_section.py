"""When did your heel start hurting? One date, about when, or a run that is remembered: then what came before."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import SIDES
from dashboard.diary import episodes, intake_text, remembered_runs
from dashboard.diary import statements_text as text
from dashboard.diary.episodes import Episode
from dashboard.model.run_breaks import Anchor
from dashboard.shared import onset_edits, session, ui
from dashboard.shared.text import SIDE_NAMES, day_in_words, escape_markdown

START_SECTION = "heel_start"
PART = "achilles"
FIRST_YEAR = 1950
PROBLEM = "heel_start_problem"


def _remember(sentence: str, change: Any) -> None:
    st.session_state.pop(PROBLEM, None)
    ui.remember_change(START_SECTION, sentence, change, START_SECTION)
    ui.reset_form(START_SECTION)


def _save_day(athlete_id: int, key: str) -> None:
    """Store the day as typed: it is read here, not as it was drawn."""
    day = st.session_state.get(key)
    if not isinstance(day, date) or day > session.today():
        st.session_state[PROBLEM] = text.NEEDS_DAY
        return
    change = onset_edits.save_onset(session.store(), athlete_id, None, day, ui.decided_by())
    _remember(text.SAVED_DAY.format(day=day_in_words(day)), change)


def _save_episode(athlete_id: int, one: Episode) -> None:
    try:
        change = episodes.save_episode(session.store(), athlete_id, one, session.today())
    except HeelwiseError as error:
        st.session_state[PROBLEM] = str(error)
        return
    _remember(text.SAVED_EPISODE.format(when=text.begun_in_words(one)), change)


def _save_about(athlete_id: int, version: int) -> None:
    year = st.session_state.get(f"heel_year_{version}")
    month = st.session_state.get(f"heel_month_{version}")
    side = st.session_state.get(f"heel_side_{version}")
    if year is None:
        st.session_state[PROBLEM] = text.NEEDS_YEAR
        return
    one = episodes.remembered_episode(PART, side, (int(year), month), None, session.today())
    _save_episode(athlete_id, one)


def _save_anchor(athlete_id: int, day: date, until: date) -> None:
    _save_episode(athlete_id, Episode(PART, until, day))


def _by_day(athlete_id: int, version: int) -> None:
    key = f"heel_day_{version}"
    # Side by side: below the field the open calendar would lie over the button.
    with (
        st.form(f"heel_form_{version}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.date_input(
            text.DAY_LABEL, None, max_value=session.today(), format="YYYY-MM-DD", key=key, width=160
        )
        st.form_submit_button(
            text.SHOW_BEFORE, type="primary", key="save_heel_day", on_click=_save_day, args=(athlete_id, key)
        )


def _about_when(athlete_id: int, version: int) -> None:
    with st.form(f"heel_about_{version}", border=False):
        left, right = st.columns(2)
        left.number_input(
            text.YEAR_LABEL, FIRST_YEAR, session.today().year, None, step=1, key=f"heel_year_{version}"
        )
        right.selectbox(
            text.MONTH_LABEL,
            range(1, 13),
            index=None,
            format_func=lambda number: intake_text.MONTHS[number - 1],
            key=f"heel_month_{version}",
        )
        st.pills(text.SIDE_LABEL, SIDES, format_func=SIDE_NAMES.__getitem__, key=f"heel_side_{version}")
        st.form_submit_button(
            text.SHOW_BEFORE,
            type="primary",
            key="save_heel_about",
            on_click=_save_about,
            args=(athlete_id, version),
        )


def _by_run(athlete_id: int) -> None:
    years = remembered_runs.run_years(session.store(), athlete_id)
    if not years:
        st.caption(text.NO_ANCHORS)
        return
    year = st.selectbox(text.YEAR_LABEL, years, key="heel_anchor_year", width=160) or years[0]
    st.markdown(text.WHICH_RUN)
    with st.container(horizontal=True, key="large_taps_anchors"):
        for one, until in remembered_runs.anchors_of(session.store(), athlete_id, year, session.today()):
            st.button(
                _label(one),
                on_click=_save_anchor,
                args=(athlete_id, one.date, until),
                key=f"anchor_{one.date}",
            )


def _label(one: Anchor) -> str:
    metres = "" if one.distance_m is None else f" · {session.units().distance_words(one.distance_m)}"
    return f"{day_in_words(one.date)}{metres} · {text.anchor_kind(one.kind, one.break_days)}"


def render() -> None:
    """Ask when it began, in one of three ways."""
    runner = session.runner()
    if runner is None:
        return
    st.header(text.START_QUESTION)
    st.caption(text.START_ABOUT)
    ui.undo_bar(START_SECTION)
    if problem := st.session_state.pop(PROBLEM, None):
        st.warning(escape_markdown(problem))
    way = ui.choice(
        text.START_QUESTION,
        text.WAYS,
        "heel_way",
        label_visibility="collapsed",
    )
    version = ui.form_version(START_SECTION)
    if way == text.BY_DAY:
        _by_day(runner.athlete_id, version)
    elif way == text.ABOUT_WHEN:
        _about_when(runner.athlete_id, version)
    elif way == text.BY_RUN:
        _by_run(runner.athlete_id)
