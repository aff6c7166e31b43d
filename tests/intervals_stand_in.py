"""A stand-in for intervals.icu, from its public clients and its forum; see `key_stand_in`.

`python tests/intervals_stand_in.py` serves a hundred made-up runs to a Heelwise started beside it.
"""

from __future__ import annotations

import base64
import gzip
import random
from datetime import datetime, timedelta
from typing import Any

from fit_writer import fit_run
from key_stand_in import Call, KeyStandIn, run_speed, serve_until_stopped

ROOT = "/api/v1"


class IntervalsStandIn(KeyStandIn):
    """The server. `athlete` is whose account the key opens."""

    key = "intervals-stand-in-key"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.athlete = {"id": "i900", "name": "Made Up", "timezone": "Europe/Berlin"}
        self.streams: dict[str, list[dict[str, Any]]] = {}
        self.wellness: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return super().url + ROOT

    def add_runs(
        self, count: int, last: datetime | None = None, seconds: int = 0, **changes: Any
    ) -> list[str]:
        """Add made-up runs, newest first, with a gzipped FIT file of `seconds` where above 0."""
        rng, ids = random.Random(len(self.activities) + 1), []
        for start in self.starts(count, last):
            source_id = f"i{50_000 + len(self.activities) * 3}"
            speed, length = run_speed(rng), seconds or rng.randrange(1_200, 5_400)
            self.activities[source_id] = made_run(source_id, start, length, speed, **changes)
            if seconds:
                self.files[source_id] = gzip.compress(fit_run(start, seconds, speed), mtime=0)
            ids.append(source_id)
        return ids

    def add_stubs(self, count: int, last: datetime | None = None) -> list[str]:
        """Add what is left of activities that came from Strava."""
        ids = []
        for start in self.starts(count, last):
            source_id = str(9_100_000_000 + len(self.activities))
            self.activities[source_id] = {
                "id": source_id,
                "start_date_local": f"{start:%Y-%m-%dT%H:%M:%S}",
                "source": "STRAVA",
                "_note": "STRAVA activities are not available via the API",
            }
            ids.append(source_id)
        return ids

    def answer(self, call: Call) -> tuple[int, Any]:
        wanted = base64.b64encode(f"API_KEY:{self.key}".encode()).decode()
        if call.authorization.startswith("Bearer"):
            return 403, {}
        if call.authorization != f"Basic {wanted}" or not self.key_works:
            return 401, {}
        path, query = call.path.removeprefix(ROOT), call.query
        if path == "/athlete/0":
            return 200, self.athlete
        if path.startswith("/athlete/0/"):
            return self._list(path.rpartition("/")[2], query)
        source_id, _, part = path.removeprefix("/activity/").partition("/")
        item = self.activities.get(source_id)
        if item is None:
            return 404, {}
        if part and item.get("source") == "STRAVA":
            return 422, {}
        if part == "file":
            return (200, self.files[source_id]) if source_id in self.files else (404, {})
        if part == "streams.json":
            if not query.get("types"):
                return 422, {}
            return (200, self.streams[source_id]) if source_id in self.streams else (404, {})
        return 200, item

    def _list(self, kind: str, query: dict[str, str]) -> tuple[int, Any]:
        if not query.get("oldest") or not query.get("newest"):
            return 422, {}
        key = {"activities": "start_date_local", "wellness": "id", "events": "start_date_local"}[kind]
        every = {
            "activities": list(self.activities.values()), "wellness": self.wellness, "events": self.events,
        }[kind]  # fmt: skip
        asked = query.get("category", "").split(",")
        rows = [one for one in every if query["oldest"] <= one[key][:10] <= query["newest"]]
        rows = [one for one in rows if kind != "events" or one["category"] in asked]
        return 200, sorted(rows, key=lambda one: one[key], reverse=True)


def made_run(source_id: str, start: datetime, seconds: int, speed: float, **changes: Any) -> dict[str, Any]:
    """One activity as the list gives it."""
    return {
        "id": source_id, "start_date": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}", "type": "Run",
        "name": f"Run {source_id[-3:]}", "description": None, "distance": round(seconds * speed, 1),
        "moving_time": seconds, "elapsed_time": seconds, "total_elevation_gain": 40.0, "average_cadence": 85.0,
        "average_heartrate": 150, "max_heartrate": 171, "icu_rpe": 4, "feel": 2,
        "gear": {"id": "g77", "name": "Blue pair"}, "trainer": False, "source": "POLAR", "external_id": None,
        "strava_id": None, "device_name": "Made-up watch", **changes,
    }  # fmt: skip


def made_streams(seconds: int, speed: float) -> list[dict[str, Any]]:
    """Channels of one run, a point a second."""
    every = range(seconds + 1)
    return [
        {"type": "time", "data": list(every)},
        {"type": "distance", "data": [round(speed * second, 1) for second in every]},
        {"type": "altitude", "data": [20.0] * len(every)},
        {"type": "velocity_smooth", "data": [speed] * len(every)},
        {"type": "cadence", "data": [85] * len(every)},
        {"type": "heartrate", "data": [150] * len(every)},
    ]


if __name__ == "__main__":
    serve_until_stopped(IntervalsStandIn(), "HEELWISE_INTERVALS_URL", "intervals", 100)
