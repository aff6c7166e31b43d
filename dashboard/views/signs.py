"""Signs that need a doctor rather than a page: asked for, answered with one sentence, never kept."""

from __future__ import annotations

import streamlit as st

from dashboard import day_words


def ask() -> bool:
    """Ask for them; True where one is there."""
    signs = (*day_words.SIGNS_NOW, *day_words.SIGNS_SOON)
    chosen = st.pills("Any of these now?", signs, selection_mode="multi", key="signs", wrap=True)
    if set(chosen) & set(day_words.SIGNS_NOW):
        st.info(day_words.SEEK_CARE_NOW)
    elif chosen:
        st.info(day_words.SEEK_CARE_SOON)
    return bool(chosen)
