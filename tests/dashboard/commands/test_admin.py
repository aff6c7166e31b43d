"""`heelwise admin`: the first administrator is made on the server's shell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from connectors.errors import HeelwiseError
from connectors.store import open_store
from connectors.store.people import VerifiedPerson
from dashboard.cli import app

ISSUER = "https://login.example"


def run(tmp_path, *given: str):
    return CliRunner().invoke(app, ["admin", *given, "--home", str(tmp_path / "home")])


def test_a_person_becomes_an_administrator_before_they_ever_signed_in(tmp_path):
    first = run(tmp_path, "add", ISSUER, "robin-1")
    assert first.exit_code == 0
    assert f"The person robin-1 of {ISSUER} is an administrator now." in first.output
    assert "was an administrator already" in run(tmp_path, "add", ISSUER, "robin-1").output
    with open_store(tmp_path / "home") as store:
        (person,) = store.people.persons()
    assert (person.issuer, person.subject, person.is_admin) == (ISSUER, "robin-1", True)
    assert f"robin-1 of {ISSUER}: never signed in" in run(tmp_path, "list").output


@pytest.mark.parametrize(
    ("issuer", "subject", "words"),
    [
        ("http://login.example", "x", "no https:// address"),
        ("robin", "x", "no https:// address"),
        (ISSUER, " ", "own identifier"),
        (ISSUER, "x" * 256, "own identifier"),
    ],
)
def test_what_can_be_no_person_is_refused(tmp_path, issuer, subject, words):
    refused = run(tmp_path, "add", issuer, subject)
    assert isinstance(refused.exception, HeelwiseError)
    assert words in str(refused.exception)


def test_a_server_without_one_says_how(tmp_path):
    assert "heelwise admin add ISS SUB" in run(tmp_path, "list").output


def test_a_person_is_removed_and_readmitted_on_the_shell(tmp_path):
    now = datetime.now(UTC)
    with open_store(tmp_path / "home") as store:
        person = VerifiedPerson(ISSUER, "robin-1")
        store.people.sign_in(person, "digest", now + timedelta(hours=1), now, None)
    assert "may sign in no longer" in run(tmp_path, "remove", ISSUER, "robin-1").output
    assert "was removed already" in run(tmp_path, "remove", ISSUER, "robin-1").output
    with open_store(tmp_path / "home") as store:
        assert store.people.sessions() == {}
        assert store.people.persons()[0].removed is not None
    assert "may sign in again" in run(tmp_path, "readmit", ISSUER, "robin-1").output
    assert "may sign in already" in run(tmp_path, "readmit", ISSUER, "robin-1").output
    with open_store(tmp_path / "home") as store:
        assert store.people.persons()[0].removed is None


@pytest.mark.parametrize("verb", ["remove", "readmit"])
def test_who_never_signed_in_can_be_neither_removed_nor_readmitted(tmp_path, verb):
    refused = run(tmp_path, verb, ISSUER, "nobody")
    assert isinstance(refused.exception, HeelwiseError)
    assert "nothing was changed" in str(refused.exception)
