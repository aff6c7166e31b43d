"""A runner as a whole: name and archive, changed and changed back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from connectors.store import Runner, Store
from dashboard.shared.undo import Change


@dataclass(frozen=True)
class NameChange(Change):
    """A name in place of another; no row of the record is touched."""

    name_before: str = ""

    @property
    def outcome(self) -> str:
        """Return "updated": a name that is the same is no change."""
        return "updated"

    def undo(self, store: Store) -> None:
        """Restore the name there was before."""
        store.rename_runner(self.athlete_id, self.name_before)


def rename(store: Store, runner: Runner, name: str) -> NameChange | None:
    """Give a runner another name; None where it is the name they have."""
    if name.strip() == runner.name:
        return None
    store.rename_runner(runner.athlete_id, name)
    return NameChange(runner.athlete_id, name_before=runner.name)


@dataclass(frozen=True)
class ArchiveChange(Change):
    """A runner put into the archive, or brought back from it."""

    is_of_machine: ClassVar[bool] = True
    was_archived: bool = False

    @property
    def outcome(self) -> str:
        """Return "updated": the press is offered for the other state alone."""
        return "updated"

    def undo(self, store: Store) -> None:
        """Put the runner back where they were."""
        store.archive_runner(self.athlete_id, self.was_archived)


def archive(store: Store, athlete_id: int, *, is_archived: bool) -> ArchiveChange:
    """Put a runner into the archive, or bring one back."""
    store.archive_runner(athlete_id, is_archived)
    return ArchiveChange(athlete_id, was_archived=not is_archived)
