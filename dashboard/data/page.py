"""Data: bring runs in, see what came of it, settle doubles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import streamlit as st

from connectors.backup.verify import is_backup
from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard.data import backup_section, duplicate_runs, import_report
from dashboard.shared import jobs, session
from dashboard.shared import text as shared_text
from dashboard.shared.jobs import IMPORT_JOB
from dashboard.strava_link import section

TYPES = ["zip", "age", "fit", "gpx", "tcx", "gz", "csv"]
UPLOAD_FORM = "import_round"


def _begin(paths: list[Path], scratch: Path | None = None) -> None:
    runner = session.own_runner()
    session.select_runner(runner)
    jobs.begin_job(session.home(), runner.name, runner.athlete_id, paths, scratch)
    st.session_state[UPLOAD_FORM] = st.session_state.get(UPLOAD_FORM, 0) + 1
    st.rerun()


def _save_upload(folder: Path) -> None:
    """Import what was uploaded; the file another Heelwise saved is brought in as a whole."""
    paths = sorted(folder.iterdir())
    saved = [path for path in paths if is_backup(path)]
    try:
        for path in saved:
            backup_section.restore_upload(path)
    except HeelwiseError as error:
        shutil.rmtree(folder, ignore_errors=True)
        st.error(
            f"{shared_text.escape_markdown(str(error))} A file closed with a passphrase is opened on the Settings page."
        )
        return
    if len(saved) < len(paths):
        _begin([path for path in paths if path not in saved], folder)
    shutil.rmtree(folder, ignore_errors=True)
    st.session_state[UPLOAD_FORM] = st.session_state.get(UPLOAD_FORM, 0) + 1
    st.rerun()


def _import_section() -> None:
    turn = st.session_state.get(UPLOAD_FORM, 0)
    backup_section.restored_message()
    st.markdown(
        "A Strava export (the ZIP as it came), FIT, GPX or TCX recordings, a diary CSV, or the file another Heelwise "
        "saved. Any mix, any time; the same file twice changes nothing."
    )
    uploads = st.file_uploader(
        "Choose files, or drop them here", TYPES, accept_multiple_files=True, key=f"uploads_{turn}"
    )
    if st.button("Import these files", type="primary", disabled=not uploads, key="import_uploads"):
        try:
            folder = jobs.save_outcome([(one.name, one) for one in uploads], session.home())
        except OSError as error:
            raise HeelwiseError(
                f"The files could not be kept: {error.strerror}. Nothing was changed; make room on the disk "
                "and try again."
            ) from error
        _save_upload(folder)
    with st.form(f"path_{turn}", border=False):
        text = st.text_input(
            "Or a file or folder on this machine",
            key=f"path_text_{turn}",
            placeholder="~/Downloads/export_12345678.zip",
        )
        asked = st.form_submit_button("Import from there", key=f"import_path_{turn}")
    if asked:
        path = Path(text.strip().strip("\"'")).expanduser()
        if not text.strip() or not path.exists():
            st.warning("There is no file or folder of that name on this machine. Nothing was changed.")
        else:
            _begin([path.absolute()])


def _follow(runner: Runner) -> None:
    if not jobs.running_job(session.home(), runner.athlete_id):
        st.rerun()
    job = session.store().jobs.latest(runner.athlete_id, IMPORT_JOB)
    if job is None or job.finished_s is not None or not job.total:
        st.progress(0.0, "Working …")
        return
    st.progress(
        min(1.0, job.done / job.total), f"{job.done:,} of {job.total:,} {job.message or 'recordings'}"
    )


def _outcome(runner: Runner) -> None:
    if jobs.running_job(session.home(), runner.athlete_id):
        st.fragment(run_every=1.0)(_follow)(runner)
        st.caption("You can go to another page meanwhile; the import goes on by itself.")
        return
    job = session.store().jobs.latest(runner.athlete_id, IMPORT_JOB)
    if job is None:
        return
    if job.error:
        st.warning(shared_text.escape_markdown(job.error))
    elif job.result:
        _summary(json.loads(job.result))
    elif not job.is_running:
        st.warning(
            "The last import ended before it was done. What it had stored stays; import again to finish."
        )
    else:
        st.info("An import is under way in another window.")


def _summary(done: dict) -> None:
    st.markdown(
        "**The last import**  \n"
        + "  \n".join(map(shared_text.escape_markdown, import_report.headline(done)))
    )
    for rows, text, title in (
        (done["skipped"], "reason", "Left out, and why"),
        (done.get("notes", []), "note", "Came in with a remark"),
    ):
        if rows:
            with st.expander(f"{title} ({len(rows):,})"):
                st.dataframe(
                    rows,
                    hide_index=True,
                    column_config={
                        "path": st.column_config.TextColumn("File", width="medium"),
                        text: "What happened",
                    },
                    alt=title,
                )


def _settle_doubles(runner: Runner) -> None:
    found = duplicate_runs.list_duplicates(session.store(), runner.athlete_id)
    beside = duplicate_runs.overlapping_runs(session.store(), runner.athlete_id)
    if not found and not beside:
        st.caption("No run arrived twice.")
        return
    if found:
        st.markdown(
            "Taken for one run, by their start and length, and counted once unless you say otherwise."
        )
        _list_pairs(runner, found)
    if beside:
        st.markdown(
            "These overlap in time, such as a race entered by hand beside a recording. Nothing was merged."
        )
        _list_pairs(runner, beside)


def _list_pairs(runner: Runner, found: list[duplicate_runs.DuplicatePair]) -> None:
    for one in found[: duplicate_runs.MOST_SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(one.in_words(session.units(), shared_text.SOURCE_NAMES, shared_text.day_in_words))
            st.button(
                "They are two runs" if one.is_same else "They are one run",
                key=f"double_{one.activity_id}_{one.same_as}",
                on_click=duplicate_runs.record_decision,
                args=(session.store(), runner.athlete_id, one, not one.is_same),
            )
    if len(found) > duplicate_runs.MOST_SHOWN:
        st.caption(f"{len(found) - duplicate_runs.MOST_SHOWN} older ones are not listed here.")


def render() -> None:
    """Draw the page."""
    st.title("Data")
    section.arrival_message()
    mine = session.runner()
    if mine is not None and mine.is_demo:
        st.caption("What you import starts a record of your own; it does not mix with the made-up runner.")
    link_first = section.comes_first()
    if link_first:
        section.strava_section()
    st.header("Bring in runs")
    if mine is not None:
        _outcome(mine)
    _import_section()
    if not link_first:
        section.strava_section()
    if mine is not None:
        st.header("Runs that arrived twice")
        _settle_doubles(mine)
        st.header("Shoes")
        st.markdown("What is known of each pair, and what you say of it, is on the Shoes page.")


if __name__ == "__main__":
    render()
