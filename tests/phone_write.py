"""A phone's delivery, as a process of its own: seven mornings filled in while it was offline, in one go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.store import open_store
from dashboard.diary import deliveries

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def main(home: str, name: str, when_ready: str) -> None:
    """Print the word, then deliver; a delivery that was stored before changes nothing."""
    print(when_ready, flush=True)
    taps = []
    for age in range(7):
        tapped, day = NOW - timedelta(minutes=age), NOW.date() - timedelta(days=age)
        answer = {"morning_stiffness_0_10": age, "morning_stiffness_band": "5-15"}
        tap = {"id": f"tap-{age:08d}", "kind": "morning", "date": day.isoformat(), "value": answer}
        taps.append({**tap, "tapped": int(tapped.timestamp() * 1000)})
    with open_store(Path(home)) as store:
        outcome = deliveries.deliver(store, store.runner(name).athlete_id, taps, NOW)
    assert len(outcome.taken) == len(taps), outcome
