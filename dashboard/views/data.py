"""Data: bring runs in, see what came of it, settle doubles."""

from __future__ import annotations

import shutil
from pathlib import Path

import streamlit as st

from connectors.backup.checking import is_backup
from connectors.errors import HeelwiseError
from connectors.plural import count
from connectors.store import Runner
from dashboard import doubles, jobs, state, words
from dashboard.commands.bring_in import KIND
from dashboard.views import exercise_questions, imports_section, keeping, open_dates_section, strava

TYPES = [
    *("zip", "age", "fit", "gpx", "tcx", "gz", "json"),
    *("csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods"),
]
ROUND = "import_round"
BACKUPS = "import_backups"
AGAIN = "import_again"


def _begin(paths: list[Path], scratch: Path | None = None, answers: tuple[str, ...] = ()) -> None:
    mine = state.own_runner()
    state.look_at(mine)
    answers = (*answers, *(["--again"] if st.session_state.get(AGAIN) else ()))
    jobs.begin(state.home(), mine.name, mine.athlete_id, paths, scratch, answers)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _take(folder: Path) -> None:
    """Import what was uploaded; a backup among it is offered for restoring."""
    paths = sorted(folder.iterdir())
    saved = [path for path in paths if is_backup(path)]
    if saved:
        # Out of the folder that the import deletes when it ends.
        aside = jobs.keep([], state.home())
        st.session_state[BACKUPS] = [Path(shutil.move(path, aside / path.name)) for path in saved]
    clear = open_dates_section.set_apart([path for path in paths if path not in saved], state.home())
    if clear:
        _begin(clear, folder)
    shutil.rmtree(folder, ignore_errors=True)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _offer_backups() -> None:
    saved = [path for path in st.session_state.get(BACKUPS, []) if path.exists()]
    if not saved or not imports_section.offer_backup(saved):
        return
    try:
        for path in saved:
            keeping.take_in(path)
    except HeelwiseError as error:
        st.error(f"{words.plain(str(error))} A file closed with a passphrase is opened on the Settings page.")
        return
    for path in st.session_state.pop(BACKUPS):
        if path.parent.parent == state.home():
            shutil.rmtree(path.parent, ignore_errors=True)
    st.rerun()


def _bring_in() -> None:
    turn = st.session_state.get(ROUND, 0)
    keeping.came_in()
    _offer_backups()
    st.markdown(
        "A Strava export or the takeout of Garmin, Polar, Suunto and others (the ZIP as it came), FIT, GPX or TCX "
        "recordings, a diary (CSV, Excel or OpenDocument), a log of Hevy, Strong or FitNotes, or the file another "
        "Heelwise saved. Any mix, any time; the same file twice changes nothing."
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
    st.checkbox("Read files again that were taken back before", key=AGAIN)
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
        elif is_backup(path):
            st.session_state[BACKUPS] = [path.absolute()]
            st.rerun()
        elif clear := open_dates_section.set_apart([path.absolute()]):
            _begin(clear)
        else:
            st.rerun()


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
        imports_section.show_result(mine, job.result)
        exercise_questions.show(asks_unit="kg or lb" in job.result)
    elif not job.is_running:
        st.warning(
            "The last import ended before it was done. What it had stored stays; import again to finish."
        )
    else:
        st.info("An import is under way in another window.")


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
        st.caption(f"{count(len(found) - doubles.SHOWN, 'older one is', 'older ones are')} not listed here.")


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
open_dates_section.show(_begin)
_bring_in()
if mine is not None and not mine.is_demo:
    imports_section.show_watched_folder(mine)
    imports_section.show_imports(mine)
if not link_first:
    strava.show()
if mine is not None:
    st.header("Runs that arrived twice")
    _settle_doubles(mine)
    st.header("Shoes")
    st.markdown("What is known of each pair, and what you say of it, is on the Shoes page.")
