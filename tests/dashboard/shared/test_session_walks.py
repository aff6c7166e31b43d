"""Random walks over pages, reloads, tabs and acts: nothing is ever written for another runner than the one named."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import streamlit as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from page_runner import MAIN, address
from streamlit.testing.v1 import AppTest

from connectors.frames import EVENT, SYMPTOM
from connectors.store import open_store
from connectors.store.labels import initials_of
from dashboard.diary import entries

NAMES = ("Nora Vance", "Kim Example", "Ada Sample")
NUMBERS = (1, 2, 3, 4)
PAGES = ("log", "events", "settings")


class Tab:
    """One browser tab: its session at the server, and the addresses it can go back to."""

    def __init__(self, address: tuple[str, str | None]) -> None:
        self.history = [address]
        self.load()

    def load(self) -> None:
        """Load the address into a session of its own, as a reload does."""
        self.app = AppTest.from_file(str(MAIN), default_timeout=60)
        self.show()

    def show(self) -> None:
        """Ask the same session for the address, as a link or Back does; what names another runner is loaded anew."""
        self.point()
        self.app.run()
        assert not self.app.exception, [one.value for one in self.app.exception]
        if self.is_opening_another():
            self.load()
        page, _ = self.history[-1]
        self.history[-1] = (page, self.number())

    def point(self) -> None:
        """Put the address into the browser's address line, without running anything."""
        page, number = self.history[-1]
        self.app.query_params.clear()
        address(self.app, page)
        if number is not None:
            self.app.query_params["runner"] = number

    def number(self) -> str | None:
        return self.app.query_params.get("runner")

    def is_opening_another(self) -> bool:
        return any("Opening another record" in one.value for one in self.app.caption)

    def named(self) -> str | None:
        """Whom the menu names on screen."""
        for one in self.app.selectbox:
            if one.key == "runner_choice":
                return next(name for name in NAMES if name == NAMES[one.value - 1])
        shown = [one.value.strip("*") for one in self.app.markdown if one.value.startswith("**")]
        # With three runners a machine is a clinic's: then the label stands wherever a name would.
        return next((name for name in NAMES if {name, initials_of(name)} & set(shown)), None)


