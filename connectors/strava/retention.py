"""How long what came through the Strava link stays: as the runner chose, with nothing chosen beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from connectors.frames import ACTIVITY, SHOE, Contract
from connectors.store import Store

SOURCE = "strava_api"
KEEP = "strava_keep"
"""Setting: one of `CHOICES`; absent until the runner chose."""
UNTIL_DISCONNECT = "until_disconnect"
WEEK = "seven_days"
CHOICES = (UNTIL_DISCONNECT, WEEK)
PAUSED = "strava_paused"
"""Setting: "1" while the runner has stopped the sync."""
FORGET_AFTER = timedelta(days=7)


def is_paused(settings: Mapping[str, str]) -> bool:
    """Tell whether the runner has stopped the sync.

    Parameters
    ----------
    settings : Mapping
        Of the runner.

    Returns
    -------
    bool
        A sync asks between two requests, and ends when this is True.

    Source
    ------
    ours: a row in the store reaches a process that another one started.
    """
    return settings.get(PAUSED) == "1"


def forgets(settings: Mapping[str, str]) -> bool:
    """Tell whether rows are forgotten after seven days.

    Parameters
    ----------
    settings : Mapping
        Of the runner.

    Returns
    -------
    bool
        True unless the runner chose to keep them: no answer is the stricter one.

    Source
    ------
    Strava's API policy as reported by developers (second-hand): no storage beyond a seven-day cache.
    """
    return settings.get(KEEP) != UNTIL_DISCONNECT


def forget_old(store: Store, athlete_id: int, now: datetime | None = None) -> tuple[int, int]:
    """Delete what was fetched more than seven days ago and not since, where the runner chose that.

    Parameters
    ----------
    store : Store
        Where the rows are.
    athlete_id : int
        Runner on this machine, from 1.
    now : datetime or None
        Aware; None is now.

    Returns
    -------
    tuple of int and int
        Activities and shoes deleted; 0 and 0 where the runner chose to keep them. Samples go with activities.

    Raises
    ------
    StoreError
        When something could not be deleted.

    Source
    ------
    ours: see `forgets`.
    """
    if not forgets(store.settings(athlete_id)):
        return 0, 0
    edge = (now or datetime.now(UTC)) - FORGET_AFTER
    return _forget(store, athlete_id, pl.col("fetched_utc") < edge)


def forget_all(store: Store, athlete_id: int) -> tuple[int, int]:
    """Delete everything that came through the link.

    Parameters
    ----------
    store : Store
        Where the rows are.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    tuple of int and int
        Activities and shoes deleted; samples go with activities.

    Raises
    ------
    StoreError
        When something could not be deleted.

    Source
    ------
    ours: who takes the link back may take all of it back. What came from files and exports stays.
    """
    return _forget(store, athlete_id, pl.lit(True))


def _forget(store: Store, athlete_id: int, which: pl.Expr) -> tuple[int, int]:
    def gone(contract: Contract) -> int:
        rows = store.read(contract, athlete_id).filter((pl.col("source") == SOURCE) & which)
        return store.delete(contract, athlete_id, SOURCE, rows["source_id"].to_list())

    return gone(ACTIVITY), gone(SHOE)
