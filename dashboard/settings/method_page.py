"""The runner's own numbers of the model: a section of the Method page."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import MODEL_VERSION, ModelSettings, Setting
from dashboard.settings import formulas, model_changes, model_settings
from dashboard.settings.impact_section import impact_section
from dashboard.settings.later_formulas import CERTAINTY
from dashboard.shared import pipeline, session, text, ui

SETTINGS_FORM = "model"


def model_settings_section(settings: ModelSettings) -> None:
    """Show each number with its default, range, certainty and source; save and reset."""
    st.header("Your own numbers", anchor="numbers")
    st.markdown(
        f"{model_settings.choices_in_words(settings)} A change is worked into every page at once, and the "
        "report names it."
    )
    version = ui.form_version(SETTINGS_FORM)
    below = st.expander("Change a number", key="numbers_open", on_change="rerun")
    if below.open:
        with below, st.form(f"numbers_{version}", border=False):
            _fields(settings, version)
    if model_settings.changed_choices(settings):
        st.button("Back to every default", on_click=_reset, key="reset_numbers")


def _fields(settings: ModelSettings, version: int) -> None:
    chosen: dict[str, float] = {}
    for title, group in model_settings.setting_groups().items():
        st.markdown(f"**{title}**")
        columns = st.columns(2)
        for place, one in enumerate(group):
            with columns[place % 2]:
                chosen[one.name] = _field(one, float(getattr(settings, one.name)), version)
    if not st.form_submit_button("Save", type="primary", key=f"save_numbers_{version}"):
        return
    try:
        own = model_settings.save_choice(session.store(), session.logging_runner().athlete_id, chosen)
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    ui.reset_form(SETTINGS_FORM)
    st.toast("Saved; every number is at its default." if not own else f"Saved; {own} of your own.")
    st.rerun()


def _field(one: Setting, now: float, version: int) -> float:
    unit = "" if one.unit == "no unit" else f", {one.unit}"
    value = st.number_input(
        f"{one.title}{unit}",
        min_value=float(one.low),
        max_value=float(one.high),
        value=now,
        step=model_settings.step_of(one),
        format="%g",
        key=f"number_{one.name}_{version}",
    )
    st.caption(
        f"Default {model_settings.default_of(one):g}, from {one.low:g} to {one.high:g} · {CERTAINTY[one.evidence]} · "
        f"{one.source}"
    )
    return float(value)


def _reset() -> None:
    model_settings.reset_choices(session.store(), session.logging_runner().athlete_id)
    ui.reset_form(SETTINGS_FORM)


NOT_CLAIMED = """
- No force is measured. Load is an estimate from speed, slope, cadence and shoe.
- A window in which load outpaced habit is a date to talk about. Many such windows are followed by nothing.
- Order is not cause. Symptoms can lower training before anyone writes them down.
- Most sources were read as abstracts. Check the paper before you quote it.
"""


def changes_section() -> None:
    """List what this model does otherwise than the one before."""
    st.header(model_changes.TITLE, anchor="model-3")
    st.markdown(
        "Your runs, shoes and diary are as they were; what is worked out from them changed. Each line "
        "says what it was, "
        "what it is and why."
    )
    for change in model_changes.CHANGES:
        with st.expander(f"{change.title} · {change.certainty}"):
            st.markdown(f"**Before:** {change.was}")
            st.markdown(f"**Now:** {change.now}")
            st.markdown(f"**Why:** {change.why}")
            st.caption(f"Source: {change.source}")
    st.markdown(model_changes.NOT_DONE)


def formulas_section(settings: ModelSettings, profile: RunnerProfile | None) -> None:
    """List the steps from a second of running to a window, each with its certainty and source."""
    st.header("From a second of running to a window")
    is_own = profile is not None and profile.cadence_from != "default"
    for step in formulas.list_formulas(settings, profile.cadence_elasticity if profile and is_own else None):
        with st.container(border=True):
            st.markdown(f"**{step.title}** · {step.certainty}  \n{step.formula}")
            st.caption(f"Source: {step.source}")
    st.caption(
        "Certainty: measured = measured or modelled in a study; extrapolated = derived from one, beyond "
        "what it measured; "
        "design choice = ours, without direct evidence."
    )


def factors_section(settings: ModelSettings) -> None:
    """List the load factors, then every number of the model."""
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


def render() -> None:
    """Draw the page."""
    st.title("Method")
    st.markdown(
        f"{text.ESTIMATED} One **easy kilometre** (*tkm* in files) is the load of one kilometre of your own easy "
        "flat running in "
        f"a conventional shoe. This is version {MODEL_VERSION} of the model."
    )
    runner = session.runner()
    settings = pipeline.model_settings_of(session.store(), runner.athlete_id) if runner else ModelSettings()
    if runner:
        model_settings_section(settings)
    changes_section()
    analysis = session.analysis() if runner else None
    formulas_section(settings, analysis.personal if analysis else None)
    factors_section(settings)
    if runner and analysis is not None:
        impact_section(analysis, runner.athlete_id)
    st.header("What is not known")
    st.markdown("\n".join(f"- {short} {more}" for short, more in formulas.NOT_KNOWN))
    st.header("What Heelwise does not claim")
    st.markdown(NOT_CLAIMED)
    st.markdown(f"**{text.RECORD_AND_DISCUSS}**")
    st.info(text.SEEK_CARE)


if __name__ == "__main__":
    render()
