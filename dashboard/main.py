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
from dashboard.runners import service
from dashboard.settings import clinic_section, model_notice_section
from dashboard.shared import curtain, demo_start, menu_section, session, tab_section, text, unverified_section
from dashboard.shared.curtain import NEUTRAL

LOG = "log"
RUNNERS = "runners"
# A drawing of our own: a named icon would be fetched from somewhere else.
ICON = Path(__file__).with_name("icon.svg")


# Buttons of the log and of events are wide enough for a thumb; the page starts below the menu, not a hand further down;
# a picture never scrolls inside its own frame, where a finger would be caught while it is drawn. Captions are drawn at
# 60 % by themselves, which is too faint to read; so is white on the light blue of the dark theme. Both follow the theme
# by themselves: a page that nobody touches is not run again when the system turns dark in the evening.
STYLE = """<style>
.stMainBlockContainer { padding-top: .5rem; }
[data-testid="stHeader"], [data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] { background: none; }
[data-testid="stHeader"] :is(button, button *, [data-testid="stStatusWidget"], [data-testid="stStatusWidget"] *)
  { pointer-events: auto; }
[class*="st-key-large_taps"] button { min-height: 44px; min-width: 44px; justify-content: center; }
.stElementContainer:has(.stPlotlyChart) { overflow: visible; }
[data-testid="stCaptionContainer"] { color: light-dark(#566372, #a3afbc); opacity: 1; }
[data-testid="stExpander"] summary { opacity: 1; }
button[data-testid^="stBaseButton-primary"]:not([disabled]) p { color: light-dark(#fff, #11161c); }
</style>"""


def _demo_notice() -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo_notice"):
        st.markdown(text.MADE_UP)
        st.button("Leave the demo", on_click=session.leave_demo, type="primary", key="leave_demo")


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
        _page(
            "wrote", "flares/statements_page.py", "What you already wrote", "history_edu", visibility="hidden"
        ),
        # Every page carries a button to it, which opens it light and large.
        _page("runners", "runners/page.py", "Runners", "groups", visibility="hidden"),
        _page("closed", "consult/closed_page.py", "Closed", "co_present", visibility="hidden"),
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
            _page("consult_report", _consult_step("report"), "Report", "summarize"),
        ]
    )


def _settled_runner() -> Runner | None:
    """Return the runner that the address names; a first start says what it is busy with."""
    waiting = st.empty()
    if demo_start.is_being_made():
        with waiting.container():
            st.title("Timeline")
            st.markdown(text.MAKING_UP)
    now = session.addressed_runner()
    waiting.empty()
    return now


def _consult(runner: Runner, page: Any, pages: dict[str, Any]) -> None:
    """The same pages on a shared screen: no menu, no names, and the steps of a consult instead."""
    frame.consult_frame(pages, runner, page.url_path)
    unverified_section.notice(runner)
    page.run()


def _ordinary(runner: Runner | None, page: Any, groups: dict[str, dict[str, Any]]) -> None:
    menu_section.menu(groups, runner)
    clinic_section.notice()
    if runner is not None and runner.is_demo:
        _demo_notice()
    if runner is not None:
        unverified_section.notice(runner)
    if runner is not None and page.url_path != LOG:  # two taps in the morning; every other page tells it
        model_notice_section.show(runner)
    page.run()


def _draw(runner: Runner | None) -> None:
    """Draw the page that the address names, for the runner that it names; for nobody, ask whose record it is."""
    everyone = session.machine_store().runners()
    is_open_question = runner is None and bool(everyone)
    groups = _pages(session.has_data(runner) or is_open_question)
    pages = {view: page for group in groups.values() for view, page in group.items()}
    if session.is_open():
        pages |= _consult_pages()
    page = st.navigation(list(pages.values()), position="hidden")
    opens_list = session.is_clinic() and not page.url_path and session.RUNNER_PARAMETER not in st.query_params
    if page.url_path in (NEUTRAL, RUNNERS):
        page.run()
        return
    if opens_list:
        import_module("dashboard.runners.page").render()
        return
    if is_open_question:
        tab_section.watch_tab(None)
        tab_section.ask_whose(everyone)
        return
    if runner is not None:
        session.show_runner(runner)
        st.set_page_config(page_title=f"{page.title} · {session.name_of(runner)}")
    tab_section.watch_tab(runner)
    if runner is not None and session.hides_names():
        st.html(curtain.cover_mark(session.cover_minutes()))
    if runner is not None and session.is_open():
        _consult(runner, page, pages)
    else:
        _ordinary(runner, page, groups)
    if runner is not None and session.is_clinic():
        service.refresh_shown(session.machine_store(), session.today(), runner.athlete_id)


def _run() -> None:
    st.set_page_config(page_title="Heelwise", page_icon=ICON, layout="wide")
    st.html(STYLE)
    try:
        runner = _settled_runner()
        if runner is not None and session.is_other_shown(runner):
            tab_section.open_other(runner)
        else:
            _draw(runner)
    except HeelwiseError as error:
        session.page_failed(error)


# A worker that an import starts reads this file again, under another name, and must not draw a page.
if __name__ == "__main__":
    _run()