class Walks(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="walk-"))
        self.patched = pytest.MonkeyPatch()
        self.patched.setenv("HEELWISE_HOME", str(self.folder / "home"))
        self.patched.delenv("HEELWISE_ATHLETE", raising=False)
        st.cache_resource.clear()
        self.store = open_store(self.folder / "home")
        (self.folder / "home" / "demo_left").touch()
        for name in NAMES:
            one = self.store.add_runner(name)
            entries.save_entry(self.store, one.athlete_id, entries.nothing_felt_on(date(2026, 3, 1)))
        self.tabs: list[Tab] = []
        self.acted = 0

    def counts(self) -> dict[str, int]:
        """How often each runner's record was written to."""
        return {one.name: self.store.version(one.athlete_id) for one in self.store.runners()}

    @rule(page=some.sampled_from(PAGES), number=some.sampled_from((None, *NUMBERS)))
    def open_tab(self, page: str, number: int | None) -> None:
        self.tabs = [*self.tabs[-1:], Tab((page, None if number is None else str(number)))]

    @precondition(lambda self: self.tabs)
    @rule(tab=some.integers(0, 1), page=some.sampled_from(PAGES))
    def follow_the_menu(self, tab: int, page: str) -> None:
        one = self.tabs[tab % len(self.tabs)]
        door = address(AppTest.from_string(""), page)
        links = [link.proto for link in one.app.get("page_link") if link.proto.page == door]
        if links:
            (number,) = parse_qs(links[0].query_string)["runner"]
            one.history.append((page, number))
            one.show()

    @precondition(lambda self: self.tabs)
    @rule(tab=some.integers(0, 1), number=some.sampled_from(NUMBERS))
    def choose_another(self, tab: int, number: int) -> None:
        one = self.tabs[tab % len(self.tabs)]
        choices = [box for box in one.app.selectbox if box.key == "runner_choice"]
        if choices and NAMES[number % 3] in choices[0].options:
            choices[0].set_value(number % 3 + 1)
            one.app.run()
            one.history.append((one.history[-1][0], one.number()))
            one.show()

    @precondition(lambda self: self.tabs)
    @rule(tab=some.integers(0, 1))
    def reload(self, tab: int) -> None:
        self.tabs[tab % len(self.tabs)].load()

    @precondition(lambda self: self.tabs)
    @rule(tab=some.integers(0, 1), is_pressed_at_once=some.booleans())
    def go_back(self, tab: int, is_pressed_at_once: bool) -> None:
        one = self.tabs[tab % len(self.tabs)]
        if len(one.history) < 2:
            return
        left, there = one.history[-1], one.history[-2]
        if is_pressed_at_once:  # the address is another already, and the page is still the one that was drawn
            one.history.append(there)
            one.point()
            if left[0] == there[0]:
                self.press(one, names=one.named() if left[1] == there[1] else None)
            one.history.pop()
        one.history.pop()
        one.load() if is_pressed_at_once else one.show()

    @precondition(lambda self: self.tabs)
    @rule(tab=some.integers(0, 1))
    def act(self, tab: int) -> None:
        one = self.tabs[tab % len(self.tabs)]
        self.press(one, names=one.named())

    @rule(number=some.sampled_from(NAMES))
    def forget_in_another_tab(self, number: str) -> None:
        for one in self.store.runners():
            if one.name == number and len(self.store.runners()) > 1:
                self.store.delete_runner(one.athlete_id)

    @rule(number=some.sampled_from(NAMES), is_archived=some.booleans())
    def put_away_in_another_tab(self, number: str, is_archived: bool) -> None:
        for one in self.store.runners():
            if one.name == number:
                self.store.archive_runner(one.athlete_id, is_archived)

    @rule()
    def restart_the_server(self) -> None:
        st.cache_resource.clear()
        for one in self.tabs:
            one.load()

    def press(self, tab: Tab, names: str | None) -> None:
        """Press what writes on the page, and hold it against whom the page named."""
        before = self.counts()
        keys = {one.key for one in tab.app.button}
        if "none_today" in keys:
            tab.app.button(key="none_today").click().run()
        elif "save_event" in keys:
            if not any(one.key == "event_kind_0" for one in tab.app.pills):
                return
            tab.app.pills(key="event_kind_0").set_value("illness").run()
            if any(one.key == "save_event" for one in tab.app.button):
                tab.app.button(key="save_event").click().run()
        elif "save_preferences" in keys:
            tab.app.text_input(key="preference_body_weight_kg").set_value(str(60 + self.acted))
            tab.app.button(key="save_preferences").click().run()
        else:
            return
        self.acted += 1
        after = self.counts()
        changed = {name for name, number in after.items() if number != before[name]}
        assert changed <= {names}, f"{changed} was written to while {names} was named"
        tab.load()

    @invariant()
    def rows_belong_to_who_is_here(self) -> None:
        if not hasattr(self, "store"):
            return
        for one in self.store.runners():
            for contract in (SYMPTOM, EVENT):
                assert set(self.store.read(contract, one.athlete_id)["athlete_id"]) <= {one.athlete_id}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.patched.undo()
            st.cache_resource.clear()
            shutil.rmtree(self.folder, ignore_errors=True)


Walks.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=tuple(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # a walk is short, and each step of it takes a second
)
test_nothing_is_written_for_another_than_the_one_named = Walks.TestCase


def test_the_walk_does_write_for_the_one_named(home):
    walk = Walks()
    walk.begin()
    walk.open_tab("log", 2)
    before = walk.counts()
    walk.act(0)
    after = walk.counts()
    assert {name for name in after if after[name] != before[name]} == {"Kim Example"}
    walk.teardown()


@pytest.mark.parametrize("what", ["forgotten", "another"])
def test_a_write_of_a_page_drawn_before_is_refused_with_a_sentence(what, home):
    walk = Walks()
    walk.begin()
    walk.open_tab("log", 2)
    tab, before = walk.tabs[0], walk.counts()
    if what == "forgotten":
        walk.store.delete_runner(2)
    else:
        tab.history.append(("log", "3"))
        tab.point()
    tab.app.button(key="none_today").click().run()
    assert len(tab.app.exception) == 1  # `app.py` shows its sentence in place of the page
    assert all(walk.counts()[name] == before[name] for name in walk.counts())
    walk.teardown()
