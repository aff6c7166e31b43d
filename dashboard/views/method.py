"""Method: every formula with its source and certainty, what is not known, what is not claimed."""

from __future__ import annotations

import streamlit as st

from dashboard import formulas, gather, model_changes, state, words
from dashboard.model.settings import MODEL_VERSION, ModelSettings
from dashboard.views import model_settings

NOT_CLAIMED = """
- No force is measured. Load is an estimate from speed, slope, cadence and shoe.
- A window in which load outpaced habit is a date to talk about. Many such windows are followed by nothing.
- Order is not cause. Symptoms can lower training before anyone writes them down.
- Most sources were read as abstracts. Check the paper before you quote it.
"""

st.title("Method")
st.markdown(
    f"{words.ESTIMATED} One **tkm** (tendon kilometre) is the load of one kilometre of your own easy flat running in "
    f"a conventional shoe. This is version {MODEL_VERSION} of the model."
)
mine = state.runner()
settings = gather.settings_of(state.store(), mine.athlete_id) if mine else ModelSettings()
if mine:
    model_settings.show(settings)

st.header(model_changes.TITLE, anchor="model-3")
st.markdown(
    "Your runs, shoes and diary are as they were; what is worked out from them changed. Each line says what it was, "
    "what it is and why."
)
for change in model_changes.CHANGES:
    with st.expander(f"{change.title} · {change.certainty}"):
        st.markdown(f"**Before:** {change.was}")
        st.markdown(f"**Now:** {change.now}")
        st.markdown(f"**Why:** {change.why}")
        st.caption(f"Source: {change.source}")
st.markdown(model_changes.NOT_DONE)

st.header("From a second of running to a window")
found = state.analysis() if mine else None
own = found.personal if found else None
elasticity = own.cadence_elasticity if own and own.cadence_from != "default" else None
for step in formulas.formulas(settings, elasticity):
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
        st.caption(f"Source: {row['Source']}" + (f" · Main number: {row['Range']}" if row["Range"] else ""))
with st.expander("Every number in the model"):
    st.dataframe(formulas.setting_rows(settings), hide_index=True, alt="Every number in the model")
st.header("What is not known")
st.markdown("\n".join(f"- {said} {more}" for said, more in formulas.NOT_KNOWN))
st.header("What Heelwise does not claim")
st.markdown(NOT_CLAIMED)
st.markdown(f"**{words.RECORD_AND_DISCUSS}**")
st.info(words.SEEK_CARE)
