"""Writes of a person that can be undone: rows in place of others, a batch of edits, or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl

from connectors.edits import Edit
from connectors.errors import ContractError, StoreError
from connectors.frames import Contract
from connectors.store import Counts, Store

Rows = Sequence[Mapping[str, Any]]
ROW_GONE = "A row that was changed here is no longer there. Nothing was saved; open the page again."
NO_COUNTS = Counts(0, 0, 0)


@dataclass(frozen=True)
class Change:
    """What one write of a person did, with everything that `undo` needs."""

    is_of_machine: ClassVar[bool] = False
    """Whether it is undone with the machine's store: it is about a runner as a whole."""
    athlete_id: int
    contract: Contract | None = None
    rows: tuple[dict[str, Any], ...] = ()
    before: tuple[dict[str, Any], ...] = ()
    counts: Counts = NO_COUNTS
    batch_id: str | None = None

    @property
    def outcome(self) -> str:
        """Return "added", "updated", "removed" or "unchanged"."""
        if self.contract is None:
            return "updated" if self.batch_id else "unchanged"
        if not self.rows:
            return "removed" if self.before else "unchanged"
        removed = set(map(_key, self.before)) - set(map(_key, self.rows))
        if not (self.counts.new or self.counts.updated or removed or self.batch_id):
            return "unchanged"
        return "updated" if self.before else "added"

    def undo(self, store: Store) -> None:
        """Restore the rows there were before, and undo the batch of edits."""
        if self.contract is not None:
            before = pl.DataFrame(list(self.before), schema=self.contract.schema)
            store.replace(self.contract, self.athlete_id, before, [_key(row) for row in self.rows])
        if self.batch_id is not None:
            store.undo_edits(self.athlete_id, self.batch_id)


@dataclass(frozen=True)
class JoinedChange(Change):
    """One answer that wrote two tables; undone as one."""

    beside: Change | None = None

    def undo(self, store: Store) -> None:
        """Restore the rows of both."""
        super().undo(store)
        if self.beside is not None:
            self.beside.undo(store)


@dataclass(frozen=True)
class SettingsChange(Change):
    """Settings of a runner in place of others; no row of the record is touched."""

    texts_before: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """Return "updated", or "unchanged" where every setting is what it was."""
        return "updated" if self.texts_before else "unchanged"

    def undo(self, store: Store) -> None:
        """Restore the settings there were before."""
        store.set_settings(self.athlete_id, dict(self.texts_before))


def save_settings(store: Store, athlete_id: int, texts: Mapping[str, str | None]) -> SettingsChange:
    """Store settings, a None being one that is taken away, and return what they were."""
    before = store.settings(athlete_id)
    store.set_settings(athlete_id, dict(texts))
    changed = {name: before.get(name) for name, text in texts.items() if before.get(name) != text}
    return SettingsChange(athlete_id, texts_before=changed)


def replace_rows(
    store: Store, contract: Contract, athlete_id: int, rows: Rows, instead_of: Rows = ()
) -> Change:
    """Store rows in place of others, all of it or nothing."""
    columns = {name: [row.get(name) for row in rows] for name in contract.columns}
    frame = pl.DataFrame(columns, schema=contract.schema, strict=False)
    lost = [
        name for name, values in columns.items() if frame[name].null_count() > values.count(None)
    ]  # an integer may become a float; a word in place of a number must not become unknown
    if lost:
        raise ContractError(f"What is said of {lost[0]} cannot be kept. Nothing was changed.")
    stored = store.read(contract, athlete_id)
    same = stored.join(frame, on=["source", "source_id"], how="semi").to_dicts()
    before = {_key(row): dict(row) for row in (*instead_of, *same)}
    counts = store.replace(contract, athlete_id, frame, [_key(row) for row in instead_of])
    return Change(athlete_id, contract, tuple(frame.to_dicts()), tuple(before.values()), counts)


def correct_rows(
    store: Store,
    contract: Contract,
    athlete_id: int,
    rows: Rows,
    changes: Mapping[int, Mapping[str, Any]],
    complete: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Change:
    """Store what was typed into a table of rows, and delete the rows marked `remove`.

    A corrected row keeps its source and id, so that a later import still matches it.
    """
    there = {_key(row) for row in store.read(contract, athlete_id).select("source", "source_id").to_dicts()}
    if any(_key(rows[number]) not in there for number in changes):
        raise StoreError(ROW_GONE)
    removed = [rows[number] for number, typed in changes.items() if typed.get("remove")]
    corrected = [
        {**rows[number], **complete(values)}
        for number, typed in changes.items()
        if not typed.get("remove")
        and (values := {name: value for name, value in typed.items() if name != "remove"})
    ]
    return replace_rows(store, contract, athlete_id, corrected, [*removed])


def record_edits(
    store: Store,
    athlete_id: int,
    edits: Sequence[Edit],
    decided_by: str = "runner",
    reason: str | None = None,
) -> Change:
    """Store edits as one batch; without edits nothing is written and the change is "unchanged"."""
    batch_id = store.edit(athlete_id, edits, decided_by, reason) if edits else None
    return Change(athlete_id, batch_id=batch_id)


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"], row["source_id"]
