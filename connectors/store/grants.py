"""Who may see or write which runner's record: grants, and the roles that they count with."""

# A right is looked up, never remembered by a page. Whoever changes one counts up the version of every person whose
# rights change in the same transaction, so that open pages of theirs are closed; who only gives goes on reading. A
# grant that is not confirmed, that has ended or whose end has passed gives nothing; nor does one of a therapist who is
# none any more.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from connectors.errors import NotAllowed, StoreError
from connectors.store.database import Database, StorePart
from connectors.store.deletion_mark import marked_ids, refuse_marked
from connectors.store.forgotten_notes import note_grants_ended
from connectors.store.key_values import write_key_values
from connectors.store.people import PeopleStore
from connectors.store.runner_zone import RUNNER_ZONE, zone_of, zone_of_name
from connectors.store.stored_time import read_time, read_time_if_any, stored_time
from connectors.store.tables import BOOKMARK_TABLE, GRANT_TABLE, PERSON_TABLE, RUNNER_TABLE

Right = Literal["own", "see", "write"]
Access = Literal["see", "write"]
RANKS: dict[str, int] = {"see": 1, "write": 2, "own": 3}
LONGEST_DAYS = 366
"""Days that a grant lasts at most; the runner may give it anew. Design choice."""
CLAIM_DAYS = 90
"""Days of the grant that a therapist has of a record which its runner has claimed."""
NOT_YOURS = "Only the runner whose record it is may do that. Nothing was changed."
NO_PERSON = "There is nobody of that number on this server. Nothing was changed."
REMOVED_BEFORE = "This person was removed from this server before. Nothing was changed."
NOT_REMOVED = "This person may sign in already. Nothing was changed."
NO_THERAPIST = "That person is no physical therapist of this clinic, so nothing was shared."
NO_GRANT = "This right is no longer on record, so there was nothing to change. Open the page again."
_DAY_0 = date(1970, 1, 1)


class Note(Protocol):
    """Writes one line of the access log inside a transaction."""

    def __call__(
        self, connection: Connection, actor: str, action: str, athlete_id: int | None, subject: str, /
    ) -> None:
        """Write the line."""
        ...


@dataclass(frozen=True)
class Roles:
    """What a person is on this server; roles add up."""

    is_therapist: bool = False
    is_admin: bool = False


@dataclass(frozen=True)
class Grant:
    """One right of one person in one runner's record."""

    grant_id: int
    athlete_id: int
    person_id: int
    person_name: str
    access: Right
    given_by: int | None
    given: datetime
    until: date | None
    """Last day, in the runner's zone; None where it has no end: an own record, and one that nobody has claimed."""
    ended: datetime | None
    is_confirmed: bool
    is_due: bool
    """Whether its last day has passed."""

    @property
    def is_active(self) -> bool:
        """Whether it gives anything now."""
        return self.is_confirmed and self.ended is None and not self.is_due

    @property
    def is_asked(self) -> bool:
        """Whether it waits for the runner's word."""
        return not self.is_confirmed and self.ended is None and not self.is_due


@dataclass(frozen=True)
class PersonCount:
    """One person as an administrator sees them: roles, times and numbers, no runner's name and no health value."""

    person_id: int
    name: str
    is_therapist: bool
    is_admin: bool
    added: datetime
    seen: datetime | None
    is_removed: bool
    own_records: int
    records_seen: int
    """Runners who share theirs with this person now."""


@dataclass(frozen=True)
class PersonRemoved:
    """What came of removing a person, in numbers."""

    name: str
    rights_ended: int
    """Rights in records that are somebody's own."""
    own_records: int
    """Records of their own: they stay, and nobody sees them who has no right in them."""
    unclaimed_records: int
    """Records that they began and nobody has claimed: they stay, and nobody sees them."""


