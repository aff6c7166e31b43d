"""Records that their runner takes over by a code, and codes by which a therapist asks to see a record."""

# A code is two parts: four characters find it, six prove it. Who guesses must meet the first four and then has five
# tries in all, so that guessing is hopeless however many tries a server answers. What is stored is a salted hash.

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from connectors.errors import NotAllowed, StoreError
from connectors.store.deletion_mark import marked_ids, refuse_marked
from connectors.store.grants import (
    CLAIM_DAYS,
    GrantStore,
    add_right,
    count_up_persons,
    end_rights,
    grant_rows,
    owners_of,
    person_name,
    remember_zone,
    require_admin,
    roles_in,
)
from connectors.store.key_values import read_key_values
from connectors.store.labels import initials_of
from connectors.store.runner_zone import zone_of
from connectors.store.runners import LONGEST_NAME, MADE_UP, Runner, insert_runner
from connectors.store.stored_time import read_time, stored_time
from connectors.store.tables import CLAIM_CODE_TABLE, GRANT_TABLE, PERSON_TABLE, RUNNER_TABLE, SETTING_TABLE

CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody takes for one another (Crockford's base 32), five bits each."""
CODE_LENGTH, HANDLE_LENGTH = 10, 4
MOST_TRIES = 5
GOOD_DAYS, UNDO_DAYS = 14, 7
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_SCRYPT = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}
WRONG_CODE = (
    "This code opens no record: it may be mistyped, used, older than 14 days, or tried five times. Nothing was "
    "changed. Ask your physical therapist for a new one."
)
NO_BIRTH_YEAR = (
    "The code shows initials and year of birth before it opens the record, and this record has no year of birth yet. "
    "Write it on Settings first. No code was made."
)
CLAIMED_ALREADY = "This record is its runner's own already, so it needs no code. Nothing was changed."
OWN_CODE = "This code is for the runner, and you made it. Nothing was changed."
NO_CLAIM = (
    "This claim cannot be undone: it is older than 7 days, undone already, or not there. Nothing was changed."
)


@dataclass(frozen=True)
class ClaimPreview:
    """What a code shows before anything is opened: initials and year of birth, and never a name."""

    claim_id: int
    initials: str
    birth_year: int | None
    made_by: str
    is_invitation: bool
    """Whether the runner made it, so that a therapist may ask to see the record."""


@dataclass(frozen=True)
class ClaimMade:
    """A record that was claimed, as therapist and administrator see it."""

    claim_id: int
    athlete_id: int
    initials: str
    claimed_by: str
    claimed: datetime
    can_be_undone: bool


