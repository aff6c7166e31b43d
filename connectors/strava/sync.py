"""A resumable pull from Strava: the list first, so that mileage, climb and shoes show at once, then recordings."""

# Every step can be cut off anywhere and goes on from there: what is stored is stored whole, and a bookmark
# moves only after it.

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.errors import (
    BudgetSpent,
    HeelwiseError,
    LockTaken,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)
from connectors.source import Progress
from connectors.store import Store
from connectors.store.after_import import assign_local_dates, record_duplicates
from connectors.store.file_lock import file_lock
from connectors.store.token_vault import StravaApp, Vault
from connectors.strava.client import StravaApi
from connectors.strava.oauth import fresh_tokens
from connectors.strava.rate_limit import RateLimiter
from connectors.strava.retention import forget_expired
from connectors.strava.sync_activities import ActivitySync
from connectors.strava.sync_context import BUDGET, StopAskedError, SyncContext
from connectors.strava.sync_recordings import RecordingSync
from connectors.strava.sync_shoes import GearSync
from connectors.strava.sync_status import STOP, SyncResult, SyncStatus, drop_stop, read_status, write_status

KIND = "sync"
STARTING_S = 30.0
"""A wish to stop that is older than this was meant for an earlier sync."""
TOKEN_TRUSTED_S = 20.0
"""So long a token is used before the vault is asked again."""
TRY_AGAIN_S = 300.0
"""s after which a sync that met a passing failure is worth another attempt."""


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


def sync(
    store: Store,
    vault: Vault,
    app: StravaApp | None,
    athlete_id: int,
    hooks: SyncHooks = NO_HOOKS,
) -> SyncResult:
    """Bring in what is new, changed or gone on Strava, as far as the requests go.

    Summaries cost one request for 200 runs, recordings one each.
    """
    with _alone(store, athlete_id):
        began = time.monotonic()
        context = _begin(store, vault, app, athlete_id, hooks)
        try:
            _steps(context)
            _end(context, began, "done")
        except StopAskedError:
            context.result.is_stopped = True
            _end(context, began, "stopped")
        except BudgetSpent as spent:
            context.result.waiting_until = spent.until
            _end(context, began, "waiting", until_s=spent.until.timestamp())
        except BaseException as error:
            _fail(context, error)
            raise
        return context.result


def _steps(context: SyncContext) -> None:
    forget_expired(context.store, context.athlete_id, context.now())
    fetcher = RecordingSync(context)
    context.report_progress(
        "activities", 0, None, at_once=True, state="listing", left=None, until_s=None, problem=None
    )
    pairs = GearSync(context)
    pairs.read_profile()
    lister = ActivitySync(context, pairs.swap)
    try:
        if lister.is_begun():
            lister.read_window()
        if lister.is_all_due():
            lister.read_all()
            fetcher.forgive()
    finally:
        _settle(context)
    fetcher.count_left()
    pairs.read_worn(lister.gear)
    pairs.read_zones()
    fetcher.fetch()
    _settle(context)


def _settle(context: SyncContext) -> None:
    assign_local_dates(context.store, context.athlete_id)
    record_duplicates(context.store, context.athlete_id)


def _begin(
    store: Store,
    vault: Vault,
    app: StravaApp | None,
    athlete_id: int,
    hooks: SyncHooks,
) -> SyncContext:
    limiter = RateLimiter(_stored_limits(store), hooks.clock)
    token = _Token(vault, app, athlete_id, hooks.clock)
    token(None)  # without a link there is nothing to begin
    drop_stop(store, athlete_id, STARTING_S)
    return SyncContext(
        store,
        athlete_id,
        StravaApi(token, limiter, wait=hooks.wait),
        limiter,
        hooks.clock,
        hooks.progress,
        hooks.should_stop,
        store.jobs.start(athlete_id, KIND),
        replace(read_status(store, athlete_id) or SyncStatus(), finish_s=None),
    )


def _end(context: SyncContext, began: float, state: str, until_s: float | None = None) -> None:
    left, result = context.budget.remaining(), context.result
    result.requests = context.budget.acquired
    result.window_left, result.day_left = left.window, left.day
    result.seconds = time.monotonic() - began
    context.store.set_bookmarks(context.athlete_id, {BUDGET: context.budget.state(), STOP: None})
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


def _fail(context: SyncContext, error: BaseException) -> None:
    """Record why, as far as the store still can."""
    known = isinstance(error, HeelwiseError)
    sentence = str(error) if known else "The sync was cut off. What came in stays; sync again to go on."
    # What cut the sync off may be the store itself: the first failure is the one to tell of.
    with suppress(HeelwiseError):
        context.store.set_bookmarks(context.athlete_id, {BUDGET: context.budget.state(), STOP: None})
        state, until_s = _after(error, context.clock())
        now = replace(context.status, state=state, problem=sentence, until_s=until_s)
        write_status(context.store, context.athlete_id, now)
        context.store.jobs.finish(context.job_id, error=sentence)


