"""Opening: made for its owner alone, and a damaged store left byte for byte as it is."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from connectors.edits import Edit
from connectors.errors import RunnerNotShown, StoreError, StoreFull, StoreTooNew, StoreUnreadable
from connectors.frames import EVENT, SYMPTOM
from connectors.store import Store, home_folder, open_store, sqlite_file
from connectors.store.process_token import process_token

NOBODY = 65_534
ONE = "0123456789abcdef"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def filled(home: Path) -> Path:
    """A closed store with enough in it for its file to have many pages."""
    with open_store(home) as store:
        store.runner(create=True)
        store.write(EVENT, events(2_000))
    return home / "heelwise.db"


def events(count: int) -> pl.DataFrame:
    frame = pl.DataFrame({"source_id": [str(i) for i in range(count)]})
    return frame.with_columns(
        athlete_id=pl.lit(1),
        source=pl.lit("manual"),
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1),
        kind=pl.lit("other"),
        note=pl.lit("words " * 20),
    )


@contextmanager
def without_rights() -> Iterator[Path]:
    """A folder of one's own, and no rights beyond it even where the tests run as root."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        folder = Path(tempfile.mkdtemp())
        yield folder
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.sqlite_only("opens no store")
def test_home_is_the_explicit_folder_else_the_named_one_else_the_systems(monkeypatch, tmp_path):
    monkeypatch.setenv("HEELWISE_HOME", str(tmp_path / "named"))
    assert home_folder(tmp_path / "explicit") == tmp_path / "explicit"
    assert home_folder(str(tmp_path / "explicit")) == tmp_path / "explicit"
    assert home_folder() == tmp_path / "named"
    monkeypatch.setenv("HEELWISE_HOME", "~/runs")
    assert home_folder() == Path.home() / "runs"
    monkeypatch.delenv("HEELWISE_HOME")
    assert home_folder().name == "heelwise"
    monkeypatch.chdir(tmp_path)
    assert home_folder("here") == tmp_path / "here"


@pytest.mark.sqlite_only("of the file itself")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o177])
def test_nobody_else_may_read_any_of_it(tmp_path, umask):
    home = tmp_path / "home"
    before = os.umask(umask)
    try:
        store = open_store(home)
        store.runner(create=True)
        store.write(EVENT, events(3))
        store.samples.write(1, ONE, pl.DataFrame({"second": [0]}))
    finally:
        os.umask(before)
    files = {p.name: mode(p) for p in home.rglob("*") if p.is_file()}
    database = ("heelwise.db", "heelwise.db-wal", "heelwise.db-shm")
    assert files == dict.fromkeys([*database, f"{ONE}.parquet", f"alive-{process_token(home)}.lock"], 0o600)
    if umask != 0o177:  # which takes a folder's owner the right to enter it
        assert {mode(p) for p in (home, *home.rglob("*")) if p.is_dir()} == {0o700}


def test_our_own_folder_is_closed_and_a_shared_one_is_left(tmp_path):
    for name in ("empty", "ours", "shared"):
        (tmp_path / name).mkdir()
    filled(tmp_path / "ours")
    (tmp_path / "shared" / "letter.txt").touch()
    for name in ("empty", "ours", "shared"):
        (tmp_path / name).chmod(0o755)
        open_store(tmp_path / name).close()
    assert [mode(tmp_path / name) for name in ("empty", "ours", "shared")] == [0o700, 0o700, 0o755]


def test_a_store_behind_a_link_and_under_an_odd_name(tmp_path):
    home = tmp_path / "täglich # 100% ? & co"
    (tmp_path / "link").symlink_to(home)
    filled(home)
    with open_store(tmp_path / "link") as store:
        assert store.read(EVENT, 1).height == 2_000


@pytest.mark.sqlite_only("of the file itself")
def test_a_closed_store_leaves_one_file(tmp_path):
    filled(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["heelwise.db"]


@pytest.mark.sqlite_only("of the file itself")
def test_the_database_is_set_up_as_meant(tmp_path):
    store = open_store(tmp_path)
    with store._database.writing() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5_000,
    }
    with sqlite3.connect(tmp_path / "heelwise.db") as raw:
        tables = raw.execute("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'")
        assert {strict for _, strict in tables} == {1}


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(9_000))


def text(path: Path) -> None:
    path.write_text("date,side,pain\n2026-01-01,left,3\n")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1_000)


