"""The picture of the consult: larger, with the onset through every lane, and fixed scales in every window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard import consult, onsets, state, words
from dashboard.charts import timeline, timeline_words
from dashboard.charts.onset_line import with_onset
from dashboard.charts.picture import Look, picture
from dashboard.model.analysis import Analysis
from dashboard.views import figures

ONSET = "consult_onset"
WINDOW = "consult_window"
NOTHING = (
    "There is nothing to look at yet. Bring in runs, or open the file the runner brought, on the Data page."
)


def found() -> Analysis | None:
    """Give what there is to look at, or say that there is nothing."""
    now = state.analysis()
    if now is None or now.days.is_empty():
        st.info(NOTHING)
        return None
    return now


def window(now: Analysis) -> tuple[date, date]:
    """Choose how far back to look; kept over all steps."""
    choice = st.segmented_control(
        "Window",
        [*consult.LENGTHS, consult.ALL],
        default=st.session_state.get(WINDOW, consult.USUAL),
        required=True,
        key=f"{WINDOW}_now",
        label_visibility="collapsed",
    )
    st.session_state[WINDOW] = choice
    return consult.dates(now, choice)


def onset() -> date | None:
    """Give the onset that is talked about: chosen here, else that of the newest flare."""
    if ONSET in st.session_state:
        return st.session_state[ONSET]
    why = state.why()
    newest = why.flares["onset"].max() if why is not None else None
    return newest if isinstance(newest, date) else None


def _move(days: int) -> None:
    now = onset() or state.today()
    st.session_state[ONSET] = now + timedelta(days=days)


def _keep(rule: date | None, day: date) -> None:
    onsets.keep(state.store(), state.logging_runner().athlete_id, rule, day, "therapist")


def choose_onset() -> None:
    """Move the onset by a day or type it; what the rule and what persons say stand apart."""
    why, now = state.why(), onset()
    with st.container(horizontal=True, vertical_alignment="bottom", key="consult_onset_row"):
        st.button("− 1 day", key="onset_less", on_click=_move, args=(-1,))
        typed = st.date_input("Onset", now, max_value=state.today(), format="YYYY-MM-DD", width=220)
        st.button("+ 1 day", key="onset_more", on_click=_move, args=(1,))
        if isinstance(typed, date) and typed != now:
            st.session_state[ONSET] = typed
            st.rerun()
        rows = why.flares.to_dicts() if why is not None else []
        near = min(rows, key=lambda row: abs((row["onset"] - now).days), default=None) if now else None
        rule = near["onset_rule"] if near and abs((near["onset"] - now).days) <= 28 else None
        if now:
            st.button("Keep as the PT's onset", key="onset_keep", on_click=_keep, args=(rule, now))
    if rule is not None:
        st.markdown(f"By the rule: {words.day(rule)}.")
    if near and near["onset_person"] is not None:
        st.markdown(f"By a person: {words.day(near['onset_person'])}.")


def draw(now: Analysis, start: date, end: date, lanes: Sequence[str], key: str) -> None:
    """Draw some lanes, large, with the onset through them."""
    look = Look(state.units(), state.theme(), False, lanes)
    beside = (state.why(), state.events(), state.strength())
    drawn = picture(now, state.shoe_names(), start, end, look, *beside)
    figure = with_onset(timeline.figure(drawn), onset(), state.theme())
    names = [words.LANES[lane] for lane in lanes]
    figures.draw(figure, key=key, alt=timeline_words.alt(start, end, names))
