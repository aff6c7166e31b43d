"""Starts the sync as a process of its own, and goes on with one that was cut off."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.errors import HeelwiseError
from connectors.late_imports import late_import
from connectors.store import Store, home_folder, open_store
from connectors.store.address import jobs_address
from connectors.store.token_vault import Vault, open_vault
from connectors.sync.key_service import FOLDERS
from connectors.sync.run import is_waiting
from connectors.sync.status import STRAVA, drop_stop, read_status
from dashboard.access.own_store import own_store
from dashboard.shared import crash_log, demo_start, jobs, unverified, upload_takeover, watched_folders

EVERY_S = 120.0
"""s between two looks for a sync that was cut off."""
NEWS_AFTER_S = 3600.0
"""s after which a start of the dashboard asks for new runs."""
LEASE = "background sync"
LEASE_S = 2.5 * EVERY_S
_started: dict[tuple[Path, int], subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


def begin_sync(store: Store, athlete_id: int) -> bool:
    """Start `heelwise sync` for a runner, unless one is under way.

    Hundreds of requests must outlive a page's rerun.
    """
    name = next((one.name for one in store.runners() if one.athlete_id == athlete_id), None)
    with _lock:
        if name is None or is_syncing(store, athlete_id):
            return False
        for service in (STRAVA, *FOLDERS):
            drop_stop(store, athlete_id, service=service)
        home = store.work_folder(athlete_id)
        given = ["--home", str(home), "--athlete", name]
        _started[home, athlete_id] = jobs.start_process(["sync", "--json", "--wait", *given])
    return True


def process_of(home: Path, athlete_id: int) -> subprocess.Popen[bytes] | None:
    """Return the process of the last sync that this dashboard started for a runner."""
    return _started.get((home, athlete_id))


def is_syncing(store: Store, athlete_id: int) -> bool:
    """Return whether a sync is going on or waiting for more requests, here or in another program.

    Only the process itself tells that it was killed.
    """
    process = _started.get((store.work_folder(athlete_id), athlete_id))
    if process is not None and process.poll() is None:
        return True
    # What the process of this server wrote last says nothing once it has ended.
    return process is None and any(
        now is not None and now.is_under_way
        for now in (read_status(store, athlete_id, one) for one in (STRAVA, *FOLDERS))
    )


def continue_sync(home: Path | None = None, wait: Callable[[float], object] = time.sleep) -> None:
    """Go on with every waiting sync: at the start of the dashboard, and when one was cut off.

    A history takes days of requests, and nobody should have to press a button each quarter hour.
    """
    folder = home or home_folder()
    is_start = True
    while True:
        try:
            with open_store(folder, jobs_address()) as store:
                # Of two servers on one store one looks after the syncs; the other does once that one has ended.
                if store.leases.keep(LEASE, LEASE_S):
                    store.finish_deletions()
                    continue_waiting(store, open_vault(folder), is_start)
                    is_start = False
        except HeelwiseError:
            is_start = True  # the page says what is wrong with the store or the vault; it may pass
        except Exception as error:  # a thread that dies must leave a trace
            crash_log.record_crash(folder, error)
            return
        wait(EVERY_S)


def continue_waiting(store: Store, vault: Vault, is_start: bool = False) -> list[int]:
    """Start every sync that was cut short, and forget what may be kept no longer.

    A sync that somebody stopped, or that has ended with an error, is left alone.
    """
    started = []
    for one in store.runners():
        if one.is_demo:
            continue
        store.name_runner(one.athlete_id)
        late_import("connectors.strava.retention").forget_expired(store, one.athlete_id, datetime.now(UTC))
        services = _linked(vault, one.athlete_id)
        is_due = any(_is_due(store, one.athlete_id, service, is_start) for service in services)
        if is_due and begin_sync(store, one.athlete_id):
            started.append(one.athlete_id)
    return started


def _linked(vault: Vault, athlete_id: int) -> list[str]:
    tokens = vault.read(athlete_id)
    is_read = tokens is not None and late_import("dashboard.strava_link.link").may_read(tokens.scopes)
    return [*([STRAVA] if is_read else []), *vault.keyed_services(athlete_id)]


def _is_due(store: Store, athlete_id: int, service: str, is_start: bool) -> bool:
    now = read_status(store, athlete_id, service)
    is_old = now is not None and now.state == "done" and time.time() - now.seen_s > NEWS_AFTER_S
    return is_waiting(store, athlete_id, service) or (is_start and is_old)


FIRST_PAGE_S = 6.0
"""s that a server's first page has the machine for itself before anything begins in the background."""


def warm_up() -> None:
    """Add the made-up runner to an empty store.

    The page waits for the same lock, so that nothing is done twice; what fails here fails again there.
    """
    home = home_folder()
    try:
        demo_start.show_demo(own_store(), home)
    except HeelwiseError:
        return  # the page opens the same store and says what is wrong with it
    except Exception as error:  # a thread that dies must leave a trace
        crash_log.record_crash(home, error)


def _begin_later(work: Callable[[], None], name: str) -> None:
    timer = threading.Timer(FIRST_PAGE_S, work)
    timer.name = name
    timer.daemon = True
    timer.start()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None, None]:
    """Begin the warm-up at once, and what else is done in the background once the first page is drawn."""
    threading.Thread(target=warm_up, name="heelwise-warm", daemon=True).start()
    _begin_later(unverified.check_in_background, "heelwise-check")
    _begin_later(continue_sync, "heelwise-sync")
    _begin_later(watched_folders.keep_watching, "heelwise-watch")
    if upload_takeover.is_of_several():
        given = (home_folder(), jobs.begin_job)
        threading.Thread(
            target=upload_takeover.keep_looking, args=given, name="heelwise-uploads", daemon=True
        ).start()
    yield
