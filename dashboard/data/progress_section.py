"""The stage and count of long work on a page, with a button that stops it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from connectors.source import Progress

_WAIT_S = 0.5
_STOPPED = "stopped_work"


@contextmanager
def stoppable_progress(stopped: str, key: str, first: str = "Reading the file …") -> Iterator[Progress]:
    """Show how far work is; pressing Stop ends it where it is, and its own clean-up undoes what it began."""
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, first)
        st.button("Stop", key=f"stop_{key}", on_click=_note_stop, args=(stopped, key))
    last = time.monotonic()

    def step(done: int, total: int, message: str) -> None:
        # A press on Stop makes Streamlit end this run at its next call, which this is.
        nonlocal last
        if time.monotonic() - last >= _WAIT_S:
            last = time.monotonic()
            bar.progress(done / total if total else 0.0, f"{message.capitalize()}: {done:,} of {total:,}")

    yield step
    place.empty()


def _note_stop(sentence: str, key: str) -> None:
    st.session_state[f"{_STOPPED}_{key}"] = sentence


def stopped_message(key: str) -> None:
    """Say once that work was stopped."""
    sentence = st.session_state.pop(f"{_STOPPED}_{key}", "")
    if sentence:
        st.info(sentence)
