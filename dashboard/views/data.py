"""Data: bring runs in, see what came of it, settle doubles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import streamlit as st

from connectors.backup.checking import is_backup
from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard import doubles, jobs, quality_words, state, words
from dashboard.commands.bring_in import KIND
from dashboard.report import imported
from dashboard.views import keeping, quality, strava

TYPES = ["zip", "age", "fit", "gpx", "tcx", "gz", "csv"]
ROUND = "import_round"


def _begin(paths: list[Path], scratch: Path | None = None) -> None:
    mine = state.own_runner()
    state.look_at(mine)
    jobs.begin(state.home(), mine.name, mine.athlete_id, paths, scratch)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _take(folder: Path) -> None:
    """Import what was uploaded; the file another Heelwise saved is brought in as a whole."""
    paths = sorted(folder.iterdir())
    saved = [path for path in paths if is_backup(path)]
    try:
        for path in saved:
            keeping.take_in(path)
    except HeelwiseError as error:
        shutil.rmtree(folder, ignore_errors=True)
        st.error(f"{words.plain(str(error))} A file closed with a passphrase is opened on the Settings page.")
        return
    if len(saved) < len(paths):
        _begin([path for path in paths if path not in saved], folder)
    shutil.rmtree(folder, ignore_errors=True)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _bring_in() -> None:
    turn = st.session_state.get(ROUND, 0)
    keeping.came_in()
    st.markdown(
        "A Strava export (the ZIP as it came), FIT, GPX or TCX recordings, a diary CSV, or the file another Heelwise "
        "saved. Any mix, any time; the same file twice changes nothing."
    )
    uploads = st.file_uploader(
        "Choose files, or drop them here", TYPES, accept_multiple_files=True, key=f"uploads_{turn}"
    )
    if st.button("Import these files", type="primary", disabled=not uploads, key="import_uploads"):
        try:
            folder = jobs.keep([(one.name, one) for one in uploads], state.home())
        except OSError as error:
            raise HeelwiseError(
                f"The files could not be kept: {error.strerror}. Nothing was changed; make room on the disk "
                "and try again."
            ) from error
        _take(folder)
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


def _follow(mine: Runner) -> None:
    if not jobs.under_way(state.home(), mine.athlete_id):
        st.rerun()
    job = state.store().jobs.latest(mine.athlete_id, KIND)
    if job is None or job.finished_s is not None or not job.total:
        st.progress(0.0, "Working …")
        return
    st.progress(
        min(1.0, job.done / job.total), f"{job.done:,} of {job.total:,} {job.message or 'recordings'}"
    )


def _outcome(mine: Runner) -> None:
    if jobs.under_way(state.home(), mine.athlete_id):
        st.fragment(run_every=1.0)(_follow)(mine)
        st.caption("You can go to another page meanwhile; the import goes on by itself.")
        return
    job = state.store().jobs.latest(mine.athlete_id, KIND)
    if job is None:
        return
    if job.error:
        st.warning(words.plain(job.error))
    elif job.result:
        _summary(json.loads(job.result))
        _doubted(mine)
    elif not job.is_running:
        st.warning(
            "The last import ended before it was done. What it had stored stays; import again to finish."
        )
    else:
        st.info("An import is under way in another window.")


def _summary(done: dict) -> None:
    st.markdown("**The last import**  \n" + "  \n".join(map(words.plain, imported.headline(done))))
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


def _doubted(mine: Runner) -> None:
    """Name what is doubted: whoever brings runs in has to know before a figure is believed."""
    if not state.has_data(mine):
        return
    line = quality_words.doubted(quality.open_flags(mine))
    if line:
        st.markdown(line)


def _settle_doubles(mine: Runner) -> None:
    found = doubles.listed(state.store(), mine.athlete_id)
    beside = doubles.overlapping(state.store(), mine.athlete_id)
    if not found and not beside:
        st.caption("No run arrived twice.")
        return
    if found:
        st.markdown(
            "Taken for one run, by their start and length, and counted once unless you say otherwise."
        )
        _list_pairs(mine, found)
    if beside:
        st.markdown(
            "These overlap in time, such as a race entered by hand beside a recording, or are alike and whole hours "
            "apart, as when a clock has the wrong zone. They may be one run; nothing was merged."
        )
        _list_pairs(mine, beside)


def _list_pairs(mine: Runner, found: list[doubles.Double]) -> None:
    for one in found[: doubles.SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(one.in_words(state.units(), words.SOURCE_NAMES, words.day))
            st.button(
                "They are two runs" if one.is_same else "They are one run",
                key=f"double_{one.activity_id}_{one.same_as}",
                on_click=doubles.decide,
                args=(state.store(), mine.athlete_id, one, not one.is_same),
            )
    if len(found) > doubles.SHOWN:
        st.caption(f"{len(found) - doubles.SHOWN} older ones are not listed here.")


st.title("Data")
strava.arrive()
mine = state.runner()
if mine is not None and mine.is_demo:
    st.caption("What you import starts a record of your own; it does not mix with the made-up runner.")
link_first = strava.comes_first()
if link_first:
    strava.show()
st.header("Bring in runs")
if mine is not None:
    _outcome(mine)
_bring_in()
if not link_first:
    strava.show()
if mine is not None:
    st.header("Runs that arrived twice")
    _settle_doubles(mine)
    st.header("Shoes")
    st.markdown("What is known of each pair, and what you say of it, is on the Shoes page.")
