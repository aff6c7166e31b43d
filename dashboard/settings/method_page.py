"""The runner's own numbers of the model: a section of the Method page."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard.model.settings import MODEL_VERSION, ModelSettings, Setting
from dashboard.settings import formulas, model_settings
from dashboard.settings.formulas import CERTAINTY
from dashboard.shared import pipeline, session, text

SETTINGS_FORM = "model_round"  # a new round reads the fields anew from the store


def model_settings_section(settings: ModelSettings) -> None:
    """Show each number with its default, range, certainty and source; save and reset."""
    st.header("Your own numbers", anchor="numbers")
    st.markdown(
        f"{model_settings.choices_in_words(settings)} A change is worked into every page at once, and the report names it."
    )
    turn = st.session_state.get(SETTINGS_FORM, 0)
    below = st.expander("Change a number", key="numbers_open", on_change="rerun")
    if below.open:
        with below, st.form(f"numbers_{turn}", border=False):
            _fields(settings, turn)
    if model_settings.changed_choices(settings):
        st.button("Back to every default", on_click=_reset, key="reset_numbers")


def _fields(settings: ModelSettings, turn: int) -> None:
    chosen: dict[str, float] = {}
    for title, group in model_settings.setting_groups().items():
        st.markdown(f"**{title}**")
        columns = st.columns(2)
        for place, one in enumerate(group):
            with columns[place % 2]:
                chosen[one.name] = _field(one, float(getattr(settings, one.name)), turn)
    if not st.form_submit_button("Save", type="primary", key=f"save_numbers_{turn}"):
        return
    try:
        own = model_settings.save_choice(session.store(), session.logging_runner().athlete_id, chosen)
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    st.session_state[SETTINGS_FORM] = turn + 1
    st.toast("Saved; every number is at its default." if not own else f"Saved; {own} of your own.")
    st.rerun()


def _field(one: Setting, now: float, turn: int) -> float:
    unit = "" if one.unit == "no unit" else f", {one.unit}"
    value = st.number_input(
        f"{one.title}{unit}",
        min_value=float(one.low),
        max_value=float(one.high),
        value=now,
        step=model_settings.step_of(one),
        format="%g",
        key=f"number_{one.name}_{turn}",
    )
    st.caption(
        f"Default {model_settings.default_of(one):g}, from {one.low:g} to {one.high:g} · {CERTAINTY[one.evidence]} · "
        f"{one.source}"
    )
    return float(value)


def _reset() -> None:
    model_settings.reset_choices(session.store(), session.logging_runner().athlete_id)
    st.session_state[SETTINGS_FORM] = st.session_state.get(SETTINGS_FORM, 0) + 1


NOT_CLAIMED = """
- No force is measured. Load is an estimate from speed, slope, cadence and shoe.
- A window in which load outpaced habit is a date to talk about. Many such windows are followed by nothing.
- Order is not cause. Symptoms can lower training before anyone writes them down.
- Most sources were read as abstracts. Check the paper before you quote it.
"""


def render() -> None:
    """Draw the page."""
    st.title("Method")
    st.markdown(
        f"{text.ESTIMATED} One **tkm** (tendon kilometre) is the load of one kilometre of your own easy flat running in "
        f"a conventional shoe. This is version {MODEL_VERSION} of the model."
    )
    mine = session.runner()
    settings = pipeline.model_settings_of(session.store(), mine.athlete_id) if mine else ModelSettings()
    if mine:
        model_settings_section(settings)

    st.header("From a second of running to a window")
    for step in formulas.list_formulas(settings):
        with st.container(border=True):
            st.markdown(f"**{step.title}** · {step.certainty}  \n{step.formula}")
            st.caption(f"Source: {step.source}")
    st.caption(
        "Certainty: measured = measured or modelled in a study; extrapolated = derived from one, beyond what it measured; "
        "design choice = ours, without direct evidence."
    )
    st.header("The factors")
    for row in formulas.factor_rows():
        with st.container(border=True):
            st.markdown(f"**{row['Factor']}** · {row['Certainty']}  \n{row['What it is']}")
            st.text(row["Formula"])
            st.caption(
                f"Source: {row['Source']}" + (f" · Main number: {row['Range']}" if row["Range"] else "")
            )
    with st.expander("Every number in the model"):
        st.dataframe(formulas.setting_rows(settings), hide_index=True, alt="Every number in the model")
    st.header("What is not known")
    st.markdown("\n".join(f"- {said} {more}" for said, more in formulas.NOT_KNOWN))
    st.header("What Heelwise does not claim")
    st.markdown(NOT_CLAIMED)
    st.markdown(f"**{text.RECORD_AND_DISCUSS}**")
    st.info(text.SEEK_CARE)


if __name__ == "__main__":
    render()
