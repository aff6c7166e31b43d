"""A sync that goes on by itself: over Strava's limits, and over hours without a network."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from connectors.errors import StravaTroubled, StravaUnreachable
from connectors.source import Progress
from connectors.store import Store
from connectors.store.vault import App, Vault
from connectors.strava.standing import STOP, Standing, SyncResult, standing, write_standing
from connectors.strava.sync import Ways, sync

PATIENCE_S = (60.0, 300.0, 900.0, 1_800.0)
"""s to wait before another attempt while Strava cannot be reached; the last again and again."""
HEARTBEAT_S = 20.0


def sync_until_done(
    store: Store,
    vault: Vault,
    app: App | None,
    athlete_id: int,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    ways: Ways | None = None,
) -> SyncResult:
    """Go on until everything is in, waiting for Strava's limits and for the network in between.

    Parameters
    ----------
    store, vault, app, athlete_id, progress, should_stop, ways
        As for `sync`.

    Returns
    -------
    SyncResult
        Of the last round.

    Raises
    ------
    StravaError
        What does not pass by waiting.
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours: a process of its own that can be stopped at any second; no call to Strava waits for hours.
    """
    ways, stop = ways or Ways(), should_stop or _never
    troubles = 0
    while True:
        try:
            result = sync(store, vault, app, athlete_id, progress, stop, ways)
        except (StravaUnreachable, StravaTroubled) as error:
            until = ways.clock() + PATIENCE_S[min(troubles, len(PATIENCE_S) - 1)]
            troubles += 1
            if not _wait(store, athlete_id, until, stop, ways, str(error)):
                raise
            continue
        if result.waiting_until is None:
            return result
        troubles = 0
        if not _wait(store, athlete_id, result.waiting_until.timestamp(), stop, ways, None):
            result.is_stopped = True
            return result


def is_waiting(store: Store, athlete_id: int) -> bool:
    """Tell whether a sync was cut short and nobody stopped it, so that a start of the dashboard should go on.

    Parameters
    ----------
    store : Store
        Where it is written.
    athlete_id : int
        Whose.

    Returns
    -------
    bool
        False when there never was a sync, the last one is done, failed for good or was stopped, one is under way,
        or it is too early for another.

    Source
    ------
    ours: "the rest arrives by itself".
    """
    now = standing(store, athlete_id)
    if now is None or now.state not in ("listing", "recordings", "waiting") or now.is_under_way:
        return False
    return now.until_s is None or time.time() >= now.until_s


def _wait(
    store: Store, athlete_id: int, until_s: float, stop: Callable[[], bool], ways: Ways, problem: str | None
) -> bool:
    """Wait in small steps, with a sign of life; False when somebody asked to stop."""
    last = 0.0
    while (now := ways.clock()) < until_s:
        if stop() or STOP in store.bookmarks(athlete_id):
            store.set_bookmarks(athlete_id, {STOP: None})
            write_standing(store, athlete_id, replace(_standing(store, athlete_id), state="stopped"))
            return False
        if not last or now - last >= HEARTBEAT_S:
            last = now
            waiting = replace(_standing(store, athlete_id), state="waiting", until_s=until_s, problem=problem)
            write_standing(store, athlete_id, waiting)
        ways.wait(min(1.0, until_s - now))
    return True


def _standing(store: Store, athlete_id: int) -> Standing:
    return standing(store, athlete_id) or Standing()


def _never() -> bool:
    return False
