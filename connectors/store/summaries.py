"""One summary row for each runner: what the list of runners shows, and the versions it was made from."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from connectors.store.database import StorePart, upsert
from connectors.store.tables import SUMMARY_TABLE, VERSION_TABLE


@dataclass(frozen=True)
class Summary:
    """What was worked out of one runner. `made_s` is s since 1970-01-01 UTC."""

    made_s: float
    fingerprint: str
    value: Mapping[str, Any]


class SummaryStore(StorePart):
    """The summary rows; made again whenever their fingerprint no longer fits, and in no backup."""

    def summaries(self) -> dict[int, Summary]:
        """Read every summary by its runner, in one query."""
        with self._database.reading() as connection:
            return {
                row.athlete_id: Summary(row.made_utc / 1e6, row.fingerprint, json.loads(row.value))
                for row in connection.execute(select(SUMMARY_TABLE))
            }

    def save_summary(self, athlete_id: int, fingerprint: str, value: Mapping[str, Any]) -> None:
        """Write the summary of one runner."""
        row = {
            "athlete_id": athlete_id,
            "made_utc": time.time_ns() // 1_000,
            "fingerprint": fingerprint,
            "value": json.dumps(value),
        }
        with self._database.writing() as connection:
            upsert(connection, SUMMARY_TABLE, [row], ("athlete_id",))

    def versions(self) -> dict[int, dict[str, int]]:
        """Read how often each part of each runner's record changed, in one query."""
        numbers: dict[int, dict[str, int]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(select(VERSION_TABLE)):
                numbers.setdefault(row.athlete_id, {})[row.contract] = row.number
        return numbers
