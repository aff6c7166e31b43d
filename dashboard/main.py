"""Navigation: which pages there are, in which order, and what stands above each of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.read_memory import settled
from dashboard.clinic import text as clinic_text
from dashboard.consult import frame
from dashboard.diary.entries import entries_on, with_morning_entry
from dashboard.runs import search_section
from dashboard.settings import clinic_section, model_notice_section
from dashboard.shared import (
    curtain,
    demo_start,
    doors,
    left_out_section,
    menu_section,
    page_style,
    recordings_section,
    session,
    signed_in_section,
    tab_section,
    text,
    ui,
    unverified_section,
)
from dashboard.shared.curtain import NEUTRAL
from dashboard.shared.doors import Door, Tab

LOG = "log"
RUNNERS = "runners"
# A drawing of our own: a named icon would be fetched from somewhere else.
ICON = Path(__file__).with_name("icon.svg")


HIDDEN: dict[str, Any] = {"visibility": "hidden"}


def _demo_notice() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="demo_notice"):
        st.markdown(text.MADE_UP, width="content")
        st.button("Use my own runs", on_click=session.leave_demo, type="tertiary", key="leave_demo")


def _page(url: str, page: str | Callable[[], None], title: str, icon: str, **more: Any) -> tuple[str, Any]:
    return url, st.Page(page, url_path=url, title=title, icon=f":material/{icon}:", **more)


def _consult_step(name: str) -> Callable[[], None]:
    """Import the pages of the consult only when one of them is drawn."""

    def draw() -> None:
        getattr(import_module("dashboard.consult.pages"), name)()

    return draw


def _doors() -> dict[str, Any]:
    """The doors of the menu, each with the pages behind it."""
    return dict(
        _page(door.address, _behind(door), door.title, door.icon)
        for door in doors.shown(session.is_owner(), session.own_door())
    )


def _behind(door: Door, own: Tab | None = None) -> Callable[[], None]:
    """Import a page only when it is drawn, below the row that names its neighbours behind the same door."""

    def draw() -> None:
        import_module(menu_section.tabs(door, own).module).render()

    return draw


def _moved(is_consult: bool) -> dict[str, Any]:
    """The addresses that were pages of their own: their page stands there as it does behind its door.

    Nobody is sent on: *Back* would come upon the old address again and be sent on again.
    """
    return dict(
        _page(address, _draw_tab(tab) if is_consult else _behind(door, tab), tab.title, door.icon, **HIDDEN)
        for address, (door, tab) in doors.moved_addresses(session.is_owner()).items()
    )


def _draw_tab(tab: Tab) -> Callable[[], None]:
    def draw() -> None:
        import_module(tab.module).render()

    return draw


def _beside() -> dict[str, Any]:
    """Pages that are reached from where they are needed, and stand in no menu; a paired device has the first alone."""
    home = _page("home", _home, "Today", "today", default=True, **HIDDEN)
    if session.is_person():
        return dict([home, *_consulting(), *_listing()])
    if not session.is_owner():
        return dict([home])
    return dict(
        [
            home,
            _page("start", "today/start_page.py", "Start", "directions_run", **HIDDEN),
            _page("wrote", "flares/statements_page.py", "What you already wrote", "history_edu", **HIDDEN),
            *_listing(),
            *_consulting(),
        ]
    )


def _listing() -> list[tuple[str, Any]]:
    """The list of runners: the owner's, and a therapist's own."""
    if session.is_person() and not session.grants().roles().is_therapist:
        return []
    return [_page("runners", "runners/page.py", "Runners", "groups", **HIDDEN)]


def _consulting() -> list[tuple[str, Any]]:
    return [
        _page("closed", "consult/closed_page.py", "Closed", "co_present", **HIDDEN),
        _page("consult", _consult_step("cover"), "Consult", "co_present", **HIDDEN),
    ]


def _is_start(runner: Runner | None) -> bool:
    """Return whether `/` opens Start: there are no runs or entries of one's own yet."""
    return runner is None or not session.has_real_runners() or not session.has_data(runner)


def _home() -> None:
    """Open what is wanted first: the start without own data, on a phone a morning not yet logged, else Today."""
    if _is_start(session.runner()) and session.is_owner():
        import_module("dashboard.today.start_page").render()
    elif ui.is_known_narrow() and not _is_morning_logged():
        ui.switch_page("log", {})
    else:
        import_module("dashboard.today.page").render()


def _is_morning_logged() -> bool:
    return bool(with_morning_entry(entries_on(session.symptom_rows(), session.today())))


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
    if session.is_owner() and demo_start.is_being_made():
        with waiting.container():
            st.title("Timeline")
            st.markdown(text.MAKING_UP)
    now = session.addressed_runner()
    waiting.empty()
    return now


