"""A dump of everybody under the four roles: what ended stays so, the rest is read by right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from backed_up_runner import fill
from clinic_builders import add_person
from role_rig import ClinicDatabase, lock_rows

from connectors.backup.dump import dump_all, make_pair, set_up
from connectors.backup.restore_dump import DumpRestored, parse_identity, restore_dump
from connectors.errors import StoreError
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.grants import add_right
from connectors.store.row_security import APP, BACKUP, JOBS, OWNER

pytestmark = [pytest.mark.postgres, pytest.mark.sqlite_only]  # a store on each of two databases
ROBIN, THEO = 1, 2
"""Persons: a runner, and a therapist to whom two runners have shown their records."""


@dataclass(frozen=True)
class Dumped:
    """A clinic's server, a dump of it, and the key that opens the dump."""

    home: Path
    roles: ClinicDatabase
    dump: Path
    private: str

    def restored(self, address: str) -> DumpRestored:
        with open_store(self.home, address) as store:
            return restore_dump(store, self.dump, parse_identity(self.private), lambda _: None)

    def as_app(self, roles: ClinicDatabase | None = None) -> Store:
        return open_store(self.home, (roles or self.roles).url(APP))


@pytest.fixture
def dumped(tmp_path, postgres_server, postgres_url, monkeypatch) -> Dumped:
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    home = tmp_path / "home"
    public, private = make_pair()
    with open_store(home) as store:
        robin, kim = fill(store, "Robin"), fill(store, "Kim")
        assert (add_person(store, "robin"), add_person(store, "theo", is_therapist=True)) == (ROBIN, THEO)
        until = date.today() + timedelta(days=30)
        with store._database.writing() as connection:
            add_right(connection, robin, ROBIN, "own", ROBIN, datetime.now(UTC))
        for runner in (robin, kim):
            store.grants.give(runner, THEO, "see", until, by=None if runner == kim else ROBIN)
        set_up(store, public)
    roles = lock_rows(postgres_server, postgres_url, home)
    with open_store(home, roles.url(BACKUP)) as store:
        dump = dump_all(store, tmp_path / "dumps").path
    return Dumped(home, roles, dump, private)


def records_of(store: Store, person: int) -> dict[int, int]:
    """Return how many sessions a person sees of each record that they have a right in."""
    bound = store.for_person(person)
    return {one: bound.read(ACTIVITY, one).height for one in bound.grants.rights_of(person)}


def test_what_ended_after_the_dump_does_not_come_back_with_it(dumped):
    with dumped.as_app() as store:
        assert records_of(store, ROBIN) == {1: 2}
        assert records_of(store, THEO) == {1: 2, 2: 2}
        [given] = [one for one in store.for_person(ROBIN).grants.of_runner(1) if one.person_id == THEO]
        store.for_person(ROBIN).grants.end(given.grant_id, by=ROBIN)
    with open_store(dumped.home, dumped.roles.url(JOBS)) as store:
        store.name_runner(2)
        store.delete_runner(2)
    for role in (APP, JOBS, OWNER):
        with pytest.raises(StoreError, match=r"address of the superuser"):
            dumped.restored(dumped.roles.url(role))
    with pytest.raises(StoreError, match="Nothing"):
        dumped.restored(dumped.roles.url(BACKUP))
    done = dumped.restored(dumped.roles.admin)
    assert (done.brought, done.forgotten, done.grants.ended, done.problems) == (1, 1, 1, [])
    with open_store(dumped.home, dumped.roles.admin) as store:
        assert [one.name for one in store.runners()] == ["Robin"]
        assert store.verify() == []
    with dumped.as_app() as store:
        assert records_of(store, ROBIN) == {1: 2}
        assert records_of(store, THEO) == {}
        assert store.read(ACTIVITY, 1).height == store.read(ACTIVITY, 2).height == 0, "nobody is named"


def test_a_lost_database_comes_back_whole_and_is_read_by_right(dumped, postgres_server):
    with dumped.as_app() as store:
        [given] = [one for one in store.for_person(ROBIN).grants.of_runner(1) if one.person_id == THEO]
        store.for_person(ROBIN).grants.end(given.grant_id, by=ROBIN)
    for path in (dumped.home / "samples").rglob("*.parquet"):
        path.unlink()
    name = postgres_server.fresh()
    try:
        url = postgres_server.url(name)
        with open_store(dumped.home, url):
            pass
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HEELWISE_DATABASE", url)
            roles = lock_rows(postgres_server, url, dumped.home)
        done = dumped.restored(url)
        assert (done.brought, done.forgotten, done.grants.new, done.grants.ended) == (2, 0, 2, 1)
        with dumped.as_app(roles) as store:
            persons = {one.subject: one.person_id for one in store.people.persons()}
            assert list(records_of(store, persons["sub-robin"]).values()) == [2]
            assert records_of(store, persons["sub-theo"]) == {}, (
                "the provider's groups say it at the next sign-in"
            )
    finally:
        postgres_server.drop(name)
