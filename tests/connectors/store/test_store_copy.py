"""A store copied from a folder to PostgreSQL and back: every row, every number, every recording, or nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from backed_up_runner import fill, same
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from role_rig import lock_rows
from sqlalchemy import insert

from connectors.backup.dump import dump_all, make_pair, set_up
from connectors.backup.restore_dump import parse_identity, restore_dump
from connectors.errors import StoreError
from connectors.store import open_store
from connectors.store.forgotten_list import read_own_list
from connectors.store.forgotten_notes import COPY_NAME
from connectors.store.row_security import APP, BACKUP, OWNER
from connectors.store.store_copy import COPIED, StoreSide, copy_store
from connectors.store.tables import METADATA
from connectors.store.vault_keys import KEY_NAME, LIST_NAME

pytestmark = [pytest.mark.postgres, pytest.mark.sqlite_only]  # each test opens both


def copied(source: tuple[Path, str], target: tuple[Path, str], *, accepts_list: bool = False):
    with StoreSide(*source) as here, StoreSide(*target) as there:
        return copy_store(here, there, accepts_list=accepts_list)


@pytest.fixture
def filled(tmp_path) -> Path:
    """A folder of two runners, one deleted runner's number, and recordings."""
    home = tmp_path / "laptop"
    with open_store(home) as store:
        fill(store, "Robin")
        fill(store, "Alex")
        store.delete_runner(fill(store, "Gone"))
        for one in store.runners():
            store.export_runner(one.athlete_id)  # as a backup does: it gives each a name for good
    return home


def test_a_store_goes_to_the_server_and_back_as_it_was(filled, postgres_url, tmp_path):
    there = copied((filled, ""), (tmp_path / "server", postgres_url))
    assert (there.is_repeat, there.recordings, there.tables["runner"].rows) == (False, 2, 2)
    back = copied((tmp_path / "server", postgres_url), (tmp_path / "back", ""))
    assert back.tables == there.tables
    with open_store(filled) as first, open_store(tmp_path / "back") as last:
        for runner in first.runners():
            same(first, runner.athlete_id, last, runner.athlete_id)
        before, after = ([path.read_bytes() for *_, path in one.samples.files()] for one in (first, last))
        assert before == after
        assert not [one for one in last.check() if one.is_serious]
        assert last.add_runner("Newcomer").athlete_id == first.add_runner("Newcomer").athlete_id == 4


def test_the_server_goes_on_counting_where_the_folder_stood(filled, postgres_url, tmp_path, monkeypatch):
    copied((filled, ""), (tmp_path / "server", postgres_url))
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with open_store(tmp_path / "server") as store:
        assert store.add_runner("Newcomer").athlete_id == 4, (
            "the number of a deleted runner is not given again"
        )


def test_recordings_stay_where_both_sides_have_the_same_folder(filled, postgres_url, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in (filled / "samples").rglob("*.parquet")}
    result = copied((filled, ""), (filled, postgres_url))
    assert result.shares_recordings
    assert {path: path.stat().st_mtime_ns for path in (filled / "samples").rglob("*.parquet")} == before
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with open_store(filled) as store:
        assert [store.samples.read(one, activity).height for one, activity, _ in store.samples.files()] == [
            3,
            3,
        ]


def test_a_copy_repeated_writes_nothing_and_another_store_is_refused(filled, postgres_url, tmp_path):
    server = (tmp_path / "server", postgres_url)
    first = copied((filled, ""), server)
    again = copied((filled, ""), server)
    assert (again.is_repeat, again.tables) == (True, first.tables)
    with open_store(tmp_path / "other") as other:
        fill(other, "Somebody else")
    with pytest.raises(StoreError, match=r"holds something else already: .*Nothing was copied"):
        copied((tmp_path / "other", ""), server)
    assert copied((filled, ""), server).is_repeat


def test_a_folder_that_holds_something_is_refused(filled, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").write_text("x")
    with pytest.raises(StoreError, match="is not empty"):
        copied((filled, ""), (tmp_path / "theirs", ""))
    with pytest.raises(StoreError, match="There is no store in the folder"):
        copied((tmp_path / "nowhere", ""), (tmp_path / "new", ""))
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "nowhere").exists()


