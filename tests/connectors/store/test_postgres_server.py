"""PostgreSQL as the store's database: what goes wrong is said without the address, and nothing is written by half."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import psycopg
import pytest
from postgres_rig import PASSWORD, PostgresRig, new_server
from sqlalchemy import text
from store_builders import activity_row
from store_sql import change_rows, read_rows

from connectors.errors import (
    DatabaseUnreachable,
    HeelwiseError,
    RunnerUnknown,
    StoreError,
    StoreTooNew,
    StoreUnreadable,
)
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store, postgres_errors
from connectors.store.migrations import NEUTRAL_FROM, STEPS, bring_up_to_date
from connectors.store.postgres_server import WRITERS_LOCK, PostgresServer

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[3]
SECRETS = (PASSWORD, "p%40ss", "ss/wor", "postgresql://clinic", "postgresql+psycopg://")


@pytest.fixture
def address(postgres_url, monkeypatch) -> str:
    """A fresh, empty database, named by the environment."""
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    return postgres_url


@pytest.fixture
def server_store(address, tmp_path) -> Iterator[Store]:
    """A store on a fresh database."""
    with open_store(tmp_path / "home") as opened:
        yield opened


def refusal(home: Path, kind: type[HeelwiseError] = StoreError) -> str:
    """The sentence with which a store is not opened; it holds nothing of the address."""
    with pytest.raises(kind) as refused:
        open_store(home)
    sentence = str(refused.value)
    assert not [secret for secret in SECRETS if secret in sentence]
    assert "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize(
    "written",
    [
        "mysql://me:p@ss/word%1@host/db",
        "postgres://me:secret@host/db",
        "postgresql+asyncpg://me:secret@host/db",
        "postgresql://me:secret@host:port/db",
        "postgresql://me:secret@host",
        "sqlite:///heelwise.db",
        "clinic",
        "://",
    ],
)
def test_an_address_of_another_kind_is_refused_without_any_part_of_it(tmp_path, monkeypatch, written):
    monkeypatch.setenv("HEELWISE_DATABASE", written)
    sentence = refusal(tmp_path / "home")
    assert "postgresql://USER:PASSWORD@HOST" in sentence
    assert "secret" not in sentence
    assert "word%1" not in sentence
    assert not (tmp_path / "home" / "heelwise.db").exists()


def test_an_empty_address_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", "  ")
    open_store(tmp_path / "home").close()
    assert (tmp_path / "home" / "heelwise.db").exists()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_both_forms_of_the_address_open_the_same_store(address, tmp_path, monkeypatch, scheme):
    monkeypatch.setenv("HEELWISE_DATABASE", address.replace("postgresql", scheme, 1))
    with open_store(tmp_path / "home") as store:
        assert store.runner(create=True).athlete_id == 1
    assert not (tmp_path / "home" / "heelwise.db").exists()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wrong_password(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False).replace("ss%2Fword", "ss%2Fwork")


def unknown_user(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False).replace("clinic:", "nobody_here:")


def missing_database(server: PostgresRig, database: str) -> str:
    return server.url("not_there", by_socket=False)


def nobody_listens(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False).replace(str(server.port), str(free_port()))


def no_such_host(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False).replace("127.0.0.1", "no-such-host.invalid")


def only_over_tls(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False) + "?sslmode=require"


def unknown_option(server: PostgresRig, database: str) -> str:
    return server.url(database, by_socket=False) + "?ssl_mode=require"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (wrong_password, "user or the password"),
        (unknown_user, "user or the password"),
        (missing_database, "createdb"),
        (nobody_listens, "No PostgreSQL server answers"),
        (no_such_host, "No PostgreSQL server answers"),
        (only_over_tls, "secure connection"),
        (unknown_option, "option that PostgreSQL does not know"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named_by_its_true_reason(
    postgres_server, postgres_url, tmp_path, monkeypatch, harm: Callable[[PostgresRig, str], str], words: str
):
    database = re.search(r"/(t_\w+)\?", postgres_url)
    assert database
    monkeypatch.setenv("HEELWISE_DATABASE", harm(postgres_server, database[1]))
    sentence = refusal(tmp_path / "home")
    assert words in sentence
    assert "Nothing was changed" in sentence


def test_the_command_line_says_it_in_one_sentence_and_ends_with_1(postgres_server, postgres_url, tmp_path):
    given = {"HEELWISE_DATABASE": wrong_password(postgres_server, "postgres"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dashboard.cli", "doctor", "--home", str(tmp_path / "home")]
    done = subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert "user or the password" in done.stderr + done.stdout
    assert not [secret for secret in (*SECRETS, "Traceback") if secret in done.stderr + done.stdout]


def test_without_the_library_the_sentence_says_how_to_get_it(address, tmp_path):
    script = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from pathlib import Path
from connectors.errors import StoreError
from connectors.store import open_store
try:
    open_store(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert 'pip install "heelwise[clinic]"' in done.stdout, done.stderr


def test_a_laptop_never_loads_it(tmp_path):
    script = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    store.runner(create=True)
print([name for name in sys.modules if name.startswith(("psycopg", "sqlalchemy.dialects.postgresql"))])
"""
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_a_database_of_another_program_is_left_as_it_is(address, tmp_path):
    change_rows(tmp_path, "CREATE TABLE recipes (name text)")
    assert "another program" in refusal(tmp_path / "home", StoreUnreadable)
    assert read_rows(tmp_path, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [
        ("recipes",)
    ]


def test_a_store_of_a_later_version_is_left_as_it_is(server_store, tmp_path):
    change_rows(tmp_path, "INSERT INTO migration VALUES (9999, 'from_the_future', 0)")
    assert "later Heelwise" in refusal(server_store.home, StoreTooNew)


def test_a_database_of_another_encoding_is_refused(postgres_server, tmp_path, monkeypatch):
    postgres_server.execute(
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
    )
    try:
        monkeypatch.setenv("HEELWISE_DATABASE", postgres_server.url("latin"))
        assert "--encoding=UTF8" in refusal(tmp_path / "home")
    finally:
        postgres_server.drop("latin")


def test_recordings_of_another_database_are_not_swept_away(
    server_store, postgres_server, monkeypatch, tmp_path
):
    home = server_store.home
    me = server_store.runner(create=True).athlete_id
    row = activity_row(me, pl.date_range(pl.date(2026, 3, 1), pl.date(2026, 3, 1), eager=True)[0])
    row |= {"activity_id": "ab12", "sample_rows": 1}
    server_store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    server_store.samples.write(me, "ab12", pl.DataFrame({"second": [0]}))
    server_store.close()
    own = os.environ["HEELWISE_DATABASE"]

    empty, other = postgres_server.fresh(), postgres_server.fresh()
    try:
        monkeypatch.setenv("HEELWISE_DATABASE", postgres_server.url(empty))
        assert "is empty, although recordings" in refusal(home, StoreUnreadable)
        monkeypatch.setenv("HEELWISE_DATABASE", postgres_server.url(other))
        with open_store(tmp_path / "of the other") as store:
            store.runner(create=True)
        assert "belong to another database" in refusal(home, StoreUnreadable)
        (home / "database.id").unlink()
        assert "belong to another database" in refusal(home, StoreUnreadable)

        monkeypatch.setenv("HEELWISE_DATABASE", own)
        with open_store(home) as store:  # a folder without its mark is known by what it holds
            assert store.samples.exists(me, "ab12")
        assert (home / "database.id").stat().st_mode & 0o777 == 0o600
        monkeypatch.delenv("HEELWISE_DATABASE")
        assert "missing or empty" in refusal(home, StoreUnreadable)
    finally:
        postgres_server.drop(empty)
        postgres_server.drop(other)


def test_a_connection_lost_in_a_write_leaves_nothing_of_it(server_store, postgres_server):
    me = server_store.runner(create=True).athlete_id

    def write_by_half() -> None:
        with server_store._database.writing() as connection:
            number = connection.scalar(text("SELECT pg_backend_pid()"))
            connection.execute(text("UPDATE runner SET name = 'half'"))
            postgres_server.execute(f"SELECT pg_terminate_backend({number})")
            connection.execute(text("UPDATE runner SET label = 'half'"))

    with pytest.raises(DatabaseUnreachable, match="not saved"):
        write_by_half()
    assert server_store.runner().name == "Runner"
    server_store.set_settings(me, {"units": "miles"})
    assert server_store.settings(me) == {"units": "miles"}


def test_a_read_goes_on_after_every_connection_was_lost(server_store, postgres_server):
    me = server_store.runner(create=True).athlete_id
    server_store.set_settings(me, {"units": "miles"})
    with server_store._database.reading() as connection:
        own = connection.scalar(text("SELECT current_database()"))
    for _ in range(3):
        # Of this test's database alone: other workers of the suite have theirs on the same server.
        postgres_server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'heelwise' "
            f"AND datname = '{own}'"
        )
        assert server_store.settings(me) == {"units": "miles"}
        assert server_store.bookmarks(me) == {}
        server_store.set_bookmarks(me, {"a": None})


