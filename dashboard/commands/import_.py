"""`heelwise import`."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer

from connectors.backup.verify import is_backup
from connectors.errors import HeelwiseError, RunnerForgotten
from connectors.exercise_names import resolve
from connectors.ingest.file_digests import backup_left_out
from connectors.ingest.logged_sets import WEIGHTS_SETTING, answer
from connectors.ingest.pipeline import import_paths
from connectors.late_imports import late_import
from connectors.source import READING_STEPS, ImportResult, Progress, Skipped
from connectors.store import Runner, Store
from connectors.store.deletion_mark import STOPPED
from connectors.store.jobs import FILL_JOB
from connectors.store.own_files import UPLOAD, own_file
from connectors.written_dates import DateQuestion, DayFirst, in_words
from dashboard.commands.import_right import ImportRight, RightEnded
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.commands.progress_bar import show_progress
from dashboard.data import import_report
from dashboard.shared.recordings_fill import FEW

SECONDS_BETWEEN_STEPS = 0.25
CUT_OFF = "The import was stopped. What it had stored stays; import again to finish."
SAME_RUNNER = (
    "If these are the same person's, run the command again with --same-runner; if not, name the other runner with "
    "--athlete."
)


def import_command(
    paths: Sequence[Path],
    home: Path | None,
    athlete: str | None,
    as_json: bool,
    again: bool = False,
    same_runner: bool = False,
    weights: str | None = None,
    exercises: Sequence[str] = (),
    day_first: bool | None = None,
    uploads: Path | None = None,
    athlete_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Import paths, show how far it is, and say what came of it."""
    with _deleted_at_end(uploads):
        there = _given(paths, as_json)
        store = open_store_option(home)
        answers = [_answer(text) for text in exercises]
        known = {one.athlete_id for one in store.runners()}
        runner = (
            select_runner(store, athlete, create=True) if athlete_id is None else _numbered(store, athlete_id)
        )
        right = ImportRight(store, runner.athlete_id, person_id).begin(there)
        _remember(store, runner.athlete_id, weights, answers)
        with show_progress(quiet=as_json) as bar:
            result = follow_progress(
                store,
                runner.athlete_id,
                there,
                bar,
                right=right,
                again=again,
                same_runner=same_runner,
                day_first=day_first,
            )
        is_open = result.held or result.date_questions
        if runner.athlete_id not in known and import_report.is_empty(result) and not is_open:
            store.delete_runner(runner.athlete_id)  # begun for this import alone, which brought nothing
        _conclude(store, runner.athlete_id, result, as_json)


def _numbered(store: Store, athlete_id: int) -> Runner:
    """The runner a page was about; by name, one who is being deleted would be made anew."""
    runner = next((one for one in store.runners() if one.athlete_id == athlete_id), None)
    if runner is None:
        raise RunnerForgotten(STOPPED)
    store.name_runner(athlete_id)
    return runner


def _conclude(store: Store, athlete_id: int, result: ImportResult, as_json: bool) -> None:
    """Print what came of an import, ask what it left open, and refuse where nothing came in."""
    if as_json:
        typer.echo(import_report.import_json(result))
    elif not result.held:
        typer.echo("\n".join(import_report.import_in_words(result)))
        if result.date_questions and sys.stdin.isatty() and sys.stdout.isatty():
            _ask_dates(store, athlete_id, result.date_questions)
            return
    if result.held:
        raise ImportHeldError(
            f"{import_report.held_sentence(import_report.import_dict(result))} {SAME_RUNNER}"
        )
    if import_report.is_empty(result):
        reason = result.skipped[0].reason if result.skipped else "There was no file in it."
        raise HeelwiseError(f"Nothing came in: {reason}")


class ImportHeldError(HeelwiseError):
    """The import may be somebody else's; its files are needed for the answer."""


@contextmanager
def _deleted_at_end(uploads: Path | None) -> Iterator[None]:
    """Delete the uploaded copies that an import was given, however it ends, unless it is held."""
    is_held = False
    try:
        yield
    except ImportHeldError:
        is_held = True
        raise
    finally:
        folder = None if uploads is None else own_file(uploads.parent, uploads)
        if folder is not None and folder.name is UPLOAD and not is_held:
            shutil.rmtree(folder.path, ignore_errors=True)


def _given(paths: Sequence[Path], as_json: bool) -> list[Path]:
    """Return what was given to the import, unless all of it is missing or a backup."""
    there = [path.expanduser() for path in paths]
    missing = [path for path in there if not path.exists()]
    if len(missing) == len(there):
        _refuse_absent(missing, as_json)
    _refuse_backups(there, missing, as_json)
    return there


def _refuse_absent(missing: Sequence[Path], as_json: bool) -> NoReturn:
    names = ", ".join(str(path) for path in missing)
    if as_json:
        typer.echo(import_report.import_json(ImportResult(skipped=[_absent(path) for path in missing])))
    raise HeelwiseError(f"There is no file or folder called {names}. Nothing was changed; check the path.")


