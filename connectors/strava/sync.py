"""A resumable pull from Strava: the list first, so that mileage, climb and shoes show at once, then recordings.

Every step can be cut off anywhere and goes on from there: what is stored is stored whole, and a bookmark moves
only after it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.errors import (
    BudgetSpent,
    HeelwiseError,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
    VaultUnreadable,
)
from connectors.intake import settle_days, settle_matches
from connectors.source import Progress
from connectors.store import Store
from connectors.store.turns import turn_at
from connectors.store.vault import App, Vault
from connectors.strava.api import Api
from connectors.strava.budget import Budget
from connectors.strava.fetching import Fetcher
from connectors.strava.listing import Lister
from connectors.strava.oauth import fresh_tokens
from connectors.strava.pairs import Pairs
from connectors.strava.policy import forget_expired
from connectors.strava.standing import STOP, Standing, SyncResult, drop_stop, standing, write_standing
from connectors.strava.under_way import BUDGET, StopAskedError, UnderWay

KIND = "sync"
STARTING_S = 30.0
"""A wish to stop that is older than this was meant for an earlier sync."""
TOKEN_TRUSTED_S = 20.0
"""So long a token is used before the vault is asked again."""
TRY_AGAIN_S = 300.0
"""s after which a sync that met a passing failure is worth another attempt."""


@dataclass(frozen=True)
class Ways:
    """What a test may put in the place of the world.

    Parameters
    ----------
    clock
        s since 1970-01-01 UTC.
    wait
        Waits so many s.
    """

    clock: Callable[[], float] = time.time
    wait: Callable[[float], object] = time.sleep


def sync(
    store: Store,
    vault: Vault,
    app: App | None,
    athlete_id: int,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    ways: Ways | None = None,
) -> SyncResult:
    """Bring in what is new, changed or gone on Strava, as far as the requests go.

    Parameters
    ----------
    store : Store
        Where it goes.
    vault : Vault
        Holds the runner's tokens.
    app : App or None
        Client id and secret; None is enough while the access token is good.
    athlete_id : int
        Whose it is.
    progress : callable or None
        Called with what is done, what there is in all (0 unknown), and one word on the step.
    should_stop : callable or None
        Asked before each request; what is in then stays.
    ways : Ways or None
        For tests.

    Returns
    -------
    SyncResult
        What came of it. Where the requests did not suffice, `waiting_until` says when there are more; the next call
        goes on from there.

    Raises
    ------
    StravaError
        NotLinked, LinkEnded, ScopeMissing, AppUnknown, AppInactive, AthleteLimit, StravaUnreachable, StravaTroubled,
        or another sync of this runner under way. What came in before stays.
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours: summaries cost one request for 200 runs, recordings one each.
    """
    ways = ways or Ways()
    with _alone(store, athlete_id):
        began = time.monotonic()
        way = _begin(store, vault, app, athlete_id, progress, should_stop, ways)
        try:
            _steps(way)
            _end(way, began, "done")
        except StopAskedError:
            way.result.is_stopped = True
            _end(way, began, "stopped")
        except BudgetSpent as spent:
            way.result.waiting_until = spent.until
            _end(way, began, "waiting", until_s=spent.until.timestamp())
        except BaseException as error:
            _fail(way, error)
            raise
        return way.result


def _steps(way: UnderWay) -> None:
    forget_expired(way.store, way.athlete_id, way.now())
    fetcher = Fetcher(way)
    way.say("activities", 0, None, at_once=True, state="listing", left=None, until_s=None, problem=None)
    pairs = Pairs(way)
    pairs.read_profile()
    lister = Lister(way, pairs.swap)
    try:
        if lister.is_begun():
            lister.read_window()
        if lister.is_all_due():
            lister.read_all()
            fetcher.forgive()
    finally:
        _settle(way)
    fetcher.count_left()
    pairs.read_worn(lister.gear)
    pairs.read_zones()
    fetcher.fetch()
    _settle(way)


def _settle(way: UnderWay) -> None:
    settle_days(way.store, way.athlete_id)
    settle_matches(way.store, way.athlete_id)


def _begin(
    store: Store,
    vault: Vault,
    app: App | None,
    athlete_id: int,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
    ways: Ways,
) -> UnderWay:
    budget = Budget(_kept_budget(store), ways.clock)
    token = _Token(vault, app, athlete_id, ways.clock)
    token(None)  # without a link there is nothing to begin
    drop_stop(store, athlete_id, STARTING_S)
    return UnderWay(
        store,
        athlete_id,
        Api(token, budget, wait=ways.wait),
        budget,
        ways.clock,
        progress or _silent,
        should_stop or _never,
        store.jobs.start(athlete_id, KIND),
        replace(standing(store, athlete_id) or Standing(), finish_s=None),
    )


def _end(way: UnderWay, began: float, state: str, until_s: float | None = None) -> None:
    left, result = way.budget.left(), way.result
    result.requests = way.budget.taken
    result.window_left, result.day_left = left.window, left.day
    result.seconds = time.monotonic() - began
    way.store.set_bookmarks(way.athlete_id, {BUDGET: way.budget.state(), STOP: None})
    total = None if result.left is None else way.standing.recordings + result.left
    way.say(
        state, way.standing.recordings, total, at_once=True, state=state, left=result.left, until_s=until_s
    )
    way.store.jobs.finish(way.job_id, result=result.as_json())


def _fail(way: UnderWay, error: BaseException) -> None:
    """Say why, as far as the store still can."""
    known = isinstance(error, HeelwiseError)
    sentence = str(error) if known else "The sync was cut off. What came in stays; sync again to go on."
    # What cut the sync off may be the store itself: the first failure is the one to tell of.
    with suppress(HeelwiseError):
        way.store.set_bookmarks(way.athlete_id, {BUDGET: way.budget.state(), STOP: None})
        state, until_s = _after(error, way.clock())
        now = replace(way.standing, state=state, problem=sentence, until_s=until_s)
        write_standing(way.store, way.athlete_id, now)
        way.store.jobs.finish(way.job_id, error=sentence)


def _after(error: BaseException, now_s: float) -> tuple[str, float | None]:
    """State after a failure, and when to try again where it may pass by itself."""
    if isinstance(error, StravaUnreachable | StravaTroubled):
        return "waiting", now_s + TRY_AGAIN_S
    if isinstance(error, KeyboardInterrupt):
        return "stopped", None
    return ("failed" if isinstance(error, HeelwiseError) else "waiting"), None


def _kept_budget(store: Store) -> str | None:
    """The count of requests belongs to the app: of all runners' counts the latest and highest holds."""
    kept = [store.bookmarks(runner.athlete_id).get(BUDGET) for runner in store.runners()]
    return max((text for text in kept if text), key=_age, default=None)


