"""Who decides, what the last act did, and the history of acts with undo."""

from __future__ import annotations

import streamlit as st

from connectors.frames import DECIDERS
from connectors.store import Runner
from dashboard import edit_history, state, words
from dashboard.edit_history import Act
from dashboard.why_words import DECIDERS as NAMES

WHO = "decided_by"
LAST = "runs_last_act"
MORE = "acts_shown"
STEP = 10
SENTENCES = 4


def choose_who() -> None:
    """Show who is deciding; kept for the session."""
    st.segmented_control(
        "Who decides",
        DECIDERS,
        default=DECIDERS[0],
        required=True,
        format_func=NAMES.__getitem__,
        key=WHO,
        persist_state="session",
    )


def who() -> str:
    """Give who is deciding."""
    return st.session_state.get(WHO) or DECIDERS[0]


def note(place: str, batch_id: str | None) -> None:
    """Remember the last act, to say what it did and to offer its undo there."""
    st.session_state[LAST] = (place, batch_id)


def take(mine: Runner, batch_id: str, is_undone: bool) -> None:
    """Take an act back, or put it in force again."""
    state.store().undo_edits(mine.athlete_id, batch_id, is_undone)
    st.session_state.pop(LAST, None)


def done(mine: Runner, place: str) -> None:
    """Say what the last act of a part of the page did."""
    where, batch_id = st.session_state.get(LAST, (None, None))
    if where != place:
        return
    if batch_id is None:
        st.info("Nothing differs from what is known, so nothing was changed.")
        return
    for act in edit_history.acts(state.store(), mine.athlete_id, state.units(), batch_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(f"Saved. {_said(act)}")
            st.button("Undo", on_click=take, args=(mine, batch_id, True), key=f"undo_{place}")


def history(mine: Runner) -> None:
    """List every act of a person, the latest first."""
    acts = edit_history.acts(state.store(), mine.athlete_id, state.units())
    if not acts:
        st.caption("Nothing has been edited yet. What you change here is listed, and can be taken back.")
        return
    st.markdown(
        "What came in is never overwritten: an edit lies over it, survives a new import, and can be taken back and "
        "put back."
    )
    shown = st.session_state.get(MORE, STEP)
    for act in acts[:shown]:
        _one(mine, act)
    if len(acts) > shown:
        st.button(f"Show more ({len(acts) - shown} older)", on_click=_more, key="more_acts")


def _one(mine: Runner, act: Act) -> None:
    when = act.when.astimezone(state.zone())
    parts = [f"{words.day(when.date())}, {when:%H:%M}", NAMES.get(act.decided_by, act.decided_by)]
    parts += [words.plain(act.reason)] if act.reason else []
    parts += ["taken back"] if act.is_undone else []
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"act_{act.batch_id}"):
        said = _said(act)
        st.markdown(f"{f'~~{said}~~' if act.is_undone else said}  \n:small[{' · '.join(parts)}]")
        st.button(
            "Put back" if act.is_undone else "Undo",
            on_click=take,
            args=(mine, act.batch_id, not act.is_undone),
            key=f"take_{act.batch_id}",
        )


def _more() -> None:
    st.session_state[MORE] = st.session_state.get(MORE, STEP) + STEP


def _said(act: Act) -> str:
    rest = len(act.sentences) - SENTENCES
    return words.plain(" ".join([*act.sentences[:SENTENCES], *([f"And {rest} more."] if rest > 0 else [])]))
