"""A morning from before the last fortnight: chosen by its date, filled in by the same two taps."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard.diary import morning_form
from dashboard.diary.entries import STRIP_DAYS
from dashboard.shared import session, text, ui

EARLIEST = date(1970, 1, 1)
FORM = "earlier_day"


def earlier_day() -> None:
    """Ask for a day before those of the strip; while one is filled in, name it, with the way back to today."""
    last = session.today() - timedelta(days=STRIP_DAYS)
    day, key = morning_form.chosen_day(), f"{FORM}_{ui.form_version(FORM)}"
    with st.container(horizontal=True, vertical_alignment="bottom", key="large_taps_earlier_day"):
        st.date_input(
            "An earlier day",
            None,
            min_value=EARLIEST,
            max_value=last,
            key=key,
            on_change=_choose,
            args=(key,),
            format="YYYY-MM-DD",
            width=170,
        )
        if day <= last:
            st.button("Back to today", on_click=_back, key="back_to_today")
            st.caption(f"You are filling in {text.day_in_words(day)}.", width="content")


def _choose(key: str) -> None:
    chosen = st.session_state[key]
    if isinstance(chosen, date):
        morning_form.fill_in_day(key)


def _back() -> None:
    st.session_state.pop(morning_form.DAY, None)
    st.session_state.pop(morning_form.CHANGING, None)
    ui.forget_change()
    ui.reset_form(FORM)
