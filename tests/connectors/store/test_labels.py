"""Labels: unique on this machine, and as they were until a person changes one; settings of the machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import old_stores
import pytest
from hypothesis import given
from hypothesis import strategies as some
from postgres_rig import use_fresh_database

from connectors.backup import backup, restore
from connectors.errors import StoreError
from connectors.store import Store, open_store
from connectors.store.labels import CLINIC_MODE, CLINIC_NOTICE, free_label, initials_of
from connectors.store.migrations import STEPS, add_labels


def labels(store: Store) -> list[str]:
    return [one.label for one in sorted(store.runners(), key=lambda one: one.athlete_id)]


def test_equal_initials_take_a_number_and_no_initials_a_word(store: Store) -> None:
    for name in ("Nora Vance", "Nils Vogel", "Runner", "42", "nina van dam", "Ed"):
        store.add_runner(name)
    assert labels(store) == ["NV", "NV 2", "Runner 1", "Runner 2", "NVD", "E"]


def test_a_label_stays_when_others_come_and_go(store: Store) -> None:
    first = store.add_runner("Nora Vance")
    store.add_runner("Nils Vogel")
    store.delete_runner(first.athlete_id)
    assert labels(store) == ["NV 2"]
    store.add_runner("Nadia Vos")
    assert labels(store) == ["NV 2", "NV"]


def test_a_code_of_the_therapist_is_unique_too(store: Store) -> None:
    one, other = store.add_runner("Nora Vance"), store.add_runner("Kim Example")
    store.set_label(other.athlete_id, "  left   7 ")
    assert labels(store) == ["NV", "left 7"]
    for bad, why in (("nv", "Another runner"), ("", "1 to 12"), ("x" * 13, "1 to 12"), ("a\x00b", "1 to 12")):
        with pytest.raises(StoreError, match=why):
            store.set_label(other.athlete_id, bad)
    assert labels(store) == ["NV", "left 7"]
    store.set_label(one.athlete_id, "NV")
    assert labels(store) == ["NV", "left 7"]


@pytest.mark.sqlite_only("opens no store")
@given(some.lists(some.text(max_size=20), max_size=12))
def test_no_two_labels_are_ever_equal(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(free_label(name, taken))
    assert len({one.casefold() for one in taken}) == len(taken)
    assert all(taken)


@pytest.mark.sqlite_only("opens no store")
@pytest.mark.parametrize(("name", "initials"), [("Éva Ős", "ÉŐ"), ("ßa", "S"), ("RUNNER", ""), ("-- 1", "")])
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_clinic_mode_turns_on_with_the_third_real_runner_and_stays_off_once_turned_off(store: Store) -> None:
    store.add_runner("Demo (made up)", is_demo=True)
    away = store.add_runner("Away")
    store.archive_runner(away.athlete_id)
    store.add_runner("Ann")
    store.add_runner("Bob")
    assert store.machine_settings() == {}
    store.add_runner("Cleo")
    assert store.machine_settings() == {CLINIC_MODE: "on", CLINIC_NOTICE: "due"}
    store.set_machine_setting(CLINIC_MODE, "off")
    store.set_machine_setting(CLINIC_NOTICE, None)
    store.add_runner("Dora")
    assert store.machine_settings() == {CLINIC_MODE: "off"}


def test_the_machine_s_settings_are_in_no_backup(store: Store, tmp_path: Path) -> None:
    for name in ("Ann", "Bob", "Cleo"):
        store.add_runner(name)
    store.set_machine_setting(CLINIC_MODE, "off")
    backup(store, tmp_path / "b.zip")
    use_fresh_database()
    with open_store(tmp_path / "elsewhere") as other:
        restore(other, tmp_path / "b.zip")
        assert other.machine_settings()[CLINIC_MODE] == "on"


@pytest.mark.sqlite_only("a store of a number that PostgreSQL never had")
def test_an_older_store_gets_labels(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    old_stores.build(home / "heelwise.db", STEPS.index(add_labels))
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        raw.execute("UPDATE runner SET name = 'Nora Vance'")
        raw.execute("INSERT INTO runner (name, is_demo) VALUES ('Nils Vogel', 0)")
        raw.commit()
    with open_store(home) as again:
        assert labels(again) == ["NV", "NV 2"]
