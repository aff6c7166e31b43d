"""An import beside the dashboard: followed, survived, cleaned up."""

from __future__ import annotations

import io
import json
import os
import time
from datetime import UTC, datetime

import pytest
from export_writer import Session, write_export

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.shared import jobs


@pytest.fixture
def empty_store(home):
    opened = open_store(home)
    opened.add_runner("Robin")
    return opened


def wait(home, athlete_id):
    until = time.monotonic() + 120
    while jobs.running_job(home, athlete_id) and time.monotonic() < until:
        time.sleep(0.1)
    assert not jobs.running_job(home, athlete_id)


def test_an_import_runs_beside_and_leaves_no_upload(home, empty_store, tmp_path):
    path = write_export(tmp_path / "x.zip", [Session(n, datetime(2026, 3, n, 6, tzinfo=UTC)) for n in (1, 2)])
    folder = jobs.save_uploads([("../../export.zip", io.BytesIO(path.read_bytes()))], home)
    assert [one.name for one in folder.iterdir()] == ["export.zip"]
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    jobs.begin_job(home, "Robin", 1, [folder / "export.zip"], folder)
    wait(home, 1)
    assert not folder.exists()
    assert empty_store.read(ACTIVITY, 1).height == 2
    job = empty_store.jobs.latest(1, "import")
    assert json.loads(job.result)["activities"]["new"] == 2


def test_an_import_that_is_killed_is_noticed(home, empty_store, tmp_path):
    running = jobs.begin_job(home, "Robin", 1, [tmp_path])
    running.process.kill()
    wait(home, 1)
    job = empty_store.jobs.latest(1, "import")
    assert job is None or job.result is None


def test_names_that_repeat_keep_both_files(home, empty_store):
    folder = jobs.save_uploads([("a.fit", io.BytesIO(b"1")), ("b/a.fit", io.BytesIO(b"2"))], home)
    assert sorted(one.read_bytes() for one in folder.iterdir()) == [b"1", b"2"]


def test_a_full_disk_leaves_nothing_behind(home, empty_store):
    class Full(io.BytesIO):
        def read(self, *_):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        jobs.save_uploads([("a.fit", Full())], home)
    assert not list(home.glob("upload-*"))


def test_only_old_uploads_are_swept(home, empty_store):
    old, young = home / "upload-old", home / "upload-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (time.time() - 200_000,) * 2)
    jobs.remove_old_jobs(home)
    assert not old.exists()
    assert young.exists()
