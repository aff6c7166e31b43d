"""Navigation: which pages there are, in which order, and what stands above each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard import first_start, state, words
from dashboard.views import consult_frame, model_notice

VIEWS = "views"
CHOICE = "runner_choice"
LOG = "log"
# A drawing of our own: a named icon would be fetched from somewhere else.
ICON = Path(__file__).with_name("icon.svg")


# Buttons of the log and of events are wide enough for a thumb; the page starts below the menu, not a hand further down;
# a picture never scrolls inside its own frame, where a finger would be caught while it is drawn.
STYLE = """<style>
.stMainBlockContainer { padding-top: 4.5rem; }
[class*="st-key-large_taps"] button { min-height: 44px; min-width: 44px; justify-content: center; }
.stElementContainer:has(.stPlotlyChart) { overflow: visible; }
</style>"""
# Captions are drawn at 60 % by themselves, which is too faint to read; so is white on the light blue
# of the dark theme.
LIGHT_STYLE = '<style>[data-testid="stCaptionContainer"] { color: #566372; opacity: 1; }</style>'
DARK_STYLE = """<style>
[data-testid="stCaptionContainer"] { color: #a3afbc; opacity: 1; }
button[data-testid^="stBaseButton-primary"]:not([disabled]) p { color: #11161c; }
</style>"""


def _demo_notice() -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo_notice"):
        st.markdown(words.MADE_UP)
        st.button("Leave the demo", on_click=state.leave_demo, type="primary", key="leave_demo")


def _look_at_chosen() -> None:
    chosen = st.session_state[CHOICE]
    state.look_at(next((one for one in state.store().runners() if one.athlete_id == chosen), None))


def _choose_runner(now: Runner) -> None:
    everyone = [one for one in state.store().runners() if not one.is_archived or one == now]
    if len(everyone) < 2:
        return
    names = {one.athlete_id: one.name for one in everyone}
    # A button may have turned to another runner; the switcher follows, and never turns back by itself.
    st.session_state[CHOICE] = now.athlete_id
    st.sidebar.selectbox(
        "Runner", list(names), format_func=lambda i: names[i], key=CHOICE, on_change=_look_at_chosen
    )


def _page(view: str, title: str, icon: str, **more: Any) -> tuple[str, Any]:
    return view, st.Page(f"{VIEWS}/{view}.py", title=title, icon=f":material/{icon}:", **more)


def _pages(has_data: bool) -> dict[str, dict[str, Any]]:
    """What is opened every day stands in the bar; the rest waits behind one word."""
    first = (
        _page("timeline", "Timeline", "timeline", default=True)
        if has_data
        else _page("start", "Start", "directions_run", default=True)
    )
    bar = [
        _page("today", "Today", "today"),
        first,
        _page("flares", "Flares", "search_insights"),
        _page("shoes", "Shoes", "footprint"),
        _page("log", "Log", "edit_note"),
        _page("plan", "Plan", "event_upcoming"),
        # Every page carries a button to it, which opens it light and large.
        _page("consult", "Consult", "co_present", visibility="hidden"),
    ]
    more = [
        _page("mechanics", "Cadence", "steps"),
        _page("strength", "Strength", "fitness_center"),
        _page("checks", "Tests", "fact_check"),
        _page("events", "Events", "event_note"),
        _page("runs", "Runs", "directions_run"),
        _page("data", "Data", "upload_file"),
        _page("settings", "Settings", "tune"),
        _page("method", "Method", "menu_book"),
    ]
    return {"": dict(bar), "More": dict(more)}


def _consult_pages() -> dict[str, Any]:
    """What only a consult shows, in the type of a shared screen."""
    return dict(
        [
            _page("consult_symptoms", "Symptoms", "sentiment_neutral"),
            _page("consult_timeline", "Timeline for the consult", "timeline"),
            _page("consult_first", "What changed first", "search_insights"),
            _page("consult_report", "Report", "summarize"),
        ]
    )


def _settled_runner() -> Runner | None:
    """Give the runner to show; a first start says what it is busy with."""
    waiting = st.empty()
    if first_start.is_under_way():
        with waiting.container():
            st.title("Timeline")
            st.markdown(words.MAKING_UP)
    now = state.runner()
    waiting.empty()
    return now


def _consult(now: Runner | None, pages: dict[str, Any]) -> None:
    """The same pages on a shared screen: no menu, no names, and the steps of a consult instead."""
    page = st.navigation(list(pages.values()), position="hidden")
    if now is not None:
        consult_frame.hold_in_address(now)
    consult_frame.open_frame(pages, now)
    page.run()


def _run() -> None:
    st.set_page_config(page_title="Heelwise", page_icon=ICON, layout="wide")
    st.html(STYLE + (DARK_STYLE if state.theme() == "dark" else LIGHT_STYLE))
    try:
        now = _settled_runner()
        groups = _pages(state.has_data(now))
        pages = {view: page for group in groups.values() for view, page in group.items()}
        if consult_frame.is_open():
            _consult(now, pages | _consult_pages())
            return
        page = st.navigation({name: list(group.values()) for name, group in groups.items()}, position="top")
        consult_frame.link(now)
        if now is not None:
            _choose_runner(now)
            if now.is_demo:
                _demo_notice()
            if page.url_path != LOG:  # two taps in the morning; every other page tells it
                model_notice.show(now)
        page.run()
    except HeelwiseError as error:
        st.error(words.plain(str(error)))


_run()