def test_recordings_that_were_replaced_since_are_no_repeat(filled, postgres_url, tmp_path):
    server = (tmp_path / "server", postgres_url)
    copied((filled, ""), server)
    path = next((filled / "samples").rglob("*.parquet"))
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match="other recordings"):
        copied((filled, ""), server)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
numbers = st.none() | st.floats(allow_nan=False)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(words, numbers), max_size=6, unique_by=lambda row: row[0]))
def test_every_word_and_number_comes_back_from_the_server(rows, postgres_server, tmp_path_factory):
    home = tmp_path_factory.mktemp("any")
    activity = METADATA.tables["activity"]
    with open_store(home / "a") as store:
        store.add_runner("Robin")
        with store._database.writing() as connection:
            for number, (name, value) in enumerate(rows):
                row = {one.name: None for one in activity.columns}
                row |= {
                    "athlete_id": 1,
                    "source": "file",
                    "source_id": str(number),
                    "activity_id": f"a{number}",
                }
                row |= {"fetched_utc": number, "sport": "Run", "name": name, "distance_m": value}
                row |= {"start_utc": 2**62 + number, "local_date": -5}
                connection.execute(insert(activity), row)
    database = postgres_server.fresh()
    try:
        server = (home / "b", postgres_server.url(database))
        there = copied((home / "a", ""), server)
        assert copied(server, (home / "c", "")).tables == there.tables
        a, c = (sqlite3.connect(home / one / "heelwise.db") for one in "ac")
        query = "SELECT * FROM activity ORDER BY source_id"
        assert a.execute(query).fetchall() == c.execute(query).fetchall()
    finally:
        postgres_server.drop(database)


def test_a_text_that_postgres_cannot_keep_is_named_and_nothing_is_copied(filled, postgres_url, tmp_path):
    with sqlite3.connect(filled / "heelwise.db") as raw:
        raw.execute("UPDATE setting SET value = 'a' || char(0) || 'b' WHERE athlete_id = 1")
    with pytest.raises(StoreError, match="table setting holds a zero byte"):
        copied((filled, ""), (tmp_path / "server", postgres_url))
    assert held(postgres_url) == 0


def held(url: str) -> int:
    with psycopg.connect(url) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {one.name}".encode()).fetchone() for one in COPIED
        ]
        return sum(one[0] for one in counts if one)


COPY = """
import sys
from pathlib import Path
from connectors.store.store_copy import StoreSide, copy_store
def at(done, total, what):
    print(what, done, flush=True)
    if what == sys.argv[4] and done >= int(sys.argv[5]):
        sys.stdin.read()
with StoreSide(Path(sys.argv[1])) as a, StoreSide(Path(sys.argv[2]), sys.argv[3]) as b:
    copy_store(a, b, at)
"""


