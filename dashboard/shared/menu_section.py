"""The menu: who is shown, the eight doors, the row of pages behind one of them, and the way into the consult."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import streamlit as st

from connectors.store import Runner
from dashboard.shared import doors, session, text, ui
from dashboard.shared.consult_mode import consult_address
from dashboard.shared.doors import Door, Tab

CHOICE = "runner_choice"
MARK = "background: rgba(146,182,200,.22) !important;"
RUNNERS = "runners"
# The menu stays in sight, in the place of Streamlit's own. On a phone the doors are a bar at the lower edge, where a
# thumb is; what is not in it waits behind *More*, and so does the consult, which a runner seldom opens. That a page
# works is a line along the upper edge, so that nothing is covered by it.
STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-menu) { position: sticky; top: 0; z-index: 1000; }
.st-key-menu { background: light-dark(#ffffff, #11161c); padding: .35rem 0;
  border-bottom: 1px solid rgba(128,140,152,.3); }
.st-key-menu_doors { width: auto; flex: 1 1 auto; gap: .1rem; }
.st-key-menu_doors a { padding: .25rem .5rem; text-decoration: none; min-height: 2.25rem; align-items: center; }
.st-key-menu_doors p { white-space: nowrap; }
.hw-consult { color: inherit !important; padding: .3rem .5rem; font-size: .9375rem; white-space: nowrap; }
.st-key-menu { row-gap: .25rem; }
.st-key-menu > [data-testid="stLayoutWrapper"]:has(> .st-key-undo_row) { flex: 1 0 100%; }
.st-key-undo_row [class*="st-key-large_taps_undo"] { flex-wrap: nowrap; }
.st-key-undo_row .stAlert > div { padding: .35rem .75rem; }
.st-key-undo_row .stAlert p { font-size: .875rem; }
.st-key-door_tabs { gap: .25rem; margin-top: .25rem; }
.st-key-door_tabs a { padding: .25rem .6rem; text-decoration: none; min-height: 2.25rem; align-items: center;
  background: none !important; }
.hw-tab { display: inline-flex; align-items: center; min-height: 2.25rem; padding: 0 .6rem; font-weight: 600;
  border-bottom: 3px solid currentColor; white-space: nowrap; }
[data-testid="stStatusWidget"] { display: none; }
.stApp:is([data-test-script-state="running"], [data-test-script-state="rerunRequested"])::before { content: "";
  position: fixed; top: 0; left: 0; width: 100%; height: 3px; z-index: 1000001; pointer-events: none;
  background: linear-gradient(90deg, transparent, light-dark(#0068a6, #5fb6ea), transparent) 0 0 / 40% 100% no-repeat;
  animation: hw-works 1.4s linear infinite; }
@keyframes hw-works { from { background-position: -60% 0; } to { background-position: 160% 0; } }
@media (prefers-reduced-motion: reduce) { .stApp::before { animation: none !important; opacity: .6; } }
@media (min-width: 641px) {
  .st-key-menu_more, .st-key-menu_doors a > span:has([data-testid="stIconMaterial"]) { display: none; }
}
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-menu) { position: static; }
  .st-key-menu > :has(> .hw-consult), .st-key-menu > .stElementContainer:has(.hw-consult) { display: none; }
  .st-key-menu > [data-testid="stLayoutWrapper"]:has(> .st-key-menu_doors) { position: absolute; width: 0;
    flex: 0 0 0; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-undo_row) { position: fixed; z-index: 1001; left: 0; right: 0;
    bottom: calc(58px + env(safe-area-inset-bottom)); padding: .3rem .75rem; background: light-dark(#ffffff, #11161c);
    border-top: 1px solid rgba(128,140,152,.4); }
  .stApp:has(.st-key-undo_row) :is(.stMainBlockContainer, .st-key-day_panel) { padding-bottom: 9rem; }
  .st-key-menu_doors { position: fixed; left: 0; right: 0; bottom: 0; z-index: 1001; width: 100%; gap: 0;
    flex-wrap: nowrap; background: light-dark(#ffffff, #11161c); border-top: 1px solid rgba(128,140,152,.4);
    padding: .15rem .25rem calc(.15rem + env(safe-area-inset-bottom)); }
  .st-key-menu_doors > * { flex: 1 1 0; min-width: 0; }
  .st-key-menu_doors > :has([class*="st-key-door_beside"]) { display: none; }
  .st-key-menu_doors :is(.stVerticalBlock, .stElementContainer, .stPageLink, .stPageLink > div, .stPopover,
    .stPopover > div) { width: 100%; }
  .st-key-menu_doors a, .st-key-menu_more button, .st-key-menu_more button :is(div, span) {
    flex-direction: column; gap: 0; justify-content: center; text-align: center; }
  .st-key-menu_doors a, .st-key-menu_more button { min-height: 50px; width: 100%; padding: .2rem 0; margin: 0; }
  .st-key-menu_more button [aria-hidden="true"]:not([data-testid]) { display: none; }
  .st-key-menu_doors p { font-size: .75rem; }
  .st-key-door_tabs a, .hw-tab { min-height: 44px; }
  .stMainBlockContainer { padding-bottom: 5.5rem; }
}
</style>"""


