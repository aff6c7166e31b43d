"""Data: bring runs in, see what came of it, settle doubles."""

from __future__ import annotations

import shutil
from pathlib import Path

import streamlit as st

from connectors.backup.verify import is_backup
from connectors.errors import HeelwiseError
from dashboard.data import (
    backup_section,
    diary_template,
    duplicates_section,
    imports_section,
    outcome_section,
)
from dashboard.key_links import section as key_links_section
from dashboard.shared import open_dates_section, session, ui, upload_section
from dashboard.shared import text as shared_text
from dashboard.strava_link import section as strava_link_section


def _offer_backups() -> None:
    saved = [path for path in st.session_state.get(upload_section.BACKUPS, []) if path.exists()]
    if not saved or not imports_section.offer_backup(saved):
        return
    try:
        for path in saved:
            backup_section.restore_upload(path)
    except HeelwiseError as error:
        st.error(
            f"{shared_text.escape_markdown(str(error))} A file closed with a passphrase is opened on the Settings page."
        )
        return
    for path in st.session_state.pop(upload_section.BACKUPS):
        if path.parent.parent == session.home():
            shutil.rmtree(path.parent, ignore_errors=True)
    st.rerun()


def _diary_template() -> None:
    with st.expander("A diary of your own (CSV)"):
        st.caption(diary_template.EXPLAINED)
        st.download_button(
            "Download a template",
            diary_template.diary_template(),
            file_name=diary_template.FILE_NAME,
            mime="text/csv",
            icon=":material/download:",
            key="diary_template",
        )


def _import_section() -> None:
    version = ui.form_version(upload_section.UPLOAD_FORM)
    backup_section.restored_message()
    if reason := st.session_state.pop(outcome_section.FAILED, None):
        st.error(shared_text.escape_markdown(reason))
    _offer_backups()
    st.markdown(
        "A Strava export or the takeout of Garmin, Polar, Suunto and others (the ZIP as it came), FIT, GPX or TCX "
        "recordings, a diary (CSV, Excel or OpenDocument), a log of Hevy, Strong or FitNotes, or a Heelwise "
        "backup. Importing the same file twice changes nothing."
    )
    upload_section.drop_zone()
    _diary_template()
    st.checkbox("Read files again that were taken back before", key=upload_section.AGAIN)
    with st.form(f"path_{version}", border=False):
        text = st.text_input(
            "Or a file or folder on this machine",
            key=f"path_text_{version}",
            placeholder="~/Downloads/export_12345678.zip",
        )
        asked = st.form_submit_button(
            f"Import from there into {upload_section.into()}", key=f"import_path_{version}"
        )
    if asked:
        path = Path(text.strip().strip("\"'")).expanduser()
        if not text.strip() or not path.exists():
            st.warning("There is no file or folder of that name on this machine. Nothing was changed.")
        elif is_backup(path):
            st.session_state[upload_section.BACKUPS] = [path.absolute()]
            st.rerun()
        elif clear := open_dates_section.set_apart([path.absolute()]):
            upload_section.begin(clear)
        else:
            st.rerun()


def _open_real_runners() -> None:
    """Offer one press for each runner whose data this page is for."""
    real = [one for one in session.machine_store().runners() if not (one.is_demo or one.is_archived)]
    with st.container(horizontal=True):
        for one in real:
            label = f"Open the data of {shared_text.escape_markdown(session.name_of(one))}"
            st.button(label, key=f"open_{one.athlete_id}", on_click=session.select_runner, args=(one,))


def render() -> None:
    """Draw the page."""
    st.title("Data")
    strava_link_section.arrival_message()
    runner = session.runner()
    if runner is not None and runner.is_demo and session.has_real_runners():
        st.info(session.CHOOSE_IN_MENU)
        _open_real_runners()
        return
    if runner is not None and runner.is_demo:
        st.caption("What you import starts a record of your own; it does not mix with the made-up runner.")
    link_first = strava_link_section.comes_first()
    if link_first:
        strava_link_section.strava_section()
    keys_first = key_links_section.comes_first()
    if keys_first:
        key_links_section.render()
    st.header("Import runs")
    if runner is not None:
        outcome_section.render(runner)
    with st.expander("Which road fits you: Garmin, intervals.icu (any watch), Strava, a file"):
        key_links_section.roads()
    open_dates_section.render(upload_section.begin)
    _import_section()
    if runner is not None and not runner.is_demo:
        imports_section.show_watched_folder(runner)
        imports_section.show_imports(runner)
    if not keys_first:
        key_links_section.render()
    if not link_first:
        strava_link_section.strava_section()
    if runner is not None:
        st.header("Possible duplicates")
        duplicates_section.render(runner)
        st.header("Shoes")
        st.markdown("What is known of each pair, and what you say of it, is on the Shoes page.")


if __name__ == "__main__":
    render()