class ClaimStore(GrantStore):
    """Rights and the codes that lead to them; `Store.grants`."""

    def begin_record(self, person_id: int, name: str, is_own: bool, now: datetime | None = None) -> Runner:
        """Begin a record: a runner's own, or one that a therapist writes until its runner claims it.

        A number is added to the name, always, so that nobody learns from a refused name who is here.
        """
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            roles = roles_in(connection, person_id)
            if roles is None or not (is_own or roles.is_therapist):
                raise NotAllowed("Only a physical therapist may add a record of somebody else.")
            runner = insert_runner(connection, with_number(name), is_demo=False)
            access = "own" if is_own else "write"
            add_right(connection, runner.athlete_id, person_id, access, person_id, at)
            self._log(connection, person_id, "added", runner.athlete_id, "record")
            return runner

    def make_code(self, athlete_id: int, by: int | None, now: datetime | None = None) -> str:
        """Make the code of one record, 14 days good; an earlier one of the same kind is void from now on.

        Made by the runner it lets a therapist ask; made by whoever writes an unclaimed record, its runner claims it.
        """
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            refuse_marked(connection, athlete_id)
            owners = owners_of(connection, athlete_id)
            if by is None or by not in owners:
                _require_writer(connection, athlete_id, by)
                if owners:
                    raise StoreError(CLAIMED_ALREADY)
            initials, year = _shown(connection, athlete_id)
            if year is None and not owners:
                raise StoreError(NO_BIRTH_YEAR)
            table = CLAIM_CODE_TABLE
            is_unused = (table.c.athlete_id == athlete_id, table.c.claimed_utc.is_(None))
            connection.execute(delete(table).where(*is_unused))
            code = _new_code(connection)
            row = {"athlete_id": athlete_id, "made_by": by, "made_utc": stored_time(at)}
            shown = {"initials": initials, "birth_year": year, "code_digest": _digest(code)}
            connection.execute(insert(table).values(**row, **shown))
            self._log(connection, by, "made code", athlete_id, "record")
            return f"{code[:5]}-{code[5:]}"

    def look(self, code: str, person_id: int, now: datetime | None = None) -> ClaimPreview:
        """Return whose record a code is of, by initials and year of birth, before anything is opened."""
        row = self._proven(code, person_id, now or datetime.now(UTC), "looked at code")
        return _as_claim(row)

    def _proven(self, code: str, person_id: int, now: datetime, action: str) -> _OpenCode:
        """Return what a code is of; a wrong one is a try, counted in a transaction of its own, whatever follows."""
        with self._database.writing() as connection:
            row = None
            if roles_in(connection, person_id) is not None:
                row = _match(connection, code, now)
                if row is None:
                    _count_try(connection, code)
            self._log(connection, person_id, action, row.athlete_id if row else None, "code")
        if row is None:
            raise StoreError(WRONG_CODE)
        return row

    def claim(self, code: str, person_id: int, now: datetime | None = None, zone: str | None = None) -> int:
        """Make a record its runner's own; whoever wrote it asks for 90 days, which the runner confirms or ends."""
        at = now or datetime.now(UTC)
        self._proven(code, person_id, at, "tried to claim")
        with self._database.writing() as connection:
            row = _match(connection, code, at)
            if row is None or row.is_invitation:
                raise StoreError(WRONG_CODE)
            if row.made_by == person_id:
                raise StoreError(OWN_CODE)
            if owners_of(connection, row.athlete_id):
                raise StoreError(CLAIMED_ALREADY)
            writers = _writers(connection, row.athlete_id)
            self._end(connection, at, row.athlete_id)
            # Their own right first: the database lets nobody write a record before that.
            add_right(connection, row.athlete_id, person_id, "own", person_id, at)
            remember_zone(connection, row.athlete_id, zone)
            until = at.astimezone(zone_of(connection, row.athlete_id)).date() + timedelta(days=CLAIM_DAYS)
            for writer in writers:
                _ask(connection, row.athlete_id, writer, at, until)
            _change(connection, row.claim_id, claimed_by=person_id, claimed_utc=stored_time(at))
            self._log(connection, person_id, "claimed", row.athlete_id, "record")
            return int(row.athlete_id)

    def ask_access(self, code: str, person_id: int, now: datetime | None = None) -> None:
        """Ask to see the record of a runner who gave this code; it gives nothing before the runner confirms."""
        at = now or datetime.now(UTC)
        self._proven(code, person_id, at, "tried to ask")
        with self._database.writing() as connection:
            roles = roles_in(connection, person_id)
            row = _match(connection, code, at) if roles and roles.is_therapist else None
            if row is None or not row.is_invitation:
                raise StoreError(WRONG_CODE)
            if row.made_by == person_id:
                raise StoreError(OWN_CODE)
            until = at.astimezone(zone_of(connection, row.athlete_id)).date() + timedelta(days=CLAIM_DAYS)
            _ask(connection, row.athlete_id, person_id, at, until, access="see")
            _change(connection, row.claim_id, claimed_by=person_id, claimed_utc=stored_time(at))
            self._log(connection, person_id, "asked", row.athlete_id, "record")

    def claims(self, made_by: int | None = None, now: datetime | None = None) -> list[ClaimMade]:
        """List the records that were claimed and not undone, newest first; those whose code somebody made, or all."""
        at = now or datetime.now(UTC)
        table = CLAIM_CODE_TABLE
        query = (
            select(table, PERSON_TABLE.c.display_name)
            .join(PERSON_TABLE, PERSON_TABLE.c.person_id == table.c.claimed_by)
            .where(table.c.undone_utc.is_(None), table.c.athlete_id.not_in(marked_ids()))
            .order_by(table.c.claimed_utc.desc())
        )
        if made_by is not None:
            query = query.where(table.c.made_by == made_by)
        with self._database.reading() as connection:
            return [
                ClaimMade(
                    row.claim_id,
                    row.athlete_id,
                    row.initials or "",
                    person_name(row.claimed_by, row.display_name),
                    read_time(row.claimed_utc),
                    at - read_time(row.claimed_utc) <= timedelta(days=UNDO_DAYS),
                )
                for row in connection.execute(query)
                if row.claimed_by in owners_of(connection, row.athlete_id)
            ]

    def undo_claim(self, claim_id: int, by: int | None, now: datetime | None = None) -> None:
        """Undo a claim of the last 7 days: the record is its therapist's to write again, and nobody else's."""
        at = now or datetime.now(UTC)
        with self._database.writing() as connection:
            require_admin(connection, by)
            row = _claimed_row(connection, claim_id, at)
            before = (GRANT_TABLE.c.ended_utc == row.claimed_utc, GRANT_TABLE.c.access == "write")
            writers = {one.person_id for one in grant_rows(connection, _of(row), *before) if one.is_confirmed}
            self._end(connection, at, row.athlete_id)
            for writer in sorted(writers):
                add_right(connection, row.athlete_id, writer, "write", by, at)
            _change(connection, claim_id, undone_utc=stored_time(at))
            count_up_persons(connection, [row.claimed_by])
            self._log(connection, by, "undid claim", row.athlete_id, f"person {row.claimed_by}")


