"""The last act of a part of a page: what it did, and its undo."""

from __future__ import annotations

import streamlit as st

from dashboard import kept, state, words
from dashboard.kept import Kept


def note(part: str, said: str, done: Kept) -> None:
    """Remember the last act."""
    st.session_state[_key(part)] = (said, done)


def offer(part: str) -> None:
    """Say what the last act did, and offer to take it back."""
    if _key(part) not in st.session_state:
        return
    said, done = st.session_state[_key(part)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(words.plain(said))
        st.button("Undo", on_click=_undo, args=(part, done), key=f"undo_{part}")


def _undo(part: str, done: Kept) -> None:
    kept.undo(state.store(), state.logging_runner().athlete_id, done)
    st.session_state.pop(_key(part), None)


def _key(part: str) -> str:
    return f"last_{part}"
