"""What `doctor` finds."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import namedtuple
from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.frames import ACTIVITY
from connectors.store import Store, diagnostics
from connectors.store.sample_file import verifies

IDS = ["aa11", "bb22", "cc33"]


@pytest.fixture(autouse=True)
def recorded(store, runner) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    rows = pl.DataFrame({"activity_id": IDS, "source_id": IDS, "sample_rows": [300, 300, None]}).with_columns(
        athlete_id=pl.lit(1),
        source=pl.lit("file"),
        fetched_utc=pl.lit(now),
        start_utc=pl.lit(now),
        local_date=pl.lit(date(2026, 1, 1)),
        sport=pl.lit("Run"),
    )
    store.write(ACTIVITY, rows)
    for activity_id in IDS[:2]:
        store.samples.write(1, activity_id, pl.DataFrame({"second": range(300)}))


def found(store: Store) -> dict[str, str]:
    findings = store.check()
    for finding in findings:
        assert all(text.endswith((".", "'")) for text in (finding.wrong, finding.intact, finding.to_do))
        assert str(finding) == f"{finding.wrong} {finding.intact} {finding.to_do}"
    return {finding.id: str(finding) for finding in findings}


def test_a_store_that_is_well(store: Store):
    assert found(store) == {}


def test_lost_samples(store: Store):
    store.samples.delete(1, ["bb22"])
    assert "1 activity has lost its samples: bb22" in found(store)["samples_missing"]


@pytest.mark.parametrize("keep", [0, 100])
def test_cut_off_samples(store: Store, keep: int):
    os.truncate(store.samples.path(1, "aa11"), keep)
    told = found(store)
    assert list(told) == ["samples_damaged"]
    assert "aa11" in told["samples_damaged"]


def test_samples_damaged_inside(store: Store):
    path = store.samples.path(1, "aa11")
    content = path.read_bytes()
    path.write_bytes(content[:8] + b"\xff" * 30 + content[38:])
    assert "written: aa11" in found(store)["samples_damaged"]


def test_samples_that_read_well_and_are_not_those_written(store: Store):
    path = store.samples.path(1, "aa11")
    digest = pl.read_parquet_metadata(path)["heelwise.digest"]
    rotten = store.samples.read(1, "aa11").with_columns(pl.col("second") + 1)
    rotten.write_parquet(path, metadata={"heelwise.digest": digest})
    assert store.samples.read(1, "aa11").height == 300
    assert "written: aa11" in found(store)["samples_damaged"]


def test_samples_from_before_there_were_digests_are_well(store: Store):
    path = store.samples.path(1, "aa11")
    store.samples.read(1, "aa11").write_parquet(path)
    path.chmod(0o600)
    assert found(store) == {}


def test_no_flipped_bit_of_a_recording_goes_unseen(store: Store):
    content = store.samples.path(1, "aa11").read_bytes()
    assert verifies(content)
    unseen = [
        (at, bit)
        for at in range(len(content))
        for bit in range(8)
        if verifies(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
    ]
    assert unseen == []


def test_samples_of_nothing(store: Store):
    store.samples.write(1, "dd44", pl.DataFrame({"second": [0]}))
    store.samples.write(9, "aa11", pl.DataFrame({"second": [0]}))
    assert "2 sample files belong to no activity" in found(store)["samples_orphan"]
    assert store.samples.exists(1, "dd44")


def test_left_overs(store: Store):
    part = store.samples.path(1, "aa11").parent / ".aa11.9.ff.part"
    part.touch()
    assert found(store) == {}
    hours_ago = time.time() - 9_000
    os.utime(part, (hours_ago, hours_ago))
    assert "1 temporary file" in found(store)["left_over"]
    assert found(store) == {}


def test_modes(store: Store):
    store.samples.path(1, "aa11").chmod(0o644)
    store.home.chmod(0o755)
    told = found(store)["modes"]
    assert "2 files or folders can be read by others: home, aa11.parquet" in told


@pytest.mark.sqlite_only("of the file itself")
def test_faults_in_the_database(store: Store):
    path = store.home / "heelwise.db"
    store._database.trim_log()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("INSERT INTO setting VALUES (77, 'zone', 'nowhere')")
    raw.commit()
    raw.close()
    assert "1 row belongs to no runner" in found(store)["damaged"]


@pytest.mark.sqlite_only("of the file itself")
def test_a_database_overwritten_while_open(store: Store):
    path = store.home / "heelwise.db"
    store._database.trim_log()
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * (path.stat().st_size - 4_096))
    findings = store.check()
    assert findings[0].id == "damaged"
    assert findings[0].is_serious
    assert "restore a backup" in findings[0].to_do


@pytest.mark.sqlite_only("of the file itself")
def test_little_room_and_a_long_log(store: Store, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(diagnostics.shutil, "disk_usage", lambda _home: usage(free=5_000_000))
    monkeypatch.setattr(diagnostics, "LONG_LOG_BYTES", 10)
    told = found(store)
    assert "Only 5 MB are free" in told["little_room"]
    assert "has grown to" in told["long_log"]


def test_a_check_names_its_stages_and_a_stop_changes_nothing(store: Store):
    class StopPressed(BaseException):
        pass

    steps: list[tuple[int, int, str]] = []
    store.check(lambda *step: steps.append(step))
    tables = [step for step in steps if step[2] == "checking tables"]
    assert steps[0] == (0, 0, "checking the database")
    assert [done for done, _, _ in tables] == list(range(1, tables[-1][1] + 1))
    assert [step for step in steps if step[2] == "checking recordings"] == [
        (1, 2, "checking recordings"),
        (2, 2, "checking recordings"),
    ]

    def stop(done: int, total: int, step: str) -> None:
        if (done, step) == (3, "checking tables"):
            raise StopPressed

    with pytest.raises(StopPressed):
        store.check(stop)
    assert found(store) == {}
