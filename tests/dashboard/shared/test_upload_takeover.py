"""An upload whose process ended before its import: another process of the server goes on with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fit_writer import fit_run

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.sweep import Swept, sweep_folders
from dashboard.shared import jobs, upload_takeover

ROOT = Path(__file__).resolve().parents[3]
NAME = "Robin Placeholder"
LEFT = """
import sys
from pathlib import Path
from dashboard.shared import jobs, upload_takeover
home, file = Path(sys.argv[1]), Path(sys.argv[2])
with file.open("rb") as content:
    folder = jobs.save_uploads([("run.fit", content)], home, 1)
upload_takeover.write_note(folder, "Robin Placeholder", 1, sorted(folder.glob("*.fit")), ("--again",))
print(folder.name, flush=True)
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def runner_id(tmp_path) -> int:
    with open_store(tmp_path / "server") as opened:
        return opened.add_runner(NAME).athlete_id


@pytest.fixture
def store(tmp_path, runner_id) -> Iterator[Store]:
    with open_store(tmp_path / "server") as opened:
        yield opened


def left_upload(store: Store, folder: Path) -> Path:
    """Leave an upload as a process does that is killed before its import has begun."""
    file = folder / "run.fit"
    file.write_bytes(fit_run(seconds=120))
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-c", LEFT, store.home, file],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    return store.home / done.stdout.strip()


def test_another_process_imports_what_was_uploaded(store, runner_id, tmp_path):
    left = left_upload(store, tmp_path)
    assert upload_takeover.take_up(store.home, jobs.begin_job) == [runner_id]
    assert not left.exists()
    until = time.monotonic() + 60
    while not store.read(ACTIVITY, runner_id).height:
        assert time.monotonic() < until, "it was not imported"
        time.sleep(0.2)
    while list(store.home.glob("upload-*")):
        assert time.monotonic() < until, "the uploaded files stay after the import"
        time.sleep(0.2)


def test_what_is_to_be_imported_is_not_swept_and_the_rest_is(store, runner_id, tmp_path):
    waiting, plain = left_upload(store, tmp_path), left_upload(store, tmp_path)
    (plain / ".import.json").unlink()
    done = Swept()
    sweep_folders(store.home, done)
    jobs.remove_old_jobs(store.home)
    assert (waiting.exists(), plain.exists(), done.uploads) == (True, False, 1)
    os.utime(waiting / ".import.json", (0, 0))
    sweep_folders(store.home, done)
    assert not waiting.exists()


def test_of_two_processes_one_takes_it_up_and_files_that_end_each_are_left(store, runner_id, tmp_path):
    left = left_upload(store, tmp_path)
    begun: list[Path] = []

    def begin(home, athlete, athlete_id, paths, scratch, answers, person_id):
        begun.append(scratch)
        assert (athlete, athlete_id, answers, person_id) == (NAME, 1, ("--again",), None)
        assert [path.exists() for path in paths] == [True]

    assert upload_takeover.take_up(store.home, begin) == [runner_id]
    assert upload_takeover.take_up(store.home, begin) == []
    assert len(begun) == 1
    for _ in range(upload_takeover.TRIES):
        upload_takeover.write_note(begun[0], NAME, 1, [], ())
    begun[0].rename(left)
    assert upload_takeover.take_up(store.home, begin) == []


def test_the_note_is_for_the_owner_alone_and_a_torn_one_is_none(store, runner_id, tmp_path):
    left = left_upload(store, tmp_path)
    note = left / ".import.json"
    assert note.stat().st_mode & 0o777 == 0o600
    note.write_text(note.read_text()[:-5])
    assert upload_takeover.read_note(left) is None
    assert upload_takeover.take_up(store.home, jobs.begin_job) == []


@pytest.mark.parametrize(("address", "is_noted"), [("", False), ("postgresql://localhost/heelwise", True)])
def test_a_laptop_notes_nothing(address, is_noted, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", address)
    assert upload_takeover.is_of_several() is is_noted


def test_a_runner_who_is_forgotten_takes_the_upload_along(store, runner_id, tmp_path):
    left = left_upload(store, tmp_path)
    store.delete_runner(runner_id)
    assert not left.exists()
