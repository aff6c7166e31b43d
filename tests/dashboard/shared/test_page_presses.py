"""Whatever is pressed, in whichever order and at whichever moment, is carried out once, in that order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

from dashboard.shared.page_presses import PressesInTurn, pressed


def asked(*buttons: str, page: str = "here", typed: str = "typed") -> RerunData:
    """What a browser sends: every widget with its value, and what was pressed."""
    widgets = [WidgetState(id=one, trigger_value=True) for one in buttons]
    return RerunData(
        page_script_hash=page,
        widget_states=WidgetStates(widgets=[*widgets, WidgetState(id="field", string_value=typed)]),
    )


class Page(PressesInTurn):
    """The turns of a page whose buttons named `read…` are read in the page's own lines."""

    is_asked_by_page = False
    has_begun = True

    def _has_page_begun(self) -> bool:
        return self.has_begun

    def _has_press_without_callback(self) -> bool:
        return any(one.startswith("read") for one in self._pressed)

    def _is_asked_by_page(self) -> bool:
        return self.is_asked_by_page


@pytest.fixture(autouse=True)
def thread_of_a_page():
    ThreadState.initialize()


def begun(page: Page) -> RerunData:
    request = page.on_scriptrunner_ready()
    assert request.type is ScriptRequestType.RERUN
    return request.rerun_data


def test_what_is_pressed_is_told_from_what_is_typed() -> None:
    assert pressed(asked("save").widget_states) == {"save"}
    assert pressed(asked().widget_states) == pressed(None) == frozenset()
    let_go = WidgetStates(widgets=[WidgetState(id="save", trigger_value=False)])
    assert pressed(let_go) == frozenset()


def test_a_callback_is_not_ended_and_what_came_meanwhile_runs_after_it() -> None:
    page = Page()
    page.request_rerun(asked())
    begun(page)
    page.request_rerun(asked(page="there"))
    with ThreadState.scoped(run_location=RunLocation.CALLBACK):
        assert page.on_scriptrunner_yield() is None
    request = page.on_scriptrunner_yield()
    assert request is not None
    assert request.rerun_data.page_script_hash == "there"


def test_a_press_is_not_ended_before_its_callback() -> None:
    page = Page()
    page.request_rerun(asked("next"))
    page.request_rerun(asked(page="there"))
    begun(page)
    page.has_begun = False
    assert page.on_scriptrunner_yield() is None
    page.has_begun = True
    request = page.on_scriptrunner_yield()
    assert request is not None
    assert request.rerun_data.page_script_hash == "there"


def test_a_press_that_the_page_reads_has_its_run_to_the_end() -> None:
    page = Page()
    page.request_rerun(asked("read_save"))
    page.request_rerun(asked(page="there"))
    assert begun(page).page_script_hash == "here"
    assert page.on_scriptrunner_yield() is None
    page.request_rerun(asked("other", page="there"))
    assert page.on_scriptrunner_yield() is None
    after = begun(page)
    assert after.page_script_hash == "there"
    assert pressed(after.widget_states) == {"other"}


def test_a_press_with_a_callback_leaves_the_drawing_to_the_next() -> None:
    page = Page()
    page.request_rerun(asked("next"))
    begun(page)
    page.request_rerun(asked("next"))
    request = page.on_scriptrunner_yield()
    assert request is not None
    assert pressed(request.rerun_data.widget_states) == {"next"}


def test_the_page_begins_itself_anew_after_a_press_although_another_waits() -> None:
    page = Page()
    page.request_rerun(asked("read_save"))
    begun(page)
    assert page.on_scriptrunner_yield() is None
    page.request_rerun(asked(page="there"))
    page.is_asked_by_page = True
    page.request_rerun(RerunData(page_script_hash="here"))
    page.is_asked_by_page = False
    request = page.on_scriptrunner_yield()
    assert request is not None
    assert request.rerun_data.page_script_hash == "here"
    assert page.on_scriptrunner_yield() is None
    assert begun(page).page_script_hash == "there"


