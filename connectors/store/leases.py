"""Leases: work that several processes could do is done by one of them, and by another once that one has ended."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, select

from connectors.errors import StoreError
from connectors.store.database import Database, StorePart, upsert
from connectors.store.process_token import has_lock, is_live, process_token
from connectors.store.tables import LEASE_TABLE

_PARTS = 3
"""A lease under way is renewed this often in its length, so that one failure does not end it."""


class Leases(StorePart):
    """The leases of a store; times are of the database's own clock, so that all machines agree."""

    def __init__(self, database: Database, home: Path) -> None:
        super().__init__(database)
        self._home = home

    @contextmanager
    def hold(self, name: str, seconds: float) -> Iterator[bool]:
        """Hold a lease for one piece of work, renewed until its end; False where somebody else is at it."""
        holder = f"{process_token(self._home)}-{secrets.token_hex(4)}"
        if not self._take(name, holder, seconds):
            yield False
            return
        ended = threading.Event()
        given = (name, holder, seconds, ended)
        renewing = threading.Thread(target=self._renew, args=given, name="heelwise-lease", daemon=True)
        renewing.start()
        try:
            yield True
        finally:
            ended.set()
            renewing.join()
            with suppress(StoreError):  # it ends by itself then
                self.release(name, holder)

    def keep(self, name: str, seconds: float) -> bool:
        """Take or renew the lease of this process on work that is done again and again; False where another has it.

        Nothing is written while more than half of it is left, so that no cache wakes.
        """
        holder = process_token(self._home)
        with self._database.reading() as connection:
            row = connection.execute(_of(name)).one_or_none()
            left_us = row.until_utc - self._database.backend.now_us(connection) if row is not None else 0
        if row is not None and row.holder == holder and left_us > seconds * 500_000:
            return True
        return self._take(name, holder, seconds)

    def release(self, name: str, holder: str | None = None) -> None:
        """Give up a lease of this process before its end; one that somebody else has taken meanwhile is left."""
        whose = process_token(self._home) if holder is None else holder
        with self._database.writing() as connection:
            connection.execute(
                delete(LEASE_TABLE).where(LEASE_TABLE.c.name == name, LEASE_TABLE.c.holder == whose)
            )

    def _take(self, name: str, holder: str, seconds: float) -> bool:
        with self._database.writing() as connection:
            # One writer at a time: nobody takes it between this look and the row.
            now = self._database.backend.now_us(connection)
            row = connection.execute(_of(name)).one_or_none()
            if (
                row is not None
                and row.holder != holder
                and row.until_utc > now
                and not self._has_ended(row.holder)
            ):
                return False
            until = now + round(seconds * 1_000_000)
            upsert(connection, LEASE_TABLE, [{"name": name, "holder": holder, "until_utc": until}], ("name",))
        return True

    def _has_ended(self, holder: str) -> bool:
        """Whether the process of a lease is known to have ended.

        One of another machine has no lock in this folder, and its lease has to run out.
        """
        token = holder.partition("-")[0]
        is_here = self._database.backend.is_of_one_machine or has_lock(self._home, token)
        return is_here and not is_live(self._home, token)

    def _renew(self, name: str, holder: str, seconds: float, ended: threading.Event) -> None:
        while not ended.wait(seconds / _PARTS):
            with suppress(StoreError):  # tried again at the next turn; after the last one it runs out
                if not self._take(name, holder, seconds):
                    return


def _of(name: str) -> Select[Any, Any]:
    return select(LEASE_TABLE.c.holder, LEASE_TABLE.c.until_utc).where(LEASE_TABLE.c.name == name)
