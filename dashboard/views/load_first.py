"""Whether load usually came first, and the next mornings: two sections of the Flares page."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import load_first, mornings
from dashboard.model.why import Why
from dashboard.views import looks


def linkage(why: Why) -> None:
    """Show the finding with its reverse, its gates in words and its sensitivity."""
    st.header("Does load usually come first for me?")
    looks.story(load_first.in_words(why.linkage))
    tests = load_first.tests_in_html(why.linkage)
    if not tests:
        return
    st.html(tests)
    st.caption(f"{load_first.METHOD} {load_first.REVERSE}")
    below = st.expander("The same under other assumptions", key="sensitivity", on_change="rerun")
    if below.open:
        with below:
            st.html(load_first.sensitivity_in_html(why.linkage))


def next_mornings(why: Why) -> None:
    """Show how mornings answered to each kind of session."""
    st.header("The morning after each kind of session")
    looks.story(mornings.in_words(why.responses))
    rows = mornings.in_html(why.responses)
    if rows:
        st.html(rows)
        st.caption(mornings.EXPLAINED)
