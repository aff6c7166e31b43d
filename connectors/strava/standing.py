"""How a sync stands, for a page or a command to show, and what came of it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from connectors.plural import count
from connectors.source import Skipped
from connectors.store import Store
from connectors.strava.moments import in_local_words

STANDING = "strava.standing"
STOP = "strava.stop"
QUIET_S = 90.0


@dataclass(frozen=True)
class Standing:
    """Where a sync is now.

    Parameters
    ----------
    state
        "listing" (summaries come in), "recordings", "waiting" (for Strava's limit or the network), "done", "stopped"
        or "failed".
    activities
        Activities in from the API.
    recordings
        Runs with their recording in, or known to have none.
    left
        Runs whose recording is still to come; None while the list is not complete.
    window_left, day_left
        Requests left in this quarter hour and today (UTC); None before the first answer.
    until_s
        While waiting: when it goes on, s since 1970-01-01 UTC; else None.
    finish_s
        About when all will be in, s since 1970-01-01 UTC; None while not known.
    seen_s
        When this was written, s since 1970-01-01 UTC.
    problem
        One plain sentence where something is wrong; else None.
    """

    state: str = "listing"
    activities: int = 0
    recordings: int = 0
    left: int | None = None
    window_left: int | None = None
    day_left: int | None = None
    until_s: float | None = None
    finish_s: float | None = None
    seen_s: float = 0.0
    problem: str | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether some process is at it, as far as can be told: it was heard of in the last minute and a half."""
        return self.state in ("listing", "recordings", "waiting") and time.time() - self.seen_s < QUIET_S

    @property
    def is_incomplete(self) -> bool:
        """Whether something is still to come, so that a start of the dashboard should go on with it."""
        return self.state not in ("done", "stopped", "failed") or bool(self.left)

    def in_words(self, now: datetime | None = None) -> str:
        """Say how it stands.

        Parameters
        ----------
        now : datetime or None
            Aware; None is now.

        Returns
        -------
        str
            One to four sentences in local time.

        Source
        ------
        ours.
        """
        said = [f"{count(self.activities, 'activity', 'activities')} in."]
        if self.left is None:
            said += ["The list is still coming in."] if self.state not in ("failed", "stopped") else []
        elif self.left:
            said.append(
                f"{count(self.recordings, 'run with its', 'runs with their')} recording, {self.left} still to come."
            )
        else:
            said.append("Every recording is in.")
        if self.window_left is not None and self.day_left is not None:
            said.append(
                f"{count(self.window_left, 'request', 'requests')} left in this quarter hour, {self.day_left} today."
            )
        if self.until_s is not None:
            said.append(f"It goes on at {_local(self.until_s, now)}.")
        if self.left and self.finish_s is not None:
            said.append(f"All will be in at about {_local(self.finish_s, now)}.")
        return " ".join(said)


@dataclass
class SyncResult:
    """What a sync did.

    Parameters
    ----------
    activities
        Counts of `new`, `updated`, `unchanged` and `deleted`.
    sample_files, sample_rows
        Recordings fetched and the rows stored from them.
    shoes
        Pairs seen.
    skipped, notes
        What did not go in and why; what went in with a remark.
    unknown_sports
        Sport names no table knows, kept as they are.
    left
        Runs whose recording is still to come; None while the list is not complete.
    requests
        Requests made.
    window_left, day_left
        Requests left in this quarter hour and today.
    waiting_until
        Aware, UTC: from when on Strava allows more; None when it did not come to that.
    is_stopped
        Whether somebody asked it to stop.
    seconds
        Wall time.
    """

    activities: dict[str, int] = field(
        default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0, "deleted": 0}
    )
    sample_files: int = 0
    sample_rows: int = 0
    shoes: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)
    left: int | None = None
    requests: int = 0
    window_left: int | None = None
    day_left: int | None = None
    waiting_until: datetime | None = None
    is_stopped: bool = False
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is to come for now."""
        return self.left == 0 and self.waiting_until is None and not self.is_stopped

    def as_json(self) -> str:
        """Write it for other programs.

        Returns
        -------
        str
            One JSON object; `waiting_until` is ISO, UTC, or null.

        Source
        ------
        ours: the shape of `import --json`, and what only a sync knows.
        """
        return json.dumps(
            {
                "activities": self.activities,
                "samples": {"files": self.sample_files, "rows": self.sample_rows},
                "shoes": self.shoes,
                "skipped": [asdict(one) for one in self.skipped],
                "notes": [asdict(one) for one in self.notes],
                "unknown_sports": self.unknown_sports,
                "left": self.left,
                "requests": {
                    "made": self.requests,
                    "window_left": self.window_left,
                    "day_left": self.day_left,
                },
                "waiting_until": self.waiting_until.isoformat() if self.waiting_until else None,
                "stopped": self.is_stopped,
                "complete": self.is_complete,
                "seconds": round(self.seconds, 3),
            },
            ensure_ascii=False,
        )


def standing(store: Store, athlete_id: int) -> Standing | None:
    """Read how the sync of one runner stands.

    Parameters
    ----------
    store : Store
        Where it is written.
    athlete_id : int
        Whose.

    Returns
    -------
    Standing or None
        None when there never was a sync.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours: a page asks the store, never the process.
    """
    kept = store.bookmarks(athlete_id).get(STANDING)
    if kept is None:
        return None
    known = json.loads(kept)
    return Standing(**{name: known[name] for name in Standing.__dataclass_fields__ if name in known})


def write_standing(store: Store, athlete_id: int, now: Standing) -> None:
    """Write down how it stands.

    Parameters
    ----------
    store : Store
        Where to.
    athlete_id : int
        Whose.
    now : Standing
        Its `seen_s` is set here.

    Raises
    ------
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours.
    """
    store.set_bookmarks(athlete_id, {STANDING: json.dumps({**asdict(now), "seen_s": time.time()})})


def ask_to_stop(store: Store, athlete_id: int) -> None:
    """Ask a sync under way to stop at the next request, whichever process it runs in.

    Parameters
    ----------
    store : Store
        Where it looks.
    athlete_id : int
        Whose.

    Raises
    ------
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours: what is in stays, and the next sync goes on from there.
    """
    store.set_bookmarks(athlete_id, {STOP: str(time.time())})


def drop_stop(store: Store, athlete_id: int, older_than_s: float = 0.0) -> None:
    """Forget that a sync was asked to stop.

    Parameters
    ----------
    store : Store
        Where it is written.
    athlete_id : int
        Whose.
    older_than_s : float
        s; a younger wish stays: it was meant for a sync that is just starting.

    Raises
    ------
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours: a process takes some seconds to start, and a person may press Stop meanwhile.
    """
    asked = store.bookmarks(athlete_id).get(STOP)
    if asked is not None and time.time() - float(asked) >= older_than_s:
        store.set_bookmarks(athlete_id, {STOP: None})


def _local(seconds: float, now: datetime | None) -> str:
    return in_local_words(datetime.fromtimestamp(seconds, UTC), now)
