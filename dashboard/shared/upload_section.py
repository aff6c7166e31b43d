"""Where files are dropped: on the Data page and on Start; the import then goes on behind the Data page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from connectors.backup.verify import is_backup
from connectors.errors import HeelwiseError
from dashboard.shared import jobs, open_dates_section, session, ui
from dashboard.shared import text as shared_text

TYPES = [
    *("zip", "age", "fit", "gpx", "tcx", "gz", "json"),
    *("csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods"),
]
UPLOAD_FORM = "import"
BACKUPS = "import_backups"
AGAIN, BEGUN = "import_again", "import_began_runner"


def drop_zone() -> None:
    """Take files, and import them at a press that names whose record they go into."""
    uploads = st.file_uploader(
        "Choose files, or drop them here",
        TYPES,
        accept_multiple_files=True,
        key=f"uploads_{ui.form_version(UPLOAD_FORM)}",
    )
    now = session.runner()
    if now is not None and not now.is_demo:
        ui.hold_to_uncover(now, "import_")
    if st.button(f"Import into {into()}", type="primary", disabled=not uploads, key="import_uploads"):
        folder = _write_uploads([(one.name, one) for one in uploads])
        _save_upload(folder)


def into() -> str:
    """Return whose record an import goes into, as its buttons name it."""
    now = session.runner()
    if now is None or now.is_demo:
        return "your own record"
    return shared_text.escape_markdown(session.name_of(now))


def begin(paths: list[Path], scratch: Path | None = None, answers: tuple[str, ...] = ()) -> None:
    """Start the import of files for the runner whose record this is, and show on the Data page how far it is."""
    is_first = not session.has_real_runners()
    runner = session.own_runner()
    if is_first:
        st.session_state[BEGUN] = runner.athlete_id
    answers = (*answers, *(["--again"] if st.session_state.get(AGAIN) else ()))
    home, person_id = session.work_folder(runner), session.identity().person_id
    jobs.begin_job(home, runner.name, runner.athlete_id, paths, scratch, answers, person_id)
    ui.reset_form(UPLOAD_FORM)
    _show_data()


def _save_upload(folder: Path) -> None:
    """Import what was uploaded; a backup among it is offered for restoring."""
    paths = sorted(folder.iterdir())
    saved = [path for path in paths if is_backup(path)]
    if saved:
        # Out of the folder that the import deletes when it ends.
        runner = session.runner()
        aside = jobs.make_scratch(session.work_folder(runner), runner.athlete_id if runner else None)
        st.session_state[BACKUPS] = [Path(shutil.move(path, aside / path.name)) for path in saved]
    home = session.work_folder(session.runner())
    clear = open_dates_section.set_apart([path for path in paths if path not in saved], home)
    if clear:
        begin(clear, folder)
    shutil.rmtree(folder, ignore_errors=True)
    ui.reset_form(UPLOAD_FORM)
    _show_data()


def _write_uploads(uploads: list[tuple[str, BinaryIO]]) -> Path:
    runner = session.runner()
    try:
        return jobs.save_uploads(uploads, session.work_folder(runner), runner.athlete_id if runner else None)
    except OSError as error:
        raise HeelwiseError(
            f"The files could not be kept: {error.strerror}. Nothing was changed; make room on the disk "
            "and try again."
        ) from error


def _show_data() -> None:
    """Draw the Data page, which follows the import; on it, draw it anew."""
    ui.switch_page("data", {})
