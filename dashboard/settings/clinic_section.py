"""Clinic mode: labels in place of names, no titles, a list of the runners, and a screen that covers itself."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.labels import CLINIC_MODE, CLINIC_NOTICE, LONGEST_LABEL
from dashboard.shared import curtain, session, text, ui

ABOUT = (
    "Each runner is shown by a short label: side bar, tab, list and downloads name nobody. Titles of sessions are not "
    "shown, since they may hold the name of a street. The list of runners opens first."
)
NOTICE = (
    "There are three runners on this machine, so clinic mode is on: labels in place of names, no titles, and a list "
    "of the runners. It can be turned off here and on the Settings page, and then stays off."
)
COVER = "Cover the screen after so many minutes without a touch"
OFF = "off"
CHOICES = (OFF, *range(curtain.SHORTEST_MINUTES, curtain.LONGEST_MINUTES + 1))


def clinic_section(runner: Runner | None) -> None:
    """Draw what is set for this machine, and the label of the runner shown."""
    st.toggle("Clinic mode", value=session.is_clinic(), key="clinic_mode", on_change=_turn, help=ABOUT)
    minutes = session.cover_minutes()
    st.selectbox(
        COVER,
        CHOICES,
        index=CHOICES.index(minutes) if minutes in CHOICES else 0,
        key="cover_minutes",
        on_change=_save_minutes,
        help="In a consult and in clinic mode. It says so 20 s before, and nothing half typed is lost.",
        width=340,
    )
    if runner is not None:
        _label_form(runner)


def _label_form(runner: Runner) -> None:
    with st.form("label", border=False):
        label = st.text_input(
            f"Label of {text.escape_markdown(session.name_of(runner))}",
            value=runner.label,
            max_chars=LONGEST_LABEL,
            key=f"label_{runner.athlete_id}",
            help="Unique on this machine. It never changes by itself.",
            width=340,
        )
        asked = st.form_submit_button("Save the label", key="save_label")
    if asked:
        try:
            session.store().set_label(runner.athlete_id, label)
        except HeelwiseError as error:
            st.error(text.escape_markdown(str(error)))
        else:
            ui.say_saved("The label is saved.")
            st.rerun()


def notice() -> None:
    """Say once that clinic mode turned itself on, with the way back."""
    if session.machine_store().machine_settings().get(CLINIC_NOTICE) != "due":
        return
    with st.container(border=True, key="clinic_notice"):
        st.markdown(NOTICE)
        with st.container(horizontal=True):
            st.button("Keep it on", on_click=_answer, args=("on",), key="clinic_keep", type="primary")
            st.button("Turn it off", on_click=_answer, args=("off",), key="clinic_off")


def _answer(mode: str) -> None:
    store = session.machine_store()
    store.set_machine_setting(CLINIC_MODE, mode)
    store.set_machine_setting(CLINIC_NOTICE, None)


def _turn() -> None:
    _answer("on" if st.session_state["clinic_mode"] else "off")


def _save_minutes() -> None:
    session.machine_store().set_machine_setting(session.COVER_MINUTES, str(st.session_state["cover_minutes"]))
