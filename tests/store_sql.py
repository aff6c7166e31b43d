"""Plain SQL past Heelwise, on the database of a home folder: what a disk or another program may do to it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ADDRESS = "HEELWISE_DATABASE"


def change_rows(home: Path, statement: str) -> int:
    """Run one statement, and return how many rows it changed."""
    address = os.environ.get(ADDRESS)
    if address:
        with psycopg.connect(address) as raw:
            return raw.execute(_quoted(statement)).rowcount
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        done = raw.execute(statement).rowcount
        raw.commit()
        return done


def read_rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of one query."""
    address = os.environ.get(ADDRESS)
    if address:
        with psycopg.connect(address) as raw:
            return raw.execute(_quoted(query)).fetchall()
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        return raw.execute(query).fetchall()


def all_text() -> str:
    """Return every row of every table on PostgreSQL as text; empty on SQLite, whose rows lie in the folder."""
    address = os.environ.get(ADDRESS)
    if not address:
        return ""
    with psycopg.connect(address) as raw:
        names = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return "\n".join(
            str(raw.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall())
            for (name,) in names
        )


def _quoted(statement: str) -> bytes:
    return statement.encode()
