"""What `doctor` looks at on a clinic's server: dumps, the list of forgotten runners, the access log, the key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import StoreError, VaultUnreadable
from connectors.store.access_log import chain_problems, is_partly_seen
from connectors.store.database import Database
from connectors.store.dump_settings import dump_settings
from connectors.store.forgotten_list import COUNT_SETTING, read_own_list
from connectors.store.labels import read_machine_settings
from connectors.store.vault_keys import read_keys

Row = tuple[str, bool, str, str, str]
"""Id, whether it is serious, what is wrong, what is intact, what to do."""


def server_findings(home: Path, database: Database) -> Iterator[Row]:
    """Look at what only a server has; nothing of it is on a laptop."""
    try:
        with database.reading() as connection:
            machine = read_machine_settings(connection)
            broken = [] if is_partly_seen(connection) else chain_problems(connection)
    except StoreError:
        return  # the database's own finding says it all
    for sentence in broken:
        yield (
            "access_log",
            True,
            sentence,
            "Every entry is left as it is, and new ones are added.",
            "Keep a copy of the database and of the last `heelwise audit`, and find out who could write to it.",
        )
    settings, now = dump_settings(machine), datetime.now(UTC)
    if settings.is_overdue(now):
        latest = f"{settings.latest:%Y-%m-%d %H:%M} UTC" if settings.latest else "none yet"
        yield (
            "dump_overdue",
            True,
            f"The latest dump of all runners is too old ({latest}).",
            "The dumps that are there are left as they are.",
            "Run `heelwise backup --all`, and look at the timer that should have.",
        )
    least = machine.get(COUNT_SETTING, "")
    for sentence in read_own_list(home, int(least) if least.isdigit() else 0).problems:
        yield (
            "forgotten_list",
            True,
            f"{sentence}.",
            "What can be read of it is applied.",
            "Put the copy that lies beside the dumps in its place; until then a restore asks first.",
        )
    yield from _rotation(home)


def _rotation(home: Path) -> Iterator[Row]:
    try:
        keys = read_keys(home / "vault", os.environ)
    except VaultUnreadable as error:
        yield "vault_key", True, str(error), "Secrets are left as they are.", "Put the right key there."
        return
    if len(keys.keys) > 1:
        yield (
            "vault_rotation",
            False,
            "There are several keys of the vault: a change of the key was begun.",
            "Everything opens.",
            "Run `heelwise vault rotate` to finish it.",
        )
