"""`heelwise store roles`: the roles of a clinic's database, printed or applied."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import text

from connectors.errors import StoreError
from connectors.store.address import VARIABLE, open_backend
from connectors.store.migrations import STEPS, check_schema
from connectors.store.row_security import apply_roles, statements
from connectors.store.runners import all_runners, name_for_good


def role_sql() -> str:
    """Return the whole as SQL for psql, in one transaction."""
    return "\n".join(["BEGIN;", *(f"{one};" for one in statements()), "COMMIT;"])


def apply_to(home: Path) -> None:
    """Apply the roles to the database of HEELWISE_DATABASE; all of it or nothing."""
    if not os.environ.get(VARIABLE, "").strip():
        raise StoreError(
            f"{VARIABLE} is not set: roles belong to a PostgreSQL database. Nothing was changed. Set it to the address "
            "of a superuser of that database for this one command."
        )
    backend = open_backend(home)
    try:
        backend.inspect()
        if check_schema(backend) != len(STEPS):
            raise StoreError(
                "The database of HEELWISE_DATABASE holds no store of this version yet. Nothing was changed. Run "
                "`heelwise doctor` with the same address first: it makes the tables or brings them up to date."
            )
        with backend.plain_errors(), backend.writing() as connection:
            if not connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
                raise StoreError(
                    "Roles are made by a superuser of PostgreSQL, and the user of HEELWISE_DATABASE is none. Nothing "
                    "was changed. Run this once as postgres, or hand `heelwise store roles` to whoever runs the server."
                )
            for runner in all_runners(connection):
                if not runner.is_demo:
                    name_for_good(connection, runner.athlete_id)  # the role that dumps may not write it
            apply_roles(connection)
    finally:
        backend.close()
