"""A clinic's database for tests: a store on PostgreSQL with its roles, and the address of each role."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from postgres_rig import PostgresRig
from sqlalchemy import make_url

from connectors.store.row_security import APP, BACKUP, JOBS, OWNER
from connectors.store.store_roles import apply_to

PASSWORD = "of-tests"
ROLES = (OWNER, APP, JOBS, BACKUP)


@dataclass(frozen=True)
class ClinicDatabase:
    """One database with its roles applied; `admin` is the superuser's address."""

    admin: str

    def url(self, role: str) -> str:
        """Return the address of the database for one role."""
        url = make_url(self.admin).set(username=role, password=PASSWORD)
        return url.render_as_string(hide_password=False)

    def connect(self, role: str) -> psycopg.Connection:
        """Open a connection as one role, past Heelwise."""
        url = make_url(self.url(role))
        host = str(url.query.get("host") or url.host)
        return psycopg.connect(
            host=host,
            port=int(str(url.query.get("port") or url.port)),
            user=role,
            password=PASSWORD,
            dbname=url.database,
            autocommit=True,
        )


def lock_rows(server: PostgresRig, url: str, home: Path) -> ClinicDatabase:
    """Apply the roles to a database that holds a store, and give each a password to sign in with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEELWISE_DATABASE", url)
        apply_to(home)
    for role in ROLES:
        _set_password(server, role)
    return ClinicDatabase(url)


def _set_password(server: PostgresRig, role: str) -> None:
    for attempt in range(20):
        try:
            server.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'")
            return
        except psycopg.errors.InternalError:  # another worker changes the same role
            time.sleep(0.05 * attempt)
