"""Starts the sync as a process of its own, and goes on with one that was cut off."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import HeelwiseError
from connectors.store import Store, home_folder, open_store
from connectors.store.vault import Vault, open_vault
from connectors.strava import policy
from connectors.strava.patience import is_waiting
from connectors.strava.standing import drop_stop, standing
from dashboard import incident, jobs, link

EVERY_S = 120.0
"""s between two looks for a sync that was cut off."""
NEWS_AFTER_S = 3600.0
"""s after which a start of the dashboard asks for new runs."""
_started: dict[tuple[Path, int], subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


def begin(store: Store, athlete_id: int) -> bool:
    """Start `heelwise sync` for a runner, unless one is under way.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.

    Returns
    -------
    bool
        True when one was started.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours: hundreds of requests must outlive a page's rerun.
    """
    name = next((one.name for one in store.runners() if one.athlete_id == athlete_id), None)
    with _lock:
        if name is None or is_under_way(store, athlete_id):
            return False
        drop_stop(store, athlete_id)
        given = ["--home", str(store.home), "--athlete", name]
        _started[store.home, athlete_id] = jobs.beside(["sync", "--json", "--wait", *given])
    return True


def is_under_way(store: Store, athlete_id: int) -> bool:
    """Tell whether a sync is going on or waiting for more requests, here or in another program.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.

    Returns
    -------
    bool
        True while a process started here lives, or another one has said something lately.

    Source
    ------
    ours: only the process itself tells that it was killed.
    """
    process = _started.get((store.home, athlete_id))
    if process is not None and process.poll() is None:
        return True
    now = standing(store, athlete_id)
    # What the process of this server wrote last says nothing once it has ended.
    return process is None and now is not None and now.is_under_way


def keep_going(home: Path | None = None, wait: Callable[[float], object] = time.sleep) -> None:
    """Go on with every waiting sync: at the start of the dashboard, and when one was cut off.

    Parameters
    ----------
    home : Path or None
        Folder of the store; None is this process's.
    wait : callable
        Waits so many s; for tests. Returns for ever; run it in a thread that ends with the server.

    Source
    ------
    ours: a history takes days of requests, and nobody should have to press a button each quarter hour.
    """
    folder = home or home_folder()
    is_start = True
    while True:
        try:
            with open_store(folder) as store:
                continue_waiting(store, open_vault(folder), is_start)
            is_start = False
        except HeelwiseError:
            is_start = True  # the page says what is wrong with the store or the vault; it may pass
        except Exception as error:  # a thread that dies must leave a trace
            incident.record(folder, error)
            return
        wait(EVERY_S)


def continue_waiting(store: Store, vault: Vault, is_start: bool = False) -> list[int]:
    """Start every sync that was cut short, and forget what may be kept no longer.

    Parameters
    ----------
    store, vault : Store, Vault
        Of the same folder.
    is_start : bool
        Whether the dashboard has just started: then what is new since the last hour is asked for, too.

    Returns
    -------
    list of int
        Runners whose sync was started.

    Raises
    ------
    HeelwiseError
        When the store or the vault cannot be read.

    Source
    ------
    ours: a sync that somebody stopped, or that has ended with an error, is left alone.
    """
    started = []
    for one in store.runners():
        if one.is_demo:
            continue
        policy.forget_expired(store, one.athlete_id, datetime.now(UTC))
        tokens = vault.read(one.athlete_id)
        if tokens is None or not link.may_read(tokens.scopes):
            continue
        now = standing(store, one.athlete_id)
        is_old = now is not None and now.state == "done" and time.time() - now.seen_s > NEWS_AFTER_S
        is_due = is_waiting(store, one.athlete_id) or (is_start and is_old)
        if is_due and begin(store, one.athlete_id):
            started.append(one.athlete_id)
    return started