def _refuse_backups(there: Sequence[Path], missing: Sequence[Path], as_json: bool) -> None:
    """Say how backups are restored, where nothing else was given."""
    backups = [path for path in there if is_backup(path)]
    if len(backups) + len(missing) < len(there):
        return
    if as_json:
        left = [*map(backup_left_out, backups), *map(_absent, missing)]
        typer.echo(import_report.import_json(ImportResult(skipped=left)))
    raise HeelwiseError(" ".join(map(_restore_it, backups)))


def _restore_it(path: Path) -> str:
    return (
        f"This is a Heelwise backup: restore it with `heelwise restore {shlex.quote(str(path))}`. "
        "Nothing was changed."
    )


def _answer(text: str) -> tuple[str, str]:
    name, sign, exercise = text.partition("=")
    if not sign or not name.strip():
        raise HeelwiseError(
            f"'{text}' is no answer like 'Toe press=Leg-press calf raise' (nothing after the sign: an exercise of your "
            "own). Nothing was changed."
        )
    known = resolve(exercise.strip())
    return name.strip(), known.exercise if known else exercise.strip()


def _remember(store: Store, athlete_id: int, weights: str | None, answers: Sequence[tuple[str, str]]) -> None:
    if weights:
        store.set_settings(athlete_id, {WEIGHTS_SETTING: weights})
    for name, exercise in answers:
        answer(store, athlete_id, name, exercise)


def _ask_dates(store: Store, athlete_id: int, questions: Sequence[DateQuestion]) -> None:
    """Ask once for each file that leaves day and month open, and import it with the answer."""
    answers: dict[str, bool] = {}
    for one in questions:
        typer.echo(f'{one.path}: what is "{one.text}"?')
        typer.echo(f"  1  {in_words(one.day_first)} (the day comes first)")
        typer.echo(f"  2  {in_words(one.month_first)} (the month comes first)")
        choice = typer.prompt(
            "1, 2, or nothing to leave the file out", default="", show_default=False
        ).strip()
        if choice in ("1", "2"):
            answers[one.key] = choice == "1"
    files = list(dict.fromkeys(one.file for one in questions if one.key in answers and one.file))
    if not files:
        typer.echo("Nothing more was read.")
        return
    with show_progress(quiet=False) as bar:
        typer.echo(
            "\n".join(
                import_report.import_in_words(
                    follow_progress(store, athlete_id, files, bar, day_first=answers)
                )
            )
        )


def _absent(path: Path) -> Skipped:
    return Skipped(str(path), "There is no file or folder of this name.")


def follow_progress(
    store: Store,
    athlete_id: int,
    paths: Sequence[Path],
    bar: Progress,
    *,
    again: bool = False,
    same_runner: bool = False,
    day_first: DayFirst = None,
    right: ImportRight | None = None,
) -> ImportResult:
    """Import while keeping a job row in the store, which the Data page reads."""
    right = right or ImportRight(store, athlete_id)
    readable, last = right.readable(), 0.0
    with _job_of(right, paths) as job:

        def step(done: int, total: int, message: str) -> None:
            nonlocal last
            bar(done, total, message)
            if time.monotonic() - last >= SECONDS_BETWEEN_STEPS or done in (0, total):
                last = time.monotonic()
                right.require()
                store.jobs.step(job, done, total, message)

        with _fill_recorded(store, athlete_id, step) as recorded:
            result = import_paths(
                readable,
                athlete_id,
                paths,
                recorded,
                again=again,
                same_runner=same_runner,
                day_first=day_first,
            )
        right.settle(result.import_id)
        flags = late_import("dashboard.runs.quality.import_flags")  # the model, which no total waits for
        result.doubted = flags.import_doubts(readable, athlete_id, result)
    store.jobs.finish(job, result=import_report.import_json(result))
    return result


@contextmanager
def _job_of(right: ImportRight, paths: Sequence[Path]) -> Iterator[int]:
    """Keep a job row of an import; where it fails, the row says why, and what may not stay is taken back."""
    store = right.store
    job = store.jobs.start(right.athlete_id, right.kind)
    try:
        yield job
    except BaseException as error:
        sentence = str(error) if isinstance(error, HeelwiseError) else CUT_OFF
        if isinstance(error, RightEnded):
            try:
                right.take_back(paths)
            except HeelwiseError as busy:
                sentence = str(busy)
        with suppress(RunnerForgotten):  # the job went with its runner
            store.jobs.finish(job, error=sentence)
        raise


@contextmanager
def _fill_recorded(store: Store, athlete_id: int, step: Progress) -> Iterator[Progress]:
    """Keep a second job row from the last total written to the end, by which the pages know what is estimated."""
    fill: int | None = None
    last = 0.0

    def recorded(done: int, total: int, message: str) -> None:
        nonlocal fill, last
        is_read = message in READING_STEPS
        if is_read and fill is None and total > FEW:
            fill = store.jobs.start(athlete_id, FILL_JOB)
        if is_read and fill is not None and time.monotonic() - last >= SECONDS_BETWEEN_STEPS:
            last = time.monotonic()
            store.jobs.step(fill, done, total, message)
        step(done, total, message)

    try:
        yield recorded
    finally:
        if fill is not None:
            with suppress(RunnerForgotten):  # the job went with its runner
                store.jobs.finish(fill)
