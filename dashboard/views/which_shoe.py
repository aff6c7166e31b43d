"""Which shoe? One tap for each of the latest runs without a pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard import shoe_fix, state, words
from dashboard.run_words import LIKELY, run_line
from dashboard.views import acts

PLACE = "which_shoe"
SHOWN = 3


def show(mine: Runner, found: shoe_fix.Review, labels: Mapping[str, str]) -> None:
    """Ask about the latest runs without a pair."""
    st.header("Which shoe?")
    acts.done(mine, PLACE)
    if not labels:
        st.caption("No pair is known yet; a Strava export or a link to Strava brings them along.")
        return
    if not found.waiting:
        st.caption(f"Every run of the last {shoe_fix.LATEST_DAYS} days of record names a pair.")
        return
    with st.container(key=PLACE):
        for run in found.waiting[:SHOWN]:
            _ask(mine, run, labels)
    rest = len(found.waiting) - SHOWN
    if rest > 0:
        st.caption(
            f"{rest:,} more of the last {shoe_fix.LATEST_DAYS} days {'waits' if rest == 1 else 'wait'} behind these."
        )


def _ask(mine: Runner, run: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    one = run["activity_id"]
    with st.container(border=True, key=f"which_{one}"):
        likely = f"  \n:small[{words.plain(_likely(run, labels))}]" if run["suggested_id"] else ""
        st.markdown(f"**{words.plain(run_line(run, state.units()))}**{likely}")
        with st.container(horizontal=True, vertical_alignment="center", key=f"taps_{one}"):
            for shoe_id in run["pairs"]:
                st.button(
                    words.plain(labels.get(shoe_id, shoe_id)),
                    key=f"tap_{one}_{shoe_id}",
                    type="primary" if shoe_id == run["suggested_id"] else "secondary",
                    on_click=_give,
                    args=(mine, one, shoe_id),
                )
            others = [shoe_id for shoe_id in labels if shoe_id not in run["pairs"]]
            if others:
                st.selectbox(
                    "Another pair",
                    others,
                    index=None,
                    format_func=labels.__getitem__,
                    placeholder="Another pair",
                    label_visibility="collapsed",
                    key=f"other_{one}",
                    on_change=_give_other,
                    args=(mine, one),
                    width=180,
                )
            st.button("Skip", key=f"skip_{one}", type="tertiary", on_click=_skip, args=(mine, run))


def _likely(run: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    shoe = labels.get(run["suggested_id"], "")
    return LIKELY[run["by"]].format(shoe=shoe, rule=(run["rule"] or 0) + 1, share=run["share"] or 0)


def _give(mine: Runner, activity_id: str, shoe_id: str) -> None:
    acts.note(
        PLACE, shoe_fix.give_pairs(state.store(), mine.athlete_id, {activity_id: shoe_id}, acts.who(), None)
    )


def _give_other(mine: Runner, activity_id: str) -> None:
    shoe_id = st.session_state.get(f"other_{activity_id}")
    if shoe_id:
        _give(mine, activity_id, shoe_id)


def _skip(mine: Runner, run: Mapping[str, Any]) -> None:
    acts.note(PLACE, shoe_fix.leave(state.store(), mine.athlete_id, "missing", [run], acts.who()))
