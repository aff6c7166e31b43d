"""Recordings in a folder and rows on a server belong together: a database of other runners is refused.

Recordings that no row names are swept away, so a wrong address would otherwise delete every recording there is.
"""

from __future__ import annotations

import os
import secrets
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from connectors.errors import StoreUnreadable
from connectors.store.database import Database
from connectors.store.disk_errors import disk_error
from connectors.store.labels import DATABASE_ID, read_machine_settings, write_machine_setting
from connectors.store.paths import BINDING_NAME
from connectors.store.samples import SampleFolder
from connectors.store.tables import TABLES

LOOKED_AT = 200
"""Recordings that are looked for among the rows, where the folder does not know its database yet."""


def bind_home(home: Path, database: Database, samples: SampleFolder) -> None:
    """Note which database the folder belongs to, or raise where its recordings are of another one."""
    path = home / BINDING_NAME
    known = _read(path)
    with database.reading() as connection:
        number = read_machine_settings(connection).get(DATABASE_ID)
    if number is not None and known == number:
        return
    if not _may_belong(database, samples):
        raise StoreUnreadable(
            f"The recordings in {home} belong to another database than the one that HEELWISE_DATABASE names. Nothing "
            "was changed. Name their own database, bring their rows into this one with `heelwise store copy`, or "
            "choose another folder with --home."
        )
    if number is None:
        with database.writing() as connection:
            number = read_machine_settings(connection).get(DATABASE_ID) or secrets.token_hex(16)
            write_machine_setting(connection, DATABASE_ID, number)
    write_binding(path, number)


def _may_belong(database: Database, samples: SampleFolder) -> bool:
    """Whether the folder has no recordings, or the database has rows of some of them."""
    there = [(athlete_id, activity_id) for athlete_id, activity_id, _ in islice(samples.files(), LOOKED_AT)]
    if not there:
        return True
    activity = TABLES["activity"].c
    query = select(activity.athlete_id, activity.activity_id).where(
        activity.activity_id.in_([activity_id for _, activity_id in there])
    )
    with database.reading() as connection:
        return not set(there).isdisjoint((row[0], row[1]) for row in connection.execute(query))


def _read(path: Path) -> str | None:
    try:
        return path.read_text("ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    except OSError as error:
        raise disk_error(error, path) from error


def write_binding(path: Path, number: str) -> None:
    """Write the number of a database into the file of a folder, as a whole or not at all."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error, path) from error