def _consult(runner: Runner, page: Any, pages: dict[str, Any]) -> None:
    """The same pages on a shared screen: no menu, no names, and the steps of a consult instead."""
    frame.consult_frame(pages, runner, page.url_path)
    left_out_section.notice(runner)
    unverified_section.notice(runner)
    recordings_section.notice(runner, page.url_path)
    page.run()


def _ordinary(runner: Runner | None, page: Any, shown: dict[str, Any], beside: dict[str, Any]) -> None:
    address = page.url_path or ("" if _is_start(runner) else "home")
    menu_section.menu(shown, beside, runner, address, search_section.menu_buttons)
    clinic_section.notice()
    if runner is not None and runner.is_demo:
        _demo_notice()
    if runner is not None:
        left_out_section.notice(runner)
        unverified_section.notice(runner)
        recordings_section.notice(runner, page.url_path)
    if runner is not None and page.url_path != LOG:  # two taps in the morning; every other page tells it
        model_notice_section.show(runner)
    page.run()


def _draw(runner: Runner | None) -> None:
    """Draw the page that the address names, for the runner that it names; for nobody, ask whose record it is."""
    everyone = session.machine_store().runners()
    is_open_question = runner is None and bool(everyone)
    is_owner = session.is_owner()
    is_consult = session.is_open() and (is_owner or session.is_person())
    shown, beside, moved = _doors(), _beside(), _moved(is_consult)
    pages = shown | beside | (moved | _consult_pages() if is_consult else {})
    ui.remember_pages(pages)
    page = st.navigation(list((pages | moved).values()), position="hidden")
    opens_list = (is_owner and _is_list_wanted(page)) or _is_list_of_person(page, runner)
    if page.url_path in (NEUTRAL, RUNNERS):
        page.run()
        return
    if session.is_person() and _draw_for_person(runner, page, shown, beside):
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
        session.note_page(runner, _shown_page(page.url_path))
        st.set_page_config(page_title=f"{page.title} · {session.name_of(runner)}")
    tab_section.watch_tab(runner)
    if runner is not None and session.hides_names():
        st.html(curtain.cover_mark(session.cover_minutes()))
    if runner is not None and is_consult:
        _consult(runner, page, pages)
    else:
        _ordinary(runner, page, shown, beside)
    if runner is not None and is_owner and session.is_clinic():
        service = import_module("dashboard.runners.service")
        service.refresh_shown(session.machine_store(), session.today(), runner.athlete_id)


def _draw_for_person(runner: Runner | None, page: Any, shown: dict[str, Any], beside: dict[str, Any]) -> bool:
    """Draw what comes before any page of a person: what to confirm first; a code, where no record is shared."""
    asked = session.grants().asked()
    if asked:
        st.title(clinic_text.ASKED_TITLE)
        sharing_page = import_module("dashboard.clinic.sharing_page")
        sharing_page.outcome_message()
        sharing_page.asked_section(asked)
        return True
    is_own = page.url_path == doors.PERSONS.address
    if runner is not None or session.machine_store().runners() or _is_therapist() or is_own:
        return is_own and runner is None and _draw_own_door(page, shown, beside)
    import_module("dashboard.clinic.claim_page").render()
    return True


def _draw_own_door(page: Any, shown: dict[str, Any], beside: dict[str, Any]) -> bool:
    """Draw sharing, codes and the server without a record, too."""
    menu_section.menu(shown, beside, None, page.url_path)
    page.run()
    return True


def _is_therapist() -> bool:
    return session.grants().roles().is_therapist


def _is_list_of_person(page: Any, runner: Runner | None) -> bool:
    """Return whether a therapist's own list opens in place of a page: where no record is named, or none is shared."""
    if not session.is_person() or runner is not None or page.url_path == doors.PERSONS.address:
        return False
    return _is_therapist() and not (page.url_path and session.machine_store().runners())


def _shown_page(address: str) -> str:
    """Return the address of the page that is drawn: behind a door with several, that of the one that is open."""
    door = next((one for one in (*doors.DOORS, doors.PERSONS) if one.address == address), None)
    return address if door is None else door.tab(st.query_params.get(doors.TAB_PARAMETER)).address


def _is_list_wanted(page: Any) -> bool:
    """Return whether a clinic's list of runners opens in place of a page: at an address that names nothing."""
    return session.is_clinic() and not page.url_path and session.RUNNER_PARAMETER not in st.query_params


def _run() -> None:
    st.set_page_config(page_title="Heelwise", page_icon=ICON, layout="wide")
    st.html(page_style.STYLE)
    try:
        with settled():
            signed_in_section.show()
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
