"""A press, and what was typed before it, is carried out to its end before the next one is taken up."""

# Streamlit ends a run as soon as the browser asks for the next one: at the next element it draws, at the next look into
# its session state, and inside a callback too. What was typed, or a press of Save, is then lost without a word where
# the next press comes within the moment that it takes to carry it out (streamlit 1.67: `AppSession.request_rerun`,
# `ScriptRequests`, `SessionState._run_callback_and_record_rerun`). Here callbacks run to their end; a press that a page
# reads in its own lines keeps the run until its end; what comes meanwhile waits. Only a second press of the same
# button with the same values, as two taps on Save are, is left out.

from __future__ import annotations

from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx, script_runner
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState


def pressed(states: WidgetStates | None) -> frozenset[str]:
    """Return the ids of what was pressed, of all the values a browser sends."""
    widgets = states.widgets if states is not None else ()
    return frozenset(one.id for one in widgets if script_requests._has_active_trigger_value(one))


class PressesInTurn(ScriptRequests):
    """What a page is asked to run, one press after another."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed: frozenset[str] = frozenset()
        self._sent: WidgetStates | None = None  # with what was pressed
        self._is_read_by_page = False
        self._later: list[RerunData] = []

    def request_rerun(self, new_data: RerunData) -> bool:
        """Take up a request, or let it wait for the press before it."""
        with self._lock:
            if self._state is ScriptRequestType.STOP:
                return False
            if self._pressed and not self._is_asked_by_page():
                self._later.append(new_data)
                return True
            self._take(new_data)
            return self._request_rerun_locked(new_data)

    def on_scriptrunner_yield(self) -> ScriptRequest | None:
        """Return what ends the run here; nothing does within a callback or before a press was read."""
        if ThreadState.get().run_location is RunLocation.CALLBACK:
            return None
        if self._pressed and self._state is not ScriptRequestType.RERUN and not self._is_read_by_page:
            if not self._has_page_begun():
                return None
            self._is_read_by_page = self._has_press_without_callback()
            if not self._is_read_by_page:
                with self._lock:
                    self._end_press()
        if self._is_read_by_page and self._state is ScriptRequestType.STOP:
            return None
        return super().on_scriptrunner_yield()

    def on_scriptrunner_ready(self) -> ScriptRequest:
        """Return what runs next; after a press that is what waited for its end."""
        with self._lock:
            if self._state is ScriptRequestType.CONTINUE:
                self._end_press()
        return super().on_scriptrunner_ready()

    def _take(self, data: RerunData) -> None:
        if buttons := pressed(data.widget_states):
            self._pressed, self._sent = buttons, data.widget_states

    def _end_press(self) -> None:
        saved = self._sent if self._is_read_by_page else None
        self._pressed, self._sent, self._is_read_by_page = frozenset(), None, False
        while self._later and not self._pressed:
            first = self._later.pop(0)
            if saved is None or first.widget_states != saved:
                self._take(first)
                self._request_rerun_locked(first)

    def _is_asked_by_page(self) -> bool:
        context = get_script_run_ctx(suppress_warning=True)
        return context is not None and context.script_requests is self

    def _has_page_begun(self) -> bool:
        """Whether the callbacks of this run are done; Streamlit could end a run before them, too."""
        context = get_script_run_ctx(suppress_warning=True)
        return context is None or context.has_script_started

    def _has_press_without_callback(self) -> bool:
        context = get_script_run_ctx(suppress_warning=True)
        if context is None:
            return False
        drawn = context.session_state._state._new_widget_state.widget_metadata
        widgets = (drawn[one] for one in self._pressed if one in drawn)
        return any(one.callback is None and not one.callbacks for one in widgets)


def install() -> None:
    """Let every page of this server run by these turns."""
    # By its default Streamlit starts the next run beside the one it tells to stop, and drops what waits before that.
    config.set_option("runner.fastReruns", False)
    setattr(script_runner, ScriptRequests.__name__, PressesInTurn)
