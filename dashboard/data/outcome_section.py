"""The import that was begun last: how far it is, what it brought, what it asks."""

from __future__ import annotations

import json
from collections.abc import Hashable

import streamlit as st

from connectors.source import LOOSE_RECORDINGS, READING_STEPS
from connectors.store import Job, Runner
from dashboard.data import first_questions_section, imports_section
from dashboard.runs.quality import section
from dashboard.runs.quality import text as quality_text
from dashboard.shared import jobs, session, ui, upload_section
from dashboard.shared import text as shared_text
from dashboard.shared.recordings_fill import fill_under_way
from dashboard.strength import exercise_section

FOLLOW_S = 0.5
TOTALS_ARE_IN = "All sessions are in by their totals; every page can be looked at meanwhile."
NEWEST_COME_IN = (
    "The newest runs come in first; every page can be looked at meanwhile, and is drawn anew as they come."
)
READING, ENDING = "Reading the list of runs …", "Sorting days and possible duplicates …"
FAILED = "import_failed"


def _follow(runner: Runner, drawn: Hashable | None) -> None:
    """Show how far an import is; the page is drawn anew when its totals and first weeks are in, and when it ends.

    `drawn` is the load that the page shows; None until all totals are in.
    """
    is_filling = fill_under_way(session.store(), runner.athlete_id) is not None
    if not jobs.running_job(session.work_folder(runner), runner.athlete_id) or is_filling != (
        drawn is not None
    ):
        st.rerun()
    if drawn is not None:
        if session.load_version(runner) != drawn:
            st.rerun()
        return
    job = session.store().jobs.latest(runner.athlete_id, session.import_kind(runner))
    if job is None or job.finished_s is not None or not job.total:
        st.progress(0.0, READING)
    elif job.message in READING_STEPS:
        st.progress(min(1.0, job.done / job.total), f"{job.done:,} of {job.total:,} {job.message}")
    else:
        st.progress(1.0, ENDING)


def render(runner: Runner) -> None:
    """Draw how far it is; once it has ended, what it brought."""
    if jobs.running_job(session.work_folder(runner), runner.athlete_id):
        fill = fill_under_way(session.store(), runner.athlete_id)
        st.fragment(run_every=FOLLOW_S)(_follow)(runner, session.load_version(runner) if fill else None)
        if fill is not None:
            _first_look(runner, NEWEST_COME_IN if fill.step == LOOSE_RECORDINGS else TOTALS_ARE_IN)
        else:
            st.caption("You can go to another page meanwhile; the import goes on by itself.")
        return
    job = session.store().jobs.latest(runner.athlete_id, session.import_kind(runner))
    if job is None:
        return
    if not job.is_running and _is_first_and_failed(runner, job):
        return
    if job.error:
        st.warning(shared_text.escape_markdown(job.error))
    elif job.result:
        imports_section.show_result(runner, job.result)
        if session.has_data(runner) and imports_section.nothing_came_in(json.loads(job.result)) is None:
            _timeline_button()
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
    _timeline_button()
    imports_section.offer_to_stop(runner)
    first_questions_section.render(runner)


def _timeline_button() -> None:
    if st.button("See my Timeline", type="primary", key="first_timeline"):
        ui.switch_page("timeline", {})


def _is_first_and_failed(runner: Runner, job: Job) -> bool:
    """Take a runner away whom an import began and brought nothing for; the reason is shown by whoever is then shown."""
    if st.session_state.get(upload_section.BEGUN) != runner.athlete_id:
        return False
    reason = job.error or (imports_section.nothing_came_in(json.loads(job.result)) if job.result else None)
    if reason is None or not session.is_untouched(runner):
        return False
    imports_section.delete_uploads(runner)
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
