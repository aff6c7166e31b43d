"""What killed work leaves is swept; what a living process is at is spared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.process_token import ended_tokens, is_live, process_token, release

ROOT = Path(__file__).resolve().parents[3]
ONE, TWO = "0123456789abcdef", "1123456789abcdef"
LIVING = """
import sys, time
from pathlib import Path
from connectors.store.process_token import process_token
print(process_token(Path(sys.argv[1])), flush=True)
time.sleep(600)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "home")
    opened.add_runner("Ann")
    row = {"activity_id": ONE, "athlete_id": 1, "source": "file", "source_id": "a", "sample_rows": 1}
    frame = pl.DataFrame([row]).with_columns(
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        start_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        local_date=pl.date(2026, 1, 1),
        sport=pl.lit("Run"),
    )
    opened.samples.write(1, ONE, pl.DataFrame({"second": [0]}))
    opened.write(ACTIVITY, frame)
    return opened


@pytest.fixture
def living(store: Store):
    process = subprocess.Popen(
        [sys.executable, "-c", LIVING, str(store.home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


def half_made(home: Path, token: str) -> list[Path]:
    upload = home / f"upload-0-{token}-abcd1234"
    aside = home / "samples" / f".restore-{token}-abcd1234"
    for folder in (upload, aside):
        folder.mkdir(mode=0o700)
        (folder / "export.zip").touch()
    part = home / "samples" / "1" / "01" / f".{ONE}.{token}.0badcafe.part"
    part.touch()
    return [upload, aside, part]


def test_a_killed_process_leaves_nothing_and_a_living_one_everything(store: Store, living):
    process, token = living
    home = store.home
    assert is_live(home, token)
    paths = half_made(home, token)
    store.sweep()
    assert [path.exists() for path in paths] == [True] * 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert ended_tokens(home) == [token]
    store.close()
    open_store(home).close()  # every start sweeps
    assert [path.exists() for path in paths] == [False] * 3
    assert ended_tokens(home) == []
    assert not list(home.glob(f"alive-{token}*"))


def test_recordings_that_no_row_names_go_unless_their_runner_is_written(store: Store):
    store.samples.write(1, TWO, pl.DataFrame({"second": [0]}))
    store.samples.write(9, TWO, pl.DataFrame({"second": [0]}))
    with store.working(1):
        assert store.sweep().recordings == 1  # that of nobody
        assert store.samples.exists(1, TWO)
    assert store.sweep().recordings == 1
    assert store.samples.exists(1, ONE)
    assert not store.samples.exists(1, TWO)
    assert not store.samples.of_runner(9).exists()
    assert store.sweep().is_empty


def test_an_upload_is_spared_while_its_import_outlives_the_dashboard(store: Store):
    upload = store.home / "upload-1-0badcafe-abcd1234"
    upload.mkdir(mode=0o700)
    with store.working(1):
        assert store.sweep().uploads == 0
    assert "1 folder of uploaded files" in store.sweep().in_words()
    assert not upload.exists()


@pytest.mark.sqlite_only("opens no store")
def test_a_token_is_one_for_a_process_and_goes_with_it(tmp_path: Path):
    token = process_token(tmp_path)
    assert process_token(tmp_path) == token
    assert is_live(tmp_path, token)
    release(tmp_path)
    assert not is_live(tmp_path, token)
    assert list(tmp_path.iterdir()) == []
    assert process_token(tmp_path) != token


@pytest.mark.sqlite_only("the file stays where others read")
def test_everything_goes_and_what_is_not_ours_is_named(store: Store):
    home = store.home
    (home / "taxes.txt").touch()
    (home / "photos").mkdir()
    half_made(home, "0badcafe")
    store.delete_runner(1)
    other = open_store(home)
    left, is_in_use = store.erase()
    assert is_in_use
    assert (home / "heelwise.db").exists()
    store, _ = other, store.close()
    left, is_in_use = store.erase()
    assert not is_in_use
    assert sorted(path.name for path in left) == ["photos", "taxes.txt"]
    assert sorted(path.name for path in home.iterdir()) == ["photos", "taxes.txt"]


def test_who_fails_leaves_no_recording_without_a_row(store: Store):
    def fail() -> None:
        with store.working(1):
            store.samples.write(1, TWO, pl.DataFrame({"second": [0]}))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not store.samples.exists(1, TWO)
    assert store.samples.exists(1, ONE)
