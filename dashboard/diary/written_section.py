"""Statements and episodes of the runner being looked at, read once for each version of the store."""

from __future__ import annotations

import streamlit as st

from connectors.frames import ACTIVITY, ANSWER, EPISODE, STATEMENT
from dashboard.diary import statements
from dashboard.diary.episodes import Episode
from dashboard.diary.statements import Statement
from dashboard.shared import session

CONTRACTS = (ACTIVITY, STATEMENT, ANSWER, EPISODE)


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _statements(folder: str, athlete_id: int, versions: tuple[int, ...]) -> tuple[Statement, ...]:
    return tuple(statements.load_statements(session.machine_store(), athlete_id))


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _episodes(folder: str, athlete_id: int, versions: tuple[int, ...]) -> tuple[Episode, ...]:
    return tuple(statements.all_episodes(session.machine_store(), athlete_id))


def _key() -> tuple[str, int, tuple[int, ...]] | None:
    now = session.runner()
    if now is None:
        return None
    versions = tuple(session.store().version(now.athlete_id, contract) for contract in CONTRACTS)
    return session.folder_key(), now.athlete_id, versions


def shown_statements() -> tuple[Statement, ...]:
    """Return every statement of the runner, oldest first."""
    key = _key()
    return _statements(*key) if key else ()


def shown_episodes() -> tuple[Episode, ...]:
    """Return every episode of the runner, oldest first."""
    key = _key()
    return _episodes(*key) if key else ()
