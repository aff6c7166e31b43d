"""A minute of a clinic's load: thirty people signed in, two processes behind the proxy, PostgreSQL with its roles.

Ten minutes, and memory over many views: `tests/benchmarks/test_clinic_load.py`.
"""

from __future__ import annotations

import os

import pytest
from chromium import CHROMIUM
from clinic_load import BURST_S, SESSIONS, SHARE_S, load, loaded_clinic
from clinic_watch import watched_page
from proxy_rig import is_here

pytestmark = [pytest.mark.stress, pytest.mark.postgres, pytest.mark.timeout(3600)]
SECONDS = float(os.environ.get("HEELWISE_LOAD_S", "60"))
RUNNERS = 4
"""Few records, since the first page of each is what takes long; the benchmark has twenty."""


def test_thirty_people_of_a_clinic_are_all_answered(tmp_path, postgres_server):
    if CHROMIUM is None or not is_here("caddy"):
        pytest.skip("Chromium or Caddy is not installed")
    with loaded_clinic(tmp_path, postgres_server, RUNNERS) as loaded:
        with watched_page(loaded.clinic, loaded.visitors[0]) as watched:
            clicks, memory = load(
                loaded.clinic, tmp_path, loaded.plan(SESSIONS, seconds=SECONDS), watched.look
            )
            print(f"\n{clicks}; {memory}; {watched}")
            assert watched.took
            assert watched.stayed
        assert clicks.faults == []
        assert len(clicks.burst) == SESSIONS
        assert "A page failed" not in loaded.clinic.said()
    # Printed here, asserted by the benchmark: how fast a machine is must not decide whether a change may land.
    print(f"95 of 100 within {clicks.share(0.95):.2f} s; wanted < {SHARE_S:g} s on two idle cores")
    print(f"the burst within {max(clicks.burst):.1f} s; wanted < {BURST_S:g} s")
