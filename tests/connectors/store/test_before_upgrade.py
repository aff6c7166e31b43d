"""From every earlier migration number to this one, and the way back."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from old_stores import FOLDER as OLD
from old_stores import TOTALS, backup_of, build

from connectors.backup import restore
from connectors.errors import StoreFull
from connectors.frames import ACTIVITY, EVENT, STRENGTH, SYMPTOM
from connectors.store import Store, before_upgrade, open_store
from connectors.store.before_upgrade import FOLDER, copies, remove_old_copies
from connectors.store.migrations import STEPS

pytestmark = pytest.mark.sqlite_only(
    "copies the file before an upgrade; PostgreSQL has the dump of the night before"
)

STORES = sorted(OLD.glob("*.sql"))
RELEASED = 17
"""Migrations that a release has made; those of newer ones are added by `python tests/old_stores.py`."""


def old_store(home: Path, script: Path) -> Path:
    """Put a store of an earlier number into a folder."""
    home.mkdir(mode=0o700, exist_ok=True)
    path = home / "heelwise.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(script.read_text())
    path.chmod(0o600)
    return path


def totals(store: Store) -> dict[str, float]:
    me = store.runner().athlete_id
    runs = store.activities(me)
    return {
        "runs": runs.height,
        "distance_m": runs["distance_m"].sum(),
        "symptoms": store.read(SYMPTOM, me).height,
        "sets": store.read(STRENGTH, me).height,
        "events": store.read(EVENT, me).height,
    }


def applied(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
        return raw.execute("SELECT max(number) FROM migration").fetchone()[0]


def test_every_released_number_has_its_store_and_its_backup():
    names = [f"{at:02}_{step.__name__}" for at, step in enumerate(STEPS, start=1)]
    assert len(STORES) >= RELEASED
    assert [path.stem for path in STORES] == names[: len(STORES)]
    assert {path.stem for path in OLD.glob("*.zip")} == {path.stem for path in STORES}


def test_the_store_and_backup_of_the_newest_number_can_be_made(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    build(home / "heelwise.db", len(STEPS))
    backup_of(home / "heelwise.db", tmp_path / "b.zip")
    with open_store(home) as store, open_store(tmp_path / "other") as other:
        restore(other, tmp_path / "b.zip")
        assert totals(store) == totals(other) == TOTALS
        assert store.verify() == []


@pytest.mark.parametrize("script", STORES, ids=lambda path: path.stem)
def test_a_store_of_every_number_opens_with_the_same_totals_and_leaves_its_copy(tmp_path, script):
    path = old_store(tmp_path / "home", script)
    number = applied(path)
    with open_store(tmp_path / "home") as store:
        assert totals(store) == TOTALS
        assert store.steps_taken == len(STEPS) - number
        assert store.read(ACTIVITY, 1).height == TOTALS["runs"]
        assert store.verify() == []
    assert applied(path) == len(STEPS)
    there = copies(tmp_path / "home")
    assert len(there) == (number < len(STEPS))
    for copy in there:
        assert applied(copy) == number
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    with open_store(tmp_path / "home") as again:
        assert again.steps_taken == 0
    assert copies(tmp_path / "home") == there


@pytest.mark.parametrize("script", STORES, ids=lambda path: path.stem)
def test_a_backup_of_every_number_comes_in_with_the_same_totals(tmp_path, script):
    with open_store(tmp_path / "home") as store:
        [done] = restore(store, script.with_suffix(".zip"))
        assert done.refused == ()
        assert totals(store) == TOTALS


def test_the_copy_is_the_way_back(tmp_path):
    path = old_store(tmp_path / "home", STORES[3])
    before = list(sqlite3.connect(path).iterdump())
    open_store(tmp_path / "home").close()
    [copy] = copies(tmp_path / "home")
    assert list(sqlite3.connect(copy).iterdump()) == before
    copy.replace(path)
    with open_store(tmp_path / "home") as store:
        assert totals(store) == TOTALS


def test_without_room_it_does_not_migrate_and_says_so(tmp_path, monkeypatch):
    path = old_store(tmp_path / "home", STORES[3])
    before = path.read_bytes()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(before_upgrade.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 1_000_000))
    with pytest.raises(StoreFull, match=r"copies it before.*Nothing was changed"):
        open_store(tmp_path / "home")
    monkeypatch.undo()
    assert applied(path) == 4
    assert path.read_bytes()[100:] == before[100:]
    assert list((tmp_path / "home").glob("before-upgrade/*")) == []


def test_the_newest_two_are_kept_and_none_for_over_thirty_days(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir()
    now = time.time()
    for age_days in (0, 10, 20, 40):
        made = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now - age_days * 86_400))
        (folder / f"heelwise-{9 - age_days // 10}-{made}.db").touch()
    (folder / ".heelwise-3-20260101T000000Z.db.part").touch()
    (folder / "taxes.db").touch()
    assert remove_old_copies(tmp_path, now) == 2
    assert [path.name[:10] for path in copies(tmp_path)] == ["heelwise-9", "heelwise-8"]
    assert remove_old_copies(tmp_path, now + 25 * 86_400) == 1
    assert remove_old_copies(tmp_path, now + 31 * 86_400) == 1
    assert os.listdir(folder) == ["taxes.db"]


def test_deleting_any_runner_deletes_every_copy_and_doctor_lists_them_before(tmp_path):
    old_store(tmp_path / "home", STORES[5])
    with open_store(tmp_path / "home") as store:
        [finding] = [one for one in store.check() if one.id == "before_upgrade"]
        assert not finding.is_serious
        assert "1 copy" in finding.wrong
        other = store.add_runner("Kim").athlete_id
        assert store.delete_runner(other).copies == 1
        assert not (tmp_path / "home" / FOLDER).exists()
        assert totals(store) == TOTALS


def test_erasing_all_leaves_what_somebody_else_put_there(tmp_path):
    old_store(tmp_path / "home", STORES[5])
    with open_store(tmp_path / "home") as store:
        (tmp_path / "home" / FOLDER / "taxes.txt").touch()
        store.delete_runner(1)
        left, _ = store.erase()
    assert [path.name for path in left] == ["taxes.txt"]
    assert [path.name for path in (tmp_path / "home").rglob("*") if path.is_file()] == ["taxes.txt"]