def menu(
    shown: Mapping[str, Any],
    beside: Mapping[str, Any],
    runner: Runner | None,
    address: str | None = None,
    buttons: Callable[[Runner], None] | None = None,
) -> None:
    """Draw the menu, with the door of the page shown marked; every link in it carries the runner.

    `buttons` draws what stands right of the doors.
    """
    st.html(STYLE + mark_of(doors.door_of(address)))
    with st.container(horizontal=True, vertical_alignment="center", key="menu"):
        if runner is not None:
            _who(runner)
        with st.container(horizontal=True, vertical_alignment="center", key="menu_doors"):
            if RUNNERS in beside and (session.is_clinic() or session.is_person()):
                with st.container(key="door_beside_runners", width="content"):
                    st.page_link(beside[RUNNERS])
            for door in doors.shown(session.is_owner(), session.own_door()):
                place = "in_bar" if door.is_on_phone else "beside"
                with st.container(key=f"door_{place}_{door.address}", width="content"):
                    ui.page_link(shown[door.address], runner=runner)
            _more(shown, beside, runner)
        if runner is not None and buttons is not None:
            buttons(runner)
        if runner is not None and (session.is_owner() or session.is_person()):
            _consult_link(runner)
        ui.undo_row(runner)


def mark_of(door: Door | None) -> str:
    """Return the style that marks the door one is behind: Streamlit marks it only at its own address."""
    if door is None:
        return ""
    links = f"[class*='st-key-door_'][class*='_{door.address}'] a"
    more = "" if door.is_on_phone else ", .st-key-menu_more button"
    on_phone = f"@media (max-width: 640px) {{ :is({links}{more}) {{ {MARK} }} }}" if more else ""
    bold = f"{links} p {{ font-weight: 600; }}"
    return f"<style>{links} {{ {MARK} }} {bold} {on_phone}</style>"


def _more(shown: Mapping[str, Any], beside: Mapping[str, Any], runner: Runner | None) -> None:
    """Hold what the bar of a phone has no room for."""
    with st.popover("More", icon=":material/menu:", type="tertiary", key="menu_more"):
        for door in doors.shown(session.is_owner(), session.own_door()):
            if not door.is_on_phone:
                ui.page_link(shown[door.address], runner=runner)
        if RUNNERS in beside and (session.is_clinic() or session.is_person()):
            st.page_link(beside[RUNNERS])
        if runner is not None and (session.is_owner() or session.is_person()):
            _consult_link(runner)


def _consult_link(runner: Runner) -> None:
    address = consult_address(runner.athlete_id)
    st.html(f"<a class='hw-consult' href='{address}' target='_self'>Consult</a>", width="content")


def tabs(door: Door, own: Tab | None = None) -> Tab:
    """Draw the pages behind a door as a row of links, and return the one shown.

    `own` is that of an address from before the doors; else the address names it.
    """
    now = own or door.tab(st.query_params.get(doors.TAB_PARAMETER))
    if own is None and len(door.tabs) > 1:
        # A link to the same page asks with its address and leaves the browser's as it was: the next press on the page
        # would ask with the old one, and open the first neighbour. The browser compares the two.
        st.query_params.update()
    if len(door.tabs) > 1:
        with st.container(horizontal=True, vertical_alignment="center", key="door_tabs"):
            for tab in door.tabs:
                if tab == now:
                    here = f"<span class='hw-tab' aria-current='page'>{escape(tab.title)}</span>"
                    st.html(here, width="content")
                else:
                    ui.page_link(tab.file, label=tab.title, icon="")
    return now


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