class GrantStore(StorePart):
    """Rights of persons; `Store.grants`. `by` is the person who acts, None the owner of the machine."""

    def __init__(self, database: Database, note: Note | None = None) -> None:
        super().__init__(database)
        self._note = note

    def rights_of(self, person_id: int, now: datetime | None = None) -> dict[int, Right]:
        """Return what a person may do now, by runner; of several rights the widest."""
        roles = self.roles_of(person_id)
        rights: dict[int, Right] = {}
        if roles is None:
            return rights
        for one in self.of_person(person_id, now):
            counts = one.access == "own" or roles.is_therapist
            if one.is_active and counts and RANKS[one.access] > RANKS.get(rights.get(one.athlete_id, ""), 0):
                rights[one.athlete_id] = one.access
        return rights

    def roles_of(self, person_id: int) -> Roles | None:
        """Return what a person is; None for somebody who was removed or never there."""
        return self._database.remembered(("roles", person_id), partial(roles_in, person_id=person_id))

    def of_person(self, person_id: int, now: datetime | None = None) -> list[Grant]:
        """List the rights of a person, the ended ones too, oldest first."""
        return self._grants(GRANT_TABLE.c.person_id, person_id, now)

    def of_runner(self, athlete_id: int, now: datetime | None = None) -> list[Grant]:
        """List the rights in a runner's record, the ended ones too, oldest first."""
        return self._grants(GRANT_TABLE.c.athlete_id, athlete_id, now)

    def _grants(self, column: Any, number: int, now: datetime | None) -> list[Grant]:
        def read(connection: Connection) -> list[tuple[Row[Any], Any]]:
            rows = grant_rows(connection, column == number)
            return [(row, zone_of(connection, row.athlete_id)) for row in rows]

        rows = self._database.remembered(("grants", column.name, number), read)
        return [_as_grant(row, zone, now or datetime.now(UTC)) for row, zone in rows]

    def ends_near(self, person_id: int, day: date) -> bool:
        """Return whether a right of a person has a last day that is past anywhere on earth by the end of a UTC day."""
        query = (
            select(GRANT_TABLE.c.grant_id)
            .where(GRANT_TABLE.c.person_id == person_id, GRANT_TABLE.c.ended_utc.is_(None))
            .where(GRANT_TABLE.c.until_date <= (day - _DAY_0).days)
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def past_ends(self, person_id: int, now: datetime | None = None) -> int:
        """Return how many rights of a person have ended by their last day alone: the door closes pages by it."""
        return sum(one.is_due and one.ended is None for one in self.of_person(person_id, now))

    def is_claimed(self, athlete_id: int) -> bool:
        """Return whether a record is somebody's own."""
        return any(one.access == "own" and one.ended is None for one in self.of_runner(athlete_id))

    def therapists(self) -> list[tuple[int, str]]:
        """List the therapists of this clinic, by name: whom a runner may choose."""
        query = (
            select(PERSON_TABLE.c.person_id, PERSON_TABLE.c.display_name)
            .where(PERSON_TABLE.c.is_therapist == 1, PERSON_TABLE.c.removed_utc.is_(None))
            .order_by(PERSON_TABLE.c.display_name, PERSON_TABLE.c.person_id)
        )
        with self._database.reading() as connection:
            return [
                (row.person_id, person_name(row.person_id, row.display_name))
                for row in connection.execute(query)
            ]

    def give(
        self,
        athlete_id: int,
        person_id: int,
        access: Access,
        until: date,
        by: int | None,
        now: datetime | None = None,
        zone: str | None = None,
    ) -> None:
        """Give a therapist a right until the end of a day; it takes the place of one they have."""
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            require_own(connection, athlete_id, by)
            roles = roles_in(connection, person_id)
            if roles is None or not roles.is_therapist:
                raise StoreError(NO_THERAPIST)
            remember_zone(connection, athlete_id, zone)
            _check_end(until, at.astimezone(zone_of(connection, athlete_id)).date())
            self._end(connection, at, athlete_id, GRANT_TABLE.c.person_id == person_id)
            add_right(connection, athlete_id, person_id, access, by, at, until=until)
            self._log(connection, by, "gave", athlete_id, f"{access} to person {person_id}")

    def confirm(
        self,
        grant_id: int,
        by: int | None,
        until: date | None = None,
        access: Access | None = None,
        now: datetime | None = None,
        zone: str | None = None,
    ) -> None:
        """Confirm a right that a therapist asks for, as the runner wants it; without a date its own end stands."""
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            row = _open_row(connection, grant_id)
            require_own(connection, row.athlete_id, by)
            if row.access == "own":
                raise StoreError(NO_GRANT)
            remember_zone(connection, row.athlete_id, zone)
            end = until or (_day(row.until_date) if row.until_date is not None else None)
            if end is None:
                raise StoreError("Choose until when the record is shared. Nothing was changed.")
            _check_end(end, at.astimezone(zone_of(connection, row.athlete_id)).date())
            others = and_(GRANT_TABLE.c.person_id == row.person_id, GRANT_TABLE.c.grant_id != grant_id)
            self._end(connection, at, row.athlete_id, others)
            values = {"is_confirmed": 1, "until_date": (end - _DAY_0).days, "access": access or row.access}
            connection.execute(update(GRANT_TABLE).where(GRANT_TABLE.c.grant_id == grant_id).values(**values))
            count_up_persons(connection, [row.person_id])
            self._log(connection, by, "confirmed", row.athlete_id, f"person {row.person_id}")

    def end(self, grant_id: int, by: int | None, now: datetime | None = None) -> None:
        """End a right at once: the runner ends any but their own, a therapist their own alone."""
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            row = _open_row(connection, grant_id)
            if row.access == "own":
                raise NotAllowed(NOT_YOURS)
            if by is None or by != row.person_id or roles_in(connection, by) is None:
                require_own(connection, row.athlete_id, by)
            self._end(connection, at, row.athlete_id, GRANT_TABLE.c.grant_id == grant_id)
            self._log(connection, by, "ended", row.athlete_id, f"person {row.person_id}")

    def end_due(self, now: datetime | None = None) -> int:
        """Mark the rights whose last day has passed as ended, and count up whom they concern; how many."""
        at = now or datetime.now(UTC)

        def read(connection: Connection) -> list[tuple[Row[Any], Any]]:
            rows = grant_rows(
                connection, GRANT_TABLE.c.until_date.is_not(None), GRANT_TABLE.c.ended_utc.is_(None)
            )
            return [(row, zone_of(connection, row.athlete_id)) for row in rows]

        rows = self._database.remembered("grants with an end", read)
        due = [one for one in (_as_grant(row, zone, at) for row, zone in rows) if one.is_due]
        if due:
            with self._database.writing() as connection:
                for one in due:
                    end_rights(connection, at, one.athlete_id, GRANT_TABLE.c.grant_id == one.grant_id)
        return len(due)

    def persons(self, now: datetime | None = None) -> list[PersonCount]:
        """List the persons of this server with their roles and how many records each has and sees."""
        now = now or datetime.now(UTC)
        with self._database.reading() as connection:
            rows = connection.execute(select(PERSON_TABLE).order_by(PERSON_TABLE.c.person_id)).all()
        return [self._person_count(row, now) for row in rows]

    def _person_count(self, row: Row[Any], now: datetime) -> PersonCount:
        rights = self.rights_of(row.person_id, now).values()
        own = sum(right == "own" for right in rights)
        return PersonCount(
            row.person_id,
            person_name(row.person_id, row.display_name),
            bool(row.is_therapist),
            bool(row.is_admin),
            read_time(row.added_utc),
            read_time_if_any(row.seen_utc),
            row.removed_utc is not None,
            own,
            len(rights) - own,
        )

    def counts(self) -> dict[str, int]:
        """Return how many runners, persons and rights there are: numbers alone, for an administrator."""
        is_open = and_(GRANT_TABLE.c.ended_utc.is_(None), GRANT_TABLE.c.is_confirmed == 1)
        queries = {
            "runners": select(func.count())
            .select_from(RUNNER_TABLE)
            .where(RUNNER_TABLE.c.is_demo == 0, RUNNER_TABLE.c.athlete_id.not_in(marked_ids())),
            "claimed": select(func.count(GRANT_TABLE.c.athlete_id.distinct())).where(
                is_open, GRANT_TABLE.c.access == "own"
            ),
            "persons": select(func.count())
            .select_from(PERSON_TABLE)
            .where(PERSON_TABLE.c.removed_utc.is_(None)),
            "shared": select(func.count())
            .select_from(GRANT_TABLE)
            .where(is_open, GRANT_TABLE.c.access != "own"),
        }
        with self._database.reading() as connection:
            return {name: int(connection.scalar(query) or 0) for name, query in queries.items()}

    def set_admin(self, person_id: int, is_admin: bool, by: int | None) -> None:
        """Make somebody an administrator, or take it away; one always remains."""
        with self._database.writing() as connection:
            require_admin(connection, by)
            if roles_in(connection, person_id) is None:
                raise _refused_person(connection, person_id, REMOVED_BEFORE)
            if not is_admin:
                _require_other_admin(connection, person_id)
            one = update(PERSON_TABLE).where(PERSON_TABLE.c.person_id == person_id)
            connection.execute(one.values(is_admin=int(is_admin)))
            count_up_persons(connection, [person_id])
            # Another role is begun with another sign-in.
            PeopleStore.end_in(connection, person_id, datetime.now(UTC))
            role = "administrator" if is_admin else "no administrator"
            self._log(connection, by, "set role", None, f"person {person_id}: {role}")

    def remove_person(self, person_id: int, by: int | None, now: datetime | None = None) -> PersonRemoved:
        """Refuse a person from now on: sessions, roles and rights in records of others end at once."""
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            require_admin(connection, by)
            roles = roles_in(connection, person_id)
            if roles is None:
                raise _refused_person(connection, person_id, REMOVED_BEFORE)
            if roles.is_admin:
                _require_other_admin(connection, person_id)
            rows = grant_rows(
                connection, GRANT_TABLE.c.person_id == person_id, GRANT_TABLE.c.ended_utc.is_(None)
            )
            claimed = {row.athlete_id for row in rows if owners_of(connection, row.athlete_id)}
            of_others = [row for row in rows if row.access != "own" and row.athlete_id in claimed]
            for row in of_others:
                self._end(connection, at, row.athlete_id, GRANT_TABLE.c.grant_id == row.grant_id)
            one = update(PERSON_TABLE).where(PERSON_TABLE.c.person_id == person_id)
            connection.execute(one.values(removed_utc=stored_time(at), is_admin=0))
            count_up_persons(connection, [person_id])
            PeopleStore.end_in(connection, person_id, at)
            self._log(connection, by, "removed person", None, f"person {person_id}")
            name = connection.scalar(
                select(PERSON_TABLE.c.display_name).where(PERSON_TABLE.c.person_id == person_id)
            )
            own = sum(row.access == "own" for row in rows)
            unclaimed = len({row.athlete_id for row in rows} - claimed)
            return PersonRemoved(person_name(person_id, name), len(of_others), own, unclaimed)

    def readmit_person(self, person_id: int, by: int | None) -> None:
        """Let a removed person sign in again, without the roles and rights that ended."""
        with self._database.writing() as connection:
            require_admin(connection, by)
            is_removed = (PERSON_TABLE.c.person_id == person_id, PERSON_TABLE.c.removed_utc.is_not(None))
            if not connection.execute(
                update(PERSON_TABLE).where(*is_removed).values(removed_utc=None)
            ).rowcount:
                raise _refused_person(connection, person_id, NOT_REMOVED)
            count_up_persons(connection, [person_id])
            self._log(connection, by, "readmitted person", None, f"person {person_id}")

    def _end(self, connection: Connection, at: datetime, athlete_id: int, *where: Any) -> int:
        """End rights, and note them where a restore looks: a dump from before holds them still."""
        is_open = (GRANT_TABLE.c.athlete_id == athlete_id, GRANT_TABLE.c.ended_utc.is_(None))
        ids = connection.scalars(select(GRANT_TABLE.c.grant_id).where(*is_open, *where)).all()
        note_grants_ended(self._database.home, connection, ids, at)
        return end_rights(connection, at, athlete_id, *where)

    def _log(
        self, connection: Connection, by: int | None, action: str, athlete_id: int | None, subject: str
    ) -> None:
        if self._note is not None:
            self._note(connection, "owner" if by is None else f"person:{by}", action, athlete_id, subject)


def person_name(person_id: int, display_name: str | None) -> str:
    """Return what a person is called on screen: as the provider names them, else a number."""
    return display_name or f"Person {person_id}"


def roles_in(connection: Connection, person_id: int) -> Roles | None:
    """Return what a person is, inside a transaction; None for somebody who was removed or never there."""
    table = PERSON_TABLE
    query = select(table.c.is_therapist, table.c.is_admin).where(
        table.c.person_id == person_id, table.c.removed_utc.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Roles(bool(row.is_therapist), bool(row.is_admin))


def _refused_person(connection: Connection, person_id: int, reason: str) -> StoreError:
    """Build the error of a person who is not as an act needs them, or of nobody."""
    is_there = select(PERSON_TABLE.c.person_id).where(PERSON_TABLE.c.person_id == person_id)
    return StoreError(NO_PERSON if connection.scalar(is_there) is None else reason)


def grant_rows(connection: Connection, *where: Any) -> list[Row[Any]]:
    """Read rights with the name of whom they are given to, oldest first; none of a runner being deleted."""
    query = (
        select(GRANT_TABLE, PERSON_TABLE.c.display_name)
        .join(PERSON_TABLE, PERSON_TABLE.c.person_id == GRANT_TABLE.c.person_id)
        .where(GRANT_TABLE.c.athlete_id.not_in(marked_ids()), *where)
        .order_by(GRANT_TABLE.c.grant_id)
    )
    return list(connection.execute(query).all())


def _as_grant(row: Row[Any], zone: Any, now: datetime) -> Grant:
    until = None if row.until_date is None else _day(row.until_date)
    return Grant(
        row.grant_id,
        row.athlete_id,
        row.person_id,
        person_name(row.person_id, row.display_name),
        row.access,
        row.given_by,
        read_time(row.given_utc),
        until,
        read_time_if_any(row.ended_utc),
        bool(row.is_confirmed),
        until is not None and now.astimezone(zone).date() > until,
    )


def owners_of(connection: Connection, athlete_id: int) -> list[int]:
    """Return the persons whose own record it is."""
    is_own = and_(GRANT_TABLE.c.athlete_id == athlete_id, GRANT_TABLE.c.access == "own")
    query = select(GRANT_TABLE.c.person_id).where(is_own, GRANT_TABLE.c.ended_utc.is_(None))
    return [int(one) for one in connection.scalars(query)]


def require_own(connection: Connection, athlete_id: int, by: int | None) -> None:
    """Refuse whoever is not the runner of a record; the owner of the machine may."""
    refuse_marked(connection, athlete_id)
    if by is None:
        return
    if roles_in(connection, by) is None or by not in owners_of(connection, athlete_id):
        raise NotAllowed(NOT_YOURS)


def _require_other_admin(connection: Connection, person_id: int) -> None:
    """Refuse to leave a server without an administrator who may sign in."""
    others = select(func.count()).where(
        PERSON_TABLE.c.is_admin == 1,
        PERSON_TABLE.c.removed_utc.is_(None),
        PERSON_TABLE.c.person_id != person_id,
    )
    if not connection.scalar(others):
        raise StoreError("This is the last administrator. Name another one first. Nothing was changed.")


def require_admin(connection: Connection, by: int | None) -> None:
    """Refuse whoever is no administrator; the owner of the machine may."""
    if by is not None:
        roles = roles_in(connection, by)
        if roles is None or not roles.is_admin:
            raise NotAllowed("Only an administrator of this server may do that. Nothing was changed.")


def add_right(
    connection: Connection,
    athlete_id: int,
    person_id: int,
    access: Right,
    by: int | None,
    now: datetime,
    *,
    until: date | None = None,
    is_confirmed: bool = True,
) -> int:
    """Add a right inside a transaction, and count up whom it concerns; returns its number."""
    refuse_marked(connection, athlete_id)
    row = {
        "athlete_id": athlete_id,
        "person_id": person_id,
        "access": access,
        "given_by": by,
        "given_utc": stored_time(now),
        "until_date": None if until is None else (until - _DAY_0).days,
        "is_confirmed": int(is_confirmed),
    }
    made = connection.execute(insert(GRANT_TABLE).values(**row))
    if person_id != by:  # who takes a right by a press of their own has the page that shows it
        count_up_persons(connection, [person_id])
    return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0


def end_rights(connection: Connection, now: datetime, athlete_id: int, *where: Any) -> int:
    """End the rights in a record that some conditions name, and count up whom they concern; how many."""
    these = and_(GRANT_TABLE.c.athlete_id == athlete_id, GRANT_TABLE.c.ended_utc.is_(None), *where)
    concerned = [int(one) for one in connection.scalars(select(GRANT_TABLE.c.person_id).where(these))]
    if not concerned:
        return 0
    connection.execute(update(GRANT_TABLE).where(these).values(ended_utc=stored_time(now)))
    count_up_persons(connection, concerned)
    return len(concerned)


def count_up_persons(connection: Connection, person_ids: Iterable[int]) -> None:
    """Count a change of the rights of some persons: the door closes what they have open, and it opens anew."""
    table = PERSON_TABLE
    for person_id in sorted(set(person_ids)):
        one = update(table).where(table.c.person_id == person_id)
        connection.execute(one.values(version=table.c.version + 1))


def remember_zone(connection: Connection, athlete_id: int, zone: str | None) -> None:
    """Write the zone that the runner's own browser names: a right ends with a day of theirs."""
    if zone_of_name(zone) is not None:
        write_key_values(connection, BOOKMARK_TABLE, athlete_id, {RUNNER_ZONE: zone})


def _open_row(connection: Connection, grant_id: int) -> Row[Any]:
    row = next(
        iter(grant_rows(connection, GRANT_TABLE.c.grant_id == grant_id, GRANT_TABLE.c.ended_utc.is_(None))),
        None,
    )
    if row is None:
        raise StoreError(NO_GRANT)
    return row


def _check_end(until: date, today: date) -> None:
    if until < today:
        raise StoreError("The last day must not have passed. Nothing was changed; choose a later one.")
    if until > today + timedelta(days=LONGEST_DAYS):
        raise StoreError(
            f"A record is shared for {LONGEST_DAYS} days at most, and can be shared again then. Nothing was "
            "changed; choose an earlier day."
        )


def _day(stored: int) -> date:
    return _DAY_0 + timedelta(days=stored)
