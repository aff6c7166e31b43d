"""One run of a sync, whichever service it asks: its lock, its end, its failure, and waiting for the next."""

# Every step can be cut off anywhere and goes on from there: what is stored is stored whole, and a bookmark
# moves only after it.

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.errors import (
    HeelwiseError,
    LockTaken,
    RequestsSpent,
    ServiceError,
    ServiceTroubled,
    ServiceUnreachable,
)
from connectors.source import Progress
from connectors.store import Store
from connectors.store.after_import import assign_local_dates, record_duplicates
from connectors.store.file_lock import file_lock
from connectors.sync.context import Api, StopAskedError, SyncContext
from connectors.sync.status import (
    BUDGET,
    STOP,
    STRAVA,
    SyncResult,
    SyncStatus,
    bookmark,
    read_status,
    write_status,
)

KIND = "sync"
STARTING_S = 30.0
"""A wish to stop that is older than this was meant for an earlier sync."""
TRY_AGAIN_S = 300.0
"""s after which a sync that met a passing failure is worth another attempt."""
PATIENCE_S = (60.0, 300.0, 900.0, 1_800.0)
"""s to wait before another attempt while a service cannot be reached; the last again and again."""
HEARTBEAT_S = 20.0


def _silent(done: int, total: int, word: str) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class SyncHooks:
    """Who watches and stops a sync, and its clock."""

    progress: Progress = _silent
    should_stop: Callable[[], bool] = _never
    clock: Callable[[], float] = time.time
    wait: Callable[[float], object] = time.sleep


NO_HOOKS = SyncHooks()


def run_steps(
    service: str,
    store: Store,
    athlete_id: int,
    begin: Callable[[], SyncContext[Api]],
    steps: Callable[[SyncContext[Api]], None],
) -> SyncResult:
    """Run the steps of one sync alone, and record how it ended."""
    with _alone(store, athlete_id, service):
        began = time.monotonic()
        context = begin()
        try:
            steps(context)
            _end(context, began, "done")
        except StopAskedError:
            context.result.is_stopped = True
            _end(context, began, "stopped")
        except RequestsSpent as spent:
            context.result.waiting_until = spent.until
            _end(context, began, "waiting", until_s=spent.until.timestamp())
        except BaseException as error:
            _fail(context, error)
            raise
        return context.result


def match_runs(context: SyncContext[Api]) -> None:
    """Assign local dates and record which rows are one run, after rows came in."""
    assign_local_dates(context.store, context.athlete_id)
    record_duplicates(context.store, context.athlete_id)


def sync_lock(store: Store, athlete_id: int, service: str = STRAVA) -> Path:
    """Return the file that a sync locks, for those who must not run beside one."""
    suffix = "" if service == STRAVA else f"-{service}"
    return store.work_folder(athlete_id) / f"sync-{athlete_id}{suffix}.lock"


def repeat_until_done(
    service: str, store: Store, athlete_id: int, once: Callable[[], SyncResult], hooks: SyncHooks = NO_HOOKS
) -> SyncResult:
    """Go on until everything is in, waiting for the service's limits and for the network in between.

    A process of its own that can be stopped at any second; no call to a service waits for hours.
    """
    troubles = 0
    while True:
        try:
            result = once()
        except (ServiceUnreachable, ServiceTroubled) as error:
            until = hooks.clock() + PATIENCE_S[min(troubles, len(PATIENCE_S) - 1)]
            troubles += 1
            if not _wait(service, store, athlete_id, until, hooks, str(error)):
                raise
            continue
        if result.waiting_until is None:
            return result
        troubles = 0
        if not _wait(service, store, athlete_id, result.waiting_until.timestamp(), hooks, None):
            result.is_stopped = True
            return result


def is_waiting(store: Store, athlete_id: int, service: str = STRAVA) -> bool:
    """Return whether a sync was cut short and nobody stopped it, so that a start of the dashboard should go on.

    "the rest arrives by itself".
    """
    now = read_status(store, athlete_id, service)
    if now is None or now.state not in ("listing", "recordings", "waiting") or now.is_under_way:
        return False
    return now.until_s is None or time.time() >= now.until_s


def _end(context: SyncContext[Api], began: float, state: str, until_s: float | None = None) -> None:
    left, result = context.budget.remaining(), context.result
    result.requests = context.budget.acquired
    result.window_left, result.day_left = left.window, left.day
    result.seconds = time.monotonic() - began
    _keep_budget(context)
    total = None if result.left is None else context.status.recordings + result.left
    context.report_progress(
        state,
        context.status.recordings,
        total,
        at_once=True,
        state=state,
        left=result.left,
        until_s=until_s,
    )
    context.store.jobs.finish(context.job_id, result=result.as_json())


def _fail(context: SyncContext[Api], error: BaseException) -> None:
    """Record why, as far as the store still can."""
    known = isinstance(error, HeelwiseError)
    sentence = str(error) if known else "The sync was cut off. What came in stays; sync again to go on."
    # What cut the sync off may be the store itself: the first failure is the one to tell of.
    with suppress(HeelwiseError):
        _keep_budget(context)
        state, until_s = _after(error, context.clock())
        now = replace(context.status, state=state, problem=sentence, until_s=until_s)
        write_status(context.store, context.athlete_id, now, context.service)
        context.store.jobs.finish(context.job_id, error=sentence)


def _keep_budget(context: SyncContext[Api]) -> None:
    """Write the count of requests, and take away the wish to stop, which was met."""
    values = {context.name(BUDGET): context.budget.state(), context.name(STOP): None}
    context.store.set_bookmarks(context.athlete_id, values)


def _after(error: BaseException, now_s: float) -> tuple[str, float | None]:
    """State after a failure, and when to try again where it may pass by itself."""
    if isinstance(error, ServiceUnreachable | ServiceTroubled):
        return "waiting", now_s + TRY_AGAIN_S
    if isinstance(error, KeyboardInterrupt):
        return "stopped", None
    return ("failed" if isinstance(error, HeelwiseError) else "waiting"), None


@contextmanager
def _alone(store: Store, athlete_id: int, service: str) -> Iterator[None]:
    """Hold the lock of a runner's service, so that no two syncs fetch the same."""
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(sync_lock(store, athlete_id, service), wait_s=0.2))
        except LockTaken as error:
            raise ServiceError(
                "Another sync of this runner is under way. Nothing was changed. Wait until it is done."
            ) from error
        stack.enter_context(store.working(athlete_id))
        yield


def _wait(
    service: str,
    store: Store,
    athlete_id: int,
    until_s: float,
    hooks: SyncHooks,
    problem: str | None,
) -> bool:
    """Wait in small steps, with a sign of life; False when somebody asked to stop."""
    last = 0.0
    stop = bookmark(service, STOP)
    while (now := hooks.clock()) < until_s:
        store.raise_if_forgotten(athlete_id)
        status = read_status(store, athlete_id, service) or SyncStatus()
        if hooks.should_stop() or stop in store.bookmarks(athlete_id):
            store.set_bookmarks(athlete_id, {stop: None})
            write_status(store, athlete_id, replace(status, state="stopped"), service)
            return False
        if not last or now - last >= HEARTBEAT_S:
            last = now
            waiting = replace(status, state="waiting", until_s=until_s, problem=problem)
            write_status(store, athlete_id, waiting, service)
        hooks.wait(min(1.0, until_s - now))
    return True
