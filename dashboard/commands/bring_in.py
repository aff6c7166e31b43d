"""`heelwise import`."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from connectors.backup.checking import is_backup
from connectors.errors import HeelwiseError
from connectors.exercise_names import resolve
from connectors.ingest.file_digests import backup_left_out
from connectors.ingest.logged_sets import WEIGHTS_SETTING, answer
from connectors.intake import import_paths
from connectors.source import ImportResult, Progress, Skipped
from connectors.store import Store
from connectors.written_dates import DateQuestion, DayFirst, in_words
from dashboard.commands.opening import opened, whose
from dashboard.data.import_doubts import import_doubts
from dashboard.report import imported

KIND = "import"
SECONDS_BETWEEN_STEPS = 0.25
SAME_RUNNER = (
    "If these are the same person's, run the command again with --same-runner; if not, name the other runner with "
    "--athlete."
)


def run(
    paths: Sequence[Path],
    home: Path | None,
    athlete: str | None,
    as_json: bool,
    again: bool = False,
    same_runner: bool = False,
    weights: str | None = None,
    exercises: Sequence[str] = (),
    day_first: bool | None = None,
) -> None:
    """Import paths, show how far it is, and say what came of it.

    Parameters
    ----------
    paths : sequence of Path
        What to bring in.
    home, athlete
        As for `opening.opened` and `opening.whose`.
    as_json : bool
        Print one object on standard output and nothing else there.
    again, same_runner : bool
        As for `import_paths`.
    weights : str or None
        Unit of the weights in a lifting log that does not say: "kg" or "lb"; remembered.
    exercises : sequence of str
        Answers "NAME=EXERCISE" to what an exercise of a lifting log is here; remembered.
    day_first : bool or None
        The answer where the dates of a file leave day and month open; without it a terminal is asked.

    Raises
    ------
    HeelwiseError
        When nothing at all came in, or the import was held.
    """
    there = [path.expanduser() for path in paths]
    missing = [path for path in there if not path.exists()]
    if len(missing) == len(there):
        _refuse_absent(missing, as_json)
    _refuse_backups(there, missing, as_json)
    store = opened(home)
    answers = [_answer(text) for text in exercises]
    runner = whose(store, athlete, create=True)
    _remember(store, runner.athlete_id, weights, answers)
    with shown(quiet=as_json) as bar:
        result = followed(
            store, runner.athlete_id, there, bar, again=again, same_runner=same_runner, day_first=day_first
        )
    if as_json:
        typer.echo(imported.as_json(result))
    elif not result.held:
        typer.echo("\n".join(imported.in_words(result)))
        if result.date_questions and sys.stdin.isatty() and sys.stdout.isatty():
            _ask_dates(store, runner.athlete_id, result.date_questions)
            return
    if result.held:
        raise HeelwiseError(f"{imported.held_sentence(imported.as_dict(result))} {SAME_RUNNER}")
    if imported.is_empty(result):
        reason = result.skipped[0].reason if result.skipped else "There was no file in it."
        raise HeelwiseError(f"Nothing came in: {reason}")


def _refuse_absent(missing: Sequence[Path], as_json: bool) -> NoReturn:
    names = ", ".join(str(path) for path in missing)
    if as_json:
        typer.echo(imported.as_json(ImportResult(skipped=[_absent(path) for path in missing])))
    raise HeelwiseError(f"There is no file or folder called {names}. Nothing was changed; check the path.")


def _refuse_backups(there: Sequence[Path], missing: Sequence[Path], as_json: bool) -> None:
    """Say how backups are restored, where nothing else was given."""
    backups = [path for path in there if is_backup(path)]
    if len(backups) + len(missing) < len(there):
        return
    if as_json:
        left = [*map(backup_left_out, backups), *map(_absent, missing)]
        typer.echo(imported.as_json(ImportResult(skipped=left)))
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
    with shown(quiet=False) as bar:
        typer.echo("\n".join(imported.in_words(followed(store, athlete_id, files, bar, day_first=answers))))


def _absent(path: Path) -> Skipped:
    return Skipped(str(path), "There is no file or folder of this name.")


def followed(
    store: Store,
    athlete_id: int,
    paths: Sequence[Path],
    bar: Progress,
    *,
    again: bool = False,
    same_runner: bool = False,
    day_first: DayFirst = None,
) -> ImportResult:
    """Import while keeping a job row in the store, which the Data page reads.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose it is.
    paths : sequence of Path
        What to bring in.
    bar : callable
        Also told of each step.
    again, same_runner : bool
    day_first : bool, mapping of str to bool, or None
        As for `import_paths`.

    Returns
    -------
    ImportResult
        What came of it.

    Raises
    ------
    HeelwiseError
        As `import_paths`; the job row then holds the sentence.
    """
    job = store.jobs.start(athlete_id, KIND)
    last = 0.0

    def step(done: int, total: int, message: str) -> None:
        nonlocal last
        bar(done, total, message)
        if time.monotonic() - last >= SECONDS_BETWEEN_STEPS or done == total:
            last = time.monotonic()
            store.jobs.step(job, done, total, message)

    try:
        result = import_paths(
            store, athlete_id, paths, step, again=again, same_runner=same_runner, day_first=day_first
        )
        result.doubted = import_doubts(store, athlete_id, result)
    except BaseException as error:
        known = isinstance(error, HeelwiseError)
        sentence = (
            str(error)
            if known
            else "The import was stopped. What it had stored stays; import again to finish."
        )
        store.jobs.finish(job, error=sentence)
        raise
    store.jobs.finish(job, result=imported.as_json(result))
    return result


@contextmanager
def shown(quiet: bool) -> Iterator[Progress]:
    """Show a progress bar on standard error when that is a terminal.

    Parameters
    ----------
    quiet : bool
        Say the steps as plain lines where there is no terminal only when False.

    Yields
    ------
    callable
        Takes recordings done, recordings in all, and one word on the step.
    """
    if not sys.stderr.isatty():
        yield lambda done, total, message: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def step(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=message)

        yield step
