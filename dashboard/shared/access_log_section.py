"""Who saw or changed a record, for its runner."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard.shared import access_log_text, session, text

PAGE_ROWS = 50
_BEFORE = "access_log_before"


def access_log_section(runner: Runner) -> None:
    """List the entries of a runner, newest first, some at a time."""
    before = st.session_state.get(_BEFORE, {}).get(runner.athlete_id)
    entries = session.machine_store().access_log.of_runner(runner.athlete_id, PAGE_ROWS + 1, before)
    if not entries and before is None:
        st.caption(access_log_text.NOBODY)
        return
    st.markdown(access_log_text.WHAT_IT_IS)
    zone = session.zone()
    lines = [access_log_text.entry_in_words(one, zone) for one in entries[:PAGE_ROWS]]
    st.markdown("\n".join(f"- {text.escape_markdown(line)}" for line in lines))
    with st.container(horizontal=True):
        if before is not None:
            st.button("Newest", key="access_log_newest", on_click=_turn, args=(runner.athlete_id, None))
        if len(entries) > PAGE_ROWS:
            last = entries[PAGE_ROWS - 1].entry_id
            st.button("Earlier", key="access_log_earlier", on_click=_turn, args=(runner.athlete_id, last))


def _turn(athlete_id: int, before: int | None) -> None:
    st.session_state[_BEFORE] = {athlete_id: before}
