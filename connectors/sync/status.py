"""Status and result of a sync, in words and JSON."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.plural import count
from connectors.source import IngestResult
from connectors.store import Store


def in_local_words(moment: datetime, now: datetime | None = None) -> str:
    """Write a near moment by this machine's clock.

    Nobody counts in UTC.
    """
    local, today = moment.astimezone(), (now or datetime.now(UTC)).astimezone().date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B}"


STRAVA = "strava"
STATUS, STOP, BUDGET = "standing", "stop", "budget"
"""Parts of the names of bookmarks; see `bookmark`."""
QUIET_S = 90.0


def bookmark(service: str, part: str) -> str:
    """Return the name of a bookmark of one service's sync."""
    return f"{service}.{part}"


@dataclass(frozen=True)
class SyncStatus:
    """Where a sync is now."""

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
        """Describe it in sentences."""
        sentences = [f"{count(self.activities, 'activity', 'activities')} in."]
        if self.left is None:
            sentences += ["The list is still coming in."] if self.state not in ("failed", "stopped") else []
        elif self.left:
            sentences.append(
                f"{count(self.recordings, 'run with its', 'runs with their')} recording, {self.left} still to come."
            )
        else:
            sentences.append("Every recording is in.")
        if self.window_left is not None and self.day_left is not None:
            sentences.append(
                f"{count(self.window_left, 'request', 'requests')} left in this quarter hour, {self.day_left} today."
            )
        if self.until_s is not None:
            sentences.append(f"It goes on at {_local(self.until_s, now)}.")
        if self.left and self.finish_s is not None:
            sentences.append(f"All will be in at about {_local(self.finish_s, now)}.")
        return " ".join(sentences)


@dataclass
class SyncResult(IngestResult):
    """What a sync did."""

    activities: dict[str, int] = field(
        default_factory=lambda: {"new": 0, "updated": 0, "unchanged": 0, "deleted": 0}
    )
    left: int | None = None
    requests: int = 0
    window_left: int | None = None
    day_left: int | None = None
    waiting_until: datetime | None = None
    is_stopped: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is to come for now."""
        return self.left == 0 and self.waiting_until is None and not self.is_stopped

    def as_dict(self) -> dict[str, Any]:
        """Return it for other programs.

        The shape of `import --json`, and what only a sync knows.
        """
        return {
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
        }

    def as_json(self) -> str:
        """Write it for other programs."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


def read_status(store: Store, athlete_id: int, service: str = STRAVA) -> SyncStatus | None:
    """Read how the sync of one runner and service stands.

    A page asks the store, never the process.
    """
    stored = store.bookmarks(athlete_id).get(bookmark(service, STATUS))
    if stored is None:
        return None
    known = json.loads(stored)
    return SyncStatus(**{name: known[name] for name in SyncStatus.__dataclass_fields__ if name in known})


def write_status(store: Store, athlete_id: int, now: SyncStatus, service: str = STRAVA) -> None:
    """Write the status."""
    value = json.dumps({**asdict(now), "seen_s": time.time()})
    store.set_bookmarks(athlete_id, {bookmark(service, STATUS): value})


def ask_to_stop(store: Store, athlete_id: int, service: str = STRAVA) -> None:
    """Ask a sync under way to stop at the next request, whichever process it runs in.

    What is in stays, and the next sync goes on from there.
    """
    store.set_bookmarks(athlete_id, {bookmark(service, STOP): str(time.time())})


def drop_stop(store: Store, athlete_id: int, older_than_s: float = 0.0, service: str = STRAVA) -> None:
    """Forget that a sync was asked to stop.

    A process takes some seconds to start, and a person may press Stop meanwhile.
    """
    name = bookmark(service, STOP)
    asked = store.bookmarks(athlete_id).get(name)
    if asked is not None and time.time() - float(asked) >= older_than_s:
        store.set_bookmarks(athlete_id, {name: None})


def _local(seconds: float, now: datetime | None) -> str:
    return in_local_words(datetime.fromtimestamp(seconds, UTC), now)
