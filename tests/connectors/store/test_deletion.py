"""A deletion cut off anywhere is finished by the next start, and its writers are stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from store_sql import all_text, read_rows

from connectors.errors import RunnerForgotten, StoreGone
from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import Store, open_store
from connectors.store.deletion import deleting, finish_deletion
from connectors.store.own_files import foreign_files
from connectors.store.tables import BOOKMARK_TABLE

ROOT = Path(__file__).resolve().parents[3]
ONE = "0123456789abcdef"


def entry(athlete_id: int, note: str) -> pl.DataFrame:
    return pl.DataFrame({"source_id": ["a"], "note": [note], "athlete_id": [athlete_id]}).with_columns(
        source=pl.lit("manual"),
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1),
    )


def run_of(athlete_id: int) -> pl.DataFrame:
    ids = {"activity_id": [ONE], "athlete_id": [athlete_id], "source": ["file"], "source_id": ["a"]}
    return pl.DataFrame({**ids, "sample_rows": [1], "sport": ["Run"]}).with_columns(
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        start_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        local_date=pl.date(2026, 1, 1),
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Store:
    """Two runners, each with an entry, a recording, a setting and an upload."""
    opened = open_store(home)
    for name in ("Ann", "Bob"):
        number = opened.add_runner(name).athlete_id
        opened.write(SYMPTOM, entry(number, f"words-of-{name}"))
        opened.samples.write(number, ONE, pl.DataFrame({"second": [0]}))
        opened.write(ACTIVITY, run_of(number))
        opened.set_settings(number, {"zone": f"zone-of-{name}"})
        upload = home / f"upload-{number}-0badcafe-abcd1234"
        upload.mkdir(mode=0o700)
        (upload / "export.gpx").write_text(f"title-of-{name}")
    return opened


def traces(home: Path, *words: str) -> list[str]:
    files = [path for path in home.rglob("*") if path.is_file()]
    there = [f"{word} in {path}" for path in files for word in words if word.encode() in path.read_bytes()]
    rows = all_text()
    return there + [f"{word} in the database" for word in words if word in rows]


OF_ANN = ("words-of-Ann", "zone-of-Ann", "title-of-Ann", "Ann")


def test_a_marked_runner_is_seen_by_nobody_and_written_by_nobody(store: Store):
    job = store.jobs.start(1, "import")
    assert store.mark_deletion(1)
    assert [one.name for one in store.runners()] == ["Bob"]
    assert not store.mark_deletion(99)
    writers = (
        lambda: store.write(SYMPTOM, entry(1, "later")),
        lambda: store.set_settings(1, {"zone": "later"}),
        lambda: store.set_bookmarks(1, {"a": "b"}),
        lambda: store.decide_matches(1, [("aa", "bb", True, "rule")]),
        lambda: store.jobs.start(1, "import"),
        lambda: store.jobs.step(job, 1, 2),
        lambda: store.begin_import(1, []),
        lambda: store.samples.write(1, ONE, pl.DataFrame({"second": [0, 1]})),
        lambda: store.working(1).__enter__(),
        lambda: store.raise_if_forgotten(1),
    )
    for write in writers:
        with pytest.raises(RunnerForgotten, match="is being deleted"):
            write()
    store.write(SYMPTOM, entry(2, "later"))


def test_the_name_is_free_at_once(store: Store):
    store.mark_deletion(1)
    assert store.add_runner("Ann").athlete_id == 3
    store.close()
    with open_store(store.home) as again:
        assert [one.name for one in again.runners()] == ["Bob", "Ann"]


def test_what_was_marked_by_a_process_that_ended_is_finished_by_the_next_start(store: Store, home: Path):
    store.mark_deletion(1)
    with store._database.writing() as connection:
        connection.execute(BOOKMARK_TABLE.update().values(value="0badcafe"))
    store.close()
    assert traces(home, *OF_ANN)
    with open_store(home) as again:
        assert [one.name for one in again.runners()] == ["Bob"]
        assert traces(home, *OF_ANN) == []
        assert traces(home, "words-of-Bob")
        assert again.samples.exists(2, ONE)
    assert not (home / "samples" / ".closed-1").exists()


def test_a_deletion_under_way_is_left_to_whoever_is_at_it(store: Store, home: Path):
    with deleting(home, 1):
        store.mark_deletion(1)
        open_store(home).close()
        assert store.samples.exists(1, ONE)
    open_store(home).close()
    assert not store.samples.exists(1, ONE)


def test_what_is_not_ours_stays_and_is_named(store: Store, home: Path):
    (home / "samples" / "1" / "taxes.txt").write_text("mine")
    (home / "taxes.txt").write_text("mine")
    done = store.delete_runner(1)
    assert [path.relative_to(home).as_posix() for path in done.left] == ["samples/1/taxes.txt"]
    assert (done.recordings, done.uploads) == (1, 1)
    assert {path.name for path in foreign_files(home)} == {"taxes.txt"}
    assert (home / "samples" / "1" / "taxes.txt").read_text() == "mine"


def test_who_writes_meanwhile_leaves_nothing(store: Store, home: Path):
    """A writer of another thread holds the lock throughout; the next start takes what is left."""
    with store.working(1):
        done = store.delete_runner(1)
        assert not done.is_quiet
        with pytest.raises(RunnerForgotten):
            store.samples.write(1, ONE, pl.DataFrame({"second": [0]}))
        assert (home / "samples" / ".closed-1").exists()
    assert not (home / "samples" / "1").exists()
    store.close()
    open_store(home).close()
    assert not (home / "samples" / ".closed-1").exists()
    assert not list(home.glob("*-1.lock"))


KILLED = """
import sys, threading, os, signal, time
from pathlib import Path
from connectors.store import open_store
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
store.delete_runner(1)
"""


@pytest.mark.parametrize("wait_ms", [0, 1, 2, 3, 5, 8, 12, 20])
def test_a_deletion_that_is_killed_is_finished(store: Store, home: Path, wait_ms: int):
    for number in range(60):
        store.samples.write(1, f"{number:04x}", pl.DataFrame({"second": range(500)}))
    store.close()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(wait_ms / 1000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with open_store(home) as again:
        if "Ann" in [one.name for one in again.runners()]:  # killed before the mark: nothing was done
            assert again.samples.exists(1, ONE)
            again.delete_runner(1)
        assert traces(home, *OF_ANN) == []
        assert not again.samples.of_runner(1).exists()
        assert again.samples.exists(2, ONE)
        again.sweep()
        assert foreign_files(home) == []


def test_a_folder_that_was_moved_away_keeps_mark_and_rows_for_the_start_that_finishes_it(
    store: Store, home: Path
) -> None:
    store.mark_deletion(1)
    moved = home.rename(home.with_name("moved"))
    with pytest.raises(StoreGone, match="moved or deleted while Heelwise worked in it"):
        finish_deletion(home, store._database, store.samples, 1)
    assert not home.exists()
    assert (moved / "samples" / "1").is_dir()
    assert read_rows(moved, "SELECT athlete_id FROM bookmark WHERE name = 'deletion'") == [(1,)]
    assert read_rows(moved, "SELECT count(*) FROM activity") == [(2,)]
