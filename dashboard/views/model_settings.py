"""The runner's own numbers of the model: a section of the Method page."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard import model_choices, state, words
from dashboard.formulas import CERTAINTY
from dashboard.model.settings import ModelSettings, Setting

ROUND = "model_round"  # a new round reads the fields anew from the store


def show(settings: ModelSettings) -> None:
    """Show each number with its default, range, certainty and source; save and reset."""
    st.header("Your own numbers", anchor="numbers")
    st.markdown(
        f"{model_choices.in_words(settings)} A change is worked into every page at once, and the report names it."
    )
    turn = st.session_state.get(ROUND, 0)
    below = st.expander("Change a number", key="numbers_open", on_change="rerun")
    if below.open:
        with below, st.form(f"numbers_{turn}", border=False):
            _fields(settings, turn)
    if model_choices.changed(settings):
        st.button("Back to every default", on_click=_reset, key="reset_numbers")


def _fields(settings: ModelSettings, turn: int) -> None:
    chosen: dict[str, float] = {}
    for title, group in model_choices.groups().items():
        st.markdown(f"**{title}**")
        columns = st.columns(2)
        for place, one in enumerate(group):
            with columns[place % 2]:
                chosen[one.name] = _field(one, float(getattr(settings, one.name)), turn)
    if not st.form_submit_button("Save", type="primary", key=f"save_numbers_{turn}"):
        return
    try:
        own = model_choices.keep(state.store(), state.logging_runner().athlete_id, chosen)
    except HeelwiseError as error:
        st.error(words.plain(str(error)))
        return
    st.session_state[ROUND] = turn + 1
    st.toast("Saved; every number is at its default." if not own else f"Saved; {own} of your own.")
    st.rerun()


def _field(one: Setting, now: float, turn: int) -> float:
    unit = "" if one.unit == "no unit" else f", {one.unit}"
    value = st.number_input(
        f"{one.title}{unit}",
        min_value=float(one.low),
        max_value=float(one.high),
        value=now,
        step=model_choices.step(one),
        format="%g",
        key=f"number_{one.name}_{turn}",
    )
    st.caption(
        f"Default {model_choices.default(one):g}, from {one.low:g} to {one.high:g} · {CERTAINTY[one.evidence]} · "
        f"{one.source}"
    )
    return float(value)


def _reset() -> None:
    model_choices.reset(state.store(), state.logging_runner().athlete_id)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