def one_byte_less(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def one_byte_only(path: Path) -> None:
    os.truncate(path, 1)


def first_bytes_only(path: Path) -> None:
    os.truncate(path, 50)


def overwritten_inside(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xff" * 100_000)


def header_overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(200))


def somebody_elses(path: Path) -> None:
    path.unlink()
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.close()


@pytest.mark.sqlite_only("of the file itself")
@pytest.mark.parametrize(
    "harm",
    [
        garbage,
        text,
        cut_in_half,
        cut_within_a_page,
        one_byte_less,
        one_byte_only,
        first_bytes_only,
        overwritten_inside,
        header_overwritten,
        somebody_elses,
    ],
)
def test_a_damaged_store_is_named_and_left_as_it_is(tmp_path, harm: Callable[[Path], None]):
    path = filled(tmp_path)
    harm(path)
    before = path.read_bytes()
    with pytest.raises(StoreUnreadable) as told:
        open_store(tmp_path)
    with pytest.raises(StoreUnreadable):
        open_store(tmp_path)
    assert path.read_bytes() == before
    message = str(told.value)
    assert str(path) in message
    assert "Nothing was changed" in message
    assert "Restore a backup" in message
    assert "Traceback" not in message


@pytest.mark.sqlite_only("of the file itself")
def test_a_store_of_a_later_version_is_left_as_it_is(tmp_path):
    path = filled(tmp_path)
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO migration VALUES (9999, 'from_the_future', 0)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="later Heelwise") as told:
        open_store(tmp_path)
    assert "Nothing was changed" in str(told.value)
    assert path.read_bytes() == before


@pytest.mark.sqlite_only("of the file itself")
def test_folder_in_place_of_the_file_and_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "a" / "heelwise.db").mkdir(parents=True)
    with pytest.raises(StoreUnreadable, match="where a file was expected"):
        open_store(tmp_path / "a")
    (tmp_path / "b").write_text("not a folder")
    for home in (tmp_path / "b", tmp_path / "b" / "below"):
        with pytest.raises(StoreError, match="folder"):
            open_store(home)
    assert (tmp_path / "b").read_text() == "not a folder"


@pytest.mark.sqlite_only("of the file itself")
def test_an_empty_file_is_a_new_store_unless_there_was_one(tmp_path):
    (tmp_path / "heelwise.db").touch()
    with open_store(tmp_path) as store:
        store.runner(create=True)
        store.samples.write(1, ONE, pl.DataFrame({"second": [0]}))
    for harm in (lambda p: os.truncate(p, 0), Path.unlink):
        harm(tmp_path / "heelwise.db")
        with pytest.raises(StoreUnreadable, match="missing or empty"):
            open_store(tmp_path)
    assert not (tmp_path / "heelwise.db").exists()


@pytest.mark.sqlite_only("of the file itself")
def test_the_log_of_a_lost_database_is_not_thrown_away(tmp_path):
    log = tmp_path / "heelwise.db-wal"
    log.write_bytes(b"the last rows of somebody")
    for _ in range(2):
        with pytest.raises(StoreUnreadable, match="its log"):
            open_store(tmp_path)
        assert log.read_bytes() == b"the last rows of somebody"
        (tmp_path / "heelwise.db").touch()


CUT_WRITE = """
import os, sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("PRAGMA journal_mode = DELETE")
raw.execute("PRAGMA cache_size = 1")
raw.execute("BEGIN IMMEDIATE")
raw.execute("UPDATE runner SET name = 'Someone else'")
raw.execute("CREATE TABLE filler AS SELECT hex(zeroblob(100)) AS word FROM (WITH RECURSIVE c(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT n FROM c)")
os._exit(9)
"""


@pytest.mark.sqlite_only("of the file itself")
def test_a_write_that_was_cut_off_beside_the_log_is_taken_back_and_the_store_opens(tmp_path):
    with open_store(tmp_path) as store:
        store.add_runner("Ann")
    path = tmp_path / "heelwise.db"
    subprocess.run([sys.executable, "-c", CUT_WRITE, path], check=False)
    assert path.with_name("heelwise.db-journal").stat().st_size
    with open_store(tmp_path) as store:
        assert [one.name for one in store.runners()] == ["Ann"]
        assert store.check() == []


@pytest.mark.sqlite_only("of the file itself")
def test_a_store_that_may_not_be_read_or_written_to(tmp_path):
    with without_rights() as folder:
        path = filled(folder / "home")
        before = path.read_bytes()
        path.chmod(0)
        with pytest.raises(StoreUnreadable, match="may not be read"):
            open_store(folder / "home")
        path.chmod(0o600)
        assert path.read_bytes() == before

        closed = folder / "closed"
        closed.mkdir(mode=0o500)
        with pytest.raises(StoreFull, match="may not be written to"):
            open_store(closed / "home")

        locked = folder / "locked"
        locked.mkdir(mode=0o000)
        with pytest.raises(StoreError, match=r"Nothing was changed|nothing new was stored"):
            open_store(locked / "home")


@pytest.mark.sqlite_only("of the file itself")
def test_a_folder_that_turns_read_only_keeps_what_it_has():
    with without_rights() as folder:
        home = folder / "home"
        path = filled(home)
        path.chmod(0o400)
        before = path.read_bytes()
        home.chmod(0o500)
        try:
            with pytest.raises(StoreError) as told:
                _write_one(home)
        finally:
            home.chmod(0o700)
        assert "may not be" in str(told.value)
        assert path.read_bytes() == before


