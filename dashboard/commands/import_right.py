"""The right by which an import goes on: of the person who began it, asked for until its end; else the machine's own."""

# The import runs as the role for jobs, which is shown one runner and asks for no person. So what the person may do is
# asked of the grants before anything is read, with each step and at the end. Where the right has ended, nothing of the
# import stays.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import NotAllowed
from connectors.ingest.file_digests import given_files
from connectors.ingest.taking_back import take_back_import
from connectors.store import Store
from connectors.store.access_log import IMPORTED
from connectors.store.after_import import assign_local_dates, record_duplicates
from connectors.store.grants import Right
from connectors.store.jobs import IMPORT_JOB, import_kind

ENDED = "This record may no longer be written by whoever began the import, so it was stopped, and nothing of it stays."


class RightEnded(NotAllowed):
    """Whoever began an import may not write the record any more."""


@dataclass(frozen=True)
class ImportRight:
    """Who began an import into one record; nobody in particular on a machine of one's own."""

    store: Store
    athlete_id: int
    person_id: int | None = None

    @property
    def _right(self) -> Right | None:
        if self.person_id is None:
            return "own"
        return self.store.grants.rights_of(self.person_id).get(self.athlete_id)

    def require(self) -> None:
        """Raise where the person may not write this record now."""
        if self._right not in ("own", "write"):
            raise RightEnded(ENDED)

    @property
    def kind(self) -> str:
        """The kind of the job: what an import by somebody else brought is not told to the runner as their own."""
        return IMPORT_JOB if self._right == "own" else import_kind(self.person_id)

    def readable(self) -> Store:
        """Return the store that the import reads: to somebody else it may say nothing of what came by a link."""
        return self.store if self._right == "own" else self.store.for_others()

    def begin(self, paths: Sequence[Path]) -> ImportRight:
        """Note who imports; of an import that was cut off and may not go on, nothing stays."""
        if self.person_id is None:
            return self
        try:
            self.require()
        except RightEnded:
            self.take_back(paths)
            raise
        self.store.access_log.note(None, f"person:{self.person_id}", IMPORTED, self.athlete_id, "files")
        return self

    def take_back(self, paths: Sequence[Path]) -> None:
        """Take back what the import of these files has stored so far."""
        stopped = self.store.stopped_import(self.athlete_id, given_files(paths, {}).files)
        if stopped is not None:
            take_back_import(self.store, stopped)
            self.store.drop_import(stopped)

    def settle(self, import_id: int | None) -> None:
        """Work out what needs the whole record; where the right has ended meanwhile, take the import back."""
        try:
            self.require()
        except RightEnded:
            if import_id is not None:
                take_back_import(self.store, import_id)
            raise
        if self._right != "own":
            assign_local_dates(self.store, self.athlete_id)
            record_duplicates(self.store, self.athlete_id)
