"""Ten minutes of a clinic's load: thirty open sessions, two processes, PostgreSQL, one Chromium that watches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clinic_load import load, two_processes
from live_server import Server

pytestmark = [pytest.mark.benchmark, pytest.mark.postgres, pytest.mark.timeout(3600)]
SESSIONS, SECONDS, VIEWS = 30, 600.0, 2000
ANSWERED_S, BURST_S, MORE_MEMORY = 2.0, 10.0, 1.05


@pytest.fixture
def servers(tmp_path, postgres_url, monkeypatch) -> Iterator[list[Server]]:
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with two_processes(tmp_path, postgres_url) as running:
        yield running


def test_ten_minutes_of_thirty_open_sessions(servers):
    clicks, memory = load(servers, SECONDS, SESSIONS)
    print(f"\n{clicks}; {memory}")
    assert clicks.faults == []
    assert len(clicks.seconds) >= VIEWS
    assert clicks.share(0.95) < ANSWERED_S
    assert len(clicks.burst) == SESSIONS
    assert max(clicks.burst) < BURST_S
    assert memory.quarter(3) < MORE_MEMORY * memory.quarter(1)