def _write_one(home: Path) -> None:
    with open_store(home) as store:
        store.write(EVENT, events(1).with_columns(note=pl.lit("changed")))


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT_S", 0.2)


@pytest.mark.sqlite_only("of the file itself")
def test_a_store_that_another_program_keeps_locked(tmp_path, impatient):
    path = filled(tmp_path)
    store = open_store(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="Another program") as told:
        store.write(EVENT, events(1).with_columns(note=pl.lit("changed")))
    assert "try again" in str(told.value)
    assert store.read(EVENT, 1).height == 2_000
    other.execute("ROLLBACK")
    other.close()
    assert store.write(EVENT, events(1).with_columns(note=pl.lit("changed"))).updated == 1


@pytest.mark.sqlite_only("of the file itself")
def test_a_store_that_another_program_keeps_to_itself(tmp_path, impatient):
    path = filled(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="Another program"):
        open_store(tmp_path)
    other.close()
    open_store(tmp_path).close()


@pytest.mark.sqlite_only("of the file itself")
def test_damage_met_later_is_told_in_the_same_words(tmp_path):
    path = filled(tmp_path)
    store: Store = open_store(tmp_path)
    overwritten_inside(path)
    with pytest.raises(StoreUnreadable, match="Nothing was changed"):
        store.read(EVENT, 1)


class TestOnlyFor:
    """A handle that writes for one runner alone."""

    @staticmethod
    def entry(athlete_id: int) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "source_id": ["a"],
                "athlete_id": [athlete_id],
                "source": ["manual"],
                "date": [date(2026, 1, 1)],
            },
            schema_overrides={"athlete_id": pl.Int64},
        ).with_columns(fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"))

    def test_rows_of_the_one_go_in_and_rows_of_another_do_not(self, store: Store) -> None:
        one, other = store.add_runner("Ann").athlete_id, store.add_runner("Bob").athlete_id
        narrow = store.only_for(lambda: one)
        assert narrow.write(SYMPTOM, self.entry(one)).new == 1
        for write in (
            lambda: narrow.write(SYMPTOM, self.entry(other)),
            lambda: narrow.set_settings(other, {"height_unit": "ft"}),
            lambda: narrow.set_bookmarks(other, {"a": "b"}),
            lambda: narrow.edit(other, [Edit("activity", "x", "sport", "Run")]),
            lambda: narrow.undo_edits(other, "none"),
            lambda: narrow.delete(SYMPTOM, other, "manual", ["a"]),
            lambda: narrow.replace(SYMPTOM, other, self.entry(other), []),
            lambda: narrow.archive_runner(other),
            lambda: narrow.delete_runner(other),
            lambda: narrow.add_runner("Cleo"),
        ):
            with pytest.raises(RunnerNotShown, match="Nothing was saved"):
                write()
        assert store.version(other) == 0
        assert [row.name for row in store.runners()] == ["Ann", "Bob"]
        assert store.read(SYMPTOM, one).height == 1

    def test_a_mixed_frame_goes_in_not_even_in_part(self, store: Store) -> None:
        one, other = store.add_runner("Ann").athlete_id, store.add_runner("Bob").athlete_id
        with pytest.raises(RunnerNotShown):
            store.only_for(lambda: one).write(SYMPTOM, pl.concat([self.entry(one), self.entry(other)]))
        assert store.read(SYMPTOM, one).is_empty()

    def test_a_runner_deleted_meanwhile_is_refused_with_a_sentence(self, store: Store) -> None:
        one = store.add_runner("Ann").athlete_id
        narrow = store.only_for(lambda: one)
        store.delete_runner(one)
        with pytest.raises(RunnerNotShown, match="no longer on this machine"):
            narrow.write(SYMPTOM, self.entry(one))

    def test_the_runner_is_asked_for_at_each_write(self, store: Store) -> None:
        one, other = store.add_runner("Ann").athlete_id, store.add_runner("Bob").athlete_id
        shown = [one]
        narrow = store.only_for(lambda: shown[0])
        narrow.set_settings(one, {"height_unit": "ft"})
        shown[0] = other
        with pytest.raises(RunnerNotShown):
            narrow.set_settings(one, {"height_unit": "m"})
        assert store.settings(one) == {"height_unit": "ft"}

    def test_the_handle_it_was_made_from_stays_as_wide_as_it_was(self, store: Store) -> None:
        one, other = store.add_runner("Ann").athlete_id, store.add_runner("Bob").athlete_id
        store.only_for(lambda: one).set_settings(one, {"a": "b"})
        store.set_settings(other, {"a": "b"})
        assert store.settings(other) == {"a": "b"}
