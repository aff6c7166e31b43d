"""Flares by the visible rule, on made-up diaries."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import STIFFNESS_BOUNDS_MIN
from dashboard.model.flares import FLARE_SCHEMA, ONSET_EDIT_SCHEMA, find_flares
from dashboard.model.schemas import DAY_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2024, 1, 1)
SETTINGS = ModelSettings()


def diary(pain: list[float | None], stiff: list[float | None] | None = None) -> pl.DataFrame:
    """Build days that hold nothing but symptoms."""
    known = {
        "local_date": [FIRST + timedelta(i) for i in range(len(pain))],
        "pain_0_10": pain,
        "stiffness_min": stiff or [None] * len(pain),
    }
    return pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(pain)), dtype=d) for n, d in DAY_SCHEMA.items()}
    )


def day(number: int) -> date:
    return FIRST + timedelta(number)


def edits(*rows: tuple[date | None, date | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=ONSET_EDIT_SCHEMA, orient="row")


def test_two_days_of_three_begin_a_flare_and_seven_calm_days_end_it() -> None:
    found = find_flares(diary([0.0] * 30 + [2.0, 0.0, 3.0, 4.0, 2.0] + [1.0] * 20), SETTINGS).row(
        0, named=True
    )
    assert (found["onset"], found["end"], found["peak_date"]) == (day(30), day(34), day(33))
    assert found["peak_0_10"] == 4.0
    assert found["rule"] == "score_up"
    assert (found["usual_0_10"], found["n_logged"], found["n_logged_before"]) == (0.0, 5, 28)


@pytest.mark.parametrize("pain", [[2.0, 0.0, 0.0, 2.0], [1.9, 1.9, 1.9], [5.0]])
def test_less_is_no_flare(pain: list[float]) -> None:
    assert find_flares(diary([0.0] * 30 + pain + [0.0] * 20), SETTINGS).is_empty()


def test_one_bad_day_is_enough_above_five() -> None:
    rows = find_flares(diary([0.0] * 30 + [6.0] + [0.0] * 20), SETTINGS)
    assert rows["rule"].to_list() == ["score_high"]


def test_pain_that_is_always_high_is_not_above_the_own_usual() -> None:
    rows = find_flares(diary([6.0] * 80), SETTINGS)
    assert rows["onset"].to_list() == [FIRST]  # before a usual was known, and never again
    assert find_flares(diary([5.0] * 40 + [6.0] * 40), SETTINGS).is_empty()


def test_stiffness_must_rise_by_minutes_and_by_half() -> None:
    calm = [0.0] * 60
    assert (
        find_flares(diary(calm, [5.0] * 30 + [15.0, 16.0] + [5.0] * 28), SETTINGS)["rule"].item()
        == "stiffness_up"
    )
    assert find_flares(diary(calm, [30.0] * 30 + [40.0, 41.0] + [30.0] * 28), SETTINGS).is_empty()
    assert find_flares(diary(calm, [5.0] * 30 + [15.0] + [5.0] * 29), SETTINGS).is_empty()


def test_stiffness_from_0_to_10_counts_as_a_score() -> None:
    days = diary([None] * 60).with_columns(stiffness_0_10=pl.Series([0.0] * 30 + [4.0, 4.0] + [0.0] * 28))
    assert find_flares(days, SETTINGS)["peak_0_10"].to_list() == [4.0]


def test_nothing_is_usual_with_nine_entries() -> None:
    sparse = ([0.0] + [None] * 2) * 9
    assert find_flares(diary([*sparse, 3.0, 3.0]), SETTINGS).is_empty()
    assert not find_flares(diary([0.0, *sparse, 3.0, 3.0]), SETTINGS).is_empty()


def test_an_end_that_nobody_wrote_down_is_not_known() -> None:
    rows = find_flares(diary([0.0] * 30 + [4.0, 4.0] + [None] * 40 + [0.0] * 20), SETTINGS)
    assert rows["end"].to_list() == [None]
    assert rows["last_high"].to_list() == [day(31)]


def test_a_relapse_within_two_weeks_is_the_same_flare() -> None:
    calm = [0.0] * 10
    again = find_flares(diary([0.0] * 30 + [4.0, 4.0] + calm + [4.0, 4.0] + [0.0] * 20), SETTINGS)
    assert (again["onset"].to_list(), again["end"].to_list()) == ([day(30)], [day(43)])
    later = find_flares(diary([0.0] * 30 + [4.0, 4.0] + [0.0] * 20 + [4.0, 4.0] + [0.0] * 20), SETTINGS)
    assert later["onset"].to_list() == [day(30), day(52)]


def test_a_person_moves_removes_and_adds_and_the_rule_stays_beside_it() -> None:
    days = diary([0.0] * 30 + [4.0, 4.0] + [0.0] * 30 + [4.0, 4.0] + [0.0] * 30)
    said = edits((day(30), day(27)), (day(62), None), (None, day(80)))
    rows = find_flares(days, SETTINGS, said)
    assert rows["onset"].to_list() == [day(27), day(80)]
    assert rows["onset_rule"].to_list() == [day(30), None]
    assert rows["onset_person"].to_list() == [day(27), day(80)]
    assert rows["rule"].to_list() == ["score_up", "by_person"]
    assert rows["peak_0_10"].to_list() == [4.0, 0.0]


def test_a_flare_that_is_added_twice_is_one() -> None:
    days = diary([0.0] * 30 + [4.0, 4.0] + [0.0] * 30)
    said = edits((None, day(50)), (None, day(50)), (None, day(30)))
    assert find_flares(days, SETTINGS, said)["onset"].to_list() == [day(30), day(50)]


def test_an_edit_still_counts_when_a_new_entry_moves_the_rule_by_a_day() -> None:
    days = diary([0.0] * 30 + [4.0, 4.0] + [0.0] * 30)
    assert find_flares(days, SETTINGS, edits((day(33), day(25))))["onset"].to_list() == [day(25)]
    assert find_flares(days, SETTINGS, edits((day(3), day(2))))["onset"].to_list() == [day(30)]


@pytest.mark.parametrize("pain", [[], [None] * 50, [0.0] * 50])
def test_nothing_felt_or_nothing_logged_is_no_flare(pain: list[float | None]) -> None:
    rows = find_flares(diary(pain), SETTINGS)
    assert rows.is_empty()
    assert rows.schema == FLARE_SCHEMA


@given(st.lists(st.one_of(st.none(), st.integers(0, 10).map(float)), max_size=150))
def test_flares_keep_their_order_and_lie_within_what_was_logged(pain: list[float | None]) -> None:
    rows = find_flares(diary(pain), SETTINGS)
    onsets, lasts = rows["onset"].to_list(), rows["last_high"].to_list()
    assert all(a <= b for a, b in zip(onsets, lasts, strict=True))
    assert all(a < b for a, b in zip(lasts, onsets[1:], strict=False))
    assert all(pain[(d - FIRST).days] is not None for d in (*onsets, *lasts))
    assert (rows["peak_0_10"] >= 2).all()


BANDS = list(STIFFNESS_BOUNDS_MIN.values())


def banded(bands: list[tuple[float, float] | None]) -> pl.DataFrame:
    """Days on which only a band of minutes was tapped."""
    middles = [None if band is None else sum(band) / 2 for band in bands]
    return diary([None] * len(bands), middles).with_columns(
        stiffness_low_min=pl.Series([band and float(band[0]) for band in bands], dtype=pl.Float64),
        stiffness_high_min=pl.Series([band and float(band[1]) for band in bands], dtype=pl.Float64),
    )


@pytest.mark.parametrize(
    ("usual", "then", "rises"),
    [
        ("0", "5-15", False),
        ("0", "15-30", True),
        ("<5", "15-30", True),
        ("5-15", "15-30", False),
        ("5-15", ">30", True),
    ],
)
def test_a_band_rises_only_where_it_does_so_wherever_in_it_the_minutes_were(usual, then, rises) -> None:
    low, high = STIFFNESS_BOUNDS_MIN[usual], STIFFNESS_BOUNDS_MIN[then]
    rows = find_flares(banded([low] * 30 + [high, high] + [low] * 20), SETTINGS)
    assert rows.height == rises


@given(st.lists(st.none() | st.sampled_from(BANDS), min_size=35, max_size=60), st.data())
def test_no_flare_is_found_in_bands_that_true_minutes_would_not_begin(bands, data) -> None:
    exact = [
        None if band is None else data.draw(st.floats(band[0], min(band[1], 120.0)), label="min")
        for band in bands
    ]
    by_band = find_flares(banded(bands), SETTINGS)
    if by_band.height:
        by_minutes = find_flares(diary([None] * len(bands), exact), SETTINGS)
        assert by_minutes.height
        assert by_minutes["onset"].min() <= by_band["onset"].min()
