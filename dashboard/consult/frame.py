"""What stands round every page of the consult: large type, the steps, a blank cover, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard.shared import session, ui
from dashboard.shared.consult_mode import STEPS

HIDDEN_KEY = "hidden"
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


def consult_frame(pages: Mapping[str, Any], runner: Runner) -> None:
    """Show the steps; while the screen is hidden, nothing else is drawn."""
    st.html(STYLE)
    if HIDDEN_KEY in st.query_params:
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
                ui.page_link(pages[step.view], label=step.title, runner=runner)
        back = f"/?{session.RUNNER_PARAMETER}={runner.athlete_id}"
        st.html(f"<a href='{back}' target='_self'>Leave the consult</a>", width="content")


def _turn(is_hidden: bool) -> None:
    if is_hidden:
        st.query_params[HIDDEN_KEY] = "1"
    else:
        st.query_params.pop(HIDDEN_KEY, None)
