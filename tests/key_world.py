"""A runner linked by a key to a stand-in, with one clock for both, for tests of the sync."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from key_stand_in import KeyStandIn
from strava_world import Clock

from connectors.errors import ServiceError
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.token_vault import LinkKey, Vault, open_vault
from connectors.sync.key_service import key_service
from connectors.sync.key_sync import sync_key, sync_key_until_done
from connectors.sync.run import SyncHooks
from connectors.sync.status import SyncResult


class KeyWorld:
    """Store, vault and server, all empty but for the key."""

    def __init__(self, home: Path, server: KeyStandIn, clock: Clock, service: str, account: str) -> None:
        self.server, self.clock = server, clock
        self.service = key_service(service)
        self.store: Store = open_store(home)
        self.athlete = self.store.runner(create=True).athlete_id
        self.vault: Vault = open_vault(home)
        self.link(account)

    def link(self, account: str | None, is_confirmed: bool = True) -> None:
        key = LinkKey(self.server.key, account, "Made Up", None, is_confirmed)
        self.vault.write_key(self.athlete, self.service.id, key)

    def sync(self, until_done: bool = False, **also: Any) -> SyncResult:
        call = sync_key_until_done if until_done else sync_key
        hooks = SyncHooks(clock=self.clock, wait=self.clock.forward, **also)
        return call(self.store, self.vault, self.service, self.athlete, hooks)

    def sync_through(self, rounds: int = 40) -> SyncResult:
        """Sync until a round has nothing left, whatever happens on the way."""
        for _ in range(rounds):
            try:
                result = self.sync()
            except ServiceError:
                self.clock.forward(minutes=10)
                continue
            if result.waiting_until is None and not result.is_stopped:
                return result
            if result.waiting_until is not None:
                self.clock.now_s = max(self.clock.now_s, result.waiting_until.timestamp())
        raise AssertionError("the sync does not come to an end")

    def rows(self) -> dict[str, dict[str, Any]]:
        rows = self.store.read(ACTIVITY, self.athlete).filter(pl.col("source") == self.service.source)
        return {row["source_id"]: row for row in rows.iter_rows(named=True)}

    def contents(self) -> dict[str, Any]:
        """All that is stored, but for the time of fetching, to be compared with another store."""
        rows = self.store.read(ACTIVITY, self.athlete).drop("fetched_utc")
        mark = pl.col("file_hash").str.replace(r":\d+$", "")
        files = {path.name: path.read_bytes() for _, _, path in self.store.samples.files()}
        return {"rows": rows.with_columns(mark).sort("source_id").to_dicts(), "files": files}
