"""Frames to rows and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from connectors.frames import ACTIVITY, UTC_TIME, Contract, checked
from connectors.store.database import check_runner, upsert
from connectors.store.digests import begin_change, shift, tracked
from connectors.store.field_changes import date_changes
from connectors.store.key_values import increment_version
from connectors.store.tables import TABLES, stored_schema

_WHEN = "fetched_utc"
_ORDER = ("start_utc", "date", "exercise", "set_number", "name", "side", "source", "source_id")
_BATCH = 5_000


@dataclass(frozen=True)
class Counts:
    """What a write did."""

    new: int
    updated: int
    unchanged: int


def write_rows(connection: Connection, contract: Contract, frame: pl.DataFrame) -> Counts:
    """Write a frame: new rows are added, changed ones replaced, equal ones left alone.

    An import that is repeated changes nothing and wakes no cache.
    """
    return write_compared(connection, contract, frame).counts


@dataclass(frozen=True)
class Written:
    """What a write met and did, in the types of the table: `change` is new, updated or unchanged, by row."""

    incoming: pl.DataFrame
    current: pl.DataFrame
    change: pl.Series

    @property
    def counts(self) -> Counts:
        """Rows by what became of them."""
        count = dict(self.change.value_counts().iter_rows())
        return Counts(*(count.get(word, 0) for word in ("new", "updated", "unchanged")))


def write_compared(connection: Connection, contract: Contract, frame: pl.DataFrame) -> Written:
    """Write a frame as `write_rows` does, and return what stood there before."""
    incoming = _as_stored(checked(frame, contract), contract)
    if incoming.is_empty():
        return Written(incoming, _empty(contract), pl.Series("state", [], pl.String))
    current = current_rows(connection, contract, incoming)
    if contract is ACTIVITY:
        incoming = date_changes(incoming, current, contract.key)
    state = _against(incoming, current, contract)
    going_in = incoming.filter(state != "unchanged")
    _track_write(connection, contract, current, going_in)
    upsert(connection, TABLES[contract.name], going_in.to_dicts(), contract.key)
    for athlete_id in going_in["athlete_id"].unique().sort().to_list():
        increment_version(connection, athlete_id, contract.name)
    return Written(incoming, current, state)


def read_rows(connection: Connection, contract: Contract, athlete_id: int) -> pl.DataFrame:
    """Read all rows of one runner under one contract.

    A fixed order keeps everything computed from it repeatable.
    """
    rows = _fetch(connection, contract, TABLES[contract.name].c.athlete_id == athlete_id)
    order = [name for name in _ORDER if name in contract.columns]
    return rows.cast(contract.schema).sort(order, nulls_last=True, maintain_order=True)


def delete_rows(
    connection: Connection, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]
) -> pl.DataFrame:
    """Delete rows.

    Who deletes has to know what went, to delete what hangs on it.
    """
    check_runner(connection, [{"athlete_id": athlete_id}])
    table = TABLES[contract.name]
    gone = []
    for some in batches(source_ids):
        these = and_(table.c.athlete_id == athlete_id, table.c.source == source, table.c.source_id.in_(some))
        with tracked(connection, athlete_id, table, these):
            gone.append(_fetch(connection, contract, these))
            connection.execute(delete(table).where(these))
    rows = pl.concat([_empty(contract), *gone])
    if rows.height:
        increment_version(connection, athlete_id, contract.name)
    return rows.cast(contract.schema)


def mark_seen(
    connection: Connection,
    contract: Contract,
    athlete_id: int,
    source: str,
    source_ids: Sequence[str],
    when: datetime,
) -> None:
    """Note when rows were last seen at their source.

    The only change that is not counted as one.
    """
    table = TABLES[contract.name]
    now = pl.Series([when], dtype=UTC_TIME).cast(pl.Int64).item()
    for some in batches(source_ids):
        these = and_(table.c.athlete_id == athlete_id, table.c.source == source, table.c.source_id.in_(some))
        with tracked(connection, athlete_id, table, these):
            connection.execute(update(table).where(these).values({_WHEN: now}))


def _track_write(
    connection: Connection, contract: Contract, current: pl.DataFrame, going_in: pl.DataFrame
) -> None:
    """Carry rows that are about to be written over into the digests of their runners."""
    names = list(stored_schema(contract))
    replaced = current.join(going_in, on=list(contract.key), how="semi")
    for athlete_id in going_in["athlete_id"].unique().sort().to_list():
        begin_change(connection, athlete_id, contract.name)
        parts = (
            rows.filter(pl.col("athlete_id") == athlete_id).select(names) for rows in (replaced, going_in)
        )
        shift(connection, athlete_id, contract.name, names, *(rows.iter_rows() for rows in parts))


def _as_stored(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    return frame.cast(stored_schema(contract))


def _empty(contract: Contract) -> pl.DataFrame:
    return pl.DataFrame(schema=stored_schema(contract))


def _fetch(connection: Connection, contract: Contract, where: ColumnElement[bool]) -> pl.DataFrame:
    rows = connection.execute(select(TABLES[contract.name]).where(where)).all()
    if not rows:
        return _empty(contract)
    schema = stored_schema(contract)
    columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype) for (name, dtype), values in columns])


def current_rows(connection: Connection, contract: Contract, incoming: pl.DataFrame) -> pl.DataFrame:
    """Read the rows of the same keys, in the types of the table."""
    table = TABLES[contract.name]
    parts = [_empty(contract)]
    groups = incoming.group_by("athlete_id", "source", maintain_order=True).agg("source_id")
    for athlete_id, source, source_ids in groups.iter_rows():
        for some in batches(source_ids):
            of_source = and_(table.c.athlete_id == athlete_id, table.c.source == source)
            parts.append(_fetch(connection, contract, and_(of_source, table.c.source_id.in_(some))))
    return pl.concat(parts)


def _against(incoming: pl.DataFrame, current: pl.DataFrame, contract: Contract) -> pl.Series:
    facts = [name for name in contract.columns if name not in contract.key and name != _WHEN]
    there = current.select(
        *contract.key, *(pl.col(f).alias(f"{f}|now") for f in facts), pl.lit(True).alias("|")
    )
    beside = incoming.join(there, on=list(contract.key), how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(fact).eq_missing(pl.col(f"{fact}|now")) for fact in facts)
    word = pl.when(pl.col("|").is_null()).then(pl.lit("new"))
    word = word.when(same).then(pl.lit("unchanged")).otherwise(pl.lit("updated"))
    return beside.select(word.alias("state"))["state"]


def batches(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Split values into lists that one statement can take."""
    rest = iter(values)
    while some := list(islice(rest, _BATCH)):
        yield some
