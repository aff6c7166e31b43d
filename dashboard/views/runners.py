"""Who is on this machine: show, rename by adding, put away."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard import state, words


def _one(one: Runner, shown: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"runner_{one.athlete_id}"):
        st.markdown(f"**{words.plain(one.name)}**" + (", shown now" if shown else ""))
        if not shown:
            st.button("Show", key=f"show_{one.athlete_id}", on_click=state.look_at, args=(one,))
        if one.is_demo:
            if not shown:
                st.button("Leave the demo", key="leave_demo_here", on_click=state.leave_demo)
        elif not shown:
            st.button(
                "Take out again" if one.is_archived else "Put away",
                key=f"archive_{one.athlete_id}",
                on_click=state.store().archive_runner,
                args=(one.athlete_id, not one.is_archived),
            )


def show(mine: Runner | None) -> None:
    """List the runners of this machine, those put away behind a fold."""
    everyone = state.store().runners()
    for one in everyone:
        if not one.is_archived or one == mine:
            _one(one, one == mine)
    away = [one for one in everyone if one.is_archived and one != mine]
    if away:
        with st.expander(f"Put away ({len(away)})"):
            for one in away:
                _one(one, False)
    with st.form("new_runner", border=False, clear_on_submit=True):
        name = st.text_input("Add a runner", max_chars=80, key="new_runner_name")
        if st.form_submit_button("Add", key="add_runner") and name.strip():
            state.look_at(state.store().add_runner(name.strip()))
            st.rerun()
