"""What stands round every page of the consult: large type, the steps, a blank cover, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard import state
from dashboard.consult import STEPS, address

HIDDEN = "hidden"
"""In the address, so that a reload of a hidden screen shows nothing either."""
# 18 px at least, for whoever sits a step away; the steps are as wide as a thumb.
STYLE = """<style>
html { font-size: 18px !important; }
.stApp p, .stApp li, .stApp td, .stApp th, .stApp label, .stApp dt, .stApp input, .stApp button, .stApp small
  { font-size: 1rem !important; }
.stApp .hw-facts dd, .stApp .hw-head { font-size: 1.25rem !important; }
.stMainBlockContainer { padding-top: 1rem !important; }
.st-key-consult_steps a { min-height: 48px; align-items: center; }
.st-key-consult_steps button { min-height: 48px; }
.st-key-demo_notice { display: none; }
</style>"""
LINK = (
    "<style>.hw-consult {{ position: fixed; top: .7rem; right: 3.6rem; z-index: 999995; padding: .3rem .8rem; "
    "border: 1px solid currentColor; border-radius: .5rem; font-size: .9375rem; text-decoration: none; }}</style>"
    "<a class='hw-consult' href='{address}' target='_self'>Consult</a>"
)


def is_open() -> bool:
    """Tell whether this is the consult: the address asks for a page without a menu, so a reload stays in it."""
    return bool(st.context.is_embedded)


def hold_in_address(mine: Runner) -> None:
    """Keep the runner in the address as a number: a reload of a shared screen must never show another."""
    if st.query_params.get(state.RUNNER) != str(mine.athlete_id):
        st.query_params[state.RUNNER] = str(mine.athlete_id)


def link(mine: Runner | None) -> None:
    """Stand the way into the consult on a page, in one click."""
    st.html(LINK.format(address=address(mine.athlete_id if mine else None)))


def open_frame(pages: Mapping[str, Any], mine: Runner | None) -> None:
    """Show the steps; while the screen is hidden, nothing else is drawn."""
    st.html(STYLE)
    if HIDDEN in st.query_params:
        st.button("Show the screen", key="show_screen", on_click=_turn, args=(False,))
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center", key="consult_steps"):
        st.button(
            "Hide the screen",
            icon=":material/visibility_off:",
            key="hide_screen",
            on_click=_turn,
            args=(True,),
        )
        for step in STEPS:
            if step.view in pages:
                st.page_link(pages[step.view], label=step.title)
        back = f"/?{state.RUNNER}={mine.athlete_id}" if mine else "/"
        st.html(f"<a href='{back}' target='_self'>Leave the consult</a>", width="content")


def _turn(is_hidden: bool) -> None:
    if is_hidden:
        st.query_params[HIDDEN] = "1"
    else:
        st.query_params.pop(HIDDEN, None)
