"""Folders that the dashboard watches while it runs: one a runner, chosen on the Data page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from connectors.errors import HeelwiseError
from connectors.late_imports import late_import
from connectors.store import Runner, Store, home_folder, open_store
from connectors.store.address import jobs_address
from connectors.store.jobs import IMPORT_JOB
from dashboard.shared import crash_log, jobs


def known_files(store: Store, runner: Runner) -> Callable[[], set[str]]:
    """Return what lists the digests of files that are in, or were taken back."""
    athlete_id = runner.athlete_id
    return lambda: store.imported_digests(athlete_id) | store.taken_back_digests(athlete_id).keys()


FOLDER = "watch.folder"
"""Bookmark: the folder, a place on this machine, so that no backup carries it to another."""
EVERY_S = 30.0
"""s between two looks at what was chosen by another process; what is chosen here is looked at at once."""
LEASE, LEASE_S = "watched folders", 60.0
NO_ROLE = (
    "This server sees no record that nobody is signed in for, so it could not import from a folder. Nothing was "
    "changed. Start it with HEELWISE_JOBS_DATABASE, as docs/clinic.md says, or run `heelwise watch` on its shell."
)


_is_chosen = threading.Event()


@dataclass
class _Watching:
    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)


def watched_folder(store: Store, athlete_id: int) -> Path | None:
    """Return the folder that is watched for a runner; None where none is."""
    chosen = store.bookmarks(athlete_id).get(FOLDER)
    return Path(chosen) if chosen else None


def forget_folder(store: Store, athlete_id: int) -> None:
    """Watch no folder for a runner from now on."""
    store.set_bookmarks(athlete_id, {FOLDER: None})
    look_again()


def choose_folder(store: Store, athlete_id: int, typed: str) -> None:
    """Watch a folder from now on; raises `HeelwiseError` with a sentence where it cannot be watched."""
    folder = Path(typed.strip().strip("\"'")).expanduser().absolute()
    if not typed.strip() or not folder.is_dir():
        raise HeelwiseError("There is no folder of that name on this machine. Nothing was changed.")
    if store.home.is_relative_to(folder):
        raise HeelwiseError(
            "Heelwise keeps its own data in there. Nothing was changed; choose another folder."
        )
    if store.is_partial() and jobs_address() is None:
        raise HeelwiseError(NO_ROLE)
    store.set_bookmarks(athlete_id, {FOLDER: str(folder)})
    look_again()


def look_again() -> None:
    """Look at what is chosen now: somebody was forgotten, or chose another folder."""
    _is_chosen.set()


def wait_for_choice(most_s: float) -> None:
    """Wait until a folder is chosen or let go of in this process, or for so many s."""
    _is_chosen.wait(most_s)
    _is_chosen.clear()


def keep_watching(home: Path | None = None, wait: Callable[[float], object] = wait_for_choice) -> None:
    """Watch what is chosen for each runner, for as long as the server runs; a thread of its own for each folder."""
    folder = home or home_folder()
    running: dict[int, _Watching] = {}
    while True:
        try:
            with suppress(HeelwiseError):  # the page says what is wrong with the store; it may pass
                with open_store(folder, jobs_address()) as store:
                    chosen = {one: path for one in store.runners() if (path := _of(store, one)) is not None}
                    # Of two servers on one store one watches; where nothing is chosen there is nothing to agree on.
                    if chosen and not store.leases.keep(LEASE, LEASE_S):
                        chosen = {}
                _follow(folder, running, chosen)
        except Exception as error:  # a thread that dies must leave a trace
            crash_log.record_crash(folder, error)
            return
        wait(EVERY_S)


def _of(store: Store, runner: Runner) -> Path | None:
    if runner.is_demo or runner.is_archived:
        return None
    store.name_runner(runner.athlete_id)
    return watched_folder(store, runner.athlete_id)


def _follow(home: Path, running: dict[int, _Watching], chosen: dict[Runner, Path]) -> None:
    wanted = {runner.athlete_id: path for runner, path in chosen.items()}
    for athlete_id, watching in list(running.items()):
        if wanted.get(athlete_id) != watching.folder:
            watching.stop.set()
            del running[athlete_id]
    for runner, path in chosen.items():
        if runner.athlete_id not in running:
            watching = running[runner.athlete_id] = _Watching(path)
            name = f"heelwise-watch-{runner.athlete_id}"
            threading.Thread(target=_watch, args=(home, runner, watching), name=name, daemon=True).start()


def _watch(home: Path, runner: Runner, watching: _Watching) -> None:
    try:
        with open_store(home, jobs_address()) as store:
            store.name_runner(runner.athlete_id)
            watched = late_import("connectors.ingest.watched_folder")
            watch = watched.FolderWatch(watching.folder, known_files(store, runner), _importer(store, runner))
            watch.run(watching.stop)
    except Exception as error:  # a thread that dies must leave a trace
        crash_log.record_crash(home, error)


def _importer(store: Store, runner: Runner) -> Callable[[Sequence[Path]], bool]:
    """Import in a process of its own, as an import from the page is; not beside one that is under way."""

    def bring_in(paths: Sequence[Path]) -> bool:
        is_there = any(one.athlete_id == runner.athlete_id for one in store.runners())
        if not is_there or jobs.running_job(store.home, runner.athlete_id):
            return False
        jobs.begin_job(store.home, runner.name, runner.athlete_id, paths).process.wait()
        job = store.jobs.latest(runner.athlete_id, IMPORT_JOB)
        return job is not None and not job.error

    return bring_in
