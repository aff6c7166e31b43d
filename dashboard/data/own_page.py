"""Data of one record on a clinic's server: bring files in, take imports back; its runner links, copies and forgets."""

from __future__ import annotations

import shutil

import streamlit as st

from connectors.store import Runner
from dashboard.data import (
    backup_section,
    duplicates_section,
    imports_section,
    outcome_section,
)
from dashboard.key_links import section as key_links_section
from dashboard.shared import open_dates_section, session, upload_section
from dashboard.shared import text as shared_text

NOT_WRITTEN = (
    "Files are brought in by the runner, and by a physical therapist who may write the record. This one is shared with "
    "you to see."
)
NO_RECORD = (
    "There is no record of yours yet. Begin one, or enter the code you were given, under Enter a code."
)
FILES = (
    "A Strava export or the takeout of Garmin, Polar, Suunto and others (the ZIP as it came), FIT, GPX or TCX "
    "recordings, a diary (CSV, Excel or OpenDocument), or a log of Hevy, Strong or FitNotes. Importing the same file "
    "twice changes nothing."
)
OF_FILES = "What comes in by a file may be seen by everybody who may see this record."
BACKUP_GIVEN = (
    "{names}: a Heelwise backup is not restored on this page, since it could bring back what was forgotten here, and "
    "nothing of it was brought in. Ask whoever runs this server to restore it, or bring in your export again."
)
STRAVA = (
    "A link to Strava is made on a computer of your own: it takes an API app there, whose secret would lie on this "
    "server. Ask Strava for your export instead (Settings, My Account, Download or Delete Your Account, Request Your "
    "Archive), and bring the ZIP in above. Or link Garmin or intervals.icu, which collect the same runs."
)
RESTORE = (
    "A copy is not restored on this page, since it could bring back what was forgotten here. Whoever runs this server "
    "restores it; on a computer of your own, Heelwise opens it under Settings."
)


def _backups_given() -> None:
    """Say what becomes of a backup that was dropped among the files, and delete the copy of it."""
    saved = st.session_state.pop(upload_section.BACKUPS, [])
    if not saved:
        return
    names = ", ".join(path.name for path in saved)
    st.warning(shared_text.escape_markdown(BACKUP_GIVEN.format(names=names)))
    for path in saved:
        shutil.rmtree(path.parent, ignore_errors=True)


def _bring_in(runner: Runner) -> None:
    st.header("Bring in runs")
    outcome_section.render(runner)
    open_dates_section.render(upload_section.begin)
    _backups_given()
    st.markdown(FILES)
    st.caption(OF_FILES)
    upload_section.drop_zone()
    st.checkbox("Read files again that were taken back before", key=upload_section.AGAIN)
    imports_section.show_imports(runner)
    st.header("Possible duplicates")
    duplicates_section.render(runner)


def _of_runner(runner: Runner) -> None:
    st.header("Links")
    st.caption("What comes in by a link to Garmin is seen by you alone.")
    key_links_section.render()
    st.header("Strava")
    st.markdown(STRAVA)
    st.header("Your own copy")
    backup_section.own_copy_section(runner)
    st.caption(RESTORE)
    st.header("Forget")
    backup_section.own_forget_section(runner)


def render() -> None:
    """Draw the page."""
    st.title("Data")
    backup_section.receipt_message()
    runner = session.runner()
    right = None if runner is None else session.grants().rights().get(runner.athlete_id)
    if runner is None or right is None:
        st.markdown(NO_RECORD)
    elif right == "see":
        st.markdown(NOT_WRITTEN)
    else:
        _bring_in(runner)
        if right == "own":
            _of_runner(runner)


if __name__ == "__main__":
    render()
