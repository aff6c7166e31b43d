"""A runner's name: changed, and changed back."""

from __future__ import annotations

from dataclasses import dataclass

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