class Cutting:
    """A wire to the server that breaks at the commit: before it goes out, or before its answer comes back."""

    def __init__(self, port: int, is_forwarded: bool) -> None:
        self._port, self._is_forwarded = port, is_forwarded
        self.is_armed = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            cut = threading.Event()
            threading.Thread(target=self._up, args=(client, server, cut), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client, cut), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        while data := _received(client):
            if self.is_armed and b"COMMIT\x00" in data:
                self.is_armed = False
                cut.set()
                if self._is_forwarded:
                    server.sendall(data)
                    time.sleep(0.5)  # until the server has done it
                client.shutdown(socket.SHUT_RDWR)
                break
            server.sendall(data)
        server.close()
        client.close()

    def _down(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        while (data := _received(server)) and not cut.is_set():
            try:
                client.sendall(data)
            except OSError:
                return

    def close(self) -> None:
        self._listening.close()


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65_536)
    except OSError:
        return b""


@pytest.mark.parametrize("is_forwarded", [True, False])
def test_a_connection_that_breaks_in_the_commit_is_asked_about(
    postgres_server, postgres_url, tmp_path, monkeypatch, is_forwarded
):
    """What the server kept counts as saved, and what it did not keep is said not to be; never the other way round."""
    wire = Cutting(postgres_server.port, is_forwarded)
    name = re.search(r"/(t_\w+)\?", postgres_url)
    assert name
    address = postgres_server.url(name[1], by_socket=False).replace(str(postgres_server.port), str(wire.port))
    monkeypatch.setenv("HEELWISE_DATABASE", address)
    with open_store(tmp_path / "home") as store:
        me = store.runner(create=True).athlete_id
        wire.is_armed = True
        if is_forwarded:
            store.set_settings(me, {"units": "miles"})
        else:
            with pytest.raises(DatabaseUnreachable, match="was not saved"):
                store.set_settings(me, {"units": "miles"})
        assert not wire.is_armed
        assert store.settings(me) == ({"units": "miles"} if is_forwarded else {})
    wire.close()


