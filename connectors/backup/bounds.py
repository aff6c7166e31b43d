"""Holds what a backup brings against the bounds of the contracts: what breaks one is refused by name, the rest is read.

A backup's digests show only that the file is as somebody wrote it, not that Heelwise wrote it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl

from connectors.backup.format import damaged_backup
from connectors.contract import Contract, Rejected, split_valid
from connectors.edits import edit_problem
from connectors.errors import ContractError
from connectors.frames import EDIT, MOST_SAMPLE_ROWS, SAMPLE
from connectors.store.sample_file import verifies

MOST_TABLE_ROWS = 5_000_000
"""Rows of one table beyond which no runner's history goes; a packed table may hold any number."""
_SHOWN = 60
_DATES = ("date", "local_date", "from_date", "start_date", "onset_person_date")


def read_table(content: bytes) -> pl.DataFrame:
    """Read one table, unless it unpacks to more rows than any history has."""
    if row_count(content) > MOST_TABLE_ROWS:
        raise damaged_backup(f"one of its tables has more than {MOST_TABLE_ROWS:,} rows")
    return pl.read_parquet(io.BytesIO(content))


def rows_within(table: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows that keep a contract, and a sentence for each that does not."""
    known = table.select(name for name in table.columns if name in contract.columns)
    try:
        good, rejected = split_valid(known, contract)
    except ContractError as error:
        raise damaged_backup(f"its table {contract.name} does not keep the rules") from error
    refused = list(_sentences(known, contract, rejected))
    if contract is EDIT:
        problems = [edit_problem(*row) for row in good.select("record", "field", "value").iter_rows()]
        refused += [
            f"edit {_shown(name)}: {problem}"
            for name, problem in zip(good["source_id"], problems, strict=True)
            if problem
        ]
        good = good.filter(pl.Series([problem is None for problem in problems], dtype=pl.Boolean))
    return good, refused


def recording_problem(content: bytes) -> str | None:
    """Return which bound a recording breaks, or None; what is no recording at all is damage."""
    if not verifies(content):
        return "it is not as it was written"
    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        known = [name for name in schema if name in SAMPLE.columns]
        if "second" not in known or any(schema[name] != SAMPLE.schema[name] for name in known):
            raise damaged_backup("one of its recordings is not one of ours")
        if row_count(content) > MOST_SAMPLE_ROWS:
            return f"it has more than {MOST_SAMPLE_ROWS:,} rows"
        frame = pl.read_parquet(io.BytesIO(content), columns=known)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise damaged_backup("one of its recordings cannot be read") from error
    _, rejected = split_valid(frame, SAMPLE)
    if rejected:
        return rejected[0].rule
    return None if frame["second"].is_sorted() else "its seconds are out of order"


def row_count(content: bytes) -> int:
    """Return how many rows a Parquet file says it has, without unpacking it."""
    return int(pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item())


def _sentences(table: pl.DataFrame, contract: Contract, rejected: list[Rejected]) -> Iterator[str]:
    listed: set[int] = set()
    shown = [name for name in _DATES if name in table.columns][:1]
    for rule in rejected:
        for row in rule.rows:
            if row not in listed:
                listed.add(row)
                dates = "".join(f" of {_day(table, name, row)}" for name in shown)
                yield f"{contract.name} {_shown(table['source_id'][row])}{dates}: {rule.rule}"


def _day(table: pl.DataFrame, name: str, row: int) -> object:
    # A date outside the calendar of Python cannot be shown as one.
    days = table[name].cast(pl.Int64, strict=False)[row]
    return "an unknown date" if days is None else table.select(pl.col(name).cast(pl.String))[name][row]


def _shown(text: str | None) -> str:
    """A name from the file, short and without what a terminal would act upon."""
    plain = "".join(sign for sign in text or "?" if sign.isprintable())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
