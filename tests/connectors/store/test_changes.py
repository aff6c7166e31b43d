"""A change by another process is heard of soon after it."""

from __future__ import annotations

import subprocess
import sys
import time

REMOVAL = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    with store.devices.changing() as rows:
        assert rows.remove_device(int(sys.argv[2]))
"""


def a_device(store, athlete_id: int) -> int:
    values = {
        "name": "phone",
        "scope": "everything",
        "version": 1,
        "paired_utc": 1,
        "seen_utc": 1,
        "is_tls": 1,
    }
    with store.devices.changing() as rows:
        return rows.add_device(athlete_id, values)


def test_a_removal_elsewhere_is_heard_within_two_seconds(store, runner):
    number = a_device(store, runner.athlete_id)
    assert store.devices.versions() == {number: 1}
    with store.changes.listening() as listener:
        assert not listener.wait(0.3)
        process = subprocess.Popen([sys.executable, "-c", REMOVAL, str(store.home), str(number)])
        while store.devices.versions():
            assert listener.wait(30), "nothing was heard"
        removed_by = time.monotonic()
        assert process.wait() == 0
    assert store.devices.versions() == {}
    # It was heard before the process that removed it could even end.
    assert time.monotonic() - removed_by < 2


def test_changes_that_came_before_the_first_wait_are_heard_once(store, runner):
    with store.changes.listening() as listener:
        for units in ("miles", "kilometres"):
            store.set_settings(runner.athlete_id, {"units": units})
        assert listener.wait(5)
        more = 0
        while listener.wait(0.5):
            more += 1
    assert more <= 1
