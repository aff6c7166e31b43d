"""A stand-in for Garmin's Personal API, from `gcpapi-sync` and what it says of the live service; see `key_stand_in`.

`python tests/garmin_stand_in.py` serves a hundred made-up runs to a Heelwise started beside it.
"""

from __future__ import annotations

import base64
import io
import json
import random
import time
import zipfile
from datetime import datetime, timedelta
from typing import Any

from fit_writer import fit_run
from key_stand_in import Call, KeyStandIn, run_speed, serve_until_stopped

TOKEN = "/personalapitoken-service/personal-api/personal-api-key/token"
LIST = "/activitylist-service/activities/search/activities"
DETAIL = "/activity-service/activity/"
FILE = "/download-service/files/activity/"
PROFILE = "/userprofile-service/userprofile/settings"
MOST = 45


class GarminStandIn(KeyStandIn):
    """The server. `owner` is whose account the key opens."""

    key = "garmin-stand-in-key"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.owner = (501, "Made Up")
        self.details: dict[str, dict[str, Any]] = {}
        self.short_pages = False  # True: a page may lack entries that it counted
        self.exchanges = 0
        self._alive: set[str] = set()

    def add_runs(
        self, count: int, last: datetime | None = None, seconds: int = 0, **changes: Any
    ) -> list[str]:
        """Add made-up runs, newest first, with a FIT file of `seconds` where above 0."""
        rng, ids = random.Random(len(self.activities) + 1), []
        for start in self.starts(count, last):
            source_id = str(7_000_000_000 + len(self.activities) * 3)
            speed, length = run_speed(rng), seconds or rng.randrange(1_200, 5_400)
            self.activities[source_id] = self.made_run(source_id, start, length, speed, **changes)
            if seconds:
                self.files[source_id] = zipped(source_id, fit_run(start, seconds, speed))
            ids.append(source_id)
        return ids

    def made_run(self, source_id: str, start: datetime, seconds: int, speed: float, **changes: Any) -> Any:
        """One activity as the list gives it."""
        return {
            "activityId": int(source_id), "activityName": f"Run {source_id[-3:]}", "description": None,
            "startTimeGMT": f"{start:%Y-%m-%d %H:%M:%S}",
            "startTimeLocal": f"{start + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
            "activityType": {"typeId": 1, "typeKey": "running"}, "distance": round(seconds * speed, 2),
            "duration": float(seconds), "movingDuration": float(seconds), "elapsedDuration": float(seconds),
            "elevationGain": 40.0, "elevationLoss": 38.0, "averageRunningCadenceInStepsPerMinute": 170.0,
            "averageHR": 150.0, "maxHR": 171.0, "steps": 9_000, "impactLoad": round(seconds * speed * 1.1, 1),
            "parentId": None, "ownerId": self.owner[0], "ownerFullName": self.owner[1], **changes,
        }  # fmt: skip

    def kill_tokens(self) -> None:
        """End every token, as in the middle of a sync; the key still works."""
        self._alive.clear()

    def answer(self, call: Call) -> tuple[int, Any]:
        if call.path == TOKEN:
            return self._exchange(call)
        if call.authorization.removeprefix("Bearer ") not in self._alive:
            return 401, {}
        if call.path == LIST:
            return self._list(call.query)
        if call.path == PROFILE:
            return 200, {"displayName": self.owner[1]}
        source_id = call.path.rpartition("/")[2]
        if call.path.startswith(FILE):
            if call.headers.get("Accept") != "application/x-zip-compressed":
                return 406, {}
            return (200, self.files[source_id]) if source_id in self.files else (404, {})
        if call.path.startswith(DETAIL) and source_id in self.activities:
            return 200, {"activityId": int(source_id), "summaryDTO": self.details.get(source_id, {})}
        return 404, {}

    def _exchange(self, call: Call) -> tuple[int, Any]:
        if call.method != "POST" or call.authorization != f"ApiKey {self.key}" or not self.key_works:
            return 401, {}
        self.exchanges += 1
        # By the true clock, which the library reads.
        claims = json.dumps({"exp": time.time() + 86_400, "n": self.exchanges}).encode()
        token = f"h.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"
        self._alive.add(token)
        return 200, token

    def _list(self, query: dict[str, str]) -> tuple[int, Any]:
        start, limit = int(query.get("start", 0)), int(query.get("limit", 99))
        if limit > MOST:
            return 500, {}
        first = query.get("startDate", "")
        items = [
            one
            for one in self.activities.values()
            if (one["startTimeLocal"] or one["startTimeGMT"])[:10] >= first
        ]
        items.sort(key=lambda one: one["startTimeGMT"], reverse=True)
        page = items[start : start + limit]
        return 200, page[:-2] if self.short_pages and len(page) == limit and limit > 2 else page


def zipped(source_id: str, data: bytes, name: str | None = None) -> bytes:
    """One original as Garmin packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name or f"{source_id}_ACTIVITY.fit", data)
    return packed.getvalue()


if __name__ == "__main__":
    serve_until_stopped(GarminStandIn(), "HEELWISE_GARMIN_URL", "garmin", 100)
