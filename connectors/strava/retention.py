"""How long what came through Strava's API may stay on this machine, as the runner chose."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from connectors.frames import ACTIVITY, SHOE
from connectors.store import Store
from connectors.strava.parse_api import SOURCE_NAME, as_frame
from connectors.sync.recording_state import fetched_at, without_recording

RETENTION = "strava_keep"
"""Name of the setting. Absent until the runner chose: nothing is preselected."""
ONE_WEEK = "week"
WHILE_LINKED = "while_linked"
CHOICES = {
    ONE_WEEK: "Forget each run 7 days after it was last fetched, unless a sync fetches it again",
    WHILE_LINKED: "Keep it on this machine until you disconnect",
}
WEEK = timedelta(days=7)
POLICY_TEXT = (
    "Strava changed its rules for the API on 1 June 2026. Developers who quote them say that data may be stored for 7 "
    "days at most, shown to nobody but you, and not combined with other data or used for analyses. We have not read "
    "the rules themselves, only what others write of them, so the choice is yours: please read the current API policy "
    "on strava.com/legal before you link. None of this is said of the export ZIP that you can ask Strava for: it is "
    "your own copy of your own data."
)
BOOKMARKS = (
    "strava.listing",
    "strava.listed",
    "strava.listing_to_empty",
    "strava.listed_to_empty",
    "strava.gear",
    "strava.worn",
    "strava.failed",
    "strava.zones",
    "strava.standing",
)
"""All that a sync remembers, but for the count of requests, which belongs to the app."""


@dataclass(frozen=True)
class RetentionResult:
    """What was taken away."""

    activities: int = 0
    recordings: int = 0
    shoes: int = 0


def has_chosen(store: Store, athlete_id: int) -> bool:
    """Return whether the runner chose how long data stays.

    A choice that was made for somebody is none.
    """
    return store.settings(athlete_id).get(RETENTION) in CHOICES


def is_one_week(store: Store, athlete_id: int) -> bool:
    """Return whether data is forgotten after 7 days.

    Until somebody chooses, the rule that keeps less holds.
    """
    return store.settings(athlete_id).get(RETENTION) != WHILE_LINKED


def forget_expired(store: Store, athlete_id: int, now: datetime) -> RetentionResult:
    """Delete what came through the API more than 7 days ago, where the runner did not choose otherwise.

    References
    ----------
    Strava's API policy of 2026-06-01, section 5.5, as developers quote it; not read by us.
    """
    if not is_one_week(store, athlete_id):
        return RetentionResult()
    limit = now - WEEK
    rows = _of_api(store.read(ACTIVITY, athlete_id))
    gone = rows.filter(pl.col("fetched_utc") < limit)
    store.delete(ACTIVITY, athlete_id, SOURCE_NAME, gone["source_id"].to_list())
    recordings = int((gone["sample_rows"] > 0).sum())
    stale = [
        row
        for row in rows.filter(pl.col("fetched_utc") >= limit, pl.col("sample_rows") > 0).iter_rows(
            named=True
        )
        if (at := fetched_at(row["file_hash"])) is not None and at < limit
    ]
    if stale:
        store.write(ACTIVITY, as_frame([without_recording(row) for row in stale]))
        store.samples.delete(athlete_id, [row["activity_id"] for row in stale])
        # Their rows may still hold what a recording told: the list is read again to have them clean.
        store.set_bookmarks(athlete_id, {"strava.listed_to_empty": None})
    old = _of_api(store.read(SHOE, athlete_id)).filter(pl.col("fetched_utc") < limit)
    store.delete(SHOE, athlete_id, SOURCE_NAME, old["source_id"].to_list())
    _forget_zones(store, athlete_id, limit)
    return RetentionResult(gone.height, recordings + len(stale), old.height)


def forget_all(store: Store, athlete_id: int) -> RetentionResult:
    """Delete everything that came through the API.

    Strava's API agreement: an athlete's data is deleted when the athlete takes access back.
    """
    rows, shoes = _of_api(store.read(ACTIVITY, athlete_id)), _of_api(store.read(SHOE, athlete_id))
    store.delete(ACTIVITY, athlete_id, SOURCE_NAME, rows["source_id"].to_list())
    store.delete(SHOE, athlete_id, SOURCE_NAME, shoes["source_id"].to_list())
    store.set_bookmarks(athlete_id, dict.fromkeys(BOOKMARKS))
    return RetentionResult(rows.height, int((rows["sample_rows"] > 0).sum()), shoes.height)


def _of_api(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("source") == SOURCE_NAME)


def _forget_zones(store: Store, athlete_id: int, limit: datetime) -> None:
    stored = store.bookmarks(athlete_id).get("strava.zones")
    if stored and json.loads(stored).get("fetched", 0) < limit.timestamp():
        store.set_bookmarks(athlete_id, {"strava.zones": None})
