"""The store on a PostgreSQL server: everything about it that is PostgreSQL's own."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from connectors.errors import StoreError, StoreGone, StoreUnreadable
from connectors.plural import count
from connectors.store.postgres_errors import (
    UNCERTAIN,
    WAIT_S,
    DatabaseUnreachable,
    is_unreachable,
    plain_errors,
)
from connectors.store.tables import METADATA

APPLICATION = "heelwise"
CHANNEL = "heelwise_change"
"""What every process listens to: each transaction that writes sends one message, its own number."""
NOTE_CHANNEL = "heelwise_note"
"""Where a transaction that is a note sends its number instead: who remembers what was read goes on remembering it."""
WRITERS_LOCK = 0x4865656C77697365
"""Number of the advisory lock that makes one writer at a time: "Heelwise" in ASCII."""
RETRY_S = 1.0
"""s until a connection that could not be opened is tried once more: a restart takes about that."""
SETTLE_S = 10.0
"""s for which the server is asked whether a transaction was kept, where the connection broke while it was."""
_OLDEST = 130_000
_CONNECTING = {
    "application_name": APPLICATION,
    "connect_timeout": 5,
    # A server that vanishes without a word is noticed within 25 s and never holds a page for longer.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_SESSION = {
    "lock_timeout": f"{WAIT_S * 1000:.0f}",
    # The other end too: a wire that was cut without a word would else hold the writers' lock for two hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
_TAKE_LOCK = text(
    "SELECT pg_advisory_xact_lock(:lock), pg_notify(:topic, CAST(pg_current_xact_id() AS text)), "
    "CAST(pg_current_xact_id() AS text)"
).bindparams(lock=WRITERS_LOCK)


_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = %s::xid8::xid"


class SnapshotMark:
    """The server's own list of transactions that are done: another one after each that is kept, whoever made it.

    Read with a connection of its own; one that was opened anew has seen nothing, so its marks equal no earlier one.
    """

    # The mark stays as it is where all that were done since are notes, which the same connection hears of. A note that
    # it has not heard of yet counts as a change.
    settled_s = 0.5

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._watching: psycopg.Connection[Any] | None = None
        self._opened = 0
        self._read: str | None = None
        self._mark: Hashable = None
        self._notes: set[int] = set()

    def current(self) -> Hashable:
        """Return the mark of now."""
        try:
            return self._ask()
        except psycopg.OperationalError:
            self.close()  # the server may have restarted: asked once more
            return self._ask()

    def close(self) -> None:
        """Close the connection that watches."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def _ask(self) -> Hashable:
        if self._watching is None:
            self._watching = self._server.open_raw()
            self._opened += 1
            self._read = None
            self._notes.clear()
            self._watching.add_notify_handler(self._hear)
            self._watching.execute(f"LISTEN {NOTE_CHANNEL}".encode())
        row = self._watching.execute("SELECT pg_current_snapshot()::text").fetchone()
        read = row[0] if row else None
        if self._read is None or read is None or not self._are_notes(self._read, read):
            self._mark = (self._opened, read)
        self._read = read
        seen = 0 if read is None else int(read.split(":")[0])
        self._notes = {number for number in self._notes if number >= seen}
        return self._mark

    def _hear(self, notify: psycopg.Notify) -> None:
        if notify.payload.isdecimal():
            self._notes.add(int(notify.payload))

    def _are_notes(self, before: str, now: str) -> bool:
        """Return whether every transaction that ended between two snapshots is a note; both say that none is open."""
        if before == now:
            return True
        first, last = _first_to_come(before), _first_to_come(now)
        if first is None or last is None:
            return False
        return all(number in self._notes for number in range(first, last))


def _first_to_come(snapshot: str) -> int | None:
    """Return the number of the first transaction that a snapshot does not see; None where it sees one past that."""
    # Written `first open : first not given away yet : open between these`, such as 10:14:10,12.
    # https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
    first, last, _open = snapshot.split(":")
    return int(first) if first == last else None


