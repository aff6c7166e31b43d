"""What is done by a press on a page of rights, and how it went, told once on the page that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard.shared import session
from dashboard.shared.text import escape_markdown

OUTCOME = "rights_outcome"


def act(change: Callable[..., Any], *given: object, done: str | Callable[[Any], str]) -> None:
    """Change something by a method of `PersonGrants`; `done` says that it went well, or makes that of what came of it.

    Who presses is asked at the press: between drawing and pressing a session may have ended.
    """
    try:
        result = change(session.grants(), *given)
    except HeelwiseError as error:
        st.session_state[OUTCOME] = (False, str(error))
    else:
        st.session_state[OUTCOME] = (True, done if isinstance(done, str) else done(result))


def act_button(
    label: str, key: str, change: Callable[..., Any], *given: object, done: str | Callable[[Any], str]
) -> None:
    """Draw a button that changes something when it is pressed."""
    st.button(label, key=key, on_click=act, args=(change, *given), kwargs={"done": done})


def outcome_message() -> None:
    """Say once how the last press went."""
    went = st.session_state.pop(OUTCOME, None)
    if went is not None:
        (st.success if went[0] else st.error)(escape_markdown(went[1]))
