"""The picture of the consult: larger, with the onset through every lane, and fixed scales in every window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.model.analysis import Analysis
from dashboard.shared import consult_mode, onset_edits, session, text, ui
from dashboard.timeline import figure as timeline_figure
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.lanes import lane_titles
from dashboard.timeline.markers import with_onset

ONSET_KEY = "consult_onset"
WINDOW_KEY = "consult_window"
NOTHING = (
    "There is nothing to look at yet. Bring in runs, or open the file the runner brought, on the Data page."
)


def analysis_or_notice() -> Analysis | None:
    """Return what there is to look at, or say that there is nothing."""
    analysis = session.analysis()
    if analysis is None or analysis.days.is_empty():
        st.info(NOTHING)
        return None
    return analysis


def choose_window(analysis: Analysis) -> tuple[date, date]:
    """Choose how far back to look; kept over all steps."""
    choice = ui.choice(
        "Window",
        [*consult_mode.CONSULT_LENGTHS, consult_mode.FULL_RECORD],
        f"{WINDOW_KEY}_now",
        default=st.session_state.get(WINDOW_KEY, consult_mode.USUAL_LENGTH),
        label_visibility="collapsed",
    )
    st.session_state[WINDOW_KEY] = choice
    return consult_mode.consult_dates(analysis, choice)


def chosen_onset() -> date | None:
    """Return the onset that is talked about: chosen here, else that of the newest flare."""
    if ONSET_KEY in st.session_state:
        return st.session_state[ONSET_KEY]
    explanation = session.explanation()
    newest = explanation.flares["onset"].max() if explanation is not None else None
    return newest if isinstance(newest, date) else None


def _move(days: int) -> None:
    now = chosen_onset() or session.today()
    st.session_state[ONSET_KEY] = now + timedelta(days=days)


def _save_onset(rule: date | None, day: date) -> None:
    onset_edits.save_onset(session.store(), session.logging_runner().athlete_id, rule, day, "therapist")


def choose_onset() -> None:
    """Move the onset by a day or type it; what the rule and what persons say stand apart."""
    explanation, now = session.explanation(), chosen_onset()
    with st.container(horizontal=True, vertical_alignment="bottom", key="consult_onset_row"):
        st.button("− 1 day", key="onset_less", on_click=_move, args=(-1,))
        typed = st.date_input("Onset", now, max_value=session.today(), format="YYYY-MM-DD", width=220)
        st.button("+ 1 day", key="onset_more", on_click=_move, args=(1,))
        if isinstance(typed, date) and typed != now:
            st.session_state[ONSET_KEY] = typed
            st.rerun()
        rows = explanation.flares.to_dicts() if explanation is not None else []
        near = min(rows, key=lambda row: abs((row["onset"] - now).days), default=None) if now else None
        rule = near["onset_rule"] if near and abs((near["onset"] - now).days) <= 28 else None
        if now:
            st.button(
                "Keep as the physical therapist's onset",
                key="onset_keep",
                on_click=_save_onset,
                args=(rule, now),
            )
    if rule is not None:
        st.markdown(f"By the rule: {text.day_in_words(rule)}.")
    if near and near["onset_person"] is not None:
        st.markdown(f"By a person: {text.day_in_words(near['onset_person'])}.")


def draw_lanes(analysis: Analysis, start: date, end: date, lanes: Sequence[str], key: str) -> None:
    """Draw some lanes, large, with the onset through them."""
    options = TimelineOptions(session.units(), session.theme(), False, lanes)
    beside = (session.explanation(), session.events(), session.strength())
    drawn = timeline_data(analysis, session.shoe_names(), start, end, options, *beside)
    figure = with_onset(timeline_figure.timeline_figure(drawn), chosen_onset(), session.theme())
    names = [lane_titles()[lane] for lane in lanes]
    ui.draw_figure(figure, key=key, alt=timeline_text.timeline_alt(start, end, names))
