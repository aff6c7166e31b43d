"""Data: bring runs in, see what came of it, settle doubles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Hashable
from pathlib import Path

import streamlit as st

from connectors.backup.verify import is_backup
from connectors.errors import HeelwiseError
from connectors.plural import count
from connectors.source import source_titles
from connectors.store import Job, Runner
from dashboard.data import (
    backup_section,
    diary_template,
    duplicate_runs,
    first_questions_section,
    imports_section,
)
from dashboard.key_links import section as key_links_section
from dashboard.runs.quality import section
from dashboard.runs.quality import text as quality_text
from dashboard.shared import jobs, open_dates_section, session, ui, upload_section
from dashboard.shared import text as shared_text
from dashboard.shared.jobs import IMPORT_JOB
from dashboard.shared.recordings_fill import fill_under_way
from dashboard.strava_link import section as strava_link_section
from dashboard.strength import exercise_section

FOLLOW_S = 0.5
TOTALS_ARE_IN = "All sessions are in by their totals; every page can be looked at meanwhile."
NEWEST_COME_IN = (
    "The newest runs come in first; every page can be looked at meanwhile, and is drawn anew as they come."
)
FAILED = "import_failed"


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
    if reason := st.session_state.pop(FAILED, None):
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


def _follow(runner: Runner, drawn: Hashable | None) -> None:
    """Show how far an import is; the page is drawn anew when its totals and first weeks are in, and when it ends.

    `drawn` is the load that the page shows; None until all totals are in.
    """
    is_filling = fill_under_way(session.store(), runner.athlete_id) is not None
    if not jobs.running_job(session.home(), runner.athlete_id) or is_filling != (drawn is not None):
        st.rerun()
    if drawn is not None:
        if session.load_version(runner) != drawn:
            st.rerun()
        return
    job = session.store().jobs.latest(runner.athlete_id, IMPORT_JOB)
    if job is None or job.finished_s is not None or not job.total:
        st.progress(0.0, "Working …")
        return
    st.progress(
        min(1.0, job.done / job.total), f"{job.done:,} of {job.total:,} {job.message or 'recordings'}"
    )


def _outcome(runner: Runner) -> None:
    if jobs.running_job(session.home(), runner.athlete_id):
        fill = fill_under_way(session.store(), runner.athlete_id)
        st.fragment(run_every=FOLLOW_S)(_follow)(runner, session.load_version(runner) if fill else None)
        if fill is not None:
            _first_look(runner, TOTALS_ARE_IN if fill.has_totals else NEWEST_COME_IN)
        else:
            st.caption("You can go to another page meanwhile; the import goes on by itself.")
        return
    job = session.store().jobs.latest(runner.athlete_id, IMPORT_JOB)
    if job is None:
        return
    if not job.is_running and _is_first_and_failed(runner, job):
        return
    if job.error:
        st.warning(shared_text.escape_markdown(job.error))
    elif job.result:
        imports_section.show_result(runner, job.result)
        first_questions_section.render(runner)
        exercise_section.render(asks_unit="kg or lb" in job.result)
        _doubted(runner)
    elif not job.is_running:
        st.warning(
            "The last import ended before it was done. What it had stored stays; import again to finish."
        )
    else:
        st.info("An import is under way in another window.")


def _first_look(runner: Runner, sentence: str) -> None:
    """Lead to the picture while the recordings are still being read, and ask what needs none of them."""
    st.markdown(f"**{sentence}**")
    if st.button("See my Timeline", type="primary", key="first_timeline"):
        ui.switch_page("timeline", {})
    imports_section.offer_to_stop(runner)
    first_questions_section.render(runner)


def _is_first_and_failed(runner: Runner, job: Job) -> bool:
    """Take a runner away whom an import began and brought nothing for; the reason is shown by whoever is then shown."""
    if st.session_state.get(upload_section.BEGUN) != runner.athlete_id:
        return False
    reason = job.error or (imports_section.nothing_came_in(json.loads(job.result)) if job.result else None)
    if reason is None or not session.is_untouched(runner):
        return False
    jobs.delete_uploads(session.home(), runner.athlete_id)
    session.forget_untouched(runner)
    st.session_state[FAILED] = reason
    st.rerun()
    return True


def _doubted(runner: Runner) -> None:
    """Name what is doubted: whoever brings runs in has to know before a figure is believed."""
    if not session.has_data(runner):
        return
    line = quality_text.doubted(section.open_flags(runner))
    if line:
        st.markdown(line)


def _settle_doubles(runner: Runner) -> None:
    pairs = duplicate_runs.list_duplicates(session.store(), runner.athlete_id)
    overlaps = duplicate_runs.overlapping_runs(session.store(), runner.athlete_id)
    if not pairs and not overlaps:
        st.caption("No possible duplicates.")
        return
    ui.hold_to_uncover(runner, "merge_")
    if pairs:
        st.markdown(
            "Taken for one run, by their start and length, and counted once unless you say otherwise."
        )
        _list_pairs(runner, pairs)
    if overlaps:
        st.markdown(
            "These overlap in time, such as a race entered by hand beside a recording, or are alike and whole hours "
            "apart, as when a clock has the wrong zone. They may be one run; nothing was merged."
        )
        _list_pairs(runner, overlaps)


def _list_pairs(runner: Runner, pairs: list[duplicate_runs.DuplicatePair]) -> None:
    for one in pairs[: duplicate_runs.MOST_SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(one.in_words(session.units(), source_titles(), shared_text.day_in_words))
            st.button(
                "Keep both" if one.is_same else "Merge",
                key=f"double_{one.activity_id}_{one.same_as}",
                on_click=duplicate_runs.record_decision,
                args=(session.store(), runner.athlete_id, one, not one.is_same),
            )
    if len(pairs) > duplicate_runs.MOST_SHOWN:
        st.caption(
            f"{count(len(pairs) - duplicate_runs.MOST_SHOWN, 'older one is', 'older ones are')} not listed here."
        )


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
        _outcome(runner)
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
        _settle_doubles(runner)
        st.header("Shoes")
        st.markdown("What is known of each pair, and what you say of it, is on the Shoes page.")


if __name__ == "__main__":
    render()
