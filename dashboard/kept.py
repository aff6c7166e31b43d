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
class Kept:
    """What one act did, so that it can be undone.

    Parameters
    ----------
    contract
        Of the rows.
    rows
        Rows that were written.
    before
        Rows as they were, where some were changed or taken out.
    counts
        New, changed and unchanged rows.
    """

    contract: Contract
    rows: tuple[dict[str, Any], ...]
    before: tuple[dict[str, Any], ...]
    counts: Counts


def put(store: Store, contract: Contract, athlete_id: int, rows: Rows, instead_of: Rows = ()) -> Kept:
    """Store rows in place of others, all of it or nothing.

    Parameters
    ----------
    store : Store
        Where they go.
    contract : Contract
        Of the rows; one that has nothing hanging on it.
    athlete_id : int
        Runner on this machine, from 1.
    rows : sequence of mapping
        Columns of the contract, provenance included; what is absent is unknown.
    instead_of : sequence of mapping
        Rows as they are stored, to be taken out.

    Returns
    -------
    Kept
        For `undo`.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours.
    """
    columns = {name: [row.get(name) for row in rows] for name in contract.columns}
    frame = pl.DataFrame(columns, schema=contract.schema, strict=False)
    lost = [name for name, told in columns.items() if frame[name].null_count() > told.count(None)]
    if lost:  # a number may come as a whole one; a word in its place must not become unknown
        raise ContractError(f"What is said of {lost[0]} cannot be kept. Nothing was changed.")
    stored = store.read(contract, athlete_id)
    same = stored.join(frame, on=["source", "source_id"], how="semi").to_dicts()
    before = {_key(row): dict(row) for row in (*instead_of, *same)}
    counts = store.replace(contract, athlete_id, frame, [_key(row) for row in instead_of])
    return Kept(contract, tuple(frame.to_dicts()), tuple(before.values()), counts)


def undo(store: Store, athlete_id: int, kept: Kept) -> None:
    """Put back what was there before an act.

    Parameters
    ----------
    store : Store
        Where it was done.
    athlete_id : int
        Runner on this machine, from 1.
    kept : Kept
        What the act gave.

    Raises
    ------
    StoreError
        When it cannot be written; nothing is changed then.

    Source
    ------
    ours: a slip of the thumb must cost one tap.
    """
    before = pl.DataFrame(list(kept.before), schema=kept.contract.schema)
    store.replace(kept.contract, athlete_id, before, [_key(row) for row in kept.rows])


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"], row["source_id"]
