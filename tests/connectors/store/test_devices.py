"""Rows of devices and pairings: of this machine alone, and gone with their runner."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.backup.write import backup
from connectors.errors import RunnerForgotten, RunnerNotShown
from connectors.store import Store
from connectors.store.devices import Device, DeviceCookie
from connectors.store.stored_time import read_time, stored_time

NOW = datetime(2026, 11, 29, 7, tzinfo=UTC)


def add_device(store: Store, athlete_id: int, name: str = "Phone of the morning") -> Device:
    values = {
        **{"name": name, "scope": "log_only", "version": 1, "paired_utc": NOW, "seen_utc": NOW},
        **{"is_tls": 0, "address": "192.168.1.20:8531"},
    }
    with store.devices.changing() as rows:
        device_id = rows.add_device(athlete_id, values)
        rows.add_cookie(
            DeviceCookie(f"digest{device_id}", athlete_id, device_id, f"jar{device_id}", False, NOW)
        )
        rows.add_pairing(
            athlete_id,
            {
                "kind": "join",
                "scope": "log_only",
                "state": "offered",
                "changed_utc": NOW,
                "device_id": device_id,
            },
        )
    return next(one for one in store.devices.devices() if one.device_id == device_id)


def test_a_device_comes_back_as_it_was_written(store, runner):
    device = add_device(store, runner.athlete_id)
    assert dataclasses.asdict(device) == {
        **{"device_id": device.device_id, "athlete_id": runner.athlete_id, "name": "Phone of the morning"},
        **{"scope": "log_only", "version": 1, "paired": NOW, "seen": NOW, "is_tls": False},
        **{"address": "192.168.1.20:8531", "ended": None},
    }
    value, known = store.devices.cookie(f"digest{device.device_id}") or (None, None)
    assert known == device
    assert value == DeviceCookie(value.digest, runner.athlete_id, device.device_id, value.jar, False, NOW)


def test_versions_follow_every_change(store, runner):
    device = add_device(store, runner.athlete_id)
    assert store.devices.versions() == {device.device_id: 1}
    with store.devices.changing() as rows:
        rows.change_device(device.device_id, {"version": 2})
    assert store.devices.versions() == {device.device_id: 2}
    with store.devices.changing() as rows:
        rows.change_device(device.device_id, {"ended_utc": NOW})
    assert store.devices.versions() == {}


def test_a_removed_device_leaves_no_row_and_its_number_is_not_given_again(store, runner):
    device = add_device(store, runner.athlete_id)
    with store.devices.changing() as rows:
        assert rows.remove_device(device.device_id)
        assert not rows.remove_device(device.device_id)
    assert store.devices.devices() == store.devices.pairings() == []
    assert store.devices.cookie(f"digest{device.device_id}") is None
    assert add_device(store, runner.athlete_id).device_id > device.device_id


def test_devices_go_with_their_runner_and_nobody_elses_do(store, runner):
    other = store.add_runner("Somebody Else")
    add_device(store, runner.athlete_id)
    theirs = add_device(store, other.athlete_id)
    store.delete_runner(runner.athlete_id)
    assert store.devices.devices() == [theirs]
    assert [one.athlete_id for one in store.devices.pairings()] == [other.athlete_id]


def test_a_runner_who_is_being_deleted_has_no_device_any_more(store, runner):
    device = add_device(store, runner.athlete_id)
    store.mark_deletion(runner.athlete_id)
    assert store.devices.devices() == store.devices.pairings() == []
    assert store.devices.versions() == {}
    assert store.devices.cookie(f"digest{device.device_id}") is None
    with pytest.raises(RunnerForgotten):
        add_device(store, runner.athlete_id)


def test_a_store_of_one_runner_takes_no_device_of_another(store, runner):
    other = store.add_runner("Somebody Else")
    part = store.only_for(lambda: runner.athlete_id)
    add_device(part, runner.athlete_id)
    with pytest.raises(RunnerNotShown):
        add_device(part, other.athlete_id)


def test_no_backup_holds_a_device(store, runner, tmp_path):
    add_device(store, runner.athlete_id)
    target = tmp_path / "backup.zip"
    backup(store, target)
    with zipfile.ZipFile(target) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "device" in name or "pairing" in name]
    for word in ("Phone of the morning", "192.168.1.20", "digest1"):
        assert word.encode() not in everything


def test_tries_outside_the_window_are_deleted(store):
    window = timedelta(minutes=5)
    with store.devices.changing() as rows:
        rows.add_try(NOW - timedelta(minutes=6), True, window)
        rows.add_try(NOW + timedelta(days=400), True, window)  # a clock that was set back since
        rows.add_try(NOW, False, window)
        assert rows.tries() == [(NOW, False)]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))
def test_a_time_comes_back_to_the_microsecond(moment):
    moment = moment.replace(tzinfo=UTC)
    assert read_time(stored_time(moment)) == moment
