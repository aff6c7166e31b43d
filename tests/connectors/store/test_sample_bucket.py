"""Recordings in a bucket: the same answers as from the folder, under names that nobody can guess."""

from __future__ import annotations

import os
import pickle
import re
import secrets
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill, same
from bucket_rig import s3_server, s3_settings
from export_writer import Session, write_export
from fit_writer import fit_run
from polars.testing import assert_frame_equal

from connectors.backup import backup, restore
from connectors.errors import RunnerForgotten, SamplesUnreachable, StoreError, StoreUnreadable
from connectors.frames import SAMPLE, STORED
from connectors.ingest.pipeline import import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.store import Store, open_store
from connectors.store.frame_cache import FrameCache
from connectors.store.object_bucket import bucket_of

ONE, TWO = "0123456789abcdef", "fedcba9876543210"
MORNING = datetime(2025, 3, 8, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture(params=["s3", "folder"])
def bucket_store(request, tmp_path, monkeypatch) -> Iterator[Store]:
    """A store with one runner, whose recordings lie in a bucket of their own."""
    if request.param == "s3":
        settings = s3_settings(request.getfixturevalue("endpoint"))
        settings["HEELWISE_SAMPLES"] += f"/{secrets.token_hex(4)}"
    else:
        settings = {"HEELWISE_SAMPLES": (tmp_path / "a bucket").as_uri()}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with open_store(tmp_path / "home") as opened:
        opened.runner(create=True)
        yield opened


@pytest.fixture
def folder_store(tmp_path, monkeypatch) -> Iterator[Store]:
    """A store with one runner, whose recordings lie in another folder as they would in a bucket."""
    monkeypatch.setenv("HEELWISE_SAMPLES", (tmp_path / "a bucket").as_uri())
    with open_store(tmp_path / "home") as opened:
        opened.runner(create=True)
        yield opened


def content() -> list[bytes]:
    bucket = bucket_of(os.environ["HEELWISE_SAMPLES"])
    return sorted(bucket.get(name) or b"" for name in objects())


def objects() -> list[str]:
    return sorted(bucket_of(os.environ["HEELWISE_SAMPLES"]).older_names(age_s=-60))


def seconds(count: int, speed: float = 3.0) -> pl.DataFrame:
    frame = pl.DataFrame({"second": range(count)}, schema={"second": pl.Int32})
    return frame.with_columns(speed_mps=pl.lit(speed, pl.Float32))


def run(number: int, speed: float = 3.0) -> Session:
    start = MORNING + timedelta(days=number)
    recording = fit_run(start=start, seconds=600, speed_mps=speed)
    name = f"activities/{number}.fit.gz"
    return Session(
        9_000 + number,
        start,
        name=f"Run {number}",
        distance_m=1_800.0,
        moving_s=600.0,
        elapsed_s=600.0,
        file_name=name,
        recording=recording,
    )


def state(store: Store) -> dict:
    rows = {c.name: store.read(c, 1).drop("fetched_utc").to_dicts() for c in STORED}
    return {"rows": rows, "samples": {i: store.samples.read_bytes(1, i) for _, i, _ in store.samples.files()}}


def empty_cache(store: Store) -> None:
    for path in (store.home / "sample-cache").iterdir():
        path.unlink()


def test_samples_come_back_from_the_bucket_and_from_the_copy_near_by(bucket_store):
    samples = bucket_store.samples
    samples.write(1, ONE, seconds(5))
    samples.write(1, "abc", seconds(2))
    near = samples.read(1, ONE)
    empty_cache(bucket_store)
    assert_frame_equal(samples.read(1, ONE), near)
    assert near.height == 5
    assert near.schema == SAMPLE.schema
    empty_cache(bucket_store)
    scanned = samples.scan(1, [ONE, "abc", TWO]).collect()
    assert scanned["activity_id"].cast(pl.String).to_list() == [ONE] * 5 + ["abc"] * 2
    assert samples.read(1, TWO).is_empty()
    assert (samples.exists(1, ONE), samples.exists(1, TWO), samples.verifies(1, ONE)) == (True, False, True)


def test_what_is_worked_out_goes_with_an_object_and_tells_one_write_from_another(bucket_store):
    samples, kept = bucket_store.samples, FrameCache(bucket_store.samples, 1)
    nothing = samples.states(1, [ONE, TWO, "../x"])
    assert len(set(nothing)) == 1
    samples.write(1, ONE, seconds(5))
    first = samples.states(1, [ONE, TWO])
    assert first[0] != nothing[0]
    assert first[1] == nothing[1]
    samples.write(1, ONE, seconds(6))
    assert samples.states(1, [ONE])[0] != first[0]
    for act in (
        lambda: samples.delete(1, [ONE]),
        lambda: samples.move(1, None, samples.relative(samples.path(1, TWO))),
    ):
        samples.write(1, ONE, seconds(5))
        samples.write(1, TWO, seconds(5))
        kept.write("sums", "0" * 32, seconds(1))
        assert kept.read("sums", "0" * 32) is not None
        act()
        assert kept.read("sums", "0" * 32) is None


def test_nothing_in_the_bucket_tells_of_runner_or_run(bucket_store):
    bucket_store.samples.write(1, ONE, seconds(5))
    [name] = objects()
    assert re.fullmatch(r"[0-9a-f]{32}\.parquet", name)
    bucket_store.samples.write(1, ONE, seconds(5))
    [other] = objects()
    assert other != name, "a name is never used for another content"
    assert not (bucket_store.home / "samples" / "1").exists()


def test_copies_near_by_are_for_their_owner_alone(bucket_store):
    before = os.umask(0o002)
    try:
        bucket_store.samples.write(1, ONE, seconds(5))
    finally:
        os.umask(before)
    cache = bucket_store.home / "sample-cache"
    paths = [cache, *cache.iterdir()]
    if bucket_store.samples.where.startswith("file:"):
        folder = Path(bucket_store.samples.where.removeprefix("file://").replace("%20", " "))
        paths += [folder, *folder.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o700, 0o600}


def test_what_was_bent_in_the_bucket_is_never_read(folder_store, tmp_path):
    samples = folder_store.samples
    samples.write(1, ONE, seconds(5))
    samples.write(1, TWO, seconds(7))
    [name] = [
        one for one in objects() if (tmp_path / "a bucket" / one).read_bytes() == samples.read_bytes(1, ONE)
    ]
    bent = bytearray(samples.read_bytes(1, ONE))
    bent[40] ^= 1
    (tmp_path / "a bucket" / name).write_bytes(bent)
    empty_cache(folder_store)
    assert not samples.verifies(1, ONE)
    with pytest.raises(StoreUnreadable, match="not as it was written"):
        samples.read(1, ONE)
    assert samples.scan(1, [ONE, TWO]).collect().height == 7
    (tmp_path / "a bucket" / name).unlink()
    with pytest.raises(StoreUnreadable, match="is missing"):
        samples.read_bytes(1, ONE)  # what a backup reads: never a recording without content


def test_imports_write_to_the_bucket_from_their_own_processes_and_are_taken_back(bucket_store, tmp_path):
    first = write_export(tmp_path / "first.zip", [run(n) for n in range(12)])
    import_paths(bucket_store, 1, [first])
    before = state(bucket_store)
    assert len(before["samples"]) == 12
    later = write_export(tmp_path / "later.zip", [run(0, 2.5), run(1), run(14)])
    done = import_paths(bucket_store, 1, [later])
    assert state(bucket_store) != before
    assert done.import_id is not None
    take_back_import(bucket_store, done.import_id)
    assert state(bucket_store) == before
    assert len(objects()) == 12
    assert not [one for one in bucket_store.check() if one.id.startswith("samples")]


@pytest.mark.sqlite_only  # two stores
def test_a_backup_from_a_bucket_comes_back_into_a_folder_and_the_other_way(
    bucket_store, tmp_path, monkeypatch
):
    me = fill(bucket_store, "Robin")
    backup(bucket_store, tmp_path / "b.zip", [one for one in bucket_store.runners() if one.athlete_id == me])
    bucket = os.environ["HEELWISE_SAMPLES"]
    monkeypatch.delenv("HEELWISE_SAMPLES")
    with open_store(tmp_path / "folder") as folder:
        folder.runner(create=True)  # so that Robin has the same number on both sides
        [done] = restore(folder, tmp_path / "b.zip")
        assert done.recordings == 1
        same(bucket_store, me, folder, done.runner.athlete_id)
        backup(folder, tmp_path / "back.zip", [done.runner])
    monkeypatch.setenv("HEELWISE_SAMPLES", bucket)
    before = content()
    [again] = restore(bucket_store, tmp_path / "back.zip")
    assert (again.recordings, again.updated) == (1, 0)
    assert content() == before


def test_a_restore_that_fails_leaves_rows_and_bucket_as_they_were(folder_store, tmp_path):
    me = fill(folder_store, "Robin")
    backup(folder_store, tmp_path / "b.zip")
    folder_store.delete_runner(me)
    fill(folder_store, "Alex")
    there = objects()
    folder = tmp_path / "a bucket"
    folder.rename(tmp_path / "away")
    folder.write_text("a file where the bucket was")
    with pytest.raises(SamplesUnreachable):
        restore(folder_store, tmp_path / "b.zip")
    folder.unlink()
    (tmp_path / "away").rename(folder)
    assert [one.name for one in folder_store.runners()] == ["Runner", "Alex"]
    assert objects() == there


def test_a_runner_who_is_forgotten_is_gone_from_bucket_and_cache(bucket_store):
    me = fill(bucket_store, "Robin")
    bucket_store.samples.write(1, ONE, seconds(5))
    assert len(objects()) == 2
    assert bucket_store.delete_runner(me).recordings == 1
    assert len(objects()) == 1
    assert [path.name for path in (bucket_store.home / "sample-cache").iterdir()] == objects()
    with pytest.raises(RunnerForgotten):
        bucket_store.samples.write(me, TWO, seconds(5))
    assert len(objects()) == 1


def test_a_sweep_takes_what_no_row_names_once_it_is_older_than_any_write(folder_store, tmp_path):
    fill(folder_store, "Robin")
    [named] = objects()
    left = bucket_of(os.environ["HEELWISE_SAMPLES"]).put(b"cut off")
    assert folder_store.sweep().recordings == 0, "a write may be under way"
    for name in (named, left):
        os.utime(tmp_path / "a bucket" / name, (0, 0))
    (tmp_path / "a bucket" / "somebody.txt").write_text("of somebody else")
    os.utime(tmp_path / "a bucket" / "somebody.txt", (0, 0))
    assert folder_store.sweep().recordings == 1
    assert objects() == [named]
    assert (tmp_path / "a bucket" / "somebody.txt").exists()


WRITE = """
import sys
from pathlib import Path
import polars as pl
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    print("open", flush=True)
    sys.stdin.readline()
    store.samples.write(1, "0123456789abcdef", pl.DataFrame({"second": [0, 1]}, schema={"second": pl.Int32}))
"""


@pytest.mark.sqlite_only  # another program's lock holds the write between its object and its row
def test_a_write_that_is_killed_between_object_and_row_shows_nothing(bucket_store):
    command = [sys.executable, "-c", WRITE, str(bucket_store.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        with closing(sqlite3.connect(bucket_store.home / "heelwise.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            print(file=process.stdin, flush=True)
            until = time.monotonic() + 20
            while not objects() and time.monotonic() < until:
                time.sleep(0.02)
            process.kill()
            process.wait()
    assert not bucket_store.samples.exists(1, ONE)
    assert len(objects()) == 1
    bucket_store.samples.write(1, ONE, seconds(3))
    assert bucket_store.samples.read(1, ONE).height == 3


@pytest.mark.sqlite_only
def test_recordings_are_never_looked_for_in_the_wrong_place(folder_store, tmp_path, monkeypatch):
    """Every run would be there without its recording, and nothing would say so."""
    fill(folder_store, "Robin")
    bucket = os.environ["HEELWISE_SAMPLES"]
    monkeypatch.delenv("HEELWISE_SAMPLES")
    with pytest.raises(StoreError, match="lie in a bucket, and HEELWISE_SAMPLES is not set"):
        open_store(folder_store.home)
    with open_store(tmp_path / "laptop") as laptop:
        fill(laptop, "Robin")
    monkeypatch.setenv("HEELWISE_SAMPLES", bucket)
    with pytest.raises(StoreError, match=r"lie in its folder .* names another place"):
        open_store(tmp_path / "laptop")
    assert not list((tmp_path / "laptop").glob("sample-cache/*"))


def test_a_bucket_that_is_not_there_is_told_in_a_sentence_without_its_key(tmp_path, monkeypatch):
    for name, value in s3_settings("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HEELWISE_SAMPLES", "s3://nowhere/clinic")
    with open_store(tmp_path / "home") as store:
        store.runner(create=True)
        with pytest.raises(SamplesUnreachable) as failed:
            store.samples.write(1, ONE, seconds(2))
        assert "s3://nowhere/clinic, which cannot be used: it does not answer" in str(failed.value)
        assert "of-tests" not in str(failed.value)
        assert store.samples.read(1, ONE).is_empty()


def test_a_key_that_the_bucket_does_not_take_is_told(endpoint, tmp_path, monkeypatch):
    if "HEELWISE_TEST_MOTO_PYTHON" in os.environ:
        pytest.skip("moto takes every key")
    for name, value in (s3_settings(endpoint) | {"AWS_ACCESS_KEY_ID": "another"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HEELWISE_SAMPLES", "s3://recordings/refused")
    with open_store(tmp_path / "home") as store:
        store.runner(create=True)
        with pytest.raises(SamplesUnreachable, match="it does not allow this"):
            store.samples.write(1, ONE, seconds(2))


def test_a_bucket_that_does_not_exist_is_named(endpoint, tmp_path, monkeypatch):
    for name, value in s3_settings(endpoint).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HEELWISE_SAMPLES", "s3://absent/x")
    with open_store(tmp_path / "home") as store:
        store.runner(create=True)
        with pytest.raises(SamplesUnreachable, match="there is no such bucket"):
            store.samples.write(1, ONE, seconds(2))


@pytest.mark.parametrize("url", ["recordings", "ftp://somewhere/x", "s3:///x", "https://bucket.example/x"])
def test_an_address_that_is_none_is_refused_before_anything_is_opened(tmp_path, monkeypatch, url):
    monkeypatch.setenv("HEELWISE_SAMPLES", url)
    with pytest.raises(StoreError, match="no address of a bucket or folder"):
        open_store(tmp_path / "home")


def test_a_process_that_decodes_opens_bucket_and_rows_itself(bucket_store):
    part = pickle.loads(pickle.dumps(bucket_store.samples.of_import(4)))
    part.write(1, ONE, seconds(5))
    part.write(1, ONE, seconds(6))
    assert bucket_store.samples.earlier_ids(1, 4) == {ONE}
    assert bucket_store.samples.read(1, ONE).height == 6
    bucket_store.samples.delete_earlier(1, 4)
    assert len(objects()) == 1


@pytest.mark.sqlite_only("opens no store")
def test_without_the_setting_nothing_of_it_is_loaded(tmp_path):
    program = (
        "import sys; from pathlib import Path; from connectors.store import open_store; "
        "open_store(Path(sys.argv[1])).close(); "
        "sys.exit(any(n.split('.')[0] == 'obstore' or 'bucket' in n for n in sys.modules))"
    )
    environment = {k: v for k, v in os.environ.items() if k != "HEELWISE_SAMPLES"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "home")], check=True, env=environment)
