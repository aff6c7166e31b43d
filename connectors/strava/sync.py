"""A resumable pull from Strava: the list first, so that mileage, climb and shoes show at once, then recordings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

from connectors.store import Store
from connectors.store.token_vault import StravaApp, Vault
from connectors.strava.client import StravaApi
from connectors.strava.oauth import fresh_tokens
from connectors.strava.rate_limit import RateLimiter
from connectors.strava.retention import forget_expired
from connectors.strava.sync_activities import ActivitySync
from connectors.strava.sync_recordings import RecordingSync
from connectors.strava.sync_shoes import GearSync
from connectors.sync.context import SyncContext
from connectors.sync.run import (
    KIND,
    NO_HOOKS,
    STARTING_S,
    SyncHooks,
    match_runs,
    repeat_until_done,
    run_steps,
)
from connectors.sync.status import BUDGET, STRAVA, SyncResult, SyncStatus, bookmark, drop_stop, read_status

TOKEN_TRUSTED_S = 20.0
"""So long a token is used before the vault is asked again."""


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
    return run_steps(STRAVA, store, athlete_id, lambda: _begin(store, vault, app, athlete_id, hooks), _steps)


def sync_until_done(
    store: Store,
    vault: Vault,
    app: StravaApp | None,
    athlete_id: int,
    hooks: SyncHooks = NO_HOOKS,
) -> SyncResult:
    """Go on until everything is in; see `repeat_until_done`."""
    return repeat_until_done(
        STRAVA, store, athlete_id, lambda: sync(store, vault, app, athlete_id, hooks), hooks
    )


def _steps(context: SyncContext[StravaApi]) -> None:
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
        match_runs(context)
    fetcher.count_left()
    pairs.read_worn(lister.gear)
    pairs.read_zones()
    fetcher.fetch()
    match_runs(context)


def _begin(
    store: Store,
    vault: Vault,
    app: StravaApp | None,
    athlete_id: int,
    hooks: SyncHooks,
) -> SyncContext[StravaApi]:
    limiter = RateLimiter(_stored_limits(store), hooks.clock)
    token = _Token(vault, app, athlete_id, hooks.clock)
    token(None)  # without a link there is nothing to begin
    drop_stop(store, athlete_id, STARTING_S)
    return SyncContext(
        STRAVA,
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


def _stored_limits(store: Store) -> str | None:
    """The count of requests belongs to the app: of all runners' counts the latest and highest holds."""
    name = bookmark(STRAVA, BUDGET)
    states = [store.bookmarks(runner.athlete_id).get(name) for runner in store.runners()]
    return max((text for text in states if text), key=_age, default=None)


def _age(state: str) -> tuple[int, ...]:
    """Later counts of requests, and of one day those that are higher, sort higher."""
    try:
        known = json.loads(state)
        return tuple(int(n) for n in (*reversed(known["number"]), *reversed(known["used"][1])))
    except (ValueError, TypeError, KeyError, IndexError):
        return ()


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
