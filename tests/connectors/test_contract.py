"""Bounds that stand in the contracts: two kinds of date, and every number that is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import isfinite

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import AHEAD_DAYS, FIRST_DATE, Column, Contract, DateKind, date_limits, split_valid
from connectors.edits import EDITABLE
from connectors.frames import SAMPLE, STORED

NOW = datetime(2026, 6, 1, 11, tzinfo=UTC)


def test_what_happened_ends_tomorrow_in_the_zone_furthest_east():
    # At 11:00 UTC it is 2 June on Kiritimati (UTC+14), where tomorrow is the 3rd.
    assert date_limits(DateKind.HAPPENED, NOW) == (date(1970, 1, 1), date(2026, 6, 3))
    assert date_limits(DateKind.MEANT, NOW)[1] == date(2026, 6, 2) + timedelta(days=AHEAD_DAYS)


@given(day=st.dates(), kind=st.sampled_from(DateKind))
def test_a_date_comes_in_just_where_its_kind_allows(day, kind):
    column = Column(pl.Date, "local date", dated=kind)
    first, last = date_limits(kind)
    good, rejected = split_valid(
        pl.DataFrame({"day": [day]}), Contract("days", "one day", ("day",), {"day": column})
    )
    assert (
        good.is_empty() == (not first <= day <= last) == bool(rejected) == (column.problem(day) is not None)
    )


@pytest.mark.parametrize("contract", STORED, ids=lambda one: one.name)
def test_every_stored_date_says_what_it_is_of(contract):
    undated = [
        name
        for name, column in contract.columns.items()
        if (column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime)) and column.dated is None
    ]
    assert undated == []


@pytest.mark.parametrize("contract", [*STORED, SAMPLE], ids=lambda one: one.name)
def test_every_stored_number_has_both_ends(contract):
    numbers = {
        name: c for name, c in contract.columns.items() if c.dtype in (pl.Float32, pl.Float64, pl.Int32)
    }
    assert [name for name, column in numbers.items() if column.low is None or column.high is None] == []


def test_every_date_and_number_of_an_edit_has_both_ends():
    open_ended = [
        (record, name)
        for record, fields in EDITABLE.items()
        for name, column in fields.items()
        if (column.dtype == pl.Float64 and None in (column.low, column.high))
        or (column.dtype == pl.Date and column.dated is None)
    ]
    assert open_ended == []


def test_a_time_is_bounded_by_its_date_in_utc():
    column = Column(pl.Datetime("us", "UTC"), "UTC", dated=DateKind.HAPPENED)
    assert column.problem(datetime(1969, 12, 31, 23, 59, tzinfo=UTC)) is not None
    assert column.problem(datetime(FIRST_DATE.year, 1, 1, tzinfo=UTC)) is None
    assert column.problem(datetime(9999, 1, 1, tzinfo=UTC)) is not None


NUMBERS = Contract(
    "numbers",
    "one number",
    ("number",),
    {
        "number": Column(pl.Int64, "count", 0, 9, null=False),
        "share": Column(pl.Float32, "share", -0.1, 0.3),
        "open": Column(pl.Float64, "m"),
    },
)
DRAWN = st.none() | st.sampled_from([-0.1, 0.1, 0.3, 0.31, float("nan"), float("inf"), -float("inf"), 1e308])
DRAWN_NUMBERS = st.lists(st.tuples(st.none() | st.integers(-1, 10), DRAWN, DRAWN), max_size=5)


@given(rows=DRAWN_NUMBERS)
def test_what_the_totals_of_a_column_settle_is_what_each_row_says(rows):
    """Whole columns are passed by their sum and extremes; no row that breaks a rule may pass with them."""
    frame = pl.DataFrame(rows, schema=NUMBERS.schema, orient="row", strict=False)
    numbers, broken = [row[0] for row in rows], set()
    for at, (number, share, free) in enumerate(rows):
        wrong = number is None or not 0 <= number <= 9 or numbers.count(number) > 1
        with np.errstate(over="ignore"):
            wrong |= share is not None and not np.float32(-0.1) <= np.float32(share) <= np.float32(0.3)
        wrong |= free is not None and not isfinite(free)
        broken |= {at} if wrong else set()
    good, rejected = split_valid(frame, NUMBERS)
    assert {row for one in rejected for row in one.rows} == broken
    assert good.height == len(rows) - len(broken)
