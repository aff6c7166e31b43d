"""Below a therapist's list of runners: what was claimed, and what is asked for and not confirmed."""

from __future__ import annotations

import streamlit as st

from connectors.plural import count
from dashboard.clinic import text
from dashboard.shared import session
from dashboard.shared.text import escape_markdown


def claimed_section() -> None:
    """Tell a therapist which records their runners have claimed, and how many requests wait."""
    grants = session.grants()
    for claim in grants.own_claims():
        st.markdown(escape_markdown(text.claim_in_words(claim)))
    waiting = sum(one.is_asked for one in grants.own_grants())
    if waiting:
        st.caption(f"{count(waiting, 'request waits', 'requests wait')} for the runner to confirm.")