def test_a_closed_tab_ends_a_page_but_no_press() -> None:
    for button, ends in (("read_save", False), ("next", True)):
        page = Page()
        page.request_rerun(asked(button))
        begun(page)
        page.request_stop()
        request = page.on_scriptrunner_yield()
        assert (request is not None and request.type is ScriptRequestType.STOP) is ends
        assert not page.request_rerun(asked("read_later"))
        assert page.on_scriptrunner_ready().type is ScriptRequestType.STOP


def test_save_pressed_twice_saves_once_and_a_step_pressed_twice_goes_two() -> None:
    page = Page()
    for _ in range(2):
        page.request_rerun(asked("read_save"))
    begun(page)
    assert page.on_scriptrunner_yield() is None
    assert page.on_scriptrunner_ready().type is ScriptRequestType.STOP
    page = Page()
    for _ in range(2):
        page.request_rerun(asked("next"))
    begun(page)
    request = page.on_scriptrunner_yield()
    assert request is not None
    assert pressed(request.rerun_data.widget_states) == {"next"}


def test_save_pressed_again_after_more_was_typed_saves_again() -> None:
    page = Page()
    for request in (asked("read_save"), asked(typed="more"), asked("read_save", typed="more")):
        page.request_rerun(request)
    begun(page)
    assert page.on_scriptrunner_yield() is None
    after = begun(page)
    assert after.widget_states == asked("read_save", typed="more").widget_states


class Simulated:
    """A script that runs by the turns: it is at a point where it could be ended, or at its end."""

    def __init__(self) -> None:
        self.page, self.is_busy = Page(), False
        self.carried_out: list[str] = []
        self.reads: list[str] = []
        self.calls: list[str] = []

    def press(self, *buttons: str) -> None:
        if not self.page.request_rerun(asked(*buttons)):
            self.page = Page()
            self.page.request_rerun(asked(*buttons))
        if not self.is_busy:
            self.take_next()

    def take(self, data: RerunData) -> None:
        """Begin a run; at its first point where it could be ended its callbacks are still to come."""
        assert not self.reads, "a run that reads a press was ended"
        buttons = sorted(pressed(data.widget_states), key=lambda one: int(one.split("_")[1]))
        self.reads = [one for one in buttons if one.startswith("read")]
        self.calls = [one for one in buttons if one.startswith("called")]
        self.page.has_begun = False

    def call_back(self) -> None:
        self.carried_out += self.calls
        self.calls = []
        self.page.has_begun = True

    def take_next(self) -> None:
        request = self.page.on_scriptrunner_ready()
        self.is_busy = request.type is ScriptRequestType.RERUN
        if self.is_busy:
            self.take(request.rerun_data)

    def draw(self) -> bool:
        """Come to a point where the run can be ended; return whether it was."""
        if not self.is_busy:
            return False
        has_begun = self.page.has_begun
        request = self.page.on_scriptrunner_yield()
        if request is not None:
            assert not self.calls, "a run was ended before its callbacks"
            self.take(request.rerun_data)
        elif not has_begun:
            self.call_back()
        return request is not None

    def end(self) -> None:
        while self.is_busy and not self.page.has_begun:
            self.draw()
        if self.is_busy and not self.draw():
            self.carried_out += self.reads
            self.reads = []
            self.take_next()


@given(st.lists(st.sampled_from(["read", "called", "typed", "draw", "end"]), max_size=40))
def test_every_press_is_carried_out_once_and_in_its_order(acts: list[str]) -> None:
    script, presses = Simulated(), []
    for number, act in enumerate(acts):
        if act in ("draw", "end"):
            getattr(script, act)()
        elif act == "typed":
            script.press()
        else:
            presses.append(f"{act}_{number}")
            script.press(presses[-1])
    while script.is_busy:
        script.end()
    assert script.carried_out == presses
