"""Persons and what runners granted them, as a dump holds them: issuer, subject and rights, no session and no secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from connectors.store.database import StorePart, insert_counted
from connectors.store.deletion_mark import marked_ids
from connectors.store.forgotten_list import ForgottenList
from connectors.store.runner_uid import UID, runner_of
from connectors.store.stored_time import read_time, stored_time
from connectors.store.tables import GRANT_TABLE, PERSON_TABLE, SETTING_TABLE


@dataclass(frozen=True)
class GrantRow:
    """One grant that has not ended, by names that hold on every machine."""

    runner_uid: str
    issuer: str
    subject: str
    display_name: str | None
    access: str
    given_utc: int
    """Microseconds since 1970-01-01 UTC."""
    until_date: int | None
    """Days since 1970-01-01; None without an end."""
    is_confirmed: int

    @property
    def given(self) -> datetime:
        """When it was given."""
        return read_time(self.given_utc)

    def as_json(self) -> dict[str, Any]:
        """Return what is written into a dump."""
        return asdict(self)


@dataclass
class GrantsRestored:
    """What came of the grants of a dump."""

    new: int = 0
    ended: int = 0
    """Ended since the dump: not given again."""
    unchanged: int = 0
    nobody: int = 0
    """Of runners who are not here."""


def parse_grant(content: Mapping[str, Any]) -> GrantRow:
    """Read one grant of a dump; raises ValueError, KeyError or TypeError where it is none."""
    name, until = content["display_name"], content["until_date"]
    return GrantRow(
        runner_uid=str(content["runner_uid"]),
        issuer=str(content["issuer"]),
        subject=str(content["subject"]),
        access=str(content["access"]),
        given_utc=int(content["given_utc"]),
        is_confirmed=int(content["is_confirmed"]),
        display_name=None if name is None else str(name),
        until_date=None if until is None else int(until),
    )


class ServerRowStore(StorePart):
    """Rows of a clinic's server that belong to several runners."""

    def grant_rows(self, athlete_id: int) -> list[GrantRow]:
        """Read the grants of one runner that have not ended."""
        with self._database.reading() as connection:
            return [GrantRow(**row._mapping) for row in connection.execute(_grants_of(athlete_id))]

    def restore_grants(self, rows: Iterator[GrantRow], forgotten: ForgottenList) -> GrantsRestored:
        """Write grants of a dump that have not ended since; all of them or none.

        A person who is not here is added without any office: that comes from their next sign-in alone.
        """
        done = GrantsRestored()
        with self._database.writing() as connection:
            for row in rows:
                _restore_grant(connection, row, forgotten, done)
        return done


def _grants_of(athlete_id: int) -> Any:
    columns = [GRANT_TABLE.c[name] for name in ("access", "given_utc", "until_date", "is_confirmed")]
    persons = [PERSON_TABLE.c[name] for name in ("issuer", "subject", "display_name")]
    is_uid = (SETTING_TABLE.c.athlete_id == GRANT_TABLE.c.athlete_id) & (SETTING_TABLE.c.name == UID)
    return (
        select(*columns, *persons, SETTING_TABLE.c.value.label("runner_uid"))
        .join(PERSON_TABLE, PERSON_TABLE.c.person_id == GRANT_TABLE.c.person_id)
        .join(SETTING_TABLE, is_uid)
        .where(
            GRANT_TABLE.c.athlete_id == athlete_id,
            GRANT_TABLE.c.ended_utc.is_(None),
            PERSON_TABLE.c.removed_utc.is_(None),
            GRANT_TABLE.c.athlete_id.not_in(marked_ids()),
        )
        .order_by(GRANT_TABLE.c.grant_id)
    )


def _restore_grant(
    connection: Connection, row: GrantRow, forgotten: ForgottenList, done: GrantsRestored
) -> None:
    athlete_id = runner_of(connection, row.runner_uid)
    if athlete_id is None:
        done.nobody += 1
        return
    if forgotten.is_ended(row.runner_uid, row.issuer, row.subject, row.given):
        done.ended += 1
        return
    query = select(PERSON_TABLE).where(
        PERSON_TABLE.c.issuer == row.issuer, PERSON_TABLE.c.subject == row.subject
    )
    person = connection.execute(query).first()
    if person is not None and person.removed_utc is not None:
        done.ended += 1
        return
    person_id = _add_person(connection, row) if person is None else person.person_id
    same = select(GRANT_TABLE.c.ended_utc).where(
        GRANT_TABLE.c.athlete_id == athlete_id,
        GRANT_TABLE.c.person_id == person_id,
        GRANT_TABLE.c.given_utc == row.given_utc,
    )
    here = connection.execute(same).first()
    if here is not None:
        done.unchanged += here.ended_utc is None
        done.ended += here.ended_utc is not None
        return
    content = {name: getattr(row, name) for name in ("access", "given_utc", "until_date", "is_confirmed")}
    connection.execute(insert(GRANT_TABLE).values(athlete_id=athlete_id, person_id=person_id, **content))
    done.new += 1


def _add_person(connection: Connection, row: GrantRow) -> int:
    content = {"issuer": row.issuer, "subject": row.subject, "display_name": row.display_name}
    now = stored_time(datetime.now(UTC))
    return insert_counted(connection, PERSON_TABLE, {**content, "added_utc": now})
