"""Starts, stops and goes on with the sync: a process of its own, followed through the store."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from connectors.errors import HeelwiseError
from connectors.store import Job, Store, home_folder, open_store
from connectors.store.vault import Vault, open_vault
from connectors.strava import policy
from dashboard import incident, jobs, link

KIND = "sync"
EVERY_S = 15.0
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
        given = ["--home", str(store.home), "--athlete", name]
        _started[store.home, athlete_id] = jobs.beside(["sync", "--json", *given])
    return True


def is_under_way(store: Store, athlete_id: int) -> bool:
    """Tell whether a sync is going on, here or in another program.

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
    job = store.jobs.latest(athlete_id, KIND)
    return job is not None and job.is_running


def stop(store: Store, athlete_id: int) -> None:
    """Ask the sync to stop after the request it is making, and not to go on by itself.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.

    Source
    ------
    ours: what is stored stays, and going on begins where it stopped.
    """
    store.set_settings(athlete_id, {link.PAUSED: "1"})


def go_on(store: Store, athlete_id: int) -> bool:
    """Go on with a stopped sync, or begin one now.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.

    Returns
    -------
    bool
        As `begin`.

    Source
    ------
    ours: see `stop`.
    """
    store.set_settings(athlete_id, {link.PAUSED: None})
    return begin(store, athlete_id)


def waits_until(job: Job | None) -> datetime | None:
    """Tell when a sync that ran out of requests may go on.

    Parameters
    ----------
    job : Job or None
        The last one.

    Returns
    -------
    datetime or None
        Aware, UTC; None when nothing waits.

    Source
    ------
    ours: a sync never sleeps; it ends, and says from when on there is something to be had again.
    """
    if job is None or not job.result:
        return None
    until = json.loads(job.result).get("until")
    return None if until is None else datetime.fromisoformat(until).astimezone(UTC)


def share(job: Job | None) -> float:
    """Tell how far a sync is.

    Parameters
    ----------
    job : Job or None
        The last one.

    Returns
    -------
    float
        0 to 1; 0 while the total is not known.

    Source
    ------
    ours.
    """
    return min(1.0, job.done / job.total) if job is not None and job.total else 0.0


def step_in_words(job: Job | None) -> str:
    """Say what a sync is doing.

    Parameters
    ----------
    job : Job or None
        The last one.

    Returns
    -------
    str
        A few words.

    Source
    ------
    ours.
    """
    if job is None or job.finished_s is not None or not job.total:
        return "Asking Strava …"
    return f"{job.done:,} of {job.total:,} {job.message or 'recordings'}"


def in_words(store: Store, athlete_id: int, zone: tzinfo | None) -> list[str]:
    """Say where a sync stands: what is in, what is left, and when it goes on.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.
    zone : tzinfo or None
        Times are told in it; None is this machine's.

    Returns
    -------
    list of str
        Sentences; none before the first sync.

    Source
    ------
    ours.
    """
    job = store.jobs.latest(athlete_id, KIND)
    until = waits_until(job)
    if until is None:
        return []
    return [
        f"Strava allows no more requests for now. It goes on by itself at {until.astimezone(zone):%H:%M}."
    ]


def keep_going(home: Path | None = None, wait: Callable[[float], object] = time.sleep) -> None:
    """Go on with every waiting sync as soon as it may: at the start of the dashboard, and from then on.

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
    is_first = True
    while True:
        try:
            with open_store(folder) as store:
                continue_waiting(store, open_vault(folder), is_first)
        except HeelwiseError as error:
            incident.record(folder, error)  # the page says what is wrong with the store
        except Exception as error:  # a thread that dies must leave a trace
            incident.record(folder, error)
            return
        is_first = False
        wait(EVERY_S)


def continue_waiting(store: Store, vault: Vault, is_first: bool, now: datetime | None = None) -> list[int]:
    """Start every sync that is due; forget what has to be forgotten.

    Parameters
    ----------
    store, vault : Store, Vault
        Of the same folder.
    is_first : bool
        Whether the dashboard has just started: then each linked runner is synced once.
    now : datetime or None
        Aware; None is now.

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
    ours.
    """
    moment, started = now or datetime.now(UTC), []
    for one in store.runners():
        if one.is_demo:
            continue
        policy.forget_expired(store, one.athlete_id, moment)
        tokens = vault.read(one.athlete_id)
        if tokens is None or not link.may_read(tokens.scopes):
            continue
        until = waits_until(store.jobs.latest(one.athlete_id, KIND))
        is_due = is_first if until is None else until <= moment
        if is_due and not link.is_paused(store.settings(one.athlete_id)) and begin(store, one.athlete_id):
            started.append(one.athlete_id)
    return started
