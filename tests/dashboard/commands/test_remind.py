"""`heelwise remind`, as a timer and a person run it."""

from __future__ import annotations

import io
import logging
import sys
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from message_stand_in import MessageStandIn

from connectors.backup import backup
from connectors.store import open_store
from connectors.store.token_vault import open_vault
from dashboard.data.forget import forget
from dashboard.diary.entries import nothing_felt_on, save_entry

SECRET = "P4SSW0RD"


@pytest.fixture
def service():
    with MessageStandIn() as server:
        yield server


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    with open_store(tmp_path / "home") as store:
        store.set_settings(store.runner(create=True).athlete_id, {"timezone": "UTC"})
    return tmp_path / "home"


@pytest.fixture
def remind(run, home, monkeypatch):
    def call(*words: object, stdin: str = ""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        return run("remind", "--home", home, *words)

    return call


def log_this_morning(home) -> None:
    with open_store(home) as store:
        save_entry(store, store.runner().athlete_id, nothing_felt_on(datetime.now(UTC).date()))


def addresses(home) -> list[str]:
    with open_store(home) as store:
        return open_vault(home).read_addresses(store.runner().athlete_id)


def test_it_is_sent_until_the_morning_is_logged_and_holds_these_words_alone(remind, home, service):
    assert remind("--stdin", stdin=f" {service.address()}\n")[0] == 0
    assert remind() == (0, "Sent to 1 address: “Heelwise: a minute for this morning?”\n", "")
    (message,) = service.messages
    assert (message["message"], message["title"]) == ("Heelwise: a minute for this morning?", "")
    log_this_morning(home)
    assert remind() == (0, "This morning is logged: nothing was sent.\n", "")
    assert len(service.messages) == 1
    assert remind("--test")[0] == 0
    assert len(service.messages) == 2


def test_yesterdays_entry_ends_no_reminder(remind, home, service):
    with open_store(home) as store:
        save_entry(store, store.runner().athlete_id, nothing_felt_on(date(2026, 1, 2)))
    remind("--stdin", stdin=service.address())
    assert remind()[0] == 0
    assert len(service.messages) == 1


def test_an_address_is_kept_once_in_the_vault_and_nowhere_else(remind, home, service, tmp_path, caplog):
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            status, out, err = remind("--stdin", stdin=service.address())
            assert (status, err) == (0, "")
            assert SECRET not in out
        service.status = 500
        status, out, err = remind()
    assert addresses(home) == [service.address()]
    assert status == 1
    assert len(err.strip().splitlines()) == 1
    assert "Sent to 0 of 1 address" in err
    assert SECRET not in out + err + caplog.text
    assert not [one for one in home.rglob("*") if one.is_file() and SECRET.encode() in one.read_bytes()]
    with open_store(home) as store:
        backup(store, tmp_path / "b.zip")
    with ZipFile(tmp_path / "b.zip") as packed:
        assert not [one for one in packed.namelist() if SECRET.encode() in packed.read(one)]


def test_one_that_fails_keeps_no_other_from_being_asked(remind, service):
    with MessageStandIn() as broken:
        broken.status = 500
        remind("--stdin", stdin=broken.address())
        remind("--stdin", stdin=service.address())
        status, _, err = remind()
    assert (status, len(service.messages)) == (1, 1)
    assert "Sent to 1 of 2 addresses" in err


@pytest.mark.parametrize("typed", ["", "hello", "nope://x", "json://", "json://a,json://b", "x" * 70_000])
def test_what_is_no_address_is_one_sentence(remind, home, typed):
    status, out, err = remind("--stdin", stdin=typed)
    assert (status, out) == (1, "")
    assert "not an address that Apprise knows" in err
    assert len(err.strip().splitlines()) == 1
    assert addresses(home) == []


def test_without_an_address_and_without_a_terminal_it_says_what_to_do(remind):
    status, _, err = remind()
    assert status == 1
    assert "heelwise remind --add" in err
    status, _, err = remind("--add")
    assert status == 1
    assert "--stdin" in err


def test_no_more_than_ten_are_kept(remind, home):
    for number in range(10):
        assert remind("--stdin", stdin=f"json://host{number}")[0] == 0
    status, _, err = remind("--stdin", stdin="json://host11")
    assert status == 1
    assert "There are 10 addresses already" in err
    assert len(addresses(home)) == 10


def test_addresses_are_forgotten_by_the_command_and_with_the_runner(remind, home, service):
    remind("--stdin", stdin=service.address())
    assert remind("--forget") == (0, "Forgotten: 1 address.\n", "")
    assert addresses(home) == []
    remind("--stdin", stdin=service.address())
    with open_store(home) as store:
        vault, runner = open_vault(home), store.runner()
        lines = forget(store, vault, [runner])
        assert vault.read_addresses(runner.athlete_id) == []
    assert "1 address of the reminder deleted." in lines


def test_a_deletion_that_was_cut_off_forgets_them_too(remind, home, service):
    remind("--stdin", stdin=service.address())
    with open_store(home) as store:
        athlete_id = store.runner().athlete_id
        store.delete_runner(athlete_id)
    assert open_vault(home).read_addresses(athlete_id) == []


def test_two_things_at_once_are_wrong_usage(remind):
    assert remind("--forget", "--test")[0] == 2
