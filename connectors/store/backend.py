"""What the store asks of a database: SQLite's file and PostgreSQL's server each answer it in a module of their own."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Engine


class ChangeMark(Protocol):
    """A value that is another one after every change of the database, by whichever program."""

    settled_s: float
    """s for which a page that is being drawn goes on without asking anew; a right ends sooner, at the door."""

    def current(self) -> Hashable:
        """Return the mark of now."""
        ...

    def close(self) -> None:
        """Close what the mark is read with."""
        ...


class ChangeListener(Protocol):
    """Hears of changes of the database."""

    def wait(self, timeout_s: float) -> bool:
        """Wait until something has changed since the last wait, s at most; whether it has, or may have."""
        ...

    def close(self) -> None:
        """Close what is listened with."""
        ...


class Backend(Protocol):
    """One database: its connections, and all that is not said alike of a file and of a server."""

    engine: Engine
    is_of_one_machine: bool
    """Whether all who have it open share this folder, and with it the locks of processes."""

    @property
    def name(self) -> str:
        """Name the database in a sentence, without an address or a password."""
        ...

    def plain_errors(self) -> AbstractContextManager[None]:
        """Turn what the database raises inside the block into the store's own errors."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Open one consistent view."""
        ...

    def writing(self, is_note: bool = False) -> AbstractContextManager[Connection]:
        """Open a transaction, the only one that may write; kept at the end of the block, or none of it."""
        # A note changes nothing that anybody remembers or waits for, such as a line of the access log: the database may
        # leave its mark of changes as it is, and need not tell who listens.
        ...

    def change_mark(self) -> ChangeMark:
        """Build a mark of changes with a connection of its own."""
        ...

    def listener(self) -> ChangeListener:
        """Build what hears of changes, from now on."""
        ...

    def now_us(self, connection: Connection) -> int:
        """Return µs since 1970-01-01 UTC by the clock that all who share the database read."""
        ...

    def inspect(self) -> None:
        """Raise where the database cannot hold a store, without the right to change it."""
        ...

    def inspecting(self) -> AbstractContextManager[Connection | None]:
        """Open a view without the right to change anything; None where there is no database yet."""
        ...

    def not_ours(self) -> Exception:
        """Build the error for a database that something else has made."""
        ...

    def raise_if_lost(self, number: int, has_samples: bool) -> None:
        """Refuse to begin anew where a store must have been. `number` is the step that the database is at."""
        ...

    def make(self) -> None:
        """Make what must be there before the first transaction."""
        ...

    def copy_before_upgrade(self, number: int) -> None:
        """Keep the way back to a store of an earlier step, where the database has one."""
        ...

    def raise_if_gone(self) -> None:
        """Raise where the database went away under an open store."""
        ...

    def trim_log(self) -> bool:
        """Take deleted rows out of the database's own files; False where others keep it from that."""
        ...

    def compact(self) -> None:
        """Give back the room of what was deleted."""
        ...

    def problems(self) -> list[str]:
        """Run the database's own checks; each problem in its words."""
        ...

    def size_b(self) -> int:
        """Return how many bytes the database takes."""
        ...

    def close_alone(self) -> bool:
        """Close for good; True where no other program has the database open, so that the store may be deleted."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
