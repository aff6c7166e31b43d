"""The second lock: what the database itself shows and takes, whatever is asked of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import polars as pl
import psycopg
import pytest
from role_rig import ClinicDatabase, lock_rows
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from store_builders import activity_row

from connectors.backup.dump import dump_all, make_pair
from connectors.errors import StoreError
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.dump_settings import RECIPIENT
from connectors.store.row_security import APP, BACKUP, JOBS, OPEN_TO_APP, OWNER, runner_tables
from connectors.store.runner_uid import UID
from connectors.store.runners import insert_runner
from connectors.store.tables import GRANT_TABLE, METADATA

pytestmark = [pytest.mark.postgres, pytest.mark.sqlite_only]  # each test opens its own database

CLAIRE, THEO, LEFT, ADMIN, STRANGER = 1, 2, 3, 4, 5
"""Runner 1's own; therapist who sees 1 and writes 2; a therapist no more, with a grant of 1; no records; nothing."""
TODAY = (datetime.now(UTC).date() - date(1970, 1, 1)).days
RIGHTS = {CLAIRE: {1}, THEO: {1, 2}, LEFT: set(), ADMIN: set(), STRANGER: set()}
GRANTS = (
    (1, CLAIRE, "own", None, None, 1),
    (1, THEO, "see", TODAY + 30, None, 1),
    (2, THEO, "write", None, None, 1),
    (1, LEFT, "write", None, None, 1),
    (3, THEO, "see", TODAY - 3, None, 1),
    (3, CLAIRE, "see", None, 5, 1),
    (2, STRANGER, "own", None, None, 0),
)
"""Runner, person, access, last day, ended, confirmed."""


@pytest.fixture(scope="module")
def clinic(postgres_server, tmp_path_factory) -> Iterator[ClinicDatabase]:
    name = postgres_server.fresh()
    url, home = postgres_server.url(name), tmp_path_factory.mktemp("clinic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEELWISE_DATABASE", url)
        with open_store(home) as store:
            fill(store)
    with postgres_server.connect(name) as connection:
        for number, is_therapist, is_admin in ((1, 0, 0), (2, 1, 0), (3, 0, 0), (4, 0, 1), (5, 0, 0)):
            connection.execute(
                "INSERT INTO person (issuer, subject, is_therapist, is_admin, added_utc) VALUES ('i', %s, %s, %s, 0)",
                (str(number), is_therapist, is_admin),
            )
        for grant in GRANTS:
            connection.execute(
                "INSERT INTO access_grant (athlete_id, person_id, access, until_date, ended_utc, is_confirmed, "
                "given_utc) VALUES (%s, %s, %s, %s, %s, %s, 0)",
                grant,
            )
        for runner in (1, 2, 3):
            connection.execute("INSERT INTO runner_alias VALUES (%s, %s)", (runner, f"alias {runner}"))
            connection.execute(
                "INSERT INTO access_log (at_utc, alias, actor, action, previous_digest, digest) "
                "VALUES (0, %s, 'owner', 'saw', '', '')",
                (f"alias {runner}",),
            )
    yield lock_rows(postgres_server, url, home)
    postgres_server.drop(name)


def frame(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None)


def fill(store: Store) -> None:
    for name in ("Claire", "Boris", "Alex"):
        runner = store.add_runner(name)
        days = [date(2026, 3, 1) + timedelta(days=n) for n in range(3)]
        rows = [activity_row(runner.athlete_id, day) for day in days]
        store.write(ACTIVITY, frame(rows))
        store.set_settings(runner.athlete_id, {"a.b": name})


@pytest.fixture
def app(clinic) -> Iterator[Engine]:
    engine = create_engine(
        clinic.url(APP).replace("postgresql:", "postgresql+psycopg:"), pool_size=4, max_overflow=4
    )
    yield engine
    engine.dispose()


def named(connection, person: int | None, setting: str = "heelwise.person") -> None:
    if person is not None:
        connection.execute(text("SELECT set_config(:n, :p, true)"), {"n": setting, "p": str(person)})


def owners(connection, table: str = "activity") -> set[int]:
    return set(connection.scalars(text(f"SELECT DISTINCT athlete_id FROM {table}")))


