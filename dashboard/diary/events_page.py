"""Events: what happened beside the training, in one short form, with the list of what was written."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard.diary import events, intake_section, intake_text
from dashboard.diary import text as diary_text
from dashboard.shared import session, text, ui

MOST_EVENTS = 20
EVENT_SECTION = "event"
ICONS = {
    "race": ":material/flag:",
    "illness": ":material/sick:",
    "travel": ":material/flight:",
    "job": ":material/work:",
    "injection": ":material/vaccines:",
    "physio": ":material/healing:",
    "new_shoe": ":material/steps:",
    "other": ":material/bookmark:",
}


def _save(kind: str | None, first: Any, last: Any, note: str) -> None:
    if kind is None or not isinstance(first, date):
        ui.forget_change()
        return
    last = last if isinstance(last, date) else None
    change = events.save_event(
        session.store(), session.logging_runner().athlete_id, kind, first, last, note.strip() or None
    )
    ui.remember_change(EVENT_SECTION, _sentence("Saved", change.rows[0]), change)
    ui.reset_form(EVENT_SECTION)


def _remove(row: dict[str, Any]) -> None:
    change = events.remove_event(session.store(), row)
    ui.remember_change(EVENT_SECTION, _sentence("Removed", row), change)


def _sentence(what: str, row: dict[str, Any]) -> str:
    return f"{what}: {diary_text.event_in_words(row, False)}, {diary_text.event_dates(row)}."


def _form() -> None:
    version, today = ui.form_version(EVENT_SECTION), session.today()
    with st.container(key="large_taps_event"):
        kind = st.pills(
            "What happened",
            list(ICONS),
            format_func=lambda one: f"{ICONS[one]} {text.EVENT_KINDS[one]}",
            key=f"event_kind_{version}",
        )
        with st.container(horizontal=True):
            first = st.date_input("Date", today, format="YYYY-MM-DD", key=f"event_date_{version}", width=160)
            last = st.date_input(
                "End date (optional)",
                None,
                min_value=first if isinstance(first, date) else None,
                format="YYYY-MM-DD",
                key=f"event_end_{version}",
                width=160,
            )
        note = st.text_input("Note", key=f"event_note_{version}", max_chars=2000)
        if st.button(
            ui.act_label("Save"), type="primary", key="save_event", on_click=None, disabled=kind is None
        ):
            _save(kind, first, last, note)
            st.rerun()


def _list() -> None:
    rows = events.latest_events(session.events(), MOST_EVENTS)
    if not rows:
        st.caption("No event yet.")
        return
    for row in rows:
        with ui.row_with_act(f"event_{row['source']}_{row['source_id']}"):
            dates, words = diary_text.event_dates(row), diary_text.event_in_words(row)
            st.markdown(f"{ICONS[row['kind']]} **{dates}** · {text.escape_markdown(words)}")
            key = f"remove_{row['source']}_{row['source_id']}"
            st.button("Remove", on_click=_remove, args=(row,), key=key, type="tertiary")


def render() -> None:
    """Draw the page."""
    st.title("Events")
    st.caption(
        "Each is a mark through all lanes of the Timeline, and stands among the notes of a flare near it."
    )
    _form()
    ui.undo_bar(EVENT_SECTION)
    st.header("Your events")
    _list()
    st.header(intake_text.TITLE)
    intake_section.render()
    ui.page_link("log", label="Back to the Log", icon=":material/edit_note:")


if __name__ == "__main__":
    render()
