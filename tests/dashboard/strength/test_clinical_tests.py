"""Norms, symmetry and changes of tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import frames
from connectors.manual_rows import result_rows
from dashboard.strength.clinical_tests import (
    BY_ID,
    CHANGE_SCHEMA,
    TENDINS_BEYOND_ERROR,
    TENDINS_SEM,
    is_beyond,
    is_beyond_error,
    limb_symmetry,
    result_changes,
    usual_heel_rises,
)

PUBLISHED = Path(__file__).resolve().parents[2] / "published"
FIRST = date(2026, 1, 5)


def results(measure: str, values: list[float], side: str | None = None) -> pl.DataFrame:
    said = [
        {"date": FIRST + timedelta(weeks=n), "measure": measure, "side": side, "value": value}
        for n, value in enumerate(values)
    ]
    return result_rows(said, 1, datetime(2026, 6, 1, tzinfo=UTC))


def test_heel_rises_are_those_of_the_printed_table():
    table = pl.read_csv(PUBLISHED / "hebert_losier_2017_heel_rise.csv", comment_prefix="#")
    assert table.height == 14
    for age, sex, repetitions in table.iter_rows():
        for years in (0, 9):
            assert usual_heel_rises(age + years, sex) == repetitions


@pytest.mark.parametrize(("age", "sex", "usual"), [(45, "female", 25), (55, "male", 24)])
def test_the_anchors_of_the_notes(age, sex, usual):
    assert usual_heel_rises(age, sex) == usual


def test_nobody_under_twenty_was_measured_and_nothing_is_guessed():
    assert usual_heel_rises(19, "male") is None
    assert usual_heel_rises(None, "male") is None
    assert usual_heel_rises(40, None) is None
    assert usual_heel_rises(93, "female") == 14


@pytest.mark.parametrize(
    ("measure", "change", "flagged"),
    [
        ("visa_a", -14, True),
        ("visa_a", -13, False),
        ("visa_a", 14, True),
        ("tendins_a", 12, True),
        ("tendins_a", 11, False),
        ("heel_rise_reps", 6, False),
        ("heel_rise_reps", -7, True),
        ("hop_pain_0_10", 2, True),
        ("visa_a", None, None),
    ],
)
def test_only_a_change_beyond_error_is_flagged(measure, change, flagged):
    assert is_beyond(measure, change) is flagged


def test_each_measure_of_the_contract_is_described():
    assert set(BY_ID) == set(frames.MEASURES)


def test_a_fall_of_visa_and_a_rise_of_tendins_are_worse():
    rows = result_changes(results("visa_a", [80, 67, 53, 70]))
    assert rows.schema == CHANGE_SCHEMA
    assert rows["change"].to_list() == [None, -13, -14, 17]
    assert rows["is_beyond"].to_list() == [None, False, True, True]
    assert rows["is_worse"].to_list() == [None, False, True, False]
    assert result_changes(results("tendins_a", [20, 32]))["is_worse"].to_list() == [None, True]


def test_legs_are_compared_with_themselves():
    both = pl.concat(
        [results("heel_rise_reps", [20, 30], "left"), results("heel_rise_reps", [30, 30], "right")]
    )
    found = result_changes(both).filter(pl.col("date") > FIRST)
    assert dict(found.select("side", "change").iter_rows()) == {"left": 10, "right": 0}


def test_no_results_give_no_rows():
    assert result_changes(frames.TEST_RESULT.empty()).schema == CHANGE_SCHEMA


def test_symmetry_by_hand():
    found = limb_symmetry(20, 25)
    assert found is not None
    assert found.percent == pytest.approx(80)
    assert found.high - found.percent == pytest.approx(80 * 6 / 2**0.5 * (1 / 400 + 1 / 625) ** 0.5)
    assert found.side == "left"


repetitions = st.integers(1, 80)


@given(repetitions, repetitions)
def test_symmetry_holds_for_either_order_and_has_a_band(one, other):
    found, turned = limb_symmetry(one, other), limb_symmetry(other, one)
    assert found
    assert turned
    assert (found.percent, found.low, found.high) == (turned.percent, turned.low, turned.high)
    assert 0 <= found.low <= found.percent <= 100
    assert found.high > found.percent
    assert (found.side is None) == (one == other)


@given(st.none() | st.just(0), repetitions)
def test_a_leg_without_a_number_gives_no_symmetry(nothing, some):
    assert limb_symmetry(nothing, some) is None
    assert limb_symmetry(some, nothing) is None


@pytest.mark.parametrize(
    ("measure", "change", "beyond"),
    [
        ("tendins_a", 12, False), ("tendins_a", -17.9, False), ("tendins_a", 18, True), ("tendins_a", -18, True),
        ("heel_rise_reps", 6, False), ("heel_rise_reps", -7, True), ("visa_a", 30, None), ("tendins_a", None, None),
    ],
)  # fmt: skip
def test_what_is_important_and_what_is_beyond_error_are_two_numbers(measure, change, beyond) -> None:
    assert is_beyond_error(measure, change) is beyond
    assert pytest.approx(1.96 * 2**0.5 * TENDINS_SEM, abs=0.2) == TENDINS_BEYOND_ERROR
