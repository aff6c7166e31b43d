"""What every page says first of runs that are the runner's alone."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard.shared import session
from dashboard.shared.left_out_text import HAND_OVER, left_out_in_words


def notice(runner: Runner) -> None:
    """Say above a page how many runs it leaves out for its reader, and how the runner can share them."""
    if not session.is_person():
        return
    left_out = session.store().left_out(runner.athlete_id, session.today())
    sentence = left_out_in_words(left_out)
    if sentence is None:
        return
    st.warning(sentence, icon=":material/link_off:")
    if left_out.withholds_ratios:
        st.caption(HAND_OVER)