def test_every_table_with_a_runner_is_locked_and_has_a_policy(clinic):
    with clinic.connect(BACKUP) as connection:
        query = (
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, (SELECT count(*) FROM pg_policies p WHERE "
            "p.tablename = c.relname AND 'heelwise_app' = ANY (p.roles)), pg_get_userbyid(c.relowner) FROM pg_class c "
            "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        state = {name: rest for name, *rest in connection.execute(query)}
    wanted = {table.name for table in runner_tables()} | {"access_log"}
    assert {name for name, (is_locked, *_) in state.items() if is_locked} == wanted
    assert {table.name for table in METADATA.sorted_tables if "athlete_id" in table.c} <= wanted
    assert not [name for name in wanted if not state[name][1]]
    assert {owner for *_, owner in state.values()} == {OWNER}


def test_no_role_but_the_backup_may_pass_the_lock_and_that_one_cannot_write(clinic):
    with clinic.connect(BACKUP) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE 'heelwise%'"
        ).fetchall()
        assert sorted(roles) == [
            (APP, False, False, False),
            (BACKUP, False, True, False),
            (JOBS, False, False, False),
            (OWNER, False, False, False),
        ]
        assert {one for (one,) in connection.execute("SELECT athlete_id FROM activity")} == {1, 2, 3}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM activity")


@pytest.mark.parametrize("role", [APP, JOBS, OWNER])
def test_a_transaction_that_names_nobody_has_no_rows(clinic, role):
    with clinic.connect(role) as connection:
        for table in runner_tables():
            if role == APP and table in OPEN_TO_APP:
                continue
            if role == JOBS and table.name == "runner":
                continue
            if role == OWNER and table.name in ("access_grant", "claim_code", "device"):
                continue
            if role == OWNER and table.name == "setting":
                # By the random names of records the owner's function notes what an administrator ends.
                names = connection.execute("SELECT DISTINCT name FROM setting").fetchall()
                assert names == [(UID,)]
                continue
            assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,), table.name
        assert connection.execute("UPDATE activity SET name = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM setting").rowcount == 0


@pytest.mark.parametrize("person", RIGHTS)
def test_a_person_has_the_records_of_their_grants_and_no_other(app, person):
    with app.connect() as connection:
        named(connection, person)
        for table in ("activity", "setting", "version"):
            assert owners(connection, table) == RIGHTS[person], table
        runners = owners(connection, "runner")
        assert runners == ({1, 2, 3} if person == ADMIN else RIGHTS[person])
        own = {1} if person == CLAIRE else set()
        assert set(connection.scalars(text("SELECT alias FROM access_log"))) == {
            f"alias {one}" for one in own
        }


def changed(connection, statement: str) -> int | str:
    """Rows that a statement changed, or `refused`; nothing of it stays."""
    point = connection.begin_nested()
    try:
        return connection.execute(text(statement)).rowcount
    except ProgrammingError as error:
        if "row-level security" not in str(error) and "permission denied" not in str(error):
            raise
        return "refused"
    finally:
        point.rollback()


def test_writing_needs_the_right_to_write(app):
    setting = "INSERT INTO setting (athlete_id, name, value) VALUES ({}, 'new', '1')"
    with app.connect() as connection:
        named(connection, THEO)
        assert changed(connection, "UPDATE activity SET name = 'x' WHERE athlete_id = 1") == 0
        assert changed(connection, "UPDATE activity SET name = 'x'") == 3
        assert changed(connection, "DELETE FROM runner WHERE athlete_id = 1") == 0
        assert changed(connection, setting.format(2)) == 1
        assert [changed(connection, setting.format(one)) for one in (1, 3, 9)] == ["refused"] * 3
        assert changed(connection, "UPDATE activity SET athlete_id = 3 WHERE athlete_id = 2") == "refused"
    with app.connect() as connection:
        named(connection, CLAIRE)
        assert changed(connection, setting.format(1)) == 1
        assert changed(connection, setting.format(2)) == "refused"


