"""What is known of the pairs, and what a person says of them: kept apart, so that a page reads it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from connectors.frames import EDIT, SHOE, SHOE_FACT
from connectors.store import Store
from dashboard import pairs, state

LAST, WHO = "last_pair_act", "pair_who"
DECIDERS = {"runner": "Runner", "therapist": "Therapist"}
DONE = "Kept. The load of the runs follows."


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(folder: str, athlete_id: int, version: int, _store: Store) -> Any:
    return pairs.known(_store, athlete_id)


def known() -> Any:
    """Give every pair of the runner being looked at."""
    kept, mine = state.store(), state.logging_runner().athlete_id
    return _kept(str(state.home()), mine, kept.version(mine, SHOE, SHOE_FACT, EDIT), kept)


def who() -> str:
    """Tell who decides, as chosen on the page."""
    return st.session_state.get(WHO) or "runner"


def act(do: Callable[..., str | None], *given: Any) -> None:
    """Do one act on the pairs and remember it, so that its undo can be offered at once."""
    batch = do(state.store(), state.logging_runner().athlete_id, *given, decided_by=who())
    if batch is not None:
        st.session_state[LAST] = batch


def take_back(batch_id: str) -> None:
    """Take an act back."""
    state.store().undo_edits(state.logging_runner().athlete_id, batch_id)
    if st.session_state.get(LAST) == batch_id:
        del st.session_state[LAST]


def offer_undo() -> None:
    """Say that the last act was kept, with its undo."""
    batch = st.session_state.get(LAST)
    if batch is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="pair_done"):
        st.markdown(DONE)
        st.button("Undo", on_click=take_back, args=(batch,), key="undo_last_pair_act")
