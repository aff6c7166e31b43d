"""What persons do with records on a clinic's database: as the roles that a server has, under the lock on rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clinic_builders import add_person, signed_in, version_of
from export_writer import Session, write_export
from fit_writer import fit_run
from psycopg.sql import SQL, Identifier
from role_rig import ClinicDatabase, lock_rows

from connectors.backup import backup
from connectors.backup.dump import make_pair
from connectors.errors import NotAllowed, StoreError
from connectors.frames import ACTIVITY
from connectors.store import open_store
from connectors.store.dump_settings import RECIPIENT
from connectors.store.forgotten_list import LIST_NAME
from connectors.store.grants import Access
from connectors.store.jobs import IMPORT_JOB, import_kind
from connectors.store.row_security import APP, BACKUP, JOBS, runner_tables
from connectors.store.token_vault import LinkKey, open_vault
from dashboard.access.narrow_store import narrow
from dashboard.access.person_store import PersonStore
from dashboard.commands.import_ import follow_progress, import_command
from dashboard.commands.import_right import ImportRight, RightEnded
from dashboard.data.forget import forget_own

pytestmark = [pytest.mark.postgres, pytest.mark.sqlite_only]  # the test opens its own database

NOW = datetime.now(UTC)
UNTIL = NOW.date() + timedelta(days=30)


class Clinic:
    """A server's store as the app and as the role for jobs, with a runner, two therapists and two administrators."""

    def __init__(self, database: ClinicDatabase, home: Path) -> None:
        self.database, self.home = database, home
        self.app, self.jobs = (open_store(home, database.url(role)) for role in (APP, JOBS))
        app = self.app
        self.nora, self.robin = add_person(app, "Nora"), add_person(app, "Robin")
        self.tess = add_person(app, "Tess", is_therapist=True)
        self.ada, self.eve = (add_person(app, name, is_admin=True) for name in ("Ada", "Eve"))
        self.own = self.as_person(self.nora).grants.begin_own("Nora Placeholder").athlete_id
        self.other = self.as_person(self.robin).grants.begin_own("Robin Elsewhere").athlete_id
        app.set_machine_setting(RECIPIENT, make_pair()[1])

    def as_person(self, person_id: int) -> PersonStore:
        opened = narrow(self.app, signed_in(person_id))
        assert isinstance(opened, PersonStore)
        return opened

    def share(self, access: Access = "write") -> int:
        grants = self.as_person(self.nora).grants
        grants.give(self.own, self.tess, access, UNTIL)
        return next(
            one.grant_id for one in grants.of_runner(self.own) if one.is_active and one.access != "own"
        )

    def run_import(self, path: Path, person_id: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HEELWISE_DATABASE", self.database.url(JOBS))
            import_command([path], self.home, None, True, athlete_id=self.own, person_id=person_id)

    def rows_of(self, athlete_id: int) -> dict[str, int]:
        counts = {}
        with self.database.connect(BACKUP) as connection:
            for table in runner_tables():
                query = SQL("SELECT count(*) FROM {} WHERE athlete_id = %s").format(Identifier(table.name))
                [(counts[table.name],)] = connection.execute(query, (athlete_id,)).fetchall()
        return {name: number for name, number in counts.items() if number}


@pytest.fixture
def clinic(postgres_server, tmp_path) -> Iterator[Clinic]:
    name, home = postgres_server.fresh(), tmp_path / "home"
    with open_store(home, postgres_server.url(name)):
        pass
    one = Clinic(lock_rows(postgres_server, postgres_server.url(name), home), home)
    yield one
    one.app.close()
    one.jobs.close()
    postgres_server.drop(name)


def export(path: Path, first: int = 1, recording: bytes | None = None) -> Path:
    name = "activities/1.fit" if recording else ""
    start = datetime(2026, 3, first, 6, tzinfo=UTC)
    runs = [Session(first * 10 + day, start + timedelta(days=day)) for day in range(3)]
    if recording:
        runs.append(Session(99, datetime(2026, 6, 4, 6, tzinfo=UTC), file_name=name, recording=recording))
    return write_export(path, runs)


def test_a_runner_imports_copies_takes_back_and_forgets_under_the_lock(clinic, tmp_path):
    before_other = clinic.rows_of(clinic.other)
    clinic.run_import(export(tmp_path / "a.zip", recording=fit_run(seconds=120)), clinic.nora)
    clinic.run_import(export(tmp_path / "b.zip", first=20), clinic.nora)
    own = clinic.as_person(clinic.nora)
    assert own.read(ACTIVITY, clinic.own).height == 7
    assert own.jobs.latest(clinic.own, IMPORT_JOB).result
    noted = [one.action for one in own.access_log.of_runner(clinic.own, 99)]
    assert noted.count("imported") == 2
    newest, _ = own.imports(clinic.own)
    own.only_for(lambda: clinic.own).revert_import(newest.import_id)
    assert own.read(ACTIVITY, clinic.own).height == 4
    # A copy of one's own, with the recording in it.
    runner = own.runners()[0]
    manifest = backup(own, tmp_path / "copy.zip", [runner])
    assert sum("samples/" in name for name in manifest.files) == 1
    own.vault().write_key(clinic.own, "garmin", LinkKey("secret"))
    clinic.share("see")
    before = version_of(clinic.app, clinic.tess)
    receipt = " ".join(forget_own(own, runner))
    assert "Gone from backups by" in receipt
    assert "Garmin" in receipt
    assert clinic.rows_of(clinic.own) == {}
    assert clinic.rows_of(clinic.other) == before_other
    assert open_vault(clinic.home).read_key(clinic.own, "garmin") is None
    assert not list(clinic.home.glob(f"samples/{clinic.own}/**/*.parquet"))
    assert (clinic.home / LIST_NAME).read_text().count("\n") >= 1
    assert version_of(clinic.app, clinic.tess) > before, "what the therapist has open is closed"
    assert clinic.as_person(clinic.tess).runners() == []
    with pytest.raises(NotAllowed):
        own.read(ACTIVITY, clinic.other)


def test_who_may_write_imports_by_their_own_right_and_nothing_stays_once_it_has_ended(clinic, tmp_path):
    path = export(tmp_path / "a.zip", recording=fit_run(seconds=120))
    clinic.share("see")
    with pytest.raises(RightEnded):
        clinic.run_import(path, clinic.tess)
    grant = clinic.share("write")
    ended: list[bool] = []

    def bar(_done: int, _total: int, message: str) -> None:
        if message == "days" and not ended:  # every row is in, and the grant ends now
            ended.append(True)
            clinic.as_person(clinic.nora).grants.end(grant)

    clinic.jobs.name_runner(clinic.own)
    right = ImportRight(clinic.jobs, clinic.own, clinic.tess)
    with pytest.raises(RightEnded):
        follow_progress(clinic.jobs, clinic.own, [path], bar, right=right)
    assert ended
    own = clinic.as_person(clinic.nora)
    assert own.read(ACTIVITY, clinic.own).is_empty()
    assert [one for one in own.imports(clinic.own) if one.taken_back_s is None] == []
    clinic.share("write")
    clinic.run_import(path, clinic.tess)
    theirs = clinic.as_person(clinic.tess)
    assert theirs.read(ACTIVITY, clinic.own).height == 4
    assert theirs.jobs.latest(clinic.own, import_kind(clinic.tess)).result
    assert theirs.jobs.latest(clinic.own, IMPORT_JOB) is None
    theirs.revert_import(theirs.imports(clinic.own)[0].import_id)
    assert own.read(ACTIVITY, clinic.own).is_empty()


def test_an_import_that_was_cut_off_and_may_not_go_on_leaves_nothing(clinic, tmp_path):
    path = export(tmp_path / "a.zip", recording=fit_run(seconds=120))
    grant = clinic.share("write")
    clinic.jobs.name_runner(clinic.own)

    def bar(_done: int, _total: int, message: str) -> None:
        if message == "recordings":
            raise KeyboardInterrupt  # what a kill leaves: totals are in, and the import has no end

    with pytest.raises(KeyboardInterrupt):
        follow_progress(
            clinic.jobs, clinic.own, [path], bar, right=ImportRight(clinic.jobs, clinic.own, clinic.tess)
        )
    own = clinic.as_person(clinic.nora)
    assert own.read(ACTIVITY, clinic.own).height
    own.grants.end(grant)
    with pytest.raises(RightEnded):
        clinic.run_import(path, clinic.tess)
    assert own.read(ACTIVITY, clinic.own).is_empty()
    assert own.imports(clinic.own) == []


def test_a_deletion_that_was_cut_off_is_finished_by_the_role_for_jobs(clinic, tmp_path):
    clinic.run_import(export(tmp_path / "a.zip"), clinic.nora)
    open_vault(clinic.home).write_key(clinic.own, "intervals", LinkKey("secret"))
    assert clinic.as_person(clinic.nora).mark_deletion(clinic.own)
    assert clinic.as_person(clinic.nora).runners() == []
    assert clinic.jobs.finish_deletions() == [clinic.own]
    assert clinic.rows_of(clinic.own) == {}
    assert clinic.rows_of(clinic.other)
    assert open_vault(clinic.home).read_key(clinic.own, "intervals") is None


def test_an_administrator_removes_a_person_and_what_ends_is_noted_for_a_restore(clinic):
    clinic.share("see")
    kept = clinic.as_person(clinic.tess).add_runner("Sam Unclaimed").athlete_id
    grants = clinic.as_person(clinic.ada).grants
    removed = grants.remove_person(clinic.tess)
    assert (removed.rights_ended, removed.own_records, removed.unclaimed_records) == (1, 0, 1)
    assert (clinic.home / LIST_NAME).read_text().count("\n") == 1
    given = clinic.as_person(clinic.nora).grants.of_runner(clinic.own)
    assert [one.access for one in given if one.is_active] == ["own"]
    with pytest.raises(NotAllowed):
        clinic.as_person(clinic.tess).read(ACTIVITY, kept)
    assert kept not in grants.rights(), "who removes a person has none of what that one began"
    grants.readmit_person(clinic.tess)
    assert {one.athlete_id for one in clinic.as_person(clinic.tess).runners()} == {kept}
    grants.remove_person(clinic.eve)
    with pytest.raises(StoreError, match="last administrator"):
        grants.remove_person(clinic.ada)
    assert clinic.as_person(clinic.ada).server_sizes().database_b > 0
