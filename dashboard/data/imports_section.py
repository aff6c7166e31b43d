"""Data page: what the last import brought, the question of one that is held, and taking imports back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.ingest.taking_back import take_back_import
from connectors.store import Runner
from connectors.store.import_batches import ImportBatch
from dashboard.data import import_report, import_text
from dashboard.shared import jobs, recordings_fill, session, ui, watched_folders
from dashboard.shared import text as shared_text

SHOWN = 20
FEW = 3
"""Up to so many things left out, doubted or remarked stand in the open, one line each."""
TAKEN_BACK = "import_taken_back"
NOT_TAKEN_BACK = "import_not_taken_back"
ANSWERED = "import_answered"
COUNTED = ("activities", "symptoms", *import_report.BESIDE)
Rows = list[dict[str, str]]
TABLES: tuple[tuple[Callable[[dict[str, Any]], Rows], str, str], ...] = (
    (import_report.left_out, "reason", "Left out"),
    (import_report.by_summary, "reason", "In by summary"),
    (lambda done: done.get("doubted", []), "doubt", "Doubted"),
    (lambda done: done.get("notes", []), "note", "Noted"),
)


def show_result(runner: Runner, result: str) -> None:
    """Describe what the last import did, with a button that undoes it."""
    done = json.loads(result)
    if done.get("held"):
        _ask(runner, done)
        return
    delete_uploads(runner)
    lines = import_report.headline(done)
    if reason := nothing_came_in(done):
        st.error(shared_text.escape_markdown(reason))
    st.markdown("**The last import**  \n" + "  \n".join(map(shared_text.escape_markdown, lines)))
    batch = _batch(runner, done.get("import_id"))
    if batch is not None and done.get("question"):
        st.warning(shared_text.escape_markdown(done["question"]))
    if batch is not None:
        _button(runner, batch, "Take this import back", "take_back_last")
    for rows_of, text, title in TABLES:
        _table(rows_of(done), text, title)


def nothing_came_in(done: dict[str, Any]) -> str | None:
    """Return why nothing came in, with the file it is about; None where something did, or an answer is waited for."""
    if done.get("held") or done.get("date_questions"):
        return None
    if any(sum(done.get(name, {}).values()) for name in COUNTED) or done.get("shoes"):
        return None
    if not done["skipped"]:
        return "Nothing came in: there was no file in it."
    first = done["skipped"][0]
    return f"Nothing came in. {first['path']}: {first['reason']}"


def show_imports(runner: Runner) -> None:
    """List the imports of a runner, each with a press to take it back."""
    for sentence in st.session_state.pop(TAKEN_BACK, []):
        st.success(shared_text.escape_markdown(sentence))
    if NOT_TAKEN_BACK in st.session_state:
        st.warning(shared_text.escape_markdown(st.session_state.pop(NOT_TAKEN_BACK)))
    batches = session.store().imports(runner.athlete_id)
    if not batches:
        return
    with st.expander(f"All imports ({len(batches):,})"):
        st.caption(
            "Taking one back deletes what only it brought; what it changed is as it was before (kept for 90 days)."
        )
        for batch in batches[:SHOWN]:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(shared_text.escape_markdown(import_text.import_line(batch)))
                if batch.taken_back_s is None:
                    _button(runner, batch, "Take back", f"take_back_{batch.import_id}")
        if len(batches) > SHOWN:
            older = f"{len(batches) - SHOWN:,} older ones"
            by_command = f"{older} are listed by `heelwise imports`."
            st.caption(by_command if session.is_owner() else f"{older} are not listed.")


def show_watched_folder(runner: Runner) -> None:
    """Choose a folder that is imported from for as long as the dashboard runs."""
    store, athlete_id = session.store(), runner.athlete_id
    folder = watched_folders.watched_folder(store, athlete_id)
    if folder is not None:
        there = "" if folder.is_dir() else " It is not there now; it is waited for."
        st.markdown(
            f"Watching **{shared_text.escape_markdown(str(folder))}** for "
            f"{shared_text.escape_markdown(session.name_of(runner))}: what is put there comes in while "
            f"Heelwise runs.{there}"
        )
        st.button(
            "Stop watching", on_click=watched_folders.forget_folder, args=(store, athlete_id), key="unwatch"
        )
        return
    with st.form("watch_folder", border=False):
        typed = st.text_input(
            "Watch a folder on this machine", key="watch_folder_text", placeholder="~/Downloads/runs"
        )
        asked = st.form_submit_button("Watch this folder", key="watch_folder_begin")
    if asked:
        try:
            watched_folders.choose_folder(store, athlete_id, typed)
        except HeelwiseError as error:
            st.warning(shared_text.escape_markdown(str(error)))
            return
        st.rerun()


def offer_backup(paths: list[Path]) -> bool:
    """Offer to restore backups that were given to the import; True when it was asked for."""
    names = ", ".join(path.name for path in paths)
    st.info(f"This is a Heelwise backup: restore it. ({shared_text.escape_markdown(names)})")
    return st.button("Restore it", type="primary", key="restore_offered")


def _ask(runner: Runner, done: dict[str, Any]) -> None:
    if st.session_state.get(ANSWERED) == done["held"]:
        delete_uploads(runner)
        return
    name = shared_text.escape_markdown(session.name_of(runner))
    st.warning(shared_text.escape_markdown(import_report.held_sentence(done)))
    if not jobs.waits_for_answer(
        session.work_folder(runner), runner.athlete_id, session.identity().person_id
    ):
        st.caption(
            f"Choose the files again to import them for {name}, or another runner for somebody else's."
        )
        return
    ui.hold_to_uncover(runner, "held_")
    with st.container(horizontal=True):
        st.button(
            f"They are {name}'s: bring them in", on_click=_go_on, args=(runner,), key="held_same_runner"
        )
        st.button("They are somebody else's", on_click=_leave, args=(runner, done["held"]), key="held_leave")


def _go_on(runner: Runner) -> None:
    home, person_id = session.work_folder(runner), session.identity().person_id
    jobs.resume_import(home, runner.name, runner.athlete_id, ["--same-runner"], person_id)


def delete_uploads(runner: Runner) -> None:
    """Delete the uploaded files of an import that has ended, if whoever looks began it."""
    jobs.delete_uploads(session.work_folder(runner), runner.athlete_id, session.identity().person_id)


def _leave(runner: Runner, held: dict[str, Any]) -> None:
    delete_uploads(runner)
    st.session_state[ANSWERED] = held


def _batch(runner: Runner, import_id: int | None) -> ImportBatch | None:
    batches = session.store().imports(runner.athlete_id)
    return next((b for b in batches if b.import_id == import_id and b.taken_back_s is None), None)


def _button(runner: Runner, batch: ImportBatch, label: str, key: str) -> None:
    st.button(label, on_click=_undo_import, args=(runner, batch.import_id), key=key)


def _undo_import(runner: Runner, import_id: int) -> None:
    """What was drawn is taken back, of the runner it was drawn for."""
    store = session.store()
    try:
        if any(
            one.import_id == import_id and one.finished_s is None for one in store.imports(runner.athlete_id)
        ):
            recordings_fill.stop_import(store, runner.athlete_id, session.identity().person_id)
        done = take_back_import(store, import_id)
    except HeelwiseError as error:
        st.session_state[NOT_TAKEN_BACK] = str(error)
        return
    st.session_state[TAKEN_BACK] = import_text.taken_back(done, session.name_of(runner))


def offer_to_stop(runner: Runner) -> None:
    """Offer to take the import back whose recordings are being read: it ends where it is."""
    batches = session.store().imports(runner.athlete_id)
    if batches and batches[0].finished_s is None and batches[0].taken_back_s is None:
        _button(runner, batches[0], "Stop, and take this import back", "take_back_last")


def _table(rows: list[dict[str, str]], text: str, title: str) -> None:
    if not rows:
        return
    if len(rows) <= FEW:
        lines = [f"{title}: {row['path']}: {row[text]}" for row in rows]
        st.markdown("  \n".join(map(shared_text.escape_markdown, lines)))
        return
    with st.expander(f"{title} ({len(rows):,})"):
        columns = {"path": st.column_config.TextColumn("File", width="medium"), text: "What happened"}
        st.dataframe(rows, hide_index=True, column_config=columns, alt=title)
