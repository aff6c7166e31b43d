"""What `doctor` finds on a server, and that it finds nothing of it on a laptop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backed_up_runner import fill

from connectors.backup.dump import make_pair, set_up
from connectors.store.dump_settings import LATEST
from connectors.store.forgotten_list import LIST_NAME
from connectors.store.vault_keys import KEY_NAME, new_key

OURS = {"access_log", "dump_overdue", "forgotten_list", "vault_key", "vault_rotation"}


def ids(store) -> set[str]:
    return {one.id for one in store.check()} & OURS


def test_a_laptop_has_none(store, runner):
    assert ids(store) == set()


def test_a_dump_that_is_overdue_and_a_list_that_went(store):
    set_up(store, make_pair()[0])
    assert ids(store) == {"dump_overdue"}
    store.set_machine_setting(LATEST, (datetime.now(UTC) - timedelta(hours=30)).isoformat())
    assert ids(store) == set()
    robin = fill(store, "Robin")
    store.export_runner(robin)
    store.delete_runner(robin)
    assert ids(store) == set()
    (store.home / LIST_NAME).unlink()
    assert ids(store) == {"forgotten_list"}


def test_a_change_of_the_key_that_is_not_finished(store):
    (store.home / KEY_NAME).touch(0o600)
    (store.home / KEY_NAME).write_bytes(new_key())
    assert ids(store) == set()
    (store.home / KEY_NAME).write_bytes(b"\n".join((new_key(), new_key())))
    assert ids(store) == {"vault_rotation"}


def test_a_file_of_the_key_that_cannot_be_used(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY_FILE", str(tmp_path / "nowhere"))
    [finding] = [one for one in store.check() if one.id in OURS]
    assert finding.is_serious
    assert str(tmp_path / "nowhere") in str(finding)
