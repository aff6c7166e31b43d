"""The menu: who is shown, every page of theirs, and the way into the consult."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard.shared import session, text, ui
from dashboard.shared.consult_mode import consult_address

CHOICE = "runner_choice"
# The menu stays in sight, in the place of Streamlit's own; on a phone its doors are one row that a finger moves.
STYLE = """<style>
.st-key-menu { position: sticky; top: 0; z-index: 1000; background: light-dark(#ffffff, #11161c);
  padding: .35rem 5.5rem .35rem 0;
  border-bottom: 1px solid rgba(128,140,152,.3); }
.st-key-menu_doors { width: auto; flex: 1 1 auto; gap: .1rem; }
.st-key-menu_doors a { padding: .25rem .55rem; text-decoration: none; min-height: 2.25rem; align-items: center; }
.hw-consult { color: inherit !important; padding: .3rem .8rem; border: 1px solid currentColor;
  border-radius: .5rem; font-size: .9375rem;
  text-decoration: none; white-space: nowrap; }
@media (max-width: 640px) {
  .st-key-menu > :has(.st-key-menu_doors) { flex: 1 0 100%; order: 3; min-width: 0; }
  .st-key-menu_doors { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-menu_doors > * { flex: 0 0 auto; }
  .st-key-menu { padding-right: 0; }
  .st-key-menu_doors a { min-height: 44px; padding: .25rem .35rem; }
  .st-key-menu_doors p { white-space: nowrap; }
}
</style>"""


def menu(groups: Mapping[str, Mapping[str, Any]], runner: Runner | None) -> None:
    """Draw the menu; every link in it carries the runner."""
    st.html(STYLE)
    bar, *more = groups.values()
    with st.container(horizontal=True, vertical_alignment="center", key="menu"):
        if runner is not None:
            _who(runner)
        with st.container(horizontal=True, vertical_alignment="center", key="menu_doors"):
            if session.is_clinic():
                st.page_link(bar["runners"], icon="")
            for page in bar.values():
                if page.visibility != "hidden":
                    ui.page_link(page, runner=runner, icon="")
            with st.popover("More", type="tertiary", key="menu_more"):
                for page in (page for group in more for page in group.values()):
                    ui.page_link(page, runner=runner)
        if runner is not None:
            address = consult_address(runner.athlete_id)
            st.html(f"<a class='hw-consult' href='{address}' target='_self'>Consult</a>", width="content")


def _who(runner: Runner) -> None:
    """Name the runner; with others here, as a choice that opens one of them."""
    everyone = session.machine_store().runners()
    is_alone = all(one.is_demo for one in everyone if one != runner)
    others = [] if is_alone and not runner.is_demo else everyone
    shown = [one for one in others if not one.is_archived or one == runner]
    if len(shown) < 2:
        name = text.escape_markdown(session.name_of(runner))
        with st.container(key="menu_name", width="content"):
            st.markdown(f"**{name}**")
        return
    names = session.names_of(shown)
    st.session_state[CHOICE] = runner.athlete_id
    st.selectbox(
        "Runner",
        list(names),
        format_func=names.__getitem__,
        key=CHOICE,
        on_change=_open_chosen,
        label_visibility="collapsed",
        width=200,
    )


def _open_chosen() -> None:
    chosen = st.session_state[CHOICE]
    everyone = session.machine_store().runners()
    session.select_runner(next((one for one in everyone if one.athlete_id == chosen), None))