def with_number(name: str) -> str:
    """Return a name with a random number, so that two runners of one name can be told apart."""
    number = "".join(secrets.choice(CODE_SIGNS) for _ in range(4))
    return f"{' '.join(name.split())[: LONGEST_NAME - 6]} #{number}"


def without_number(name: str) -> str:
    """Return a name without the number that was added to it."""
    plain, mark, number = name.rpartition(" #")
    is_added = mark and len(number) == 4 and all(sign in CODE_SIGNS for sign in number)
    return plain if is_added else name


def _of(row: Row[Any]) -> Any:
    return GRANT_TABLE.c.athlete_id == row.athlete_id


def _ask(
    connection: Connection, athlete_id: int, person_id: int, at: datetime, until: date, access: Any = "write"
) -> None:
    is_asked = (GRANT_TABLE.c.person_id == person_id, GRANT_TABLE.c.is_confirmed == 0)
    end_rights(connection, at, athlete_id, *is_asked)
    add_right(connection, athlete_id, person_id, access, person_id, at, until=until, is_confirmed=False)


def _writers(connection: Connection, athlete_id: int) -> list[int]:
    """Return who may write a record that nobody has claimed."""
    table = GRANT_TABLE
    rows = grant_rows(connection, table.c.athlete_id == athlete_id, table.c.ended_utc.is_(None))
    return sorted({row.person_id for row in rows if row.access == "write" and row.is_confirmed})


def _require_writer(connection: Connection, athlete_id: int, by: int | None) -> None:
    if by is None:
        return
    roles = roles_in(connection, by)
    if roles is None or not roles.is_therapist or by not in _writers(connection, athlete_id):
        raise NotAllowed("Only whoever writes this record may make its code. Nothing was changed.")


