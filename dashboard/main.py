"""Navigation: which pages there are, in which order, and what stands above each of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard.consult import frame
from dashboard.settings import model_notice_section
from dashboard.shared import demo_start, session, text

CHOICE = "runner_choice"
LOG = "log"
# A drawing of our own: a named icon would be fetched from somewhere else.
ICON = Path(__file__).with_name("icon.svg")


# Buttons of the log and of events are wide enough for a thumb; the page starts below the menu, not a hand further down;
# a picture never scrolls inside its own frame, where a finger would be caught while it is drawn. Captions are drawn at
# 60 % by themselves, which is too faint to read; so is white on the light blue of the dark theme. Both follow the theme
# by themselves: a page that nobody touches is not run again when the system turns dark in the evening.
STYLE = """<style>
.stMainBlockContainer { padding-top: 4.5rem; }
[class*="st-key-large_taps"] button { min-height: 44px; min-width: 44px; justify-content: center; }
.stElementContainer:has(.stPlotlyChart) { overflow: visible; }
[data-testid="stCaptionContainer"] { color: light-dark(#566372, #a3afbc); opacity: 1; }
button[data-testid^="stBaseButton-primary"]:not([disabled]) p { color: light-dark(#fff, #11161c); }
</style>"""


def _demo_notice() -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo_notice"):
        st.markdown(text.MADE_UP)
        st.button("Leave the demo", on_click=session.leave_demo, type="primary", key="leave_demo")


def _look_at_chosen() -> None:
    chosen = st.session_state[CHOICE]
    session.select_runner(next((one for one in session.store().runners() if one.athlete_id == chosen), None))


def _choose_runner(runner: Runner) -> None:
    everyone = [one for one in session.store().runners() if not one.is_archived or one == runner]
    if len(everyone) < 2:
        return
    names = {one.athlete_id: one.name for one in everyone}
    # A button may have turned to another runner; the switcher follows, and never turns back by itself.
    st.session_state[CHOICE] = runner.athlete_id
    st.sidebar.selectbox(
        "Runner", list(names), format_func=lambda i: names[i], key=CHOICE, on_change=_look_at_chosen
    )


def _page(url: str, page: str | Callable[[], None], title: str, icon: str, **more: Any) -> tuple[str, Any]:
    return url, st.Page(page, url_path=url, title=title, icon=f":material/{icon}:", **more)


def _consult_step(name: str) -> Callable[[], None]:
    """Import the pages of the consult only when one of them is drawn."""

    def draw() -> None:
        getattr(import_module("dashboard.consult.pages"), name)()

    return draw


def _pages(has_data: bool) -> dict[str, dict[str, Any]]:
    """What is opened every day stands in the bar; the rest waits behind one word."""
    first = (
        _page("timeline", "timeline/page.py", "Timeline", "timeline", default=True)
        if has_data
        else _page("start", "today/start_page.py", "Start", "directions_run", default=True)
    )
    bar = [
        _page("today", "today/page.py", "Today", "today"),
        first,
        _page("flares", "flares/page.py", "Flares", "search_insights"),
        _page("shoes", "shoes/page.py", "Shoes", "footprint"),
        _page("log", "diary/log_page.py", "Log", "edit_note"),
        _page("plan", "plan/page.py", "Plan", "event_upcoming"),
        # Every page carries a button to it, which opens it light and large.
        _page("consult", _consult_step("cover"), "Consult", "co_present", visibility="hidden"),
    ]
    more = [
        _page("mechanics", "cadence/page.py", "Cadence", "steps"),
        _page("strength", "strength/page.py", "Strength", "fitness_center"),
        _page("checks", "strength/tests_page.py", "Tests", "fact_check"),
        _page("events", "diary/events_page.py", "Events", "event_note"),
        _page("runs", "runs/page.py", "Runs", "directions_run"),
        _page("data", "data/page.py", "Data", "upload_file"),
        _page("settings", "settings/page.py", "Settings", "tune"),
        _page("method", "settings/method_page.py", "Method", "menu_book"),
    ]
    return {"": dict(bar), "More": dict(more)}


def _consult_pages() -> dict[str, Any]:
    """What only a consult shows, in the type of a shared screen."""
    return dict(
        [
            _page("consult_symptoms", _consult_step("symptoms"), "Symptoms", "sentiment_neutral"),
            _page("consult_timeline", _consult_step("timeline"), "Timeline for the consult", "timeline"),
            _page("consult_first", _consult_step("changed_first"), "What changed first", "search_insights"),
            _page("consult_report", "report/take_home_page.py", "Report", "summarize"),
        ]
    )


def _settled_runner() -> Runner | None:
    """Return the runner to show; a first start says what it is busy with."""
    waiting = st.empty()
    if demo_start.is_being_made():
        with waiting.container():
            st.title("Timeline")
            st.markdown(text.MAKING_UP)
    now = session.runner()
    waiting.empty()
    return now


def _consult(runner: Runner | None, pages: dict[str, Any]) -> None:
    """The same pages on a shared screen: no menu, no names, and the steps of a consult instead."""
    page = st.navigation(list(pages.values()), position="hidden")
    if runner is not None:
        frame.hold_in_address(runner)
    frame.consult_frame(pages, runner)
    page.run()


def _run() -> None:
    st.set_page_config(page_title="Heelwise", page_icon=ICON, layout="wide")
    st.html(STYLE)
    try:
        runner = _settled_runner()
        groups = _pages(session.has_data(runner))
        pages = {view: page for group in groups.values() for view, page in group.items()}
        if session.is_open():
            _consult(runner, pages | _consult_pages())
            return
        page = st.navigation({name: list(group.values()) for name, group in groups.items()}, position="top")
        frame.consult_link(runner)
        if runner is not None:
            _choose_runner(runner)
            if runner.is_demo:
                _demo_notice()
            if page.url_path != LOG:  # two taps in the morning; every other page tells it
                model_notice_section.show(runner)
        page.run()
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))


_run()
