"""A clinic's load in full: ten minutes of thirty people who signed in, and memory over two thousand views.

`python -m pytest tests/benchmarks/test_clinic_load.py -m benchmark -s`, on two idle cores; `-k memory` or `-k minutes`
for one of the two. HEELWISE_LOAD_S, HEELWISE_LOAD_SESSIONS and HEELWISE_LOAD_VIEWS set other sizes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from clinic_load import BURST_S, SESSIONS, SHARE_S, LoadedClinic, load, loaded_clinic
from clinic_watch import watched_page

pytestmark = [pytest.mark.benchmark, pytest.mark.postgres, pytest.mark.timeout(7200)]
SECONDS = float(os.environ.get("HEELWISE_LOAD_S", "600"))
VIEWS = int(os.environ.get("HEELWISE_LOAD_VIEWS", "2000"))
RUNNERS = 20
AT_ONCE = 4
"""People who look through pages without a pause, to fill two cores."""
MORE_MEMORY = 1.05


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, postgres_server) -> Iterator[LoadedClinic]:
    with loaded_clinic(tmp_path_factory.mktemp("clinic"), postgres_server, RUNNERS) as running:
        yield running


def test_ten_minutes_of_thirty_open_sessions(loaded, tmp_path):
    with watched_page(loaded.clinic, loaded.visitors[0]) as watched:
        plan = loaded.plan(SESSIONS, seconds=SECONDS)
        clicks, memory = load(loaded.clinic, tmp_path, plan, watched.look)
        print(f"\n{clicks}; {memory}; {watched}")
        assert watched.took
        assert watched.stayed
    assert clicks.faults == []
    assert len(clicks.burst) == SESSIONS
    assert clicks.share(0.95) < SHARE_S
    assert max(clicks.burst) < BURST_S
    assert "A page failed" not in loaded.clinic.said()


def test_memory_over_two_thousand_views(loaded, tmp_path):
    clicks, memory = load(loaded.clinic, tmp_path, loaded.plan(AT_ONCE, views=VIEWS))
    print(f"\n{clicks}; {memory}")
    assert clicks.faults == []
    assert len(clicks.seconds) == VIEWS // AT_ONCE * AT_ONCE
    assert memory.quarter(3) < MORE_MEMORY * memory.quarter(1)
