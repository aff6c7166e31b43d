"""`heelwise import`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from connectors.errors import HeelwiseError
from connectors.exercise_names import resolve
from connectors.ingest.logged_sets import WEIGHTS_SETTING, answer
from connectors.intake import import_paths
from connectors.source import ImportResult, Progress, Skipped
from connectors.store import Store
from dashboard.commands.opening import opened, whose
from dashboard.report import imported

KIND = "import"
SECONDS_BETWEEN_STEPS = 0.25


def run(
    paths: Sequence[Path],
    home: Path | None,
    athlete: str | None,
    as_json: bool,
    weights: str | None = None,
    exercises: Sequence[str] = (),
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
    weights : str or None
        Unit of the weights in a lifting log that does not say: "kg" or "lb"; remembered.
    exercises : sequence of str
        Answers "NAME=EXERCISE" to what an exercise of a lifting log is here; remembered.

    Raises
    ------
    HeelwiseError
        When nothing at all came in.
    """
    there = [path.expanduser() for path in paths]
    missing = [path for path in there if not path.exists()]
    if len(missing) == len(there):
        names = ", ".join(str(path) for path in missing)
        if as_json:
            typer.echo(imported.as_json(ImportResult(skipped=[_absent(path) for path in missing])))
        raise HeelwiseError(
            f"There is no file or folder called {names}. Nothing was changed; check the path."
        )
    store = opened(home)
    answers = [_answer(text) for text in exercises]
    runner = whose(store, athlete, create=True)
    if weights:
        store.set_settings(runner.athlete_id, {WEIGHTS_SETTING: weights})
    for name, exercise in answers:
        answer(store, runner.athlete_id, name, exercise)
    with shown(quiet=as_json) as bar:
        result = followed(store, runner.athlete_id, there, bar)
    if as_json:
        typer.echo(imported.as_json(result))
    else:
        typer.echo("\n".join(imported.in_words(result)))
    if imported.is_empty(result):
        reason = result.skipped[0].reason if result.skipped else "There was no file in it."
        raise HeelwiseError(f"Nothing came in: {reason}")


def _answer(text: str) -> tuple[str, str]:
    name, sign, exercise = text.partition("=")
    if not sign or not name.strip():
        raise HeelwiseError(
            f"'{text}' is no answer like 'Toe press=Leg-press calf raise' (nothing after the sign: an exercise of your "
            "own). Nothing was changed."
        )
    known = resolve(exercise.strip())
    return name.strip(), known.exercise if known else exercise.strip()


def _absent(path: Path) -> Skipped:
    return Skipped(str(path), "There is no file or folder of this name.")


def followed(store: Store, athlete_id: int, paths: Sequence[Path], bar: Progress) -> ImportResult:
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
        result = import_paths(store, athlete_id, paths, step)
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
