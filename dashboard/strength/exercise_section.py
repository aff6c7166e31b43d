"""What a lifting log left open: which exercise a name is, and the unit of its weights. Asked once, remembered."""

from __future__ import annotations

import streamlit as st

from connectors.exercise_names import answers_of
from connectors.ingest.logged_sets import WEIGHTS_SETTING, answer, unanswered, weights_of
from connectors.plural import count
from dashboard.shared import session, text, ui
from dashboard.strength.templates import EXERCISES

MOST_ASKED = 5
OWN = "An exercise of my own"
UNITS = {"kg": "kilograms", "lb": "pounds"}


def render(asks_unit: bool = False) -> None:
    """Ask what is open, and list what was answered."""
    runner = session.runner()
    if runner is None:
        return
    names = unanswered(session.store(), runner.athlete_id)
    if names:
        st.markdown(
            "**Which exercises are these?** No table knows their names. Each is asked once, and the answer holds for "
            "every set of that name, also in later imports."
        )
    for name, sets in list(names.items())[:MOST_ASKED]:
        _ask(runner.athlete_id, name, sets)
    if len(names) > MOST_ASKED:
        st.caption(f"{len(names) - MOST_ASKED} more names follow when these are answered.")
    if asks_unit:
        _ask_unit(runner.athlete_id)
    _answered(runner.athlete_id)


def _ask(athlete_id: int, name: str, sets: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            f"{text.escape_markdown(name)} ({count(sets, 'set')})",
            [OWN, *(one.name for one in EXERCISES)],
            index=None,
            placeholder="Choose",
            key=f"exercise_is_{name}",
        )
        st.button(
            "Remember",
            key=f"remember_exercise_{name}",
            disabled=chosen is None,
            on_click=_remember_chosen,
            args=(athlete_id, name),
        )


def _remember_chosen(athlete_id: int, name: str) -> None:
    """Remember the exercise that stands in the field now."""
    if chosen := st.session_state.get(f"exercise_is_{name}"):
        _remember(athlete_id, name, "" if chosen == OWN else chosen)


def _remember(athlete_id: int, name: str, exercise: str | None) -> None:
    answer(session.store(), athlete_id, name, exercise)


def _ask_unit(athlete_id: int) -> None:
    chosen = ui.choice(
        "Weights of a lifting log that does not name their unit are in",
        list(UNITS),
        "lifting_weights",
        default=weights_of(session.store(), athlete_id),
        required=False,  # unknown until answered
        format_func=UNITS.__getitem__,
        help="Such sets came in without weight. Choose, then import the log again.",
    )
    if chosen and chosen != weights_of(session.store(), athlete_id):
        session.store().set_settings(athlete_id, {WEIGHTS_SETTING: chosen})
        st.rerun()


def _answered(athlete_id: int) -> None:
    answers = answers_of(session.store().settings(athlete_id))
    if not answers:
        return
    with st.expander(f"Names answered ({len(answers)})"):
        for name, exercise in sorted(answers.items()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{text.escape_markdown(name)}: {text.escape_markdown(exercise or OWN.lower())}")
                st.button(
                    "Ask again",
                    key=f"ask_exercise_{name}",
                    on_click=_remember,
                    args=(athlete_id, name, None),
                    help="Later imports come in under their own name again; sets already named stay as they are.",
                )
