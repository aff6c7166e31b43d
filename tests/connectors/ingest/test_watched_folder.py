"""A watched folder: what is whole is handed on, once; what is half-written is waited for."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.ingest.file_digests import file_digest
from connectors.ingest.watched_folder import FolderWatch, is_complete

START = datetime(2025, 3, 8, 6, 30, tzinfo=UTC)


class Watched:
    """A watch whose moments the test decides."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: set[str] = set()
        self.brought: list[list[str]] = []
        self.takes = True
        self.watch = FolderWatch(folder, lambda: self.known, self.bring, settle_s=0.05, incomplete_s=0.6)

    def bring(self, paths) -> bool:
        self.brought.append([path.relative_to(self.folder).as_posix() for path in paths])
        return self.takes

    def look(self) -> list[list[str]]:
        self.brought.clear()
        self.watch.look()
        time.sleep(0.08)
        self.watch.look()
        return list(self.brought)


@pytest.fixture
def watched(tmp_path) -> Watched:
    folder = tmp_path / "in"
    folder.mkdir()
    return Watched(folder)


def test_a_new_file_is_handed_on_once(watched):
    (watched.folder / "a.fit").write_bytes(fit_run(start=START, seconds=60))
    (watched.folder / "day").mkdir()
    (watched.folder / "day" / "b.csv").write_text("date,morning_pain\n2025-03-08,3\n")
    assert watched.look() == [["a.fit", "day/b.csv"]]
    assert watched.look() == []


def test_what_still_grows_is_waited_for(watched):
    whole = fit_run(start=START, seconds=60)
    path = watched.folder / "a.csv"
    path.write_text("date,")
    watched.watch.look()
    path.write_text("date,morning_pain\n")
    watched.watch.look()
    assert watched.brought == []
    assert watched.look() == [["a.csv"]]
    half = watched.folder / "b.fit"
    half.write_bytes(whole[:200])
    assert watched.look() == [], "its header says that more is to come"
    half.write_bytes(whole)
    assert watched.look() == [["b.fit"]]


@pytest.mark.parametrize("name", ["a.zip", "a.fit", "a.gpx", "a.tcx"])
def test_a_file_that_never_gets_its_end_is_handed_on_in_the_end(watched, name):
    content = {
        "a.zip": b"PK\x03\x04 half",
        "a.fit": fit_run(start=START, seconds=60)[:200],
        "a.gpx": b"<gpx><trk",
        "a.tcx": b"<Train",
    }
    (watched.folder / name).write_bytes(content[name])
    assert not is_complete(watched.folder / name)
    assert watched.look() == []
    time.sleep(0.6)
    assert watched.look() == [[name]]


@pytest.mark.parametrize(
    "name",
    ["a.fit.part", "a.zip.crdownload", "a.zip.download", ".a.fit", "~$diary.xlsx", "photo.jpg", "._a.fit",
     "__MACOSX/a.fit", ".DS_Store", "notes.pdf", "a.fit.tmp"],
)  # fmt: skip
def test_what_is_no_input_or_not_yet_loaded_is_passed_over(watched, name):
    (watched.folder / name).parent.mkdir(exist_ok=True)
    (watched.folder / name).write_bytes(fit_run(start=START, seconds=60))
    assert watched.look() == []


def test_a_download_that_gets_its_name_is_handed_on(watched):
    part = watched.folder / "a.fit.crdownload"
    part.write_bytes(fit_run(start=START, seconds=60))
    assert watched.look() == []
    part.rename(watched.folder / "a.fit")
    assert watched.look() == [["a.fit"]]


def test_known_files_and_links_and_empty_files_are_left_alone(watched, tmp_path):
    path = watched.folder / "a.fit"
    path.write_bytes(fit_run(start=START, seconds=60))
    watched.known.add(file_digest(path) or "")
    (tmp_path / "other.fit").write_bytes(fit_run(start=START, seconds=90))
    (watched.folder / "link.fit").symlink_to(tmp_path / "other.fit")
    (watched.folder / "empty.fit").write_bytes(b"")
    assert watched.look() == []


def test_a_deletion_is_no_concern_and_a_file_that_changed_comes_again(watched):
    path = watched.folder / "a.csv"
    path.write_text("date,morning_pain\n2025-03-08,3\n")
    assert watched.look() == [["a.csv"]]
    path.unlink()
    assert watched.look() == []
    path.write_text("date,morning_pain\n2025-03-08,3\n2025-03-09,2\n")
    assert watched.look() == [["a.csv"]]


def test_an_unpacked_export_is_one_thing(watched):
    write_export(
        watched.folder / "export_1234567",
        [Session(n, START + timedelta(days=n), file_name=f"activities/{n}.fit",
                 recording=fit_run(start=START + timedelta(days=n), seconds=60)) for n in range(2)],
    )  # fmt: skip
    assert watched.look() == [["export_1234567"]]
    assert watched.look() == []


def test_what_could_not_be_stored_is_tried_again(watched, monkeypatch):
    monkeypatch.setattr("connectors.ingest.watched_folder.RESCAN_S", 0.1)
    (watched.folder / "a.csv").write_text("date,morning_pain\n2025-03-08,3\n")
    watched.takes = False
    assert watched.look() == [["a.csv"]]
    watched.takes = True
    time.sleep(0.2)
    assert watched.look() == [["a.csv"]]
    assert watched.look() == []


def test_it_hears_of_files_and_waits_for_a_folder_that_is_away(watched):
    stop, absent = threading.Event(), threading.Event()
    watched.folder.rmdir()
    thread = threading.Thread(target=watched.watch.run, args=(stop, absent.set), daemon=True)
    thread.start()
    try:
        assert absent.wait(5)
        watched.folder.mkdir()
        time.sleep(0.8)
        (watched.folder / "a.fit").write_bytes(fit_run(start=START, seconds=60))
        until = time.monotonic() + 10
        while not watched.brought and time.monotonic() < until:
            time.sleep(0.05)
        assert watched.brought == [["a.fit"]]
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