def test_a_server_that_restarts_is_waited_for_and_one_that_stays_away_is_named(tmp_path, monkeypatch):
    server = new_server()
    try:
        monkeypatch.setenv("HEELWISE_DATABASE", server.url(server.fresh()))
        with open_store(tmp_path / "home") as store:
            me = store.runner(create=True).athlete_id
            server.stop()
            server.start()
            store.set_settings(me, {"units": "miles"})
            server.stop()
            for act in (lambda: store.settings(me), lambda: store.set_settings(me, {"units": "km"})):
                with pytest.raises(DatabaseUnreachable) as told:
                    act()
                assert "everything saved before is kept" in str(told.value)
            server.start()
            assert store.settings(me) == {"units": "miles"}
    finally:
        server.remove()


def test_another_writer_is_waited_for_and_then_named(server_store, address):
    with psycopg.connect(address) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        with pytest.raises(StoreError, match=f"more than {postgres_errors.WAIT_S:g} seconds"):
            server_store.add_runner("Ann")
        assert server_store.runners() == []
    assert server_store.add_runner("Ann").name == "Ann"


def test_a_user_who_may_only_read_is_told_so(server_store, postgres_server, address, tmp_path, monkeypatch):
    name = re.search(r"/(t_\w+)\?", address)
    assert name
    postgres_server.execute(
        "CREATE ROLE reader LOGIN PASSWORD 'p@ss/word%1'",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
        database=name[1],
    )
    monkeypatch.setenv("HEELWISE_DATABASE", address.replace("clinic:", "reader:"))
    try:
        with open_store(server_store.home) as store, pytest.raises(StoreError, match="did not allow this"):
            store.add_runner("Ann")
    finally:
        postgres_server.execute("DROP OWNED BY reader", "DROP ROLE reader", database=name[1])


