"""Who decides, what the last act did, and the history of acts with undo."""

from __future__ import annotations

import streamlit as st

from connectors.frames import DECIDERS
from connectors.store import Runner
from dashboard.shared import edit_history, session, text
from dashboard.shared.edit_history import EditBatch
from dashboard.shared.text import DECIDER_NAMES as NAMES

DECIDED_BY = "decided_by"
LAST_EDIT = "runs_last_act"
HISTORY_SHOWN = "acts_shown"
HISTORY_STEP = 10
SENTENCES = 4


def decided_by_picker() -> None:
    """Show who is deciding; kept for the session."""
    st.segmented_control(
        "Who decides",
        DECIDERS,
        default=DECIDERS[0],
        required=True,
        format_func=NAMES.__getitem__,
        key=DECIDED_BY,
        persist_state="session",
    )


def decided_by() -> str:
    """Return who is deciding."""
    return st.session_state.get(DECIDED_BY) or DECIDERS[0]


def remember(place: str, batch_id: str | None) -> None:
    """Remember the last act, to say what it did and to offer its undo there."""
    st.session_state[LAST_EDIT] = (place, batch_id)


def set_undone(runner: Runner, batch_id: str, is_undone: bool) -> None:
    """Take an act back, or put it in force again."""
    session.store().undo_edits(runner.athlete_id, batch_id, is_undone)
    st.session_state.pop(LAST_EDIT, None)


def last_edit_bar(runner: Runner, place: str) -> None:
    """Say what the last act of a part of the page did."""
    where, batch_id = st.session_state.get(LAST_EDIT, (None, None))
    if where != place:
        return
    if batch_id is None:
        st.info("Nothing differs from what is known, so nothing was changed.")
        return
    for act in edit_history.edit_batches(session.store(), runner.athlete_id, session.units(), batch_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(f"Saved. {_said(act)}")
            st.button("Undo", on_click=set_undone, args=(runner, batch_id, True), key=f"undo_{place}")


def history_section(runner: Runner) -> None:
    """List every act of a person, the latest first."""
    acts = edit_history.edit_batches(session.store(), runner.athlete_id, session.units())
    if not acts:
        st.caption("Nothing has been edited yet. What you change here is listed, and can be taken back.")
        return
    st.markdown(
        "What came in is never overwritten: an edit lies over it, survives a new import, and can be taken back and "
        "put back."
    )
    shown = st.session_state.get(HISTORY_SHOWN, HISTORY_STEP)
    for act in acts[:shown]:
        _one(runner, act)
    if len(acts) > shown:
        st.button(f"Show more ({len(acts) - shown} older)", on_click=_more, key="more_acts")


def _one(runner: Runner, batch: EditBatch) -> None:
    when = batch.when.astimezone(session.zone())
    parts = [f"{text.day_in_words(when.date())}, {when:%H:%M}", NAMES.get(batch.decided_by, batch.decided_by)]
    parts += [text.escape_markdown(batch.reason)] if batch.reason else []
    parts += ["taken back"] if batch.is_undone else []
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"act_{batch.batch_id}"):
        said = _said(batch)
        st.markdown(f"{f'~~{said}~~' if batch.is_undone else said}  \n:small[{' · '.join(parts)}]")
        st.button(
            "Put back" if batch.is_undone else "Undo",
            on_click=set_undone,
            args=(runner, batch.batch_id, not batch.is_undone),
            key=f"take_{batch.batch_id}",
        )


def _more() -> None:
    st.session_state[HISTORY_SHOWN] = st.session_state.get(HISTORY_SHOWN, HISTORY_STEP) + HISTORY_STEP


def _said(batch: EditBatch) -> str:
    rest = len(batch.sentences) - SENTENCES
    return text.escape_markdown(
        " ".join([*batch.sentences[:SENTENCES], *([f"And {rest} more."] if rest > 0 else [])])
    )