def _after(error: BaseException, now_s: float) -> tuple[str, float | None]:
    """State after a failure, and when to try again where it may pass by itself."""
    if isinstance(error, StravaUnreachable | StravaTroubled):
        return "waiting", now_s + TRY_AGAIN_S
    if isinstance(error, KeyboardInterrupt):
        return "stopped", None
    return ("failed" if isinstance(error, HeelwiseError) else "waiting"), None


def _stored_limits(store: Store) -> str | None:
    """The count of requests belongs to the app: of all runners' counts the latest and highest holds."""
    states = [store.bookmarks(runner.athlete_id).get(BUDGET) for runner in store.runners()]
    return max((text for text in states if text), key=_age, default=None)


def sync_lock(store: Store, athlete_id: int) -> Path:
    """Return the file that a sync locks, for those who must not run beside one."""
    return store.home / f"sync-{athlete_id}.lock"


def _age(state: str) -> tuple[int, ...]:
    """Later counts of requests, and of one day those that are higher, sort higher."""
    try:
        known = json.loads(state)
        return tuple(int(n) for n in (*reversed(known["number"]), *reversed(known["used"][1])))
    except (ValueError, TypeError, KeyError, IndexError):
        return ()


@contextmanager
def _alone(store: Store, athlete_id: int) -> Iterator[None]:
    """Hold the runner's lock, so that no two syncs fetch the same."""
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(sync_lock(store, athlete_id), wait_s=0.2))
        except LockTaken as error:
            raise StravaError(
                "Another sync of this runner is under way. Nothing was changed. Wait until it is done."
            ) from error
        stack.enter_context(store.working(athlete_id))
        yield


class _Token:
    """Return the access token, asking the vault only now and then."""

    def __init__(
        self, vault: Vault, app: StravaApp | None, athlete_id: int, clock: Callable[[], float]
    ) -> None:
        self._vault, self._app, self._athlete_id, self._clock = vault, app, athlete_id, clock
        self._token, self._asked = "", -TOKEN_TRUSTED_S

    def __call__(self, spent: str | None) -> str:
        now = time.monotonic()
        if spent is not None or not self._token or now - self._asked > TOKEN_TRUSTED_S:
            tokens = fresh_tokens(self._vault, self._app, self._athlete_id, self._clock(), spent)
            self._token, self._asked = tokens.access_token, now
        return self._token


PATIENCE_S = (60.0, 300.0, 900.0, 1_800.0)
"""s to wait before another attempt while Strava cannot be reached; the last again and again."""
HEARTBEAT_S = 20.0


def sync_until_done(
    store: Store,
    vault: Vault,
    app: StravaApp | None,
    athlete_id: int,
    hooks: SyncHooks = NO_HOOKS,
) -> SyncResult:
    """Go on until everything is in, waiting for Strava's limits and for the network in between.

    A process of its own that can be stopped at any second; no call to Strava waits for hours.
    """
    troubles = 0
    while True:
        try:
            result = sync(store, vault, app, athlete_id, hooks)
        except (StravaUnreachable, StravaTroubled) as error:
            until = hooks.clock() + PATIENCE_S[min(troubles, len(PATIENCE_S) - 1)]
            troubles += 1
            if not _wait(store, athlete_id, until, hooks, str(error)):
                raise
            continue
        if result.waiting_until is None:
            return result
        troubles = 0
        if not _wait(store, athlete_id, result.waiting_until.timestamp(), hooks, None):
            result.is_stopped = True
            return result


def is_waiting(store: Store, athlete_id: int) -> bool:
    """Return whether a sync was cut short and nobody stopped it, so that a start of the dashboard should go on.

    "the rest arrives by itself".
    """
    now = read_status(store, athlete_id)
    if now is None or now.state not in ("listing", "recordings", "waiting") or now.is_under_way:
        return False
    return now.until_s is None or time.time() >= now.until_s


def _wait(
    store: Store,
    athlete_id: int,
    until_s: float,
    hooks: SyncHooks,
    problem: str | None,
) -> bool:
    """Wait in small steps, with a sign of life; False when somebody asked to stop."""
    last = 0.0
    while (now := hooks.clock()) < until_s:
        store.raise_if_forgotten(athlete_id)
        if hooks.should_stop() or STOP in store.bookmarks(athlete_id):
            store.set_bookmarks(athlete_id, {STOP: None})
            write_status(store, athlete_id, replace(_status(store, athlete_id), state="stopped"))
            return False
        if not last or now - last >= HEARTBEAT_S:
            last = now
            waiting = replace(_status(store, athlete_id), state="waiting", until_s=until_s, problem=problem)
            write_status(store, athlete_id, waiting)
        hooks.wait(min(1.0, until_s - now))
    return True


def _status(store: Store, athlete_id: int) -> SyncStatus:
    return read_status(store, athlete_id) or SyncStatus()
