"""A minute of a clinic's load: two processes on PostgreSQL, thirty open sessions. Ten minutes: `tests/benchmarks/`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clinic_load import load, two_processes
from live_server import Server

pytestmark = [pytest.mark.stress, pytest.mark.postgres, pytest.mark.timeout(900)]
SESSIONS, SECONDS = 30, 60.0
ANSWERED_S, BURST_S = 2.0, 10.0


@pytest.fixture
def servers(tmp_path, postgres_url, monkeypatch) -> Iterator[list[Server]]:
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with two_processes(tmp_path, postgres_url) as running:
        yield running


def test_thirty_open_sessions_of_a_clinic_are_all_answered(servers):
    clicks, memory = load(servers, SECONDS, SESSIONS)
    print(f"\n{clicks}; {memory}")
    assert clicks.faults == []
    assert len(clicks.burst) == SESSIONS
    assert max(clicks.burst) < BURST_S
    # Printed here, asserted by the benchmark: how fast a machine is must not decide whether a change may land.
    print(f"95 of 100 within {clicks.share(0.95):.2f} s; wanted < {ANSWERED_S:g} s on two idle cores")
