"""From the store to the log: the last runs and pairs, and what a morning follows. No load is worked out here."""

from __future__ import annotations

from datetime import date
from typing import Any

from connectors.frames import STRENGTH
from connectors.store import Store
from dashboard.model.followed import Followed, followed, latest_pairs, latest_runs

MOST_RUNS = 3
MOST_PAIRS = 3
WITHIN_DAYS = 14
"""How far back a run can still be spoken of on the log. Design choices, all three."""


def runs(store: Store, athlete_id: int, today: date) -> list[dict[str, Any]]:
    """Give the last runs.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.
    today : date
        Local date of the runner.

    Returns
    -------
    list of dict
        At most three rows of ACTIVITY with what a person said of them, newest first.

    Source
    ------
    ours.
    """
    return latest_runs(store.activities(athlete_id), today, MOST_RUNS, WITHIN_DAYS).to_dicts()


def pairs(store: Store, athlete_id: int) -> dict[str, str]:
    """Give the pairs worn last.

    Parameters
    ----------
    store, athlete_id
        As for `runs`.

    Returns
    -------
    dict of str to str
        Name by `shoe_id`, last worn first, three at most.

    Source
    ------
    ours.
    """
    shoes = store.shoes(athlete_id)
    names = dict(zip(shoes["shoe_id"].to_list(), shoes["name"].to_list(), strict=True))
    return {pair: names[pair] for pair in latest_pairs(store.activities(athlete_id), shoes, MOST_PAIRS)}


def before(store: Store, athlete_id: int, morning: date) -> Followed:
    """Give what a morning follows.

    Parameters
    ----------
    store, athlete_id
        As for `runs`.
    morning : date
        Local date of waking.

    Returns
    -------
    Followed
        Runs and exercises of the date before.

    Source
    ------
    ours: the link is made at each reading, so a run that comes in later is linked too.
    """
    return followed(store.activities(athlete_id), store.read(STRENGTH, athlete_id), morning)
