"""What stands round every page of the consult: large type, the steps, a blank cover, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard.consult import type_size_section
from dashboard.shared import session, ui, window_section
from dashboard.shared.consult_mode import STEPS
from dashboard.shared.curtain import NEUTRAL

STYLE = """<style>
.hw-here { display: inline-flex; align-items: center; padding: 0 .5rem; font-weight: 700;
  border-bottom: 3px solid currentColor; white-space: nowrap; }
.st-key-consult_steps { gap: 4px !important; }
.hw-whose { font-weight: 700; white-space: nowrap; padding: 0 6px; }
.st-key-consult_steps a { padding: 4px 6px !important; }
.hw-leave { color: inherit !important; padding: 0 .5rem; white-space: nowrap; }
</style>"""


def consult_frame(pages: Mapping[str, Any], runner: Runner, here: str) -> None:
    """Show the steps, `here` being the address of the one shown; hiding is the browser's, see `curtain`."""
    type_size_section.read_type_size()
    type_size_section.type_style()
    st.html(STYLE)
    window_section.hold_in_address()
    with st.container(horizontal=True, vertical_alignment="center", key="consult_steps"):
        st.html(f"<span class='hw-whose'>{escape(session.name_of(runner))}</span>", width="content")
        st.button("Hide the screen", icon=":material/visibility_off:", key="hide_screen")
        for step in STEPS:
            if step.view in pages:
                _step(pages[step.view], step.title, here, runner)
        type_size_section.choose_type_size()
        st.html(
            f"<a class='hw-leave' href='/{NEUTRAL}' target='_self'>Leave the consult</a>", width="content"
        )


def _step(page: Any, title: str, here: str, runner: Runner) -> None:
    """Draw one step; the one shown is no link, since following it would open the page outside the consult."""
    if page.url_path == here:
        st.html(f"<span class='hw-here' aria-current='page'>{escape(title)}</span>", width="content")
    else:
        ui.page_link(page, label=title, runner=runner)
