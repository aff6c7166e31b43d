"""Method: every formula with its source and certainty, what is not known, what is not claimed."""

from __future__ import annotations

import streamlit as st

from dashboard import formulas, gather, state, words
from dashboard.model.settings import MODEL_VERSION, ModelSettings
from dashboard.views import model_settings

NOT_KNOWN = """
- How much force your own tendon carries. Studies differ two-fold in absolute force, so only relative load is shown.
- How fast a tendon adapts, and whether running changes it at all. Habit is bookkeeping, not biology.
- Whether hills matter as much as assumed: one laboratory saw nearly no effect on the calf at +10 %, another
  a third more load at 6°. Downhill unloads the tendon in the model, while many clinicians name it as a trigger; the
  picture shows climb and descent apart.
- What a drop, a plate or a soft sole does to you. The numbers for shoes rest on very few people.
- How the factors act together. They are multiplied because nobody measured them at once.
- Symptoms have many causes: sleep, stress, work on your feet, strength, the season. None of them is in the data.
"""
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

st.subheader("From a second of running to a window")
for step in formulas.formulas(settings):
    with st.container(border=True):
        st.markdown(f"**{step.title}** · {step.certainty}  \n{step.formula}")
        st.caption(f"Source: {step.source}")
st.caption(
    "Certainty: measured = measured or modelled in a study; extrapolated = derived from one, beyond what it measured; "
    "design choice = ours, without direct evidence."
)
st.subheader("The factors")
for row in formulas.factor_rows():
    with st.container(border=True):
        st.markdown(f"**{row['Factor']}** · {row['Certainty']}  \n{row['What it is']}")
        st.text(row["Formula"])
        st.caption(f"Source: {row['Source']}" + (f" · Main number: {row['Range']}" if row["Range"] else ""))
with st.expander("Every number in the model"):
    st.dataframe(formulas.setting_rows(settings), hide_index=True, alt="Every number in the model")
st.subheader("What is not known")
st.markdown(NOT_KNOWN)
st.subheader("What Heelwise does not claim")
st.markdown(NOT_CLAIMED)
st.markdown(f"**{words.RECORD_AND_DISCUSS}**")
st.info(words.SEEK_CARE)
