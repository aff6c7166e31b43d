from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import polars as pl
import pytest
from cohort_exports import write_athlete

from connectors.errors import HeelwiseError
from dashboard.cohort import worker
from dashboard.cohort.athlete import AthleteTask, scratch_parent
from dashboard.cohort.output import read_note, table_path, written_digest
from dashboard.cohort.worker import process_athlete, refuse_athlete

NAME = "a" * 32


@pytest.fixture
def task(tmp_path) -> AthleteTask:
    return AthleteTask(NAME, (write_athlete(tmp_path / "one.zip", 1, runs=30),), b"k" * 32)


def refusal(folder: Path) -> str:
    return pl.read_parquet(table_path(folder, "refusals", NAME), hive_partitioning=False)["reason"].item()


def test_an_athlete_who_takes_too_long_is_a_refusal(task, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # others of this machine may be at athletes too
    began = time.monotonic()
    done = process_athlete(task, tmp_path / "out", time_limit_s=0.05)
    assert done.reason == refusal(tmp_path / "out") == "time_limit"
    assert time.monotonic() - began < 20
    assert not list(scratch_parent().glob("*-*/heelwise.db")), "nothing of the athlete stays"


def test_what_may_be_the_machine_s_fault_is_tried_again_and_what_is_done_is_not(task, tmp_path):
    folder = tmp_path / "out"
    refuse_athlete(task, folder, "worker_ended")
    assert refusal(folder) == "worker_ended"
    done = process_athlete(task, folder)
    assert (done.reason, done.was_there) == (None, False)
    note = read_note(folder, NAME)
    assert note is not None
    assert written_digest(folder, NAME) == note.sha256
    assert process_athlete(task, folder).was_there
    write_athlete(task.files[0], 1, runs=31)
    assert not process_athlete(task, folder).was_there, "another input is another athlete's worth of tables"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_may_not_be_written_to_stops_the_run(task, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir(mode=0o500)
    with pytest.raises(HeelwiseError, match="could not be read or written"):
        process_athlete(task, folder)


def test_a_full_disk_stops_the_run_and_names_no_file(task):
    """/dev/full takes no byte: no athlete is refused for it."""
    with pytest.raises(worker.OutputFull, match="make room") as raised:
        process_athlete(task, Path("/dev/full/out"))
    assert "/" not in str(raised.value).replace("`", "")


def test_a_folder_for_temporary_files_of_somebody_else_stops_the_run_and_refuses_nobody(
    task, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "temporary" / scratch_parent().name).rmdir()
    (tmp_path / "temporary" / f"heelwise-cohort-{os.getuid()}").symlink_to(tmp_path)
    with pytest.raises(HeelwiseError, match="belongs to somebody else"):
        process_athlete(task, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_recordings_that_are_deleted_in_a_moment_wait_for_no_disk(task, tmp_path, monkeypatch):
    waited: list[int] = []
    monkeypatch.setattr(os, "fsync", waited.append)
    assert process_athlete(task, tmp_path / "out").reason is None
    assert waited == []
