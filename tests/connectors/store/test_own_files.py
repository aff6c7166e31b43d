"""The list of names: what Heelwise makes is on it, what others put there is not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.store import open_store
from connectors.store.own_files import foreign_files, own_file, remove_empty_shells, walk_own
from connectors.store.process_token import process_token

ONE = "0123456789abcdef"
OURS = (
    *(
        "heelwise.db",
        "heelwise.db-wal",
        "heelwise.db-shm",
        "vault",
        "vault.key",
        "vault.lock",
        "vault.lock.write",
    ),
    *(
        "imports.lock",
        "imports-3.lock",
        "sync-3.lock",
        "work-3.lock",
        "alive-0badcafe.lock",
        "sign-in.json",
        "problems.log",
    ),
    *("demo_left", ".vault.0badcafe.part", ".vault.key.0badcafe.part"),
    *(f"samples/3/01/{ONE}.parquet", f"samples/3/01/.{ONE}.4711.0badcafe.part", "samples/.closed-3"),
    *(f"samples/3/01/.{ONE}.0badcafe.0badcafe.part", f"samples/3/.before/7/{ONE}.parquet"),
    f"samples/3/.before/7/.{ONE}.part",
    *(f"samples/3/.cache/sums-{ONE}{ONE}.cache", f"samples/3/.cache/.sums-{ONE}{ONE}.0badcafe.0badcafe.part"),
    *("forgotten.jsonl", "forgotten.lock", ".forgotten.jsonl.0badcafe.part"),
    *("dumps/heelwise-all-20261129T031500Z.tar.age", "dumps/heelwise-forgotten.jsonl"),
    "dumps/.heelwise-all-20261129T031500Z.tar.age.0badcafe.part",
)
FOREIGN = (
    *("taxes.txt", "heelwise.db.bak", "vault.old", "sync-mine.lock", "upload-summer.zip", ".part"),
    *("samples/notes.txt", "samples/3/notes.txt", f"samples/3/01/{ONE}.csv", f"samples/x/01/{ONE}.parquet"),
    *("samples/3/01/Long run.parquet", "before.zip", "dumps/notes.txt"),
)


@pytest.mark.sqlite_only("opens no store")
@pytest.mark.parametrize("name", OURS)
def test_every_name_ever_used_is_ours(tmp_path: Path, name: str):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    assert own_file(tmp_path, path) is not None
    assert foreign_files(tmp_path) == []
    assert [one.path for one in walk_own(tmp_path)] == [path]


@pytest.mark.sqlite_only("opens no store")
@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_put_there_is_not(tmp_path: Path, name: str):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    assert list(walk_own(tmp_path)) == []
    assert len(foreign_files(tmp_path)) == 1


@pytest.mark.sqlite_only("opens no store")
@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\"), min_size=1, max_size=30)
)
def test_a_name_is_ours_or_foreign_and_never_both(tmp_path_factory, name):
    home = tmp_path_factory.mktemp("home")
    if name in (".", "..") or len(name.encode()) > 200:
        return
    (home / name).mkdir()
    (home / name / "inside.txt").touch()
    ours = [one.path for one in walk_own(home)]
    assert not any(home / name in path.parents for path in ours)
    assert {home / name} == {*ours, *foreign_files(home)} or name == "samples"


@pytest.mark.sqlite_only("opens no store")
def test_a_folder_of_uploads_counts_only_where_it_was_made_private(tmp_path: Path):
    made, by_hand = tmp_path / "upload-abcd1234", tmp_path / "upload-vacation"
    made.mkdir(mode=0o700)
    by_hand.mkdir(mode=0o755)
    assert [one.path for one in walk_own(tmp_path)] == [made]
    assert foreign_files(tmp_path) == [by_hand]


def test_a_store_in_use_holds_nothing_that_is_not_on_the_list(tmp_path: Path):
    home = tmp_path / "home"
    with open_store(home) as store:
        store.runner(create=True)
        store.samples.write(1, ONE, pl.DataFrame({"second": [0]}))
        with store.importing(1):
            assert foreign_files(home) == []
    assert process_token(home)
    assert foreign_files(home) == []


@pytest.mark.sqlite_only("opens no store")
def test_a_foreign_file_keeps_its_folder(tmp_path: Path):
    (tmp_path / "samples" / "3" / "01").mkdir(parents=True)
    (tmp_path / "samples" / "4" / "01").mkdir(parents=True)
    (tmp_path / "samples" / "3" / "taxes.txt").touch()
    remove_empty_shells(tmp_path, tmp_path / "samples")
    assert sorted(p.name for p in (tmp_path / "samples").rglob("*")) == ["3", "taxes.txt"]
