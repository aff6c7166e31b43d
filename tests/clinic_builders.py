"""Persons of a clinic's server, as they stand in the store after they have signed in."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from connectors.store import Store
from connectors.store.tables import PERSON_TABLE
from dashboard.access.identity import Identity


def add_person(store: Store, name: str, *, is_therapist: bool = False, is_admin: bool = False) -> int:
    """Add a person that a provider has named."""
    now = (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6
    row = {"issuer": "https://provider.test", "subject": f"sub-{name}", "display_name": name}
    flags = {"is_therapist": int(is_therapist), "is_admin": int(is_admin), "added_utc": int(now)}
    with store._database.writing() as connection:
        made = connection.execute(insert(PERSON_TABLE).values(**row, **flags))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


def change_person(store: Store, person_id: int, **values: int) -> None:
    """Change what the provider or an administrator says of a person."""
    with store._database.writing() as connection:
        one = update(PERSON_TABLE).where(PERSON_TABLE.c.person_id == person_id)
        connection.execute(one.values(**values))


def version_of(store: Store, person_id: int) -> int:
    """Return the version of a person's rights."""
    query = select(PERSON_TABLE.c.version).where(PERSON_TABLE.c.person_id == person_id)
    with store._database.reading() as connection:
        return int(connection.scalar(query) or 0)


def signed_in(person_id: int) -> Identity:
    """Return who the door recognises in a person's session."""
    return Identity(f"person-{person_id}", "person", person_id=person_id)
