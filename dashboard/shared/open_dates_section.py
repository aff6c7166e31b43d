"""Tables whose dates leave day and month open, asked once for each file before it is imported."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from connectors.ingest.discover import find_date_questions
from connectors.written_dates import DateQuestion, in_words
from dashboard.shared import jobs, session, text

WAITING = "open_dates"
OPTIONS = {"day_first": "--day-first", "month_first": "--month-first"}


@dataclass(frozen=True)
class OpenFile:
    """One file that waits for an answer; `scratch` is the folder of an upload, deleted in the end."""

    file: Path
    question: DateQuestion
    scratch: Path | None = None


def set_apart(paths: Sequence[Path], uploads_home: Path | None = None) -> list[Path]:
    """Split off the files whose question must be answered first."""
    with st.spinner("Looking at the dates …"):
        questions = {one.file: one for one in find_date_questions(paths) if one.file}
    waiting = [_waiting(file, one, uploads_home) for file, one in questions.items()]
    if waiting:
        st.session_state[WAITING] = [*st.session_state.get(WAITING, []), *waiting]
    return [path for path in paths if path not in questions]


def render(begin: Callable[[list[Path], Path | None, tuple[str, ...]], None]) -> None:
    """Ask for each file that waits; `begin` starts its import with the answer."""
    waiting: list[OpenFile] = [one for one in st.session_state.get(WAITING, []) if one.file.exists()]
    for number, one in enumerate(waiting):
        chosen = _ask(number, one)
        if chosen is None:
            continue
        st.session_state[WAITING] = [other for other in waiting if other is not one]
        if chosen:
            begin([one.file], one.scratch, (OPTIONS[chosen],))
            return
        _drop(one)
        st.rerun()


def _ask(number: int, one: OpenFile) -> str | None:
    """The answer on one file: an order, "" to leave it out, None while nothing is pressed."""
    question = one.question
    readings = {"day_first": question.day_first, "month_first": question.month_first}
    with st.container(border=True):
        st.markdown(
            f"**{text.escape_markdown(question.path)}** was not read yet: its dates can be read two ways. "
            f"What is {text.escape_markdown(question.text)}?"
        )
        order = st.radio(
            f"What is {question.text} in {question.path}?",
            list(readings),
            index=None,
            format_func=lambda key: in_words(readings[key]),
            label_visibility="collapsed",
            key=f"open_dates_{number}_{question.key}",
        )
        runner = session.runner()
        busy = runner is not None and jobs.running_job(session.work_folder(runner), runner.athlete_id)
        with st.container(horizontal=True):
            go = st.button(
                "Import this file",
                type="primary",
                disabled=order is None or busy,
                key=f"open_dates_go_{number}",
            )
            leave = st.button("Leave it out", key=f"open_dates_leave_{number}")
    return "" if leave else order if go else None


def _waiting(file: Path, question: DateQuestion, uploads_home: Path | None) -> OpenFile:
    if uploads_home is None:
        return OpenFile(file, question)
    runner = session.runner()
    folder = jobs.make_scratch(uploads_home, runner.athlete_id if runner else None)
    return OpenFile(Path(shutil.move(file, folder / file.name)), question, folder)


def _drop(one: OpenFile) -> None:
    if one.scratch is not None:
        shutil.rmtree(one.scratch, ignore_errors=True)
