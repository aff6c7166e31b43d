"""Runs whose pair is missing or in doubt, looked for again only when something changed."""

from __future__ import annotations

import streamlit as st

from connectors.frames import EVENT
from connectors.store import Runner
from dashboard import shoe_fix, shoe_rules, state


@st.cache_resource(max_entries=4, show_spinner=False)
def _review(folder: str, athlete_id: int, version: int, rules: str) -> shoe_fix.Review:
    return shoe_fix.review(state.store(), athlete_id)


def found(mine: Runner) -> shoe_fix.Review:
    """Give what there is to ask about pairs."""
    kept = state.store()
    rules = kept.settings(mine.athlete_id).get(shoe_rules.SETTING, "")
    return _review(
        str(state.home()), mine.athlete_id, kept.version(mine.athlete_id, *state.LOADS, EVENT), rules
    )
