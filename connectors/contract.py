"""What a contract is, and how a frame is held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cached_property
from math import isfinite

import polars as pl

from connectors.errors import ContractError

FIRST_DATE = date(1970, 1, 1)
AHEAD_DAYS = 731
"""d, two years: as far ahead as a plan, a limit, a review or a race may lie."""
_EASTERNMOST = timedelta(hours=14)


class DateKind(Enum):
    """What a date is of: something that happened, or something meant for later."""

    HAPPENED = "happened"
    MEANT = "meant"


def date_limits(kind: DateKind, now_utc: datetime | None = None) -> tuple[date, date]:
    """Return the first and last local date that a value may have.

    A clock on the other side of the date line, or one day wrong, is no reason to refuse a run.

    Parameters
    ----------
    kind : DateKind
        What happened lies from 1970 to tomorrow in the zone furthest east; what is meant to two years ahead.
    now_utc : datetime, optional
        The time it is; default the machine's clock.

    Returns
    -------
    tuple of date and date
        First and last local date, both inclusive.
    """
    latest = ((now_utc or datetime.now(UTC)) + _EASTERNMOST).date()
    return FIRST_DATE, latest + timedelta(days=AHEAD_DAYS if kind is DateKind.MEANT else 1)


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
    dated
        For dates and times: what they are of, which bounds them; None is unbounded.
    """

    dtype: pl.DataType | type[pl.DataType]
    unit: str
    low: float | None = None
    high: float | None = None
    null: bool = True
    one_of: tuple[str, ...] = ()
    dated: DateKind | None = None

    def problem(self, value: object) -> str | None:
        """Return why one value does not fit this column.

        Parameters
        ----------
        value : object
            A value of the column's type, in its unit; null is judged by the caller.

        Returns
        -------
        str or None
            The broken rule in words; None where the value fits.
        """
        broken = (
            word
            for word, is_broken in _value_rules(self, pl.lit(value, self.dtype))
            if pl.select(is_broken).item()
        )
        return next(broken, None)


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

    @cached_property
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
        Columns in the contract's order and dtypes. No row is dropped or changed, but that a text loses its zero
        bytes: one database would refuse the row for what nobody sees.

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
    rules = [] if typed.is_empty() else list(_rules(typed, contract))
    if not rules:
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
    there = frame.schema
    if there == contract.schema:
        return _without_nul(frame)
    extra = [name for name in there if name not in contract.columns]
    missing = [n for n, c in contract.columns.items() if n not in there and not c.null]
    if extra or missing:
        parts = [f"unknown columns {extra}"] * bool(extra) + [f"missing columns {missing}"] * bool(missing)
        raise ContractError(f"The {contract.name} frame has {' and '.join(parts)}. Nothing was stored.")
    try:
        typed = frame.select(
            name
            if there.get(name) == column.dtype
            else (pl.col(name) if name in there else pl.lit(None)).cast(column.dtype).alias(name)
            for name, column in contract.columns.items()
        )
    except pl.exceptions.PolarsError as error:
        raise ContractError(
            f"A column of the {contract.name} frame has the wrong type: {error}. Nothing was stored."
        ) from error
    return _without_nul(typed)


def _without_nul(frame: pl.DataFrame) -> pl.DataFrame:
    """Take NUL out of every text: no reader sees it, and PostgreSQL stores none."""
    if pl.String not in frame.dtypes:
        return frame
    return frame.with_columns(pl.col(pl.String).str.replace_all("\0", "", literal=True))


def _rules(frame: pl.DataFrame, contract: Contract) -> Iterator[tuple[str, pl.Expr]]:
    """List the rules that some row may break; the totals of a column settle most of them in microseconds."""
    for values, (name, column) in zip(frame.get_columns(), contract.columns.items(), strict=True):
        if _is_within(values, column):
            continue
        value = pl.col(name)
        if not column.null:
            yield f"{name} must be known", value.is_null()
        for words, is_broken in _value_rules(column, value):
            yield f"{name} {words}", is_broken
    if contract.key and not (len(contract.key) == 1 and frame[contract.key[0]].n_unique() == frame.height):
        words = " and ".join(contract.key)
        yield f"{words} must not repeat", pl.struct(contract.key).is_duplicated()


def _is_within(values: pl.Series, column: Column) -> bool:
    """Whether no value of a column can break a rule, by count, sum and extremes alone; texts and dates are asked."""
    if column.one_of or column.dated is not None or (values.null_count() and not column.null):
        return False
    if values.dtype.is_float() and not isfinite(values.sum() or 0.0):
        return False  # whatever is added to NaN or infinity stays one of them
    if column.low is None and column.high is None:
        return True
    least, most = values.min(), values.max()
    if not isinstance(least, (int, float)) or not isinstance(most, (int, float)):
        return values.null_count() == len(values)
    return (column.low is None or least >= column.low) and (column.high is None or most <= column.high)


def _value_rules(column: Column, value: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    if column.dtype in (pl.Float32, pl.Float64):
        yield "must be a finite number", ~value.is_finite()
    if column.low is not None:
        yield f"must be at least {column.low:g} {column.unit}", value < column.low
    if column.high is not None:
        yield f"must be at most {column.high:g} {column.unit}", value > column.high
    if column.one_of:
        yield f"must be one of {', '.join(column.one_of)}", ~value.is_in(column.one_of)
    if column.dated is not None:
        first, last = date_limits(column.dated)
        yield f"must be from {first} to {last}", ~value.cast(pl.Date).is_between(first, last)


def _listed(rows: tuple[int, ...], most: int = 5) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(map(str, rows[:most])) + more
