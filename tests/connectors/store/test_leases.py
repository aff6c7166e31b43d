"""Leases: of several processes one does the work, and another once that one has ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from connectors.store import open_store

HOLDER = """
import sys, time
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store, store.leases.hold("dump", float(sys.argv[2])) as is_mine:
    print(is_mine, flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(store, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lease until its input is closed."""
    given = [sys.executable, "-c", HOLDER, str(store.home), str(seconds)]
    process = subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_one_of_many_threads_holds_it(store):
    began = threading.Barrier(6)

    def work(_: int) -> bool:
        began.wait()
        with store.leases.hold("dump", 30) as is_mine:
            time.sleep(0.5)
            return is_mine

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) == 1


def test_another_process_waits_its_turn_and_gets_it_at_the_end(store):
    with other_process(store, 60) as process:
        with store.leases.hold("dump", 60) as is_mine:
            assert not is_mine
        with store.leases.hold("sweep", 60) as is_mine:
            assert is_mine
        process.communicate("")
        with store.leases.hold("dump", 60) as is_mine:
            assert is_mine


def test_a_killed_process_of_this_folder_does_not_hold_it_any_longer(store):
    with other_process(store, 3_600) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with store.leases.hold("dump", 60) as is_mine:
            assert is_mine


def test_a_process_of_another_machine_holds_it_until_it_runs_out(store, on_database, tmp_path):
    elsewhere = store if on_database == "sqlite" else open_store(tmp_path / "of another machine")
    assert elsewhere.leases.keep("dump", 1.0)
    began = time.monotonic()
    if on_database == "postgres":
        assert not store.leases.keep("dump", 1.0)
        while not store.leases.keep("dump", 1.0):
            time.sleep(0.05)
        assert 0.5 < time.monotonic() - began < 5
        assert not elsewhere.leases.keep("dump", 1.0)
        elsewhere.close()


def test_long_work_keeps_it_past_its_length(store):
    with other_process(store, 0.9):
        time.sleep(2.0)
        with store.leases.hold("dump", 60) as is_mine:
            assert not is_mine


def test_work_that_fails_gives_it_up(store):
    with pytest.raises(ZeroDivisionError), store.leases.hold("dump", 60):
        raise ZeroDivisionError
    with store.leases.hold("dump", 60) as is_mine:
        assert is_mine


def test_a_lease_that_is_renewed_early_writes_nothing(store):
    assert store.leases.keep("sync", 60)
    begun = []
    event.listen(store._database.backend.engine, "commit", begun.append)
    assert store.leases.keep("sync", 60)
    assert begun == []
    store.leases.release("sync")
    assert len(begun) == 1
    assert store.leases.keep("sync", 60)
