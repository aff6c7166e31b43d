"""The server, for an administrator: persons and roles, how much there is, and claims to undo; no record."""

from __future__ import annotations

import streamlit as st

from connectors.store.claims import ClaimMade
from connectors.store.grants import PersonCount
from dashboard.access.person_grants import PersonGrants
from dashboard.clinic import text
from dashboard.clinic.outcome_section import act, act_button, outcome_message
from dashboard.shared import session, ui
from dashboard.shared.text import escape_markdown

ASKED = "server_removes"


def _remove(person_id: int) -> None:
    st.session_state.pop(ASKED, None)
    act(PersonGrants.remove_person, person_id, done=text.removed_in_words)


def _ask(person_id: int | None) -> None:
    """Ask before a person is removed; None asks no more."""
    st.session_state[ASKED] = person_id


def _person_row(one: PersonCount) -> None:
    with ui.row_with_act(f"person_{one.person_id}"):
        st.markdown(f"**{escape_markdown(one.name)}**: {escape_markdown(text.person_in_words(one))}")
        if not one.is_removed:
            act_button(
                "No longer administrator" if one.is_admin else "Make administrator",
                f"admin_{one.person_id}",
                *(PersonGrants.set_admin, one.person_id, not one.is_admin),
                done=text.ROLE_CHANGED,
            )
            st.button("Remove", key=f"remove_{one.person_id}", on_click=_ask, args=(one.person_id,))
        else:
            act_button(
                "Admit again",
                f"readmit_{one.person_id}",
                *(PersonGrants.readmit_person, one.person_id),
                done=text.READMITTED,
            )
    if st.session_state.get(ASKED) == one.person_id and not one.is_removed:
        _question(one)


def _question(one: PersonCount) -> None:
    """Say what removing a person does, and ask for the second press."""
    name = escape_markdown(one.name)
    with st.container(border=True):
        st.markdown(text.REMOVES.format(name=name))
        with st.container(horizontal=True):
            yes = f"Remove {name}"
            st.button(yes, type="primary", key="remove_yes", on_click=_remove, args=(one.person_id,))
            st.button("Keep", key="remove_no", on_click=_ask, args=(None,))


def _claim_row(claim: ClaimMade) -> None:
    with ui.row_with_act(f"claim_{claim.claim_id}"):
        st.markdown(escape_markdown(text.claim_in_words(claim)))
        if claim.can_be_undone:
            act_button(
                "Undo the claim",
                f"undo_claim_{claim.claim_id}",
                *(PersonGrants.undo_claim, claim.claim_id),
                done=text.UNDONE,
            )


def render() -> None:
    """Draw the page."""
    st.title("Server")
    grants = session.grants()
    counts, persons, claims = grants.counts(), grants.persons(), grants.claims()
    outcome_message()
    st.markdown(text.SERVER_ABOUT)
    st.markdown(text.counts_in_words(counts))
    st.markdown(text.sizes_in_words(session.machine_store().server_sizes(), session.zone()))
    st.header("People")
    for one in persons:
        _person_row(one)
    st.header("Records claimed")
    st.caption("A claim can be undone for 7 days." if claims else "None yet.")
    for claim in claims:
        _claim_row(claim)


if __name__ == "__main__":
    render()
