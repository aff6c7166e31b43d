"""Which database the store is in: a file of the home folder, or the PostgreSQL server that HEELWISE_DATABASE names."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from connectors.errors import StoreError
from connectors.store.backend import Backend
from connectors.store.paths import DATABASE_NAME
from connectors.store.sqlite_file import SqliteFile

VARIABLE = "HEELWISE_DATABASE"
JOBS_VARIABLE = "HEELWISE_JOBS_DATABASE"
"""The same database as the role that works for one runner at a time, for what runs beside the dashboard."""
_SCHEMES = ("postgresql", "postgresql+psycopg")
_LIBRARY = "psycopg"


def open_backend(home: Path, address: str | None = None) -> Backend:
    """Return the database of a home folder, by an address or by the environment; nothing is connected to yet."""
    written = os.environ.get(VARIABLE, "") if address is None else address
    if not written.strip():
        return SqliteFile(home / DATABASE_NAME)
    url = parse_address(written)
    try:
        import_module(_LIBRARY)
    except ImportError as error:
        raise StoreError(
            f"{VARIABLE} names a PostgreSQL database, and the library for it is not installed. Nothing was changed. "
            'Install it with: pip install "heelwise[clinic]"'
        ) from error
    # Loaded here alone: a laptop without a server starts without it.
    return import_module("connectors.store.postgres_server").PostgresServer(url, home)


def jobs_address() -> str | None:
    """Return the database as the role that works for one runner at a time; None where there is no such role."""
    return os.environ.get(JOBS_VARIABLE, "").strip() or None


def jobs_environment() -> dict[str, str]:
    """Return what a process that works for one runner is started with beside the environment of this one."""
    address = jobs_address()
    return {VARIABLE: address} if address else {}


def parse_address(written: str) -> URL:
    """Return the address of a PostgreSQL database; a sentence without any part of it where it is none."""
    try:
        url = make_url(written.strip())
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _SCHEMES or not url.database:
        raise StoreError(
            f"{VARIABLE} does not name a PostgreSQL database. Nothing was changed. It has the form "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE; signs such as @, / and % in a password are written as "
            "%40, %2F and %25. Without it Heelwise uses the file in its own folder."
        )
    return url.set(drivername="postgresql+psycopg")
