from __future__ import annotations

import polars as pl
from cohort_exports import TABLES, table

from dashboard.cohort.columns import COHORT_TABLES, WORD_SETS

HASHED = {"athlete", "same_as"}


def test_the_tables_are_those_of_the_contract():
    assert tuple(one.name for one in COHORT_TABLES) == TABLES


def test_no_text_column_is_open():
    """A text is a hash, one word of a closed set, or several of one: no place for a word of an input."""
    closed = HASHED | set(WORD_SETS)
    open_texts = [
        f"{one.name}.{name}"
        for one in COHORT_TABLES
        for name, column in one.columns.items()
        if column.dtype == pl.String and not column.one_of and name not in closed
    ]
    assert open_texts == []


def test_every_number_says_its_unit_and_every_name_ends_in_it():
    for one in COHORT_TABLES:
        for name, column in one.columns.items():
            assert column.unit, f"{one.name}.{name}"
            if name.endswith("_m"):
                assert column.unit.startswith("m"), f"{one.name}.{name}"


def test_written_tables_have_the_columns_in_order(cohort):
    for one in COHORT_TABLES:
        assert table(cohort.folder, one.name).schema == one.schema