def test_nobody_gives_themselves_a_right(app):
    give = "INSERT INTO access_grant (athlete_id, person_id, access, given_utc) VALUES ({}, {}, '{}', 0)"
    with app.connect() as connection:
        for person in (THEO, LEFT, ADMIN, STRANGER):
            named(connection, person)
            got = {
                changed(connection, give.format(one, person, access))
                for one in (1, 2, 3)
                for access in ("own", "see")
            }
            assert got == {"refused"}, person
        named(connection, THEO)
        assert changed(connection, "UPDATE access_grant SET access = 'own' WHERE athlete_id = 1") == "refused"
        assert (
            changed(connection, "UPDATE access_grant SET until_date = NULL WHERE athlete_id = 3") == "refused"
        )
        assert (
            changed(
                connection, "UPDATE access_grant SET ended_utc = 9 WHERE athlete_id = 1 AND person_id = 2"
            )
            == 1
        )
        assert changed(connection, "UPDATE access_grant SET ended_utc = 9 WHERE person_id = 1") == 0
        named(connection, STRANGER)
        assert changed(connection, "UPDATE access_grant SET is_confirmed = 1") == "refused"
        named(connection, CLAIRE)
        assert changed(connection, give.format(1, THEO, "write")) == 1
        assert changed(connection, give.format(2, THEO, "write")) == "refused"


def test_the_access_log_is_added_to_and_never_changed(app):
    with app.connect() as connection:
        named(connection, CLAIRE)
        added = (
            "INSERT INTO access_log (at_utc, alias, actor, action, previous_digest, digest) "
            "VALUES (1, 'alias 2', 'person:1', 'saw', '', '')"
        )
        assert changed(connection, added) == 1
        assert changed(connection, "UPDATE access_log SET actor = 'x'") == "refused"
        assert changed(connection, "DELETE FROM access_log") == "refused"
        assert changed(connection, "TRUNCATE access_log") == "refused"


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off",
        "SET ROLE heelwise_owner",
        "SET SESSION AUTHORIZATION heelwise_backup",
        "ALTER TABLE activity DISABLE ROW LEVEL SECURITY",
        "DROP POLICY app_select ON activity",
        "CREATE POLICY mine ON activity USING (true)",
        "ALTER ROLE heelwise_app BYPASSRLS",
        "CREATE TABLE copied AS SELECT * FROM activity",
    ],
)
def test_the_app_cannot_take_the_lock_off(clinic, statement):
    with clinic.connect(APP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"{statement}; SELECT * FROM activity")  # where the setting itself is taken


def test_a_thousand_uses_of_the_pool_never_show_a_row_of_another(app, clinic):
    """Commits, rollbacks, errors, connections that are killed or given back in the middle of a transaction."""
    killed: list[int] = []

    def end(connection, number: int, way: str) -> None:
        if way in ("commit", "rollback"):
            getattr(connection, way)()
            assert not owners(connection), "rows outlived the transaction of a person"
        elif way == "error":
            connection.execute(text("SELECT 1 / 0"))
        elif way == "kill" and number % 5 == 0:
            killed.append(connection.scalar(text("SELECT pg_backend_pid()")))
            with clinic.connect(APP) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (killed[-1],))
            connection.scalar(text("SELECT 1"))

    def use(number: int) -> tuple[int | None, set[int]]:
        draw = random.Random(number)
        person = draw.choice([None, *RIGHTS])
        with suppress(DBAPIError), app.connect() as connection:
            named(connection, person)
            seen = owners(connection)
            with suppress(DBAPIError):
                end(connection, number, draw.choice(["commit", "rollback", "error", "kill", "leave"]))
            return person, seen
        return None, set()  # the pool handed out one that was killed beside it

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(use, range(1_000)))
    assert [(person, rows) for person, rows in seen if rows != (RIGHTS[person] if person else set())] == []
    assert sum(bool(rows) for _, rows in seen) > 250
    assert len(killed) > 20


@pytest.fixture
def as_app(clinic, tmp_path, monkeypatch) -> Iterator[Store]:
    """The store as a clinic's server opens it: with the role that sees nothing of itself."""
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(APP))
    with open_store(tmp_path / "server") as opened:
        yield opened


def test_the_store_of_a_person_reads_what_is_theirs(as_app):
    assert as_app.runners() == []
    assert [one.name for one in as_app.for_person(CLAIRE).runners()] == ["Claire"]
    assert sorted(one.name for one in as_app.for_person(THEO).runners()) == ["Boris", "Claire"]
    assert as_app.for_person(THEO).activities(1).height == 3
    assert as_app.for_person(STRANGER).activities(1).height == 0
    assert as_app.for_person(CLAIRE).activities(2).height == 0
    assert as_app.activities(1).height == 0


