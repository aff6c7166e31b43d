"""What stands round every page of the consult: large type, the steps, a blank cover, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard.shared import ui
from dashboard.shared.consult_mode import STEPS
from dashboard.shared.curtain import NEUTRAL

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
    """Show the steps; hiding and leaving are the browser's, see `dashboard.shared.curtain`."""
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key="consult_steps"):
        st.button("Hide the screen", icon=":material/visibility_off:", key="hide_screen")
        for step in STEPS:
            if step.view in pages:
                ui.page_link(pages[step.view], label=step.title, runner=runner)
        st.html(
            f"<a class='hw-leave' href='/{NEUTRAL}' target='_self'>Leave the consult</a>", width="content"
        )
