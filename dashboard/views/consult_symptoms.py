"""Consult, symptoms: the diary enlarged, and when it began."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.charts import flare_cards
from dashboard.views import consult_picture, looks

st.title("Symptoms")
now = consult_picture.found()
if now is not None:
    st.html(looks.STYLE)
    start, end = consult_picture.window(now)
    consult_picture.draw(now, start, end, ["symptoms"], "consult_symptoms")
    consult_picture.choose_onset()
    why = state.why()
    if why is not None:
        looks.story([flare_cards.summary(why, now)])
