"""Going on with a waiting sync: started where it is due, left alone where it is not."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from connectors.store import Store
from connectors.store.token_vault import Tokens, open_vault
from connectors.strava.oauth import SCOPES
from connectors.sync.status import STATUS, STRAVA, SyncStatus, bookmark, write_status
from dashboard.shared import jobs
from dashboard.strava_link import background_sync

LONG_AGO = 7200.0


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    monkeypatch.setattr(background_sync, "_started", {})


@pytest.fixture
def vault(home):
    return open_vault(home)


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """What would have been started; stands for a process that lives until the test ends."""
    given: list[list[str]] = []

    def beside(arguments):
        given.append(list(arguments))
        return subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)

    monkeypatch.setattr(jobs, "start_process", beside)
    yield given
    for process in background_sync._started.values():
        process.communicate()


def stands(store: Store, athlete_id: int, standing: SyncStatus, ago_s: float = LONG_AGO) -> None:
    write_status(store, athlete_id, standing)
    text = store.bookmarks(athlete_id)[bookmark(STRAVA, STATUS)]
    seen = f'"seen_s": {time.time() - ago_s}'
    store.set_bookmarks(athlete_id, {bookmark(STRAVA, STATUS): text[: text.index('"seen_s"')] + seen + "}"})


def link(vault, athlete_id: int, scopes: tuple[str, ...] = SCOPES) -> None:
    vault.write(athlete_id, Tokens("a", "r", 2**40, scopes, 1))


def test_a_backfill_that_was_cut_off_goes_on(store, athlete_id, vault, asked):
    link(vault, athlete_id)
    stands(store, athlete_id, SyncStatus("recordings", left=5))
    assert background_sync.continue_waiting(store, vault) == [athlete_id]
    (given,) = asked
    assert given[0] == "sync"
    assert given[given.index("--home") + 1] == str(store.home)
    assert given[given.index("--athlete") + 1] == "Robin Placeholder"
    assert background_sync.is_syncing(store, athlete_id)
    assert background_sync.continue_waiting(store, vault) == [], "one at a time"


@pytest.mark.parametrize(
    ("standing", "ago_s", "at_start", "later"),
    [
        (SyncStatus("waiting", left=5, until_s=1.0), LONG_AGO, True, True),
        (SyncStatus("listing"), LONG_AGO, True, True),
        (SyncStatus("recordings", left=5), 5.0, False, False),  # another program is at it
        (SyncStatus("stopped", left=5), LONG_AGO, False, False),
        (SyncStatus("failed", left=5, problem="Ended."), LONG_AGO, False, False),
        (SyncStatus("done", left=0), LONG_AGO, True, False),
        (SyncStatus("done", left=0), 60.0, False, False),
    ],
)
def test_what_is_due_at_a_start_and_later(store, athlete_id, vault, asked, standing, ago_s, at_start, later):
    link(vault, athlete_id)
    stands(store, athlete_id, standing, ago_s)
    assert bool(background_sync.continue_waiting(store, vault, is_start=True)) is at_start
    for process in background_sync._started.values():
        process.communicate()
    background_sync._started.clear()
    assert bool(background_sync.continue_waiting(store, vault)) is later


def test_without_a_link_or_the_right_to_read_nothing_starts(store, athlete_id, vault, asked):
    stands(store, athlete_id, SyncStatus("waiting"))
    assert background_sync.continue_waiting(store, vault, is_start=True) == []
    link(vault, athlete_id, ("read",))
    assert background_sync.continue_waiting(store, vault, is_start=True) == []
    assert asked == []


def test_a_process_that_has_ended_is_not_under_way_whatever_it_wrote_last(store, athlete_id, vault, asked):
    link(vault, athlete_id)
    assert background_sync.begin_sync(store, athlete_id)
    assert not background_sync.begin_sync(store, athlete_id)
    background_sync._started[store.home, athlete_id].communicate()
    stands(store, athlete_id, SyncStatus("recordings", left=5), 1.0)
    assert not background_sync.is_syncing(store, athlete_id)


class Over(Exception):
    pass


def test_a_deletion_that_cannot_be_finished_holds_up_no_sync(store, athlete_id, vault, asked):
    link(vault, athlete_id)
    stands(store, athlete_id, SyncStatus("recordings", left=5))
    gone = store.add_runner("Kim Elsewhere").athlete_id
    store.mark_deletion(gone)
    in_the_way = store.home / "before-upgrade" / f"heelwise-1-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    in_the_way.mkdir(parents=True)

    def wait(_seconds):
        raise Over

    with pytest.raises(Over):
        background_sync.continue_sync(store.home, wait)
    assert [given[0] for given in asked] == ["sync"]
    in_the_way.rmdir()
    assert store.finish_deletions() == [gone]


def test_a_store_that_cannot_be_opened_is_tried_again_later(home, monkeypatch):
    home.mkdir()
    (home / "heelwise.db").write_bytes(b"no database" * 100)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            raise Over

    with pytest.raises(Over):
        background_sync.continue_sync(home, wait)
    assert waits == [background_sync.EVERY_S] * 3


def test_what_nobody_foresaw_ends_the_thread_with_a_trace(home, store, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(background_sync, "continue_waiting", broken)
    background_sync.continue_sync(home, lambda s: pytest.fail("it should have ended"))
    assert "ZeroDivisionError" in (home / "problems.log").read_text()


OTHER_SERVER = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    print(store.leases.keep(sys.argv[2], 3_600), flush=True)
    sys.stdin.read()
"""


def test_of_two_servers_on_one_store_one_looks_after_the_syncs(home, store, athlete_id, vault, asked):
    link(vault, athlete_id)
    stands(store, athlete_id, SyncStatus("waiting", left=5, until_s=1.0))
    given = [sys.executable, "-c", OTHER_SERVER, str(home), background_sync.LEASE]
    other = subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"

    def wait(_seconds):
        raise Over

    with pytest.raises(Over):
        background_sync.continue_sync(home, wait)
    assert asked == []
    other.kill()
    other.communicate()
    with pytest.raises(Over):
        background_sync.continue_sync(home, wait)
    assert len(asked) == 1
