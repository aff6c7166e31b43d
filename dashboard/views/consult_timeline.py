"""Consult, timeline: all lanes on one clock, with the onset through them."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.charts import timeline_words
from dashboard.model.progression import has_strength
from dashboard.views import consult_picture, looks

st.title("Timeline")
now = consult_picture.found()
if now is not None:
    st.html(looks.STYLE)
    start, end = consult_picture.window(now)
    looks.story(timeline_words.in_words(now, start, end, state.units(), state.why(), state.shoe_names()))
    empty = {"sports": now.others.is_empty(), "strength": not has_strength(now.others, state.strength())}
    lanes = [lane for lane in words.LANES if not empty.get(lane)]
    consult_picture.draw(now, start, end, lanes, "consult_timeline")
    consult_picture.choose_onset()
    st.caption(f"{words.ESTIMATED} {words.ORDER_ONLY}")
