"""Runs that may be one, and the press that says so."""

from __future__ import annotations

import streamlit as st

from connectors.plural import count
from connectors.source import source_titles
from connectors.store import Runner
from dashboard.data import duplicate_runs
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text

MERGE, KEEP_BOTH, KEEP_ALL = "Merge", "Keep both", "Keep both of each of these"


def render(runner: Runner) -> None:
    """Draw the pairs, each with the press that decides."""
    pairs = duplicate_runs.list_duplicates(session.store(), runner.athlete_id)
    overlaps = duplicate_runs.overlapping_runs(session.store(), runner.athlete_id)
    if not pairs and not overlaps:
        st.caption("No possible duplicates.")
        return
    ui.hold_to_uncover(runner, "merge_")
    if pairs:
        st.markdown(
            "Taken for one run, by their start and length, and counted once unless you say otherwise."
        )
        _list_pairs(runner, pairs)
    if overlaps:
        st.markdown(
            "These overlap in time, such as a race entered by hand beside a recording, or are alike and whole hours "
            "apart, as when a clock has the wrong zone. They may be one run; nothing was merged."
        )
        _list_pairs(runner, overlaps)
        if len(overlaps) > 1:
            st.button(
                KEEP_ALL,
                key="keep_all_doubles",
                on_click=_decide,
                args=(runner, overlaps[: duplicate_runs.MOST_SHOWN], False),
            )


def _decide(runner: Runner, pairs: list[duplicate_runs.DuplicatePair], is_same: bool) -> None:
    for one in pairs:
        duplicate_runs.record_decision(session.store(), runner.athlete_id, one, is_same)


def _list_pairs(runner: Runner, pairs: list[duplicate_runs.DuplicatePair]) -> None:
    for one in pairs[: duplicate_runs.MOST_SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(one.in_words(session.units(), source_titles(), shared_text.day_in_words))
            is_open = not (one.is_same or one.by_person)
            for is_same in (True, False) if is_open else (not one.is_same,):
                st.button(
                    MERGE if is_same else KEEP_BOTH,
                    key=f"double_{one.activity_id}_{one.same_as}{'' if is_same or not is_open else '_two'}",
                    on_click=_decide,
                    args=(runner, [one], is_same),
                )
    if len(pairs) > duplicate_runs.MOST_SHOWN:
        st.caption(
            f"{count(len(pairs) - duplicate_runs.MOST_SHOWN, 'older one is', 'older ones are')} not listed here."
        )