def lock_of(store: Store, athlete_id: int) -> Path:
    """Name the file whose turn a sync holds, for those who must not run beside one.

    Parameters
    ----------
    store : Store
        Of the runner.
    athlete_id : int
        Whose.

    Returns
    -------
    Path
        For `turn_at`.

    Source
    ------
    ours.
    """
    return store.home / f"sync-{athlete_id}.lock"


def _age(kept: str) -> tuple[int, ...]:
    """Later counts of requests, and of one day those that are higher, sort higher."""
    try:
        known = json.loads(kept)
        return tuple(int(n) for n in (*reversed(known["number"]), *reversed(known["used"][1])))
    except (ValueError, TypeError, KeyError, IndexError):
        return ()


@contextmanager
def _alone(store: Store, athlete_id: int) -> Iterator[None]:
    """Hold the runner's turn, so that no two syncs fetch the same."""
    turn = turn_at(lock_of(store, athlete_id), wait_s=0.2)
    try:
        turn.__enter__()
    except VaultUnreadable as error:
        raise StravaError(
            "Another sync of this runner is under way. Nothing was changed. Wait until it is done."
        ) from error
    try:
        yield
    finally:
        turn.__exit__(None, None, None)


class _Token:
    """Gives the access token, asking the vault only now and then."""

    def __init__(self, vault: Vault, app: App | None, athlete_id: int, clock: Callable[[], float]) -> None:
        self._vault, self._app, self._athlete_id, self._clock = vault, app, athlete_id, clock
        self._token, self._asked = "", -TOKEN_TRUSTED_S

    def __call__(self, spent: str | None) -> str:
        now = time.monotonic()
        if spent is not None or not self._token or now - self._asked > TOKEN_TRUSTED_S:
            tokens = fresh_tokens(self._vault, self._app, self._athlete_id, self._clock(), spent)
            self._token, self._asked = tokens.access_token, now
        return self._token


def _silent(done: int, total: int, word: str) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False
