"""The access log and the dump where the database shows each role a part of the rows alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill, provenance, rows
from role_rig import ClinicDatabase, lock_rows
from sqlalchemy import insert

from connectors.backup.dump import dump_all, make_pair, set_up
from connectors.backup.restore_dump import parse_identity, restore_dump
from connectors.errors import StoreError
from connectors.frames import SYMPTOM
from connectors.store import open_store
from connectors.store.row_security import APP, BACKUP, JOBS
from connectors.store.tables import GRANT_TABLE, PERSON_TABLE

pytestmark = [pytest.mark.postgres, pytest.mark.sqlite_only]  # each test opens its own database

ROBIN, KIM = 1, 2
RUNNER, THERAPIST = 1, 2


def symptom(athlete_id: int) -> pl.DataFrame:
    return rows(SYMPTOM, {**provenance(athlete_id, "manual", "s9"), "date": date(2026, 5, 9)})


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def private() -> str:
    """The private key of the dumps; its public half is in the store."""
    return make_pair()[1]


@pytest.fixture
def clinic(postgres_server, postgres_url, home, private, monkeypatch) -> ClinicDatabase:
    """Two runners; a person who is the first, and a therapist who writes for them."""
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with open_store(home) as store:
        set_up(store, str(parse_identity(private).to_public()))
        fill(store, "Robin")
        fill(store, "Kim")
        with store._database.writing() as connection:
            for subject, is_therapist in (("robin", 0), ("theo", 1)):
                person = {"issuer": "i", "subject": subject, "is_therapist": is_therapist, "added_utc": 0}
                connection.execute(insert(PERSON_TABLE).values(**person))
            for person_id, access in ((RUNNER, "own"), (THERAPIST, "write")):
                grant = {"athlete_id": ROBIN, "person_id": person_id, "access": access, "given_utc": 0}
                connection.execute(insert(GRANT_TABLE).values(**grant))
    return lock_rows(postgres_server, postgres_url, home)


def test_whoever_may_not_read_the_log_adds_to_it_all_the_same(clinic, home, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(APP))
    with open_store(home) as app:
        app.access_log.note_once("person:2", "saw", ROBIN, "today")
        app.access_log.note_once("person:2", "saw", ROBIN, "today")
        theirs = app.for_person(THERAPIST).noting("person:2").only_for(lambda: ROBIN)
        theirs.write(SYMPTOM, symptom(ROBIN))
        app.access_log.note(None, "person:2", "saw", KIM, "today")
        for read in (app.access_log.problems, lambda: list(app.access_log.entries())):
            with pytest.raises(StoreError, match="a part of the access log alone"):
                read()
        own = app.for_person(RUNNER).access_log.of_runner(ROBIN, 9)
        assert [(one.action, one.subject) for one in own] == [("changed", "symptom"), ("saw", "today")]
        assert app.for_person(RUNNER).access_log.of_runner(KIM, 9) == []
        assert app.for_person(THERAPIST).access_log.of_runner(ROBIN, 9) == []
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.admin)
    with open_store(home) as store:
        assert store.access_log.problems() == []
        assert [one.action for one in store.access_log.entries()] == ["saw", "changed", "saw"]
        assert store.read(SYMPTOM, ROBIN).filter(pl.col("source_id") == "s9").height == 1


def test_a_role_that_does_not_see_everybody_is_refused_a_dump_and_another_makes_it(
    clinic, home, private, tmp_path, monkeypatch
):
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(JOBS))
    with open_store(home) as jobs, pytest.raises(StoreError, match="does not see every runner"):
        dump_all(jobs, tmp_path / "dumps")
    assert not (tmp_path / "dumps").exists()
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(BACKUP))
    with open_store(home) as backup:
        done = dump_all(backup, tmp_path / "dumps")
        assert (done.runners, done.grants) == (2, 2)
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.admin)
    with open_store(home) as store:
        store.delete_runner(KIM)
    monkeypatch.delenv("HEELWISE_DATABASE")
    with open_store(tmp_path / "new") as new:
        # The vault's key lies beside the first store: the list is applied, and that it cannot be verified is said.
        restored = restore_dump(new, done.path, parse_identity(private), lambda _: None, accepts_list=True)
        assert (restored.brought, restored.forgotten, restored.grants.new) == (1, 1, 2)
        assert [one.name for one in new.runners()] == ["Robin"]
        assert new.activities(new.runners()[0].athlete_id).height == 1
