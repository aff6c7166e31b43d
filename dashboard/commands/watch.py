"""`heelwise watch`."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, current_thread, main_thread

import typer

from connectors.errors import HeelwiseError, RunnerForgotten, StoreError
from connectors.ingest.watched_folder import FolderWatch
from connectors.source import ImportResult
from connectors.store import Runner, Store
from dashboard.commands.import_ import SAME_RUNNER, follow_progress
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.data import import_report
from dashboard.shared.watched_folders import known_files

BEGUN = "Watching {folder} for {name}. Stop with Ctrl-C."
ENDED = "Stopped watching. What came in stays."
ABSENT = "{folder} is not there any more. Waiting for it to come back; nothing was changed."


def watch_command(folder: Path, home: Path | None, athlete: str | None, stop: Event | None = None) -> None:
    """Import what is put into a folder, as it comes, until somebody stops it."""
    watched = folder.expanduser().absolute()
    if not watched.is_dir():
        raise HeelwiseError(f"There is no folder called {watched}. Nothing was changed; check the path.")
    store = open_store_option(home)
    if store.home.is_relative_to(watched):
        raise HeelwiseError(
            f"Heelwise keeps its own data in {watched}, so it cannot be watched. Choose a folder beside it."
        )
    runner = select_runner(store, athlete, create=True)
    ended = stop or Event()
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
    typer.echo(BEGUN.format(folder=watched, name=runner.name))
    with suppress(KeyboardInterrupt):  # how a watch is meant to end
        FolderWatch(
            watched,
            known_files(store, runner),
            _bring_in(store, runner),
            is_wanted=lambda: runner.athlete_id in {one.athlete_id for one in store.runners()},
        ).run(ended, lambda: typer.echo(ABSENT.format(folder=watched), err=True))
    typer.echo(ENDED)


def _bring_in(store: Store, runner: Runner) -> Callable[[Sequence[Path]], bool]:
    printed: set[str] = set()

    def bring_in(paths: Sequence[Path]) -> bool:
        try:
            result = follow_progress(store, runner.athlete_id, paths, lambda done, total, message: None)
        except RunnerForgotten:
            return False  # the watch ends at its next look
        except StoreError as error:
            _say_once(printed, f"{error} The files are tried again later.")
            return False
        except HeelwiseError as error:
            typer.echo(f"{_clock()} {' '.join(str(error).split())}", err=True)
            return True
        printed.clear()
        for line in _lines(result, paths):
            typer.echo(f"{_clock()} {line}")
        return True

    return bring_in


def _lines(result: ImportResult, paths: Sequence[Path]) -> list[str]:
    names = ", ".join(path.name for path in paths[:3]) + (
        f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    )
    if result.held:
        return [f"{names}: {import_report.held_sentence(import_report.import_dict(result))} {SAME_RUNNER}"]
    if import_report.is_empty(result):
        return [f"{one.path}: {one.reason}" for one in result.skipped] or [
            f"{names}: Nothing was found in it."
        ]
    head = " ".join(import_report.headline(import_report.import_dict(result)))
    return [f"{names}: {head}", *(f"{one.path}: {one.reason}" for one in result.skipped)]


def _say_once(printed: set[str], sentence: str) -> None:
    if sentence not in printed:
        printed.add(sentence)
        typer.echo(f"{_clock()} {' '.join(sentence.split())}", err=True)


def _clock() -> str:
    return time.strftime("%H:%M")
