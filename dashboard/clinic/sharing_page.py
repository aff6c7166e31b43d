"""Who may see this: what a runner has given, to end or give; the code of a record that nobody has claimed."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.grants import CLAIM_DAYS, LONGEST_DAYS, Grant
from dashboard.access.person_grants import PersonGrants
from dashboard.clinic import text
from dashboard.clinic.outcome_section import act, act_button, outcome_message
from dashboard.shared import session, ui
from dashboard.shared.text import escape_markdown

CODE = "made_code"


def _grant_row(grant: Grant) -> None:
    with ui.row_with_act(f"grant_{grant.grant_id}"):
        st.markdown(escape_markdown(text.grant_in_words(grant)))
        act_button("End", f"end_{grant.grant_id}", PersonGrants.end, grant.grant_id, done=text.RIGHT_ENDED)


def asked_section(asked: list[Grant]) -> None:
    """Ask the runner to confirm or end what is asked for, one after the other."""
    for grant in asked:
        st.markdown(escape_markdown(text.asked_in_words(grant)))
        with st.form(f"asked_{grant.grant_id}", border=False):
            left, right = st.columns(2)
            access = left.selectbox(
                "They may",
                list(text.ACCESS),
                index=list(text.ACCESS).index(grant.access),
                format_func=text.access_option,
                key=f"asked_access_{grant.grant_id}",
            )
            until = right.date_input(
                "Until the end of",
                value=grant.until or session.today() + timedelta(days=CLAIM_DAYS),
                min_value=session.today(),
                max_value=session.today() + timedelta(days=LONGEST_DAYS),
                format="YYYY-MM-DD",
                key=f"asked_until_{grant.grant_id}",
            )
            with st.container(horizontal=True):
                yes = st.form_submit_button("Confirm", type="primary", key=f"confirm_{grant.grant_id}")
                no = st.form_submit_button("Do not share", key=f"refuse_{grant.grant_id}")
        if yes:
            act(
                PersonGrants.confirm,
                *(grant.grant_id, until, access, str(session.zone())),
                done=text.RIGHT_GIVEN,
            )
            st.rerun()
        if no:
            act(PersonGrants.end, grant.grant_id, done=text.RIGHT_ENDED)
            st.rerun()


def _give_form(runner: Runner) -> None:
    therapists = dict(session.grants().therapists())
    if not therapists:
        st.info(text.NO_THERAPIST)
        return
    with st.form("give", border=False):
        person = st.selectbox(
            "Physical therapist", list(therapists), format_func=therapists.__getitem__, key="give_person"
        )
        left, right = st.columns(2)
        access = left.selectbox(
            "They may", list(text.ACCESS), format_func=text.access_option, key="give_access"
        )
        until = right.date_input(
            "Until the end of",
            value=session.today() + timedelta(days=CLAIM_DAYS),
            min_value=session.today(),
            max_value=session.today() + timedelta(days=LONGEST_DAYS),
            format="YYYY-MM-DD",
            key="give_until",
        )
        if st.form_submit_button("Share", type="primary", key="give_right"):
            given = (runner.athlete_id, person, access, until, str(session.zone()))
            act(PersonGrants.give, *given, done=text.RIGHT_GIVEN)
            st.rerun()


def code_button(athlete_id: int, label: str) -> None:
    """Draw the button that makes a code, and the code it made, once."""
    made = st.session_state.pop(CODE, None)
    if st.button(label, key=f"make_code_{athlete_id}"):
        try:
            made = (athlete_id, session.grants().make_code(athlete_id))
        except HeelwiseError as error:
            st.error(escape_markdown(str(error)))
    if made is not None and made[0] == athlete_id:
        st.success(text.CODE_MADE.format(code=made[1]))


def _own(runner: Runner) -> None:
    st.markdown(text.ABOUT_SHARING)
    every = [one for one in session.grants().of_runner(runner.athlete_id) if one.access != "own"]
    asked_section([one for one in every if one.is_asked])
    active = [one for one in every if one.is_active]
    for grant in active:
        _grant_row(grant)
    if not active:
        st.markdown(text.NOBODY)
    st.header("Share it")
    _give_form(runner)
    st.markdown(text.INVITE)
    code_button(runner.athlete_id, "Make a code for a physical therapist")
    over = [one for one in every if not one.is_active and not one.is_asked]
    if over:
        with st.expander(f"Ended ({len(over)})"):
            ui.paragraphs([text.ended_in_words(one, session.today()) for one in over])


def render() -> None:
    """Draw the page."""
    st.title("Who may see this")
    outcome_message()
    runner = session.runner()
    right = None if runner is None else session.grants().rights().get(runner.athlete_id)
    if runner is None or right is None:
        st.markdown(text.NOT_OWN)
        return
    st.markdown(f"**{escape_markdown(session.name_of(runner))}**")
    if right == "own":
        _own(runner)
    elif right == "write" and not session.grants().is_claimed(runner.athlete_id):
        st.markdown(text.UNCLAIMED)
        code_button(runner.athlete_id, "Make the runner's code")
    else:
        st.markdown(text.NOT_OWN)


if __name__ == "__main__":
    render()
