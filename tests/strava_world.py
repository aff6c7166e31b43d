"""A runner linked to the stand-in, with one clock for both, for tests of the sync."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from strava_stand_in import SCOPES, StandIn

from connectors.errors import StravaError
from connectors.frames import ACTIVITY, RUN_SPORTS, SHOE
from connectors.store import Store, open_store
from connectors.store.token_vault import StravaApp, Tokens, Vault, open_vault
from connectors.strava import retention
from connectors.strava.sync import sync, sync_until_done
from connectors.sync.run import SyncHooks
from connectors.sync.status import SyncResult

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Clock:
    """Stands unless it is moved, but for a hundredth of a second at each look."""

    def __init__(self, now: datetime = START) -> None:
        self.now_s = now.timestamp()

    def __call__(self) -> float:
        self.now_s += 0.01
        return self.now_s

    def forward(self, seconds: float = 0.0, **more: float) -> None:
        self.now_s += seconds + timedelta(**more).total_seconds()

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now_s, UTC)


class World:
    """Store, vault and server, all empty."""

    def __init__(
        self, home: Path, strava: StandIn, clock: Clock, keep: str | None = retention.WHILE_LINKED
    ) -> None:
        self.strava, self.clock = strava, clock
        self.store: Store = open_store(home)
        self.athlete = self.store.runner(create=True).athlete_id
        self.vault: Vault = open_vault(home)
        self.app = StravaApp(strava.client_id, strava.client_secret)
        if keep:
            self.store.set_settings(self.athlete, {retention.RETENTION: keep})
        self.link()

    def link(self, scopes: tuple[str, ...] = SCOPES) -> None:
        grant = self.strava.grant(scopes)
        tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, scopes, 134815)
        self.vault.write(self.athlete, tokens)

    def sync(self, until_done: bool = False, **also: Any) -> SyncResult:
        call = sync_until_done if until_done else sync
        hooks = SyncHooks(clock=self.clock, wait=self.clock.forward, **also)
        return call(self.store, self.vault, self.app, self.athlete, hooks)

    def sync_through(self, rounds: int = 80) -> SyncResult:
        """Sync until a round has nothing left, whatever happens on the way."""
        for _ in range(rounds):
            try:
                result = self.sync()
            except StravaError:
                self.clock.forward(minutes=10)
                continue
            if result.waiting_until is None and not result.is_stopped:
                return result
            if result.waiting_until is not None:
                self.clock.now_s = max(self.clock.now_s, result.waiting_until.timestamp())
        raise AssertionError("the sync does not come to an end")

    def rows(self) -> dict[str, dict[str, Any]]:
        rows = self.store.read(ACTIVITY, self.athlete).filter(pl.col("source") == "strava_api")
        return {row["source_id"]: row for row in rows.iter_rows(named=True)}

    def samples(self, source_id: str) -> pl.DataFrame:
        return self.store.samples.read(self.athlete, self.rows()[source_id]["activity_id"])

    def shoes(self) -> dict[str, dict[str, Any]]:
        return {row["source_id"]: row for row in self.store.read(SHOE, self.athlete).iter_rows(named=True)}

    def holds_the_truth(self) -> None:
        """The store equals what the server holds: nothing lost, doubled or stale."""
        strava, rows = self.strava, self.rows()
        assert set(rows) == {str(i) for i in strava.activities if i not in strava.hidden}
        pairs = {gear["shoe_id"]: gear["name"] for gear in self.shoes().values()}
        for number, item in strava.activities.items():
            if number in strava.hidden:
                continue
            row = rows[str(number)]
            assert row["name"] == item["name"]
            assert row["distance_m"] == item["distance"]
            assert row["moving_s"] == item["moving_time"]
            assert row["sport"] == item["sport_type"]
            assert row["start_utc"] == datetime.fromisoformat(item["start_date"])
            gear = strava.gear.get(item["gear_id"])
            assert pairs.get(row["shoe_id"]) == (gear["name"] if gear else None)
            streams = strava.streams.get(number)
            has = bool(streams) and item["sport_type"] in RUN_SPORTS and not item["manual"]
            samples = self.samples(str(number))
            assert (row["sample_rows"] or 0) == samples.height == (len(streams["time"]) if has else 0)
            if has:
                assert abs(samples["distance_m"][-1] - streams["distance"][-1]) < 1
                heart = pl.Series(streams["heartrate"], dtype=pl.Float32)
                assert abs(samples["heart_rate_bpm"].mean() - heart.mean()) < 0.01


def stop_after(requests: int) -> Callable[[], bool]:
    """Ask to stop once so many requests were allowed."""
    left = [requests]

    def asked() -> bool:
        left[0] -= 1
        return left[0] < 0

    return asked
