"""Runs: which shoe, pairs to look at, the latest runs in a table, a run by hand, and the history of edits."""

from __future__ import annotations

import streamlit as st

from dashboard import run_words, state
from dashboard.views import (
    acts,
    add_run,
    pair_rules,
    quality,
    run_table,
    shoe_groups,
    shoe_review,
    which_shoe,
)

# A thumb needs 44 px; the names of pairs may take two lines.
STYLE = """<style>
.st-key-which_shoe .stButton button { min-height: 44px; min-width: 44px; }
.st-key-which_shoe .stSelectbox [role="group"] { min-height: 44px; }
</style>"""

st.title("Runs")
st.html(STYLE)
mine = state.runner()
labels = run_words.shoe_labels(state.shoe_names())
if mine is not None:
    if mine.is_demo:
        st.caption("What you change here belongs to the made-up runner and goes when you leave it.")
    acts.choose_who()
    found = shoe_review.found(mine)
    which_shoe.show(mine, found, labels)
    shoe_groups.show(mine, found, labels)
    pair_rules.show(mine, labels)
    quality.show()
    run_table.show(mine, labels)
else:
    st.info("There is nothing to show yet. Bring in runs on the Data page, or add one by hand.")
add_run.show(mine, labels)
if mine is not None:
    st.header("Edits")
    acts.history(mine)
