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
from connectors.ingest.pipeline import import_paths
from connectors.source import ImportResult, Progress, Skipped
from connectors.store import Store
from dashboard.commands.options import open_store_option, select_runner
from dashboard.data import import_report
from dashboard.shared.jobs import IMPORT_JOB

SECONDS_BETWEEN_STEPS = 0.25


def import_command(paths: Sequence[Path], home: Path | None, athlete: str | None, as_json: bool) -> None:
    """Import paths, show how far it is, and say what came of it."""
    there = [path.expanduser() for path in paths]
    missing = [path for path in there if not path.exists()]
    if len(missing) == len(there):
        names = ", ".join(str(path) for path in missing)
        if as_json:
            typer.echo(import_report.import_json(ImportResult(skipped=[_absent(path) for path in missing])))
        raise HeelwiseError(
            f"There is no file or folder called {names}. Nothing was changed; check the path."
        )
    store = open_store_option(home)
    runner = select_runner(store, athlete, create=True)
    with print_result(quiet=as_json) as bar:
        result = follow_progress(store, runner.athlete_id, there, bar)
    if as_json:
        typer.echo(import_report.import_json(result))
    else:
        typer.echo("\n".join(import_report.import_in_words(result)))
    if import_report.is_empty(result):
        reason = result.skipped[0].reason if result.skipped else "There was no file in it."
        raise HeelwiseError(f"Nothing came in: {reason}")


def _absent(path: Path) -> Skipped:
    return Skipped(str(path), "There is no file or folder of this name.")


def follow_progress(store: Store, athlete_id: int, paths: Sequence[Path], bar: Progress) -> ImportResult:
    """Import while keeping a job row in the store, which the Data page reads."""
    job = store.jobs.start(athlete_id, IMPORT_JOB)
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
    store.jobs.finish(job, result=import_report.import_json(result))
    return result


@contextmanager
def print_result(quiet: bool) -> Iterator[Progress]:
    """Show a progress bar on standard error when that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, message: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def step(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=message)

        yield step