@pytest.mark.parametrize(
    ("what", "done"), [("tables", 1), ("tables", 9), ("tables", len(COPIED)), ("recordings", 1)]
)
@pytest.mark.parametrize("to_server", [True, False])
def test_a_copy_that_is_killed_leaves_the_target_empty(filled, postgres_url, tmp_path, what, done, to_server):
    target = (tmp_path / "target", postgres_url if to_server else "")
    command = [sys.executable, "-c", COPY, str(filled), *map(str, target), what, str(done)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert any(line.split() == [what, str(done)] for line in process.stdout)
        process.send_signal(signal.SIGKILL)
    if to_server:
        until = time.monotonic() + 10
        while held(postgres_url) and time.monotonic() < until:
            time.sleep(0.1)
        assert held(postgres_url) == 0
    else:
        assert not target[0].exists()
    assert copied((filled, ""), target).recordings == 2
    assert not list(tmp_path.glob(".*.part")), "what the killed copy left holds everything of the runners"


@pytest.fixture
def dumped(filled, tmp_path) -> tuple[Path, str]:
    """A dump of both runners, after which one was forgotten; and the private key of the dumps."""
    public, private = make_pair()
    with open_store(filled) as store:
        set_up(store, public)
        dump = dump_all(store, tmp_path / "dumps").path
        store.delete_runner(store.runner("Alex").athlete_id)
    return dump, private


def restored(home: Path, dumped: tuple[Path, str]) -> list[str]:
    with open_store(home) as store:
        restore_dump(store, dumped[0], parse_identity(dumped[1]), lambda _: None)
        return [one.name for one in store.runners()]


def test_who_was_forgotten_stays_so_after_the_store_has_moved(
    filled, dumped, postgres_url, tmp_path, monkeypatch
):
    server = (tmp_path / "server", postgres_url)
    assert copied((filled, ""), server).forgotten == 1
    assert (server[0] / KEY_NAME).read_bytes() != (filled / KEY_NAME).read_bytes(), (
        "each vault has its own key"
    )
    assert read_own_list(server[0], 1).problems == []
    # A list that is gone there, as after a copy by an earlier version, is there after the same copy once more.
    (server[0] / LIST_NAME).unlink()
    assert (copied((filled, ""), server).is_repeat, read_own_list(server[0], 1).lines) == (True, 1)
    back = copied(server, (tmp_path / "back", ""))
    assert (back.forgotten, back.problem) == (1, None)
    # The copy beside the dumps is signed by the laptop; all that it says is known on the other side, so it is no doubt.
    assert restored(tmp_path / "back", dumped) == ["Robin"]
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    assert restored(server[0], dumped) == ["Robin"]
    beside = dumped[0].with_name(COPY_NAME)
    beside.write_text(beside.read_text() + '{"kind": "runner"')
    with pytest.raises(StoreError, match="1 line of the list of forgotten runners cannot be read"):
        restored(server[0], dumped)


def test_a_list_that_cannot_be_verified_does_not_move_unseen(filled, dumped, tmp_path):
    (filled / KEY_NAME).unlink()
    with pytest.raises(StoreError, match=r"nothing was copied\. Put forgotten\.jsonl of .* back"):
        copied((filled, ""), (tmp_path / "new", ""))
    assert not (tmp_path / "new").exists()
    (filled / LIST_NAME).unlink()
    with pytest.raises(StoreError, match="is missing"):
        copied((filled, ""), (tmp_path / "new", ""))
    (filled / LIST_NAME).write_bytes(dumped[0].with_name(COPY_NAME).read_bytes())
    (filled / LIST_NAME).chmod(0o600)
    assert copied((filled, ""), (tmp_path / "new", ""), accepts_list=True).forgotten == 1
    assert restored(tmp_path / "new", dumped) == ["Robin"]


def test_roles_decide_who_may_copy(filled, postgres_server, tmp_path):
    name = postgres_server.fresh()
    url, home = postgres_server.url(name), tmp_path / "server"
    try:
        copied((filled, ""), (home, url))
        clinic = lock_rows(postgres_server, url, home)
        with pytest.raises(StoreError, match="does not see every row"):
            copied((home, clinic.url(APP)), (tmp_path / "by-app", ""))
        out = copied((home, clinic.url(BACKUP)), (tmp_path / "by-backup", ""))
        assert out.tables["runner"].rows == 2
        with pytest.raises(StoreError, match="Copy into it as heelwise_owner"):
            copied((filled, ""), (home, clinic.url(APP)))
        assert copied((filled, ""), (home, clinic.url(OWNER))).is_repeat
        with postgres_server.connect(name) as connection:
            connection.execute("TRUNCATE runner, machine_setting CASCADE")
        into = copied((filled, ""), (home, clinic.url(OWNER)))
        assert (into.is_repeat, into.tables) == (False, out.tables)
        with clinic.connect(OWNER) as connection:
            assert connection.execute("SELECT count(*) FROM activity").fetchone() == (0,), "FORCE holds again"
    finally:
        postgres_server.drop(name)


def test_a_store_goes_into_a_bucket_and_comes_back(filled, postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_SAMPLES", (tmp_path / "bucket").as_uri())
    server = (tmp_path / "server", postgres_url)
    assert copied((filled, ""), server).recordings == 2
    assert len(list((tmp_path / "bucket").iterdir())) == 2
    assert copied((filled, ""), server).is_repeat
    back = copied(server, (tmp_path / "back", ""))
    assert back.recordings == 2
    monkeypatch.delenv("HEELWISE_SAMPLES")
    with open_store(filled) as first, open_store(tmp_path / "back") as last:
        assert [p.read_bytes() for *_, p in first.samples.files()] == [
            p.read_bytes() for *_, p in last.samples.files()
        ]