def _shown(connection: Connection, athlete_id: int) -> tuple[str, int | None]:
    """Return the initials and the year of birth of a runner."""
    name = connection.scalar(select(RUNNER_TABLE.c.name).where(RUNNER_TABLE.c.athlete_id == athlete_id))
    year = read_key_values(connection, SETTING_TABLE, athlete_id).get("birth_year", "")
    plain = without_number((name or "").removesuffix(MADE_UP))
    return initials_of(plain), int(year) if year.isdecimal() else None


def _new_code(connection: Connection) -> str:
    """Return a code whose first characters no other code begins with."""
    while True:
        code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        if not _rows_of(connection, code):
            return code


def _clean(code: str) -> str | None:
    plain = code.upper().translate(_ALIKE)
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(CODE_SIGNS) else None


def _handle(code: str) -> str:
    return hashlib.sha256(f"heelwise claim {code[:HANDLE_LENGTH]}".encode()).hexdigest()[:20]


def _digest(code: str, salt: str | None = None) -> str:
    salt = salt or secrets.token_hex(16)
    proof = hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), **_SCRYPT).hex()
    return f"{_handle(code)}:{salt}:{proof}"


def _rows_of(connection: Connection, code: str) -> list[Row[Any]]:
    """Return the open codes that begin like this one."""
    table = CLAIM_CODE_TABLE
    begins = table.c.code_digest.startswith(f"{_handle(code)}:")
    query = select(table).where(
        begins, table.c.claimed_utc.is_(None), table.c.athlete_id.not_in(marked_ids())
    )
    return list(connection.execute(query).all())


@dataclass(frozen=True)
class _OpenCode:
    """An open code that was proven, and what it is for."""

    claim_id: int
    athlete_id: int
    made_by: int | None
    made_by_name: str
    initials: str
    birth_year: int | None
    is_invitation: bool


def _count_try(connection: Connection, code: str) -> None:
    """Count a wrong try against the open codes that begin like it; five end a code."""
    plain = _clean(code)
    for row in _rows_of(connection, plain) if plain else ():
        _change(connection, row.claim_id, tries=row.tries + 1)


def _match(connection: Connection, code: str, now: datetime) -> _OpenCode | None:
    """Return the open code that this is, if it may still be used."""
    plain = _clean(code)
    for row in _rows_of(connection, plain) if plain else ():
        salt = row.code_digest.split(":")[1]
        is_young = timedelta(0) <= now - read_time(row.made_utc) <= timedelta(days=GOOD_DAYS)
        is_right = hmac.compare_digest(_digest(plain or "", salt), row.code_digest)
        if is_right and is_young and row.tries < MOST_TRIES:
            name = connection.scalar(
                select(PERSON_TABLE.c.display_name).where(PERSON_TABLE.c.person_id == row.made_by)
            )
            made_by = "the clinic" if row.made_by is None else person_name(row.made_by, name)
            owners = owners_of(connection, row.athlete_id)
            return _OpenCode(
                row.claim_id,
                row.athlete_id,
                row.made_by,
                made_by,
                row.initials or "",
                row.birth_year,
                row.made_by in owners,
            )
    return None


def _as_claim(code: _OpenCode) -> ClaimPreview:
    return ClaimPreview(code.claim_id, code.initials, code.birth_year, code.made_by_name, code.is_invitation)


def _claimed_row(connection: Connection, claim_id: int, now: datetime) -> Row[Any]:
    table = CLAIM_CODE_TABLE
    query = select(table).where(
        table.c.claim_id == claim_id, table.c.claimed_utc.is_not(None), table.c.undone_utc.is_(None)
    )
    row = connection.execute(query).one_or_none()
    is_late = row is not None and now - read_time(row.claimed_utc) > timedelta(days=UNDO_DAYS)
    if row is None or is_late or row.claimed_by not in owners_of(connection, row.athlete_id):
        raise StoreError(NO_CLAIM)
    return row


def _change(connection: Connection, claim_id: int, **values: Any) -> None:
    one = update(CLAIM_CODE_TABLE).where(CLAIM_CODE_TABLE.c.claim_id == claim_id)
    connection.execute(one.values(**values))
