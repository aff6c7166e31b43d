"""Units and calendar; who is on this machine: show, rename, archive."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard.data import backup_section
from dashboard.settings import (
    clinic_section,
    phone_section,
    phone_text,
    reminder_section,
    runner_name,
)
from dashboard.shared import access_log_section, access_log_text, preferences, session, text, ui

RUNNERS_SECTION = "runners"
ARCHIVED, BROUGHT_BACK = "Archived.", "Brought back from the archive."
RENAMED, SETTINGS_SAVED = "The runner has another name.", "Settings saved."


def _runner_row(runner: Runner, shown: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"runner_{runner.athlete_id}"):
        st.markdown(
            f"**{text.escape_markdown(session.name_of(runner))}**" + (", current runner" if shown else "")
        )
        if not shown:
            st.button("Show", key=f"show_{runner.athlete_id}", on_click=session.select_runner, args=(runner,))
        if runner.is_demo:
            if not shown:
                st.button("Use my own runs", key="leave_demo_here", on_click=session.leave_demo)
        elif not shown:
            st.button(
                "Bring back" if runner.is_archived else "Archive",
                key=f"archive_{runner.athlete_id}",
                on_click=_archive,
                args=(runner.athlete_id, not runner.is_archived),
            )


def _archive(athlete_id: int, is_archived: bool) -> None:
    change = runner_name.archive(session.machine_store(), athlete_id, is_archived=is_archived)
    ui.remember_change(RUNNERS_SECTION, ARCHIVED if is_archived else BROUGHT_BACK, change)


def _rename_form(runner: Runner) -> None:
    with st.form("rename", border=False):
        name = st.text_input(
            f"Another name for {text.escape_markdown(session.name_of(runner))}",
            value="" if session.hides_names() else runner.name,
            max_chars=80,
            key=f"name_{runner.athlete_id}",
            help="The label, and everything on record, stays as it is.",
            width=340,
        )
        asked = st.form_submit_button("Rename", key="rename_runner")
    if not asked or not name.strip():
        return
    try:
        change = runner_name.rename(session.store(), runner, name)
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    if change is not None:
        ui.remember_change(RUNNERS_SECTION, RENAMED, change)
        st.rerun()


def runners_section(runner: Runner | None) -> None:
    """List the runners of this machine, those archived behind a fold."""
    everyone = session.machine_store().runners()
    for one in everyone:
        if not one.is_archived or one == runner:
            _runner_row(one, one == runner)
    away = [one for one in everyone if one.is_archived and one != runner]
    if away:
        with st.expander(f"Archived ({len(away)})"):
            for one in away:
                _runner_row(one, False)
    if runner is not None and not runner.is_demo:
        _rename_form(runner)
    with st.form("new_runner", border=False, clear_on_submit=True):
        name = st.text_input("Add a runner", max_chars=80, key="new_runner_name")
        if st.form_submit_button("Add", key="add_runner") and name.strip():
            session.select_runner(session.machine_store().add_runner(name.strip()))
            st.rerun()


def _set_preferences(runner: Runner) -> None:
    now = session.settings()
    with st.form("preferences"):
        # Row by row: of two long columns a phone shows the second below the first.
        rows = [st.columns(2) for _ in preferences.PREFERENCES[::2]]
        texts = {
            one.name: one.widget(rows[number // 2][number % 2], now.get(one.name))
            for number, one in enumerate(preferences.PREFERENCES)
        }
        if st.form_submit_button("Save settings", type="primary", key="save_preferences"):
            try:
                preferences.save_preference(session.store(), runner.athlete_id, texts)
            except HeelwiseError as error:
                st.error(text.escape_markdown(str(error)))
            else:
                ui.say_saved(SETTINGS_SAVED)
                st.rerun()


def render() -> None:
    """Draw the page."""
    st.title("Settings")
    runner = session.runner()
    if runner is not None:
        st.header("Units and calendar")
        _set_preferences(runner)
    st.header("Runners")
    ui.undo_bar(RUNNERS_SECTION)
    runners_section(runner)
    st.header(phone_text.TITLE, anchor="phone")
    phone_section.phone_section(runner)
    if runner is not None and not runner.is_demo:
        st.header("Reminder")
        reminder_section.reminder_section(runner)
    if runner is not None and not runner.is_demo:
        st.header(access_log_text.TITLE, anchor="access_log")
        access_log_section.access_log_section(runner)
    st.header("Clinic")
    clinic_section.clinic_section(runner)
    st.header("Backup")
    backup_section.backup_section()
    st.header("Restore")
    backup_section.restore_section()
    st.header("Forget")
    backup_section.forget_section(runner)
    st.caption(
        f"Everything is kept in {text.escape_markdown(str(session.home()))}, on this machine. `heelwise "
        "doctor` checks it."
    )


if __name__ == "__main__":
    render()