def test_rows_of_nobody_are_refused_as_in_the_file(server_store):
    with pytest.raises(RunnerUnknown, match="no runner of that number"):
        server_store.set_settings(99, {"units": "miles"})


def test_one_state_is_read_throughout(server_store):
    me = server_store.runner(create=True).athlete_id
    with server_store._database.reading() as connection:
        before = connection.execute(text("SELECT count(*) FROM setting")).scalar()
        server_store.set_settings(me, {"units": "miles"})
        assert connection.execute(text("SELECT count(*) FROM setting")).scalar() == before == 0


def test_text_is_sorted_by_its_bytes_whatever_the_server_speaks(server_store):
    me = server_store.runner(create=True).athlete_id
    names = ["Zebra", "apple", "_x", "Äther", "a b", "ab"]
    server_store.set_settings(me, dict.fromkeys(names, "1"))
    assert list(server_store.settings(me)) == sorted(names)


def test_later_steps_run_here_too_and_one_that_fails_takes_all_back(server_store, address):
    def adds(connection) -> None:
        connection.execute(text("ALTER TABLE runner ADD COLUMN shoe_size TEXT"))

    def fails(_connection) -> None:
        raise ZeroDivisionError

    database = server_store._database
    with pytest.raises(ZeroDivisionError):
        bring_up_to_date(database, (*STEPS, adds, fails))
    assert read_rows(server_store.home, "SELECT max(number) FROM migration") == [(len(STEPS),)]
    assert bring_up_to_date(database, (*STEPS, adds)) == 1
    assert bring_up_to_date(database, (*STEPS, adds)) == 0
    assert read_rows(server_store.home, "SELECT shoe_size FROM runner") == []


def test_every_later_step_says_what_it_does_in_no_dialect():
    for step in STEPS[NEUTRAL_FROM:]:
        assert "exec_driver_sql" not in step.__code__.co_names, step.__name__


def test_erasing_leaves_no_table_and_waits_for_others(server_store):
    home = server_store.home
    server_store.runner(create=True)
    server_store.delete_runner(1)
    other = open_store(home)
    assert server_store.erase() == ([], True)
    assert other.erase() == ([], False)
    assert read_rows(home, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    assert not home.exists() or list(home.iterdir()) == []


def test_neither_address_nor_values_stand_in_what_is_shown_of_the_engine(server_store, address):
    backend = server_store._database.backend
    assert isinstance(backend, PostgresServer)
    shown = f"{backend.engine!r} {backend.engine.url!r} {backend.name}"
    assert PASSWORD not in shown
    assert "p%40ss" not in shown
    with pytest.raises(StoreError) as refused:
        server_store.set_settings(99, {"diary": "a word of a runner"})
    chain = [refused.value, refused.value.__cause__]
    assert not [error for error in chain if "a word of a runner" in str(error)]


def test_a_sign_that_a_text_cannot_hold_is_left_out(server_store):
    me = server_store.runner(create=True).athlete_id
    server_store.set_settings(me, {"units": "mi\0les"})
    assert server_store.settings(me) == {"units": "miles"}


def test_a_writer_sees_what_was_kept_while_it_waited_whatever_the_servers_default(
    server_store, postgres_server, address
):
    name = re.search(r"/(t_\w+)\?", address)
    assert name
    postgres_server.execute(f"ALTER DATABASE {name[1]} SET default_transaction_isolation = 'serializable'")
    me = server_store.runner(create=True).athlete_id
    with open_store(server_store.home) as other:
        threads = [
            threading.Thread(target=store.set_bookmarks, args=(me, {f"{number}": "1"}))
            for number in range(10)
            for store in (server_store, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(other.bookmarks(me)) == 10
