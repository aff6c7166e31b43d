"""What a person of a clinic's server may do about who sees which record: their own acts, as themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from connectors.errors import NotAllowed
from connectors.store import Runner
from connectors.store.claims import ClaimMade, ClaimPreview, ClaimStore
from connectors.store.grants import Access, Grant, PersonCount, PersonRemoved, Right, Roles

NOT_ADMIN = "Only an administrator of this server may see that."
NOT_OWN = "Only the runner whose record it is may see that."


class PersonGrants:
    """Each act is written as this person's; the store refuses what is not theirs, in the same transaction."""

    def __init__(
        self,
        every: ClaimStore,
        person_id: int,
        rights: Callable[[], dict[int, Right]],
        roles: Callable[[], Roles],
    ) -> None:
        self._every = every
        self._person_id = person_id
        self._rights = rights
        self._roles = roles

    def roles(self) -> Roles:
        """Return what this person is."""
        return self._roles()

    def rights(self) -> dict[int, Right]:
        """Return what this person may do now, by runner."""
        return self._rights()

    def is_claimed(self, athlete_id: int) -> bool:
        """Return whether a record that this person may see is its runner's own."""
        if athlete_id not in self._rights():
            raise NotAllowed(NOT_OWN)
        return self._every.is_claimed(athlete_id)

    def of_runner(self, athlete_id: int) -> list[Grant]:
        """List who may see one's own record, and who asks to."""
        if self._rights().get(athlete_id) != "own":
            raise NotAllowed(NOT_OWN)
        return self._every.of_runner(athlete_id)

    def asked(self) -> list[Grant]:
        """List who asks to see a record of one's own."""
        own = [athlete_id for athlete_id, right in self._rights().items() if right == "own"]
        return [one for athlete_id in own for one in self._every.of_runner(athlete_id) if one.is_asked]

    def own_grants(self) -> list[Grant]:
        """List the rights that this person was given, and those that they ask for."""
        return self._every.of_person(self._person_id)

    def therapists(self) -> list[tuple[int, str]]:
        """List whom one's own record can be shared with."""
        if "own" not in self._rights().values():
            raise NotAllowed(NOT_OWN)
        return [one for one in self._every.therapists() if one[0] != self._person_id]

    def give(
        self, athlete_id: int, person_id: int, access: Access, until: date, zone: str | None = None
    ) -> None:
        """Share one's own record until the end of a day."""
        self._every.give(athlete_id, person_id, access, until, self._person_id, zone=zone)

    def confirm(
        self,
        grant_id: int,
        until: date | None = None,
        access: Access | None = None,
        zone: str | None = None,
    ) -> None:
        """Confirm what a therapist asks for."""
        self._every.confirm(grant_id, self._person_id, until, access, zone=zone)

    def end(self, grant_id: int) -> None:
        """End a right in one's own record, or one's own right."""
        self._every.end(grant_id, self._person_id)

    def begin_own(self, name: str) -> Runner:
        """Begin one's own record."""
        return self._every.begin_record(self._person_id, name, is_own=True)

    def make_code(self, athlete_id: int) -> str:
        """Make the code of a record."""
        return self._every.make_code(athlete_id, self._person_id)

    def look(self, code: str) -> ClaimPreview:
        """Return whose record a code is of, by initials and year of birth."""
        return self._every.look(code, self._person_id)

    def claim(self, code: str, zone: str | None = None) -> int:
        """Take over one's own record."""
        return self._every.claim(code, self._person_id, zone=zone)

    def ask_access(self, code: str) -> None:
        """Ask to see the record of a runner who gave this code."""
        self._every.ask_access(code, self._person_id)

    def own_claims(self) -> list[ClaimMade]:
        """List the records that were claimed by a code of this person's."""
        return self._every.claims(made_by=self._person_id)

    def persons(self) -> list[PersonCount]:
        """List the persons of this server, for an administrator."""
        self._require_admin()
        return self._every.persons()

    def counts(self) -> dict[str, int]:
        """Return how much there is on this server, for an administrator."""
        self._require_admin()
        return self._every.counts()

    def claims(self) -> list[ClaimMade]:
        """List the records that were claimed, for an administrator."""
        self._require_admin()
        return self._every.claims()

    def set_admin(self, person_id: int, is_admin: bool) -> None:
        """Make somebody an administrator, or take it away."""
        self._every.set_admin(person_id, is_admin, self._person_id)

    def remove_person(self, person_id: int) -> PersonRemoved:
        """Remove a person from this server, for an administrator."""
        return self._every.remove_person(person_id, self._person_id)

    def readmit_person(self, person_id: int) -> None:
        """Let a removed person sign in again, for an administrator."""
        self._every.readmit_person(person_id, self._person_id)

    def undo_claim(self, claim_id: int) -> None:
        """Undo a claim of the last 7 days."""
        self._every.undo_claim(claim_id, self._person_id)

    def _require_admin(self) -> None:
        if not self._roles().is_admin:
            raise NotAllowed(NOT_ADMIN)
