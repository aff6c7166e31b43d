"""What came from a phone: each answer with what it replaced, and its undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard.diary import deliveries, entries, text
from dashboard.diary.taps import TapResult
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text

MOST_SHOWN = 20


def render() -> None:
    """List the answers tapped on a phone, newest first; nothing where there are none."""
    runner = session.runner()
    if runner is None:
        return
    results = deliveries.history(session.store(), runner.athlete_id, entries.STRIP_DAYS, session.today())
    if not results:
        return
    st.subheader(text.FROM_PHONE)
    st.caption(text.FROM_PHONE_ABOUT)
    for one in results[:MOST_SHOWN]:
        _card(runner.athlete_id, one)


def _card(athlete_id: int, one: TapResult) -> None:
    words = _words(one.after)
    if one.before:
        words = text.REPLACED.format(after=words, before=_words(one.before))
    times = {
        "tapped": _time(one.entry.tapped_utc),
        "received": _time(one.entry.received_utc),
    }
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"tap_{one.entry.entry_id}"
    ):
        day = text.weekday(one.entry.date)
        st.markdown(f"**{day}**: {words}  \n:small[{text.TAPPED.format(**times)}]")
        st.button(
            "Undo", on_click=_undo, args=(athlete_id, one.entry.entry_id), key=f"untap_{one.entry.entry_id}"
        )


def _words(rows: Sequence[dict[str, Any]]) -> str:
    return shared_text.escape_markdown(
        "; ".join(text.entry_in_words(row) for row in rows) or text.NOTHING_LEFT
    )


def _time(when: datetime) -> str:
    here = when.astimezone(session.zone())
    return f"{shared_text.day_in_words(here.date(), False)} {here:%H:%M}"


def _undo(athlete_id: int, entry_id: str) -> None:
    deliveries.undo_tap(session.store(), athlete_id, entry_id, datetime.now(UTC))
    ui.reset_form("log")
