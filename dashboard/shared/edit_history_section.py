"""The history of edits, each with its undo."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard.shared import edit_history, session, text, ui
from dashboard.shared.edit_history import EditBatch

HISTORY_SHOWN = "acts_shown"
HISTORY_STEP = 10


def history_section(runner: Runner, record: str | None = None) -> None:
    """List the batches of edits, the latest first; with `record`, those that edit such a record."""
    batches = edit_history.edit_batches(session.store(), runner.athlete_id, session.units(), record=record)
    if not batches:
        st.caption("Nothing has been edited yet. What you change here is listed, and can be taken back.")
        return
    st.markdown(
        "What came in is never overwritten: an edit lies over it, survives a new import, and can be taken back and "
        "put back."
    )
    shown = st.session_state.get(HISTORY_SHOWN, HISTORY_STEP)
    for batch in batches[:shown]:
        _card(runner, batch)
    if len(batches) > shown:
        st.button(f"Show more ({len(batches) - shown} older)", on_click=_show_more, key="more_acts")


def _card(runner: Runner, batch: EditBatch) -> None:
    when = batch.when.astimezone(session.zone())
    parts = [
        f"{text.day_in_words(when.date())}, {when:%H:%M}",
        text.DECIDER_NAMES.get(batch.decided_by, batch.decided_by),
    ]
    parts += [text.escape_markdown(batch.reason)] if batch.reason else []
    parts += ["taken back"] if batch.is_undone else []
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"act_{batch.batch_id}"):
        summary = text.escape_markdown(batch.summary)
        st.markdown(f"{f'~~{summary}~~' if batch.is_undone else summary}  \n:small[{' · '.join(parts)}]")
        st.button(
            "Put back" if batch.is_undone else "Undo",
            on_click=_set_undone,
            args=(runner, batch.batch_id, not batch.is_undone),
            key=f"take_{batch.batch_id}",
        )


def _set_undone(runner: Runner, batch_id: str, is_undone: bool) -> None:
    session.store().undo_edits(runner.athlete_id, batch_id, is_undone)
    ui.forget_change(batch_id)


def _show_more() -> None:
    st.session_state[HISTORY_SHOWN] = st.session_state.get(HISTORY_SHOWN, HISTORY_STEP) + HISTORY_STEP
