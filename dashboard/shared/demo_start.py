"""What a first start shows: the made-up runner, until it is left; then it stays away."""

from __future__ import annotations

import threading
from pathlib import Path

from connectors.frames import ACTIVITY
from connectors.late_imports import late_import
from connectors.store import Runner, Store
from connectors.store.read_memory import unsettle

DEMO_LEFT = "demo_left"
_lock = threading.Lock()


def show_demo(store: Store, home: Path) -> Runner | None:
    """Add the made-up runner to a store that has no runner and never sent it away.

    A first start shows a full story without asking for anything.
    """
    with _lock:
        runners = store.runners()
        if runners and not _is_cut_short(store, runners):
            return store.runner()
        if (home / DEMO_LEFT).exists():
            return None
        return _add_demo(store)


def _is_cut_short(store: Store, runners: list[Runner]) -> bool:
    """Return whether an earlier start ended before the made-up runner had any run."""
    return len(runners) == 1 and runners[0].is_demo and not store.version(runners[0].athlete_id, ACTIVITY)


def is_being_made() -> bool:
    """Return whether the made-up runner is being added just now.

    A page that has to wait says for what.
    """
    return _lock.locked()


def wait_for_demo() -> None:
    """Wait until the made-up runner, if it is being added just now, is there in full.

    A page that looks in between would find a runner without runs.
    """
    with _lock:
        unsettle()


def leave_demo(store: Store, home: Path) -> None:
    """Delete the made-up runner with all that belongs to it, and remember that it was sent away.

    An example that comes back by itself would be taken for real data.
    """
    with _lock:
        (home / DEMO_LEFT).touch(mode=0o600)
        for runner in store.runners():
            if runner.is_demo:
                store.delete_runner(runner.athlete_id)


def bring_back_demo(store: Store, home: Path) -> Runner:
    """Add the made-up runner again, as asked."""
    with _lock:
        (home / DEMO_LEFT).unlink(missing_ok=True)
        return _add_demo(store)


def _add_demo(store: Store) -> Runner:
    """Import the making of the runner with the first one: a store that has one needs nothing of it."""
    return late_import("connectors.demo").add_demo(store)
