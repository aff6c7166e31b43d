"""A code: whose record it opens by initials and year of birth, and *Is this you?*; or a record of one's own begun."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store.claims import ClaimPreview
from dashboard.clinic import text
from dashboard.shared import session
from dashboard.shared.text import escape_markdown

SHOWN = "claim_shown"
OUTCOME = "claim_outcome"


def _look() -> None:
    """Look at a code that was typed; it stays in this session and in no address."""
    typed = st.session_state.get("claim_code", "")
    try:
        st.session_state[SHOWN] = (typed, session.grants().look(typed))
    except HeelwiseError as error:
        st.session_state[OUTCOME] = (False, str(error))


def _answer(is_yes: bool) -> None:
    typed, claim = st.session_state.pop(SHOWN)
    if not is_yes:
        st.session_state[OUTCOME] = (True, text.NOT_YOU)
        return
    try:
        if claim.is_invitation:
            session.grants().ask_access(typed)
            st.session_state[OUTCOME] = (True, text.ASKED_DONE)
        else:
            _open(session.grants().claim(typed, str(session.zone())))
    except HeelwiseError as error:
        st.session_state[OUTCOME] = (False, str(error))


def _open(athlete_id: int) -> None:
    st.session_state[OUTCOME] = (True, text.CLAIMED)
    session.select_runner(
        next(one for one in session.machine_store().runners() if one.athlete_id == athlete_id)
    )


def _question(claim: ClaimPreview) -> None:
    st.markdown(escape_markdown(text.code_in_words(claim)))
    st.markdown(text.IS_RUNNER if claim.is_invitation else text.IS_YOU)
    with st.container(horizontal=True):
        st.button("Yes", type="primary", key="claim_yes", on_click=_answer, args=(True,))
        st.button("No", key="claim_no", on_click=_answer, args=(False,))


def _begin_form() -> None:
    if "own" in session.grants().rights().values():
        return
    st.markdown(text.BEGIN)
    with st.form("begin_own", border=False):
        name = st.text_input("Your name", max_chars=80, key="own_name", width=340)
        asked = st.form_submit_button("Begin my record", key="begin_record")
    if not asked or not name.strip():
        return
    try:
        session.select_runner(session.grants().begin_own(name.strip()))
    except HeelwiseError as error:
        st.error(escape_markdown(str(error)))
    else:
        st.rerun()


def render() -> None:
    """Draw the page."""
    st.title("Enter a code")
    went = st.session_state.pop(OUTCOME, None)
    if went is not None:
        (st.success if went[0] else st.error)(escape_markdown(went[1]))
    shown = st.session_state.get(SHOWN)
    if shown is not None:
        _question(shown[1])
        return
    st.markdown(text.CODE_ABOUT)
    with st.form("claim", border=False, clear_on_submit=False):
        st.text_input("Code", max_chars=20, key="claim_code", autocomplete="off", width=340)
        st.form_submit_button("Look", type="primary", key="look_at_code", on_click=_look)
    _begin_form()


if __name__ == "__main__":
    render()
