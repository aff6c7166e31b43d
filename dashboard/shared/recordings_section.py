"""The line above a page while recordings are being read: what the page rests on, and for how long."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from connectors.store import Runner
from dashboard.shared import session
from dashboard.shared.recordings_fill import fill_in_words, fill_under_way

PICTURES = ("", "home", "today", "timeline", "flares", "start")
"""Pages that are drawn anew by themselves once the recordings are read: nothing is typed there."""
ALL_READ = "The recordings are read; the next page is drawn with them."
EVERY_S = 2.0


def notice(runner: Runner, address: str) -> None:
    """Draw the line, which counts by itself."""
    if fill_under_way(session.store(), runner.athlete_id) is not None:
        st.fragment(run_every=EVERY_S)(_line)(runner, address, session.load_version(runner))


def _line(runner: Runner, address: str, drawn: Hashable) -> None:
    fill = fill_under_way(session.store(), runner.athlete_id)
    if fill is not None:
        st.caption(fill_in_words(fill))
    if session.load_version(runner) == drawn:
        return
    if address in PICTURES:
        session.explanation()  # worked out while the page stands as it is: the rerun then only draws
        st.rerun()
    elif fill is None:
        st.caption(ALL_READ)
