"""What a person puts in place of something, and the way back: one act, and one tap to undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from connectors.errors import ContractError
from connectors.frames import Contract
from connectors.store import Counts, Store

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """What one act did, so that it can be undone."""

    contract: Contract
    rows: tuple[dict[str, Any], ...]
    before: tuple[dict[str, Any], ...]
    counts: Counts


def replace_rows(
    store: Store, contract: Contract, athlete_id: int, rows: Rows, instead_of: Rows = ()
) -> Change:
    """Store rows in place of others, all of it or nothing."""
    columns = {name: [row.get(name) for row in rows] for name in contract.columns}
    frame = pl.DataFrame(columns, schema=contract.schema, strict=False)
    lost = [name for name, told in columns.items() if frame[name].null_count() > told.count(None)]
    if lost:  # a number may come as a whole one; a word in its place must not become unknown
        raise ContractError(f"What is said of {lost[0]} cannot be kept. Nothing was changed.")
    stored = store.read(contract, athlete_id)
    same = stored.join(frame, on=["source", "source_id"], how="semi").to_dicts()
    before = {_key(row): dict(row) for row in (*instead_of, *same)}
    counts = store.replace(contract, athlete_id, frame, [_key(row) for row in instead_of])
    return Change(contract, tuple(frame.to_dicts()), tuple(before.values()), counts)


def undo_change(store: Store, athlete_id: int, change: Change) -> None:
    """Put back what was there before an act.

    A slip of the thumb must cost one tap.
    """
    before = pl.DataFrame(list(change.before), schema=change.contract.schema)
    store.replace(change.contract, athlete_id, before, [_key(row) for row in change.rows])


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"], row["source_id"]
