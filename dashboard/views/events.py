"""Events: what happened beside the training, in one short form, with the list of what was written."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard import day_words, events, state
from dashboard.charts import event_words

MOST = 20
UNDO, TURN = "event_undo", "event_turn"
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


def _keep(kind: str | None, first: Any, last: Any, note: str) -> None:
    if kind is None or not isinstance(first, date):
        st.session_state[UNDO] = None
        return
    last = last if isinstance(last, date) else None
    row = events.keep(
        state.store(), state.logging_runner().athlete_id, kind, first, last, note.strip() or None
    )
    st.session_state[UNDO] = ("Saved", row)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _remove(row: dict[str, Any]) -> None:
    events.remove(state.store(), row)
    st.session_state[UNDO] = ("Removed", row)


def _undo(done: str, row: dict[str, Any]) -> None:
    (events.remove if done == "Saved" else events.put_back)(state.store(), row)
    st.session_state.pop(UNDO, None)


def _form() -> None:
    turn, today = st.session_state.get(TURN, 0), state.today()
    with st.container(key="large_taps_event"):
        kind = st.pills(
            "What happened",
            list(ICONS),
            format_func=lambda one: f"{ICONS[one]} {day_words.EVENT_KINDS[one]}",
            key=f"event_kind_{turn}",
        )
        with st.container(horizontal=True):
            first = st.date_input("Date", today, format="YYYY-MM-DD", key=f"event_date_{turn}", width=160)
            last = st.date_input(
                "Until, if it lasted",
                None,
                min_value=first if isinstance(first, date) else None,
                format="YYYY-MM-DD",
                key=f"event_end_{turn}",
                width=160,
            )
        note = st.text_input("Note", key=f"event_note_{turn}", max_chars=2000)
        if st.button("Save", type="primary", key="save_event", on_click=None, disabled=kind is None):
            _keep(kind, first, last, note)
            st.rerun()


def _done() -> None:
    if not st.session_state.get(UNDO):
        return
    done, row = st.session_state[UNDO]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(
            f"{done}: {event_words.one(row, False)}, {event_words.dates(row)}.", icon=":material/check:"
        )
        st.button("Undo", on_click=_undo, args=(done, row), key="undo_event")


def _list() -> None:
    rows = events.latest(state.events(), MOST)
    if not rows:
        st.caption("Nothing is written down yet.")
        return
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{ICONS[row['kind']]} **{event_words.dates(row)}**")
            st.text(event_words.one(row))
            key = f"remove_{row['source']}_{row['source_id']}"
            st.button("Remove", on_click=_remove, args=(row,), key=key, type="tertiary")


st.title("Events")
st.caption("Each is a mark through all lanes of the Timeline, and stands among the notes of a flare near it.")
_form()
_done()
st.header("Written down")
_list()
st.page_link("views/log.py", label="Back to the Log", icon=":material/edit_note:")
