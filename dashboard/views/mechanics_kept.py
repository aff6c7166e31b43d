"""The averages behind the Cadence page, kept apart from the rest, so that no other page waits for them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.frames import ACTIVITY, SHOE, SHOE_FACT
from connectors.store import Store
from dashboard import gather, state
from dashboard.model.analysis import Analysis, Personal
from dashboard.model.settings import ModelSettings, for_loads


@st.cache_resource(max_entries=4, show_spinner="Working out how you step …")
def _kept(
    folder: str,
    athlete_id: int,
    version: int,
    settings: ModelSettings,
    _store: Store,
    _personal: Personal,
) -> Any:
    return gather.mechanics_of(_store, athlete_id, _personal, settings)


def averages(found: Analysis) -> Any:
    """Give the averages of the runner being looked at; None where there is no run."""
    now = state.runner()
    if now is None or found.personal is None:
        return None
    kept = state.store()
    version = kept.version(now.athlete_id, ACTIVITY, SHOE, SHOE_FACT)
    return _kept(str(state.home()), now.athlete_id, version, for_loads(found.settings), kept, found.personal)
