"""What a contract is, and how a frame is held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.errors import ContractError


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Parameters
    ----------
    dtype
        Polars type in the frame.
    unit
        Unit of the numbers, or what the text stands for.
    low, high
        Inclusive bounds of known values; None is unbounded.
    null
        Whether unknown is allowed.
    one_of
        The only texts allowed, where the set is closed.
    """

    dtype: pl.DataType | type[pl.DataType]
    unit: str
    low: float | None = None
    high: float | None = None
    null: bool = True
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """What a frame is: its grain, its key and its columns.

    Parameters
    ----------
    name
        Table name in the store, lower case.
    grain
        What one row is, in words.
    key
        Columns that are unique together and never null.
    columns
        Name to `Column`, in order.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def schema(self) -> pl.Schema:
        """The Polars schema of a frame under this contract."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """Return a frame with no rows and all columns."""
        return pl.DataFrame(schema=self.schema)


@dataclass(frozen=True)
class Rejected:
    """Rows that break one rule.

    Parameters
    ----------
    rule
        The rule in words, with the column and its unit.
    rows
        Row numbers in the frame as it was given, from 0.
    """

    rule: str
    rows: tuple[int, ...]


def validate(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Validate a frame against its contract.

    One check for every boundary, so that no later code asks twice.

    Parameters
    ----------
    frame : DataFrame, shape (n, any)
        Missing columns that may be null are added as null; columns not in the contract are refused.
    contract : Contract
        The rules.

    Returns
    -------
    DataFrame, shape (n, len(contract.columns))
        Columns in the contract's order and dtypes. No row is dropped or changed.

    Raises
    ------
    ContractError
        Names each broken rule and the rows that break it.
    """
    good, rejected = split_valid(frame, contract)
    if rejected:
        broken = "; ".join(f"{r.rule} (rows {_listed(r.rows)})" for r in rejected)
        raise ContractError(f"The {contract.name} frame breaks its contract: {broken}. Nothing was stored.")
    return good


def split_valid(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[Rejected]]:
    """Part the rows that keep the contract from those that do not.

    Good rows go in, the rest come back with the reason.

    Parameters
    ----------
    frame : DataFrame, shape (n, any)
        Missing columns that may be null are added as null; columns not in the contract are refused.
    contract : Contract
        The rules.

    Returns
    -------
    tuple of DataFrame, shape (good, columns), and list of Rejected
        The good rows in their order, and one entry for each broken rule. A row may break several.

    Raises
    ------
    ContractError
        When the columns themselves are wrong, so that no row can be judged.
    """
    typed = _typed(frame, contract)
    rules = list(_rules(contract))
    if not rules or typed.is_empty():
        return typed, []
    broken = typed.select(
        expression.fill_null(False).alias(str(i)) for i, (_, expression) in enumerate(rules)
    )
    rejected = [
        Rejected(rule, tuple(broken[str(i)].arg_true().to_list()))
        for i, (rule, _) in enumerate(rules)
        if broken[str(i)].any()
    ]
    if not rejected:
        return typed, []
    return typed.filter(~broken.select(pl.any_horizontal(pl.all())).to_series()), rejected


def _typed(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    extra = [name for name in frame.columns if name not in contract.columns]
    missing = [n for n, c in contract.columns.items() if n not in frame.columns and not c.null]
    if extra or missing:
        parts = [f"unknown columns {extra}"] * bool(extra) + [f"missing columns {missing}"] * bool(missing)
        raise ContractError(f"The {contract.name} frame has {' and '.join(parts)}. Nothing was stored.")
    try:
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(column.dtype).alias(name)
            for name, column in contract.columns.items()
        )
    except pl.exceptions.PolarsError as error:
        raise ContractError(
            f"A column of the {contract.name} frame has the wrong type: {error}. Nothing was stored."
        ) from error


def _rules(contract: Contract):
    for name, column in contract.columns.items():
        value = pl.col(name)
        if not column.null:
            yield f"{name} must be known", value.is_null()
        if column.dtype in (pl.Float32, pl.Float64):
            yield f"{name} must be a finite number", ~value.is_finite()
        if column.low is not None:
            yield f"{name} must be at least {column.low:g} {column.unit}", value < column.low
        if column.high is not None:
            yield f"{name} must be at most {column.high:g} {column.unit}", value > column.high
        if column.one_of:
            yield f"{name} must be one of {', '.join(column.one_of)}", ~value.is_in(column.one_of)
    if contract.key:
        words = " and ".join(contract.key)
        yield f"{words} must not repeat", pl.struct(contract.key).is_duplicated()


def _listed(rows: tuple[int, ...], most: int = 5) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(map(str, rows[:most])) + more
