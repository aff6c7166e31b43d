"""One PostgreSQL server for all workers of a test run, and a fresh database for each test that asks.

PostgreSQL refuses to run as root, so it is started as another user then; on a free port and a Unix socket of its own,
with a password, and without waiting for the disk. `HEELWISE_REQUIRE_POSTGRES=1` makes its absence a failure.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest

from connectors.store.file_lock import file_lock

USER, PASSWORD = "clinic", "p@ss/word%1"
_WRITTEN = "p%40ss%2Fword%251"
TEMPLATE = "heelwise_template"
_QUICK = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")
_WATCH = """
import os, shutil, subprocess, sys, time
owner, folder, stop = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
while True:
    try:
        os.kill(owner, 0)
    except OSError:
        break
    time.sleep(0.5)
subprocess.run(stop)
shutil.rmtree(folder, ignore_errors=True)
"""


@cache
def programs() -> Path | None:
    """Folder of PostgreSQL's programs; None where they are not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    return installed[0].parent if installed else None


def require() -> Path:
    """Return the folder of the programs; skip where there is none, and fail where they must be there."""
    folder = programs()
    if folder is None and os.environ.get("HEELWISE_REQUIRE_POSTGRES") == "1":
        pytest.fail("PostgreSQL is not installed, and HEELWISE_REQUIRE_POSTGRES=1 asks for it")
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    return folder


@dataclass(frozen=True)
class PostgresRig:
    """A running server: where it lies, and as whom its programs run."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        """The server's own files."""
        return self.folder / "data"

    def url(self, database: str, by_socket: bool = True) -> str:
        """Return the address of one of its databases, as a person writes it."""
        end = f"/{database}?host={self.folder}&port={self.port}" if by_socket else f"/{database}"
        host = "" if by_socket else f"127.0.0.1:{self.port}"
        return f"postgresql://{USER}:{_WRITTEN}@{host}{end}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements, each for itself, as the server's owner."""
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection past Heelwise."""
        return psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user=USER,
            password=PASSWORD,
            dbname=database,
            autocommit=True,
        )

    def fresh(self, template: str | None = None) -> str:
        """Create a database, and return its name."""
        name = f"t_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def drop(self, name: str) -> None:
        """Drop a database with whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        _control(self, "start", "-w", "-l", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` ends every session, `immediate` is a crash."""
        _control(self, "stop", "-w", "-m", mode)

    def kill(self) -> None:
        """Kill the server and all its processes, as the end of its machine's memory does."""
        until = time.monotonic() + 10
        # The first of them makes others for as long as it lives, and each works in the folder of the server's files.
        while numbers := _processes_in(self.data):
            assert time.monotonic() < until, f"still there: {numbers}"
            for one in numbers:
                try:
                    os.kill(one, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.02)
        # Whoever is to collect the dead may be slow, and the next server would take them for living.
        for left in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop the server and delete its files."""
        subprocess.run(_as_owner(_command(self, "stop", "-m", "immediate")), capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


_in_use: list[tuple[PostgresRig, str, list[str]]] = []
"""The server, the template and the databases of the test that runs now, where it runs on PostgreSQL."""
_clean: list[str] = []
"""Databases with an empty store that a test has given back: to empty one is quicker than to make one."""
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""
"""A test may leave connections open, and a table locked."""
_EMPTY = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
        EXECUTE format('DELETE FROM %I', one.name);
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(quote_ident(one.name)::regclass, 1, false);
    END LOOP;
END $$"""


@contextmanager
def databases_of_a_test(rig: PostgresRig, template: str) -> Iterator[None]:
    """Point the stores that are opened inside the block to a database with an empty store."""
    before = os.environ.get("HEELWISE_DATABASE")
    made: list[str] = []
    _in_use.append((rig, template, made))
    use_fresh_database()
    try:
        yield
    finally:
        _in_use.pop()
        os.environ.pop("HEELWISE_DATABASE", None)
        if before is not None:
            os.environ["HEELWISE_DATABASE"] = before
        _give_back(rig, made)


def use_fresh_database() -> None:
    """Point the stores that are opened from now on to another empty database; on SQLite each folder has its own."""
    if _in_use:
        rig, template, made = _in_use[-1]
        made.append(_clean.pop() if _clean else rig.fresh(template))
        os.environ["HEELWISE_DATABASE"] = rig.url(made[-1])


def _give_back(rig: PostgresRig, names: list[str]) -> None:
    for name in names:
        try:
            rig.execute(_END_OTHERS, _EMPTY, database=name)
        except psycopg.Error:
            rig.drop(name)
        else:
            _clean.append(name)


def new_server(options: Sequence[str] = _QUICK) -> PostgresRig:
    """Make and start a server of one's own; the caller removes it."""
    programs_folder = require()
    folder = Path(tempfile.mkdtemp(prefix="hw-pg-"))
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    made = [str(programs_folder / "initdb"), "-D", str(folder / "data"), "-U", USER, f"--pwfile={secret}"]
    made += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(_as_owner(made), check=True, capture_output=True)
    secret.unlink()
    rig = PostgresRig(folder, _free_port())
    settings = {
        "port": str(rig.port),
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": f"'{folder}'",
    }
    lines = [f"{name} = {value}" for name, value in settings.items()] + list(options)
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write("\n".join(["", *lines, ""]))
    rig.start()
    return rig


def shared_server(run_folder: Path) -> PostgresRig:
    """Return the server of this test run, started by whichever worker asks first; it ends with the run."""
    with file_lock(run_folder / "postgres.lock"):
        known = run_folder / "postgres.txt"
        if known.exists():
            folder, port = known.read_text().split("\n")
            return PostgresRig(Path(folder), int(port))
        rig = new_server()
        _stop_with_the_run(rig)
        known.write_text(f"{rig.folder}\n{rig.port}")
        return rig


def _stop_with_the_run(rig: PostgresRig) -> None:
    # The run is the process that has the workers; it outlives each of them, and may be killed.
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    stop = _as_owner(_command(rig, "stop", "-m", "immediate"))
    given = [sys.executable, "-c", _WATCH, str(owner), str(rig.folder), *stop]
    subprocess.Popen(given, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _owner() -> pwd.struct_passwd | None:
    """Another user where this one is root; None where this one will do."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _as_owner(command: list[str]) -> list[str]:
    owner = _owner()
    if owner is None:
        return command
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", *command]


def _command(rig: PostgresRig, *what: str) -> list[str]:
    return [str(require() / "pg_ctl"), "-D", str(rig.data), *what]


def _control(rig: PostgresRig, *what: str) -> None:
    # Its output goes to a file: the server would keep a pipe open for as long as it runs.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(_as_owner(_command(rig, *what)), stdout=told, stderr=told, cwd="/", check=False)
        told.seek(0)
        assert done.returncode == 0, told.read().decode()


def _processes_in(folder: Path) -> list[int]:
    listed = subprocess.run(
        ["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.split(maxsplit=2) for line in listed.splitlines()]
    servers = [
        int(pid) for pid, stat, *args in lines if not stat.startswith("Z") and "postgres" in "".join(args)
    ]
    return [one for one in servers if _works_in(one) == folder]


def _works_in(number: int) -> Path | None:
    try:
        return Path(f"/proc/{number}/cwd").readlink()
    except OSError:
        return None


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