def test_what_one_person_was_shown_is_not_remembered_for_another(as_app):
    """The store remembers answers until the database changes; a right is part of the question."""
    for _ in range(3):
        assert as_app.for_person(THEO).read(ACTIVITY, 1).height == 3
        assert as_app.for_person(STRANGER).read(ACTIVITY, 1).height == 0
        assert as_app.for_person(THEO).without("strava_api").read(ACTIVITY, 1).height == 3
        assert as_app.for_person(CLAIRE).only_for(lambda: 1).read(ACTIVITY, 1).height == 3
        assert as_app.read(ACTIVITY, 1).height == 0


def test_a_write_past_the_right_is_refused_in_a_sentence_and_changes_nothing(as_app):
    rows = frame([activity_row(1, date(2026, 4, 1))])
    with pytest.raises(StoreError, match="did not allow this"):
        as_app.for_person(THEO).write(ACTIVITY, rows)
    assert as_app.for_person(CLAIRE).read(ACTIVITY, 1).height == 3


def test_a_person_begins_a_record_and_forgets_it(as_app, clinic):
    theirs = as_app.for_person(THEO)
    with theirs._database.writing() as connection:
        new = insert_runner(connection, "Newcomer", False)
        row = {"athlete_id": new.athlete_id, "person_id": THEO, "access": "write", "given_utc": 0}
        connection.execute(GRANT_TABLE.insert().values(row))
    try:
        assert new.athlete_id in {one.athlete_id for one in theirs.runners()}
        assert new.athlete_id not in {one.athlete_id for one in as_app.for_person(CLAIRE).runners()}
        theirs.set_settings(new.athlete_id, {"a.b": "1"})
    finally:
        theirs.delete_runner(new.athlete_id)
    with clinic.connect(BACKUP) as connection:
        rows = connection.execute("SELECT athlete_id FROM runner ORDER BY 1").fetchall()
        assert rows == [(1,), (2,), (3,)]
        assert connection.execute(
            "SELECT count(*) FROM access_grant WHERE athlete_id = %s", (new.athlete_id,)
        ).fetchone() == (0,)


def test_a_record_is_begun_claimed_shared_and_given_back_under_the_lock(as_app):
    """Everything that grants need, as the app role: each person with the rows that are theirs and no other."""
    theo, runner, admin = (as_app.for_person(one) for one in (THEO, STRANGER, ADMIN))
    new = theo.grants.begin_record(THEO, "Claire Newcomer", is_own=False).athlete_id
    theo.set_settings(new, {"birth_year": "1990"})
    code = theo.grants.make_code(new, THEO)
    with pytest.raises(StoreError):
        runner.grants.look(f"{code[:-1]}{'0' if code[-1] != '0' else '1'}", STRANGER)
    assert runner.grants.look(code, STRANGER).birth_year == 1990
    assert runner.settings(new) == {}, "a code shows nothing of the record"
    assert runner.grants.claim(code, STRANGER, zone="Europe/Berlin") == new
    assert runner.settings(new)["birth_year"] == "1990"
    assert theo.settings(new) == {}
    [asked] = [one for one in runner.grants.of_runner(new) if one.is_asked]
    runner.grants.confirm(asked.grant_id, STRANGER)
    assert theo.settings(new)["birth_year"] == "1990"
    runner.grants.end(asked.grant_id, STRANGER)
    assert theo.settings(new) == {}
    [claimed] = admin.grants.claims()
    admin.grants.undo_claim(claimed.claim_id, ADMIN)
    assert runner.settings(new) == {}
    assert theo.settings(new)["birth_year"] == "1990"
    assert admin.settings(new) == {}
    theo.delete_runner(new)
    assert new not in {one.athlete_id for one in admin.runners()}


def test_the_access_log_is_written_for_whoever_sees_and_read_by_the_runner_alone(as_app):
    as_app.for_person(THEO).access_log.note_once(f"person:{THEO}", "saw", 1, "Timeline")
    as_app.for_person(THEO).noting(f"person:{THEO}").set_settings(2, {"a.d": "1"})
    as_app.access_log.note(None, "owner", "saw", 3, "Report")
    assert "Timeline" in {one.subject for one in as_app.for_person(CLAIRE).access_log.of_runner(1, 9)}
    for person in (THEO, ADMIN, STRANGER):
        for runner in (1, 2, 3):
            assert as_app.for_person(person).access_log.of_runner(runner, 9) == []


