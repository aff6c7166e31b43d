"""Settings of one record, for whoever keeps it: units and calendar, name and label."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.claims import without_number
from connectors.store.labels import LONGEST_LABEL
from dashboard.shared import access_log_section, access_log_text, preferences, session, ui
from dashboard.shared.text import escape_markdown

NOT_YOURS = "Settings of a record are its runner's. This one is shared with you."
SAVED = "Settings saved."


def _preferences(runner: Runner) -> None:
    now = session.settings()
    with st.form("preferences"):
        left, right = st.columns(2)
        texts = {
            one.name: one.widget(left if number % 2 == 0 else right, now.get(one.name))
            for number, one in enumerate(preferences.PREFERENCES)
        }
        if st.form_submit_button("Save settings", type="primary", key="save_preferences"):
            _save(lambda: preferences.save_preference(session.store(), runner.athlete_id, texts))


def _names(runner: Runner) -> None:
    with st.form("names", border=False):
        shown = without_number(runner.name)
        name = st.text_input(
            "Name", value=shown, max_chars=80, key=f"own_name_{runner.athlete_id}", width=340
        )
        label = st.text_input(
            "Label",
            value=runner.label,
            max_chars=LONGEST_LABEL,
            key=f"own_label_{runner.athlete_id}",
            help="Stands where names do not.",
            width=340,
        )
        asked = st.form_submit_button("Save name and label", key="save_names")
    if asked and name.strip():
        _save(lambda: _rename(runner, name, label))


def _rename(runner: Runner, name: str, label: str) -> None:
    if name.strip() != without_number(runner.name):
        session.store().rename_runner(runner.athlete_id, name)
    if label.strip() != runner.label:
        session.store().set_label(runner.athlete_id, label)


def _save(act: Callable[[], object]) -> None:
    try:
        act()
    except HeelwiseError as error:
        st.error(escape_markdown(str(error)))
    else:
        ui.say_saved(SAVED)
        st.rerun()


def render() -> None:
    """Draw the page."""
    st.title("Settings")
    runner = session.runner()
    rights = session.grants().rights()
    right = None if runner is None else rights.get(runner.athlete_id)
    is_keeper = right == "own" or (
        runner is not None and right == "write" and not session.grants().is_claimed(runner.athlete_id)
    )
    if runner is None or not is_keeper:
        st.markdown(NOT_YOURS)
        return
    st.header("Units and calendar")
    _preferences(runner)
    st.header("Name")
    _names(runner)
    if right == "own":
        st.header(access_log_text.TITLE)
        access_log_section.access_log_section(runner)


if __name__ == "__main__":
    render()