class NotifyListener:
    """Hears what each transaction that writes sends (LISTEN). After a broken connection anything may have changed."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._listening: psycopg.Connection[Any] | None = None
        with plain_errors():
            self._listen()

    def wait(self, timeout_s: float) -> bool:
        """Wait for a message, s at most; True too where messages may have been missed."""
        try:
            if self._listening is None:
                self._listen()
                return True
            heard = list(self._listening.notifies(timeout=timeout_s, stop_after=1))
        except psycopg.OperationalError:
            self.close()
            time.sleep(min(RETRY_S, timeout_s))
            return True
        return bool(heard)

    def close(self) -> None:
        """Close the connection that listens."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _listen(self) -> None:
        self._listening = self._server.open_raw()
        self._listening.execute(f"LISTEN {CHANNEL}".encode())


class PostgresServer:
    """A database on a PostgreSQL server; see `connectors.store.backend.Backend`."""

    name = "that HEELWISE_DATABASE names"
    is_of_one_machine = False

    def __init__(self, url: URL, home: Path) -> None:
        self._home = home
        self._url = _with_own_options(url)
        self.engine: Engine = create_engine(
            self._url,
            connect_args=_CONNECTING,
            poolclass=QueuePool,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
            pool_timeout=15.0,
            pool_recycle=1_800,
            hide_parameters=True,
            # Whatever the server's own default is: a writer has to see what was kept while it waited for its turn.
            isolation_level="READ COMMITTED",
            use_native_hstore=False,
        )
        self._readers = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn what PostgreSQL raises into the store's own errors."""
        with plain_errors():
            yield

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view: a snapshot that no other transaction changes."""
        with _connected(self._readers) as connection:
            yield connection

    @contextmanager
    def writing(self, is_note: bool = False) -> Iterator[Connection]:
        """Open the one transaction that may write.

        Each statement of it sees what was kept before the lock was taken, since nobody else writes meanwhile.
        """
        with _connected(self.engine) as connection, connection.begin() as transaction:
            topic = NOTE_CHANNEL if is_note else CHANNEL
            number = connection.execute(_TAKE_LOCK, {"topic": topic}).one()[2]
            yield connection
            self._keep(transaction, number)

    def change_mark(self) -> SnapshotMark:
        """Build a mark of changes."""
        return SnapshotMark(self)

    def listener(self) -> NotifyListener:
        """Build what the server sends a message to at each change."""
        return NotifyListener(self)

    def now_us(self, connection: Connection) -> int:
        """Return the server's clock, which is one for all machines."""
        return int(
            connection.scalar(text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"))
        )

    def inspect(self) -> None:
        """Raise where the server is too old or its database would not keep every sign of a text."""
        with plain_errors(), self.reading() as connection:
            number = int(connection.scalar(text("SHOW server_version_num")))
            encoding = connection.scalar(text("SHOW server_encoding"))
        if number < _OLDEST:
            raise StoreError(
                f"The PostgreSQL server is of version {number // 10_000}, and Heelwise needs 13 or later. Nothing was "
                "changed."
            )
        if encoding != "UTF8":
            raise StoreError(
                f"The database of HEELWISE_DATABASE has the encoding {encoding}, which cannot hold every name. Nothing "
                "was changed. Create it with: createdb --encoding=UTF8 --template=template0 NAME"
            )

    @contextmanager
    def inspecting(self) -> Iterator[Connection | None]:
        """Open a view that cannot change anything."""
        with plain_errors(), self.reading() as connection:
            yield connection

    def not_ours(self) -> StoreUnreadable:
        """Build the error for a database of another program."""
        return StoreUnreadable(
            "The database of HEELWISE_DATABASE holds tables of another program and no store of Heelwise. Nothing was "
            "changed. Create a database of its own with createdb, and name that."
        )

    def raise_if_lost(self, number: int, has_samples: bool) -> None:
        """Refuse to begin anew where recordings lie that no row would name: they would be swept away."""
        if has_samples and not number:
            raise StoreUnreadable(
                "The database of HEELWISE_DATABASE is empty, although recordings of runs lie in the folder "
                f"{self._home}. Nothing was changed. Name the database they belong to, bring their rows into this one "
                "with `heelwise store copy`, or choose another folder with --home."
            )

    def make(self) -> None:
        """Make nothing: the tables are made by the first transaction."""

    def copy_before_upgrade(self, number: int) -> None:
        """Copy nothing: all steps lie in one transaction, and the way back is the dump of the night before."""

    def raise_if_gone(self) -> None:
        """Raise where the folder of recordings was moved away."""
        if not self._home.exists():
            raise StoreGone(
                f"The folder {self._home} was moved or deleted while Heelwise worked in it, so this was not finished. "
                "The rows are in the database as they were; put the folder back, and the next start finishes it."
            )

    def trim_log(self) -> bool:
        """Clear deleted rows out of the tables; the server's own log overwrites itself."""
        self._vacuum()
        return True

    def compact(self) -> None:
        """Clear deleted rows out of the tables, so that their room is used again."""
        self._vacuum()

    def problems(self) -> list[str]:
        """Ask for what PostgreSQL knows of its own faults: it looks at each page itself as it is read."""
        indexes = text("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
        pages = text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
        with plain_errors(), self.reading() as connection:
            unusable = int(connection.scalar(indexes) or 0)
            failed = int(connection.scalar(pages) or 0)
        return [f"{count(unusable, 'index', 'indexes')} cannot be used"] * bool(unusable) + [
            f"{count(failed, 'page', 'pages')} did not verify when read"
        ] * bool(failed)

    def size_b(self) -> int:
        """Return how many bytes the database takes on its server."""
        with plain_errors(), self.reading() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)

    def close_alone(self) -> bool:
        """Drop the tables where no other program is connected; False where one is."""
        self.engine.dispose()
        try:
            with plain_errors():
                if not self._is_alone():
                    return False
                with self.writing() as connection:
                    METADATA.drop_all(connection)
        except StoreError:
            return False
        finally:
            self.close()
        return True

    def _is_alone(self) -> bool:
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND application_name = :name"
        ).bindparams(name=APPLICATION)
        until = time.monotonic() + RETRY_S
        while True:
            with self.reading() as connection:
                if not connection.scalar(others):
                    return True
            if time.monotonic() > until:
                return False
            time.sleep(0.05)  # connections that were just closed here may still be listed

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def open_raw(self) -> psycopg.Connection[Any]:
        """Open a connection outside the pool, on which each statement stands for itself."""
        arguments, options = self.engine.dialect.create_connect_args(self._url)
        return psycopg.connect(*arguments, **{**options, **_CONNECTING}, autocommit=True)

    def _vacuum(self) -> None:
        # A role that does not own the tables is left to the server's own vacuum, with a notice and no error.
        with (
            plain_errors(),
            _connected(self.engine.execution_options(isolation_level="AUTOCOMMIT")) as connection,
        ):
            connection.execute(text("VACUUM"))

    def _keep(self, transaction: RootTransaction, number: str) -> None:
        """Commit; where the connection breaks meanwhile, ask the server whether the transaction was kept."""
        try:
            transaction.commit()
        except DBAPIError as error:
            if not is_unreachable(error.orig, error.connection_invalidated) or not self._was_kept(number):
                raise

    def _was_kept(self, number: str) -> bool:
        until = time.monotonic() + SETTLE_S
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError):
                with self.open_raw() as connection:
                    state = _state(connection, number)
                    if state == "in progress":
                        # Where the wire alone broke, the server still waits for a word on it, and would for long.
                        connection.execute(_END, (number,))
                if state != "in progress":
                    return state == "committed"
            time.sleep(RETRY_S / 4)
        raise DatabaseUnreachable(UNCERTAIN)


def _state(connection: psycopg.Connection[Any], number: str) -> str | None:
    """What became of a transaction; None for one that left no trace, as after a crash."""
    try:
        row = connection.execute("SELECT pg_xact_status(%s::xid8)", (number,)).fetchone()
    except psycopg.errors.InvalidParameterValue:
        return None
    return row[0] if row else None


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """Take a connection from the pool; one that cannot be opened is tried once more, since nothing is begun yet."""
    try:
        connection = engine.connect()
    except DBAPIError as error:
        if not is_unreachable(error.orig, error.connection_invalidated):
            raise
        time.sleep(RETRY_S)
        connection = engine.connect()
    with connection:
        yield connection


def _with_own_options(url: URL) -> URL:
    """Add what every session of Heelwise sets to what the address sets."""
    given = url.query.get("options", "")
    given = given if isinstance(given, str) else " ".join(given)
    own = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    return url.update_query_dict({"options": f"{given} {own}".strip()})