def test_a_paired_phone_has_its_runner_and_nobody_else(as_app, clinic, postgres_server):
    with postgres_server.connect(make_url(clinic.admin).database) as connection:
        made = (
            "INSERT INTO device (athlete_id, name, scope, version, paired_utc, seen_utc, is_tls, ended_utc) "
        )
        number, ended = (
            connection.execute(
                f"{made} VALUES (2, 'x', 'log', 1, 0, 0, 0, %s) RETURNING device_id", (one,)
            ).fetchone()[0]
            for one in (None, 5)
        )
    phone = as_app.for_device(number).only_for(lambda: 2)
    assert (phone.activities(2).height, phone.activities(1).height) == (3, 0)
    phone.set_settings(2, {"a.e": "1"})
    assert as_app.for_device(ended).activities(2).height == 0
    assert as_app.only_for(lambda: 2).for_device(number).activities(2).height == 3


def test_a_server_that_sees_no_rows_sweeps_no_recording(as_app, clinic, tmp_path, monkeypatch):
    """Recordings of runners who are not seen are no left-overs: `sweep` took them for that once."""
    path = as_app.home / "samples" / "1" / "01" / "0123456789abcdef.parquet"
    path.parent.mkdir(mode=0o700, parents=True)
    for folder in (path.parents[1], path.parents[2]):
        folder.chmod(0o700)
    path.write_bytes(b"PAR1PAR1")
    assert as_app.sweep().is_empty
    assert as_app.for_person(STRANGER).sweep().is_empty
    with pytest.raises(StoreError), as_app.working(1):
        raise StoreError("a disk that fills up")
    assert path.exists()


def test_a_dump_by_a_role_that_does_not_see_every_runner_is_refused(clinic, as_app, tmp_path):
    with open_store(as_app.home, clinic.admin) as store:
        store.set_machine_setting(RECIPIENT, make_pair()[0])
    for role in (APP, JOBS):
        with (
            open_store(as_app.home, clinic.url(role)) as store,
            pytest.raises(StoreError, match="would lack them"),
        ):
            dump_all(store, tmp_path / "dumps")
    assert not (tmp_path / "dumps").exists()
    with open_store(as_app.home, clinic.url(BACKUP)) as store:
        assert dump_all(store, tmp_path / "dumps").runners == 3


def test_what_runs_beside_the_dashboard_works_for_one_runner_after_the_other(clinic, as_app):
    with open_store(as_app.home, clinic.url(JOBS)) as store:
        assert [one.athlete_id for one in store.runners()] == [1, 2, 3]
        for runner in store.runners():
            store.name_runner(runner.athlete_id)
            assert store.verify([runner.athlete_id]) == []
            assert store.activities(runner.athlete_id).height == 3
            assert store.activities(1 + runner.athlete_id % 3).height == 0


def test_doctor_says_what_it_could_not_see_and_where_the_lock_is_missing(as_app, clinic, postgres_server):
    assert [one.id for one in as_app.check() if one.id.startswith("rows")] == ["rows_not_seen"]
    with open_store(as_app.home, clinic.admin) as store:
        assert [one.id for one in store.check() if one.id.startswith("rows")] == []
        name = make_url(clinic.admin).database
        with postgres_server.connect(name) as connection:
            connection.execute("ALTER TABLE symptom NO FORCE ROW LEVEL SECURITY")
            try:
                [missing] = [one for one in store.check() if one.id == "rows_not_locked"]
                assert "1 table: symptom" in missing.wrong
            finally:
                connection.execute("ALTER TABLE symptom FORCE ROW LEVEL SECURITY")


def test_a_command_at_the_shell_sees_one_runner_at_a_time(clinic, tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(JOBS))
    with open_store(tmp_path / "shell") as store:
        assert [one.athlete_id for one in store.runners()] == [1, 2, 3]
        assert store.activities(2).height == 0
        of_one = store.for_runner(2)
        assert (of_one.activities(2).height, of_one.activities(1).height) == (3, 0)
        of_one.set_settings(2, {"a.c": "1"})
        with pytest.raises(StoreError):
            of_one.set_settings(1, {"a.c": "1"})
