"""Changes as a person would make them: few runs, round numbers, nothing raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import CONTEXT, MONDAY, USUAL, planned

from dashboard.plan.adjustments import METRIC, reduced_amounts, round_down, rounding_steps
from dashboard.plan.guardrails.base import hold_week
from dashboard.plan.text import change_in_words, unchanged_in_words
from dashboard.shared.units import Units

CHANNELS = ("distance_m", "fast_s", "ascent_m")


@given(st.lists(st.floats(0, 40_000), min_size=1, max_size=7), st.floats(0, 1), st.sampled_from(CHANNELS))
def test_amounts_come_down_to_their_sum_and_none_goes_up(amounts, share, channel) -> None:
    room = share * sum(amounts)
    reduced = reduced_amounts(amounts, room, channel)
    assert sum(reduced) <= room + 1e-6
    for was, now in zip(amounts, reduced, strict=True):
        assert 0 <= now <= was + 1e-6
        if now != was:
            assert now == pytest.approx(round_down(channel, now), abs=1e-6), "a round number"


def test_one_run_is_changed_where_one_is_enough() -> None:
    assert reduced_amounts([45.0, 45.0, 90.0, 120.0], 297.0, "ascent_m") == [45.0, 45.0, 90.0, 110.0]
    assert reduced_amounts([15_000.0, 8_000.0, 9_000.0], 29_000.0, "distance_m") == [
        12_000.0,
        8_000.0,
        9_000.0,
    ]
    assert reduced_amounts([1_200.0, 600.0], 600.0, "fast_s") == [0.0, 600.0]


def test_far_too_much_is_taken_off_all_runs_alike() -> None:
    reduced = reduced_amounts([20_000.0, 10_000.0, 10_000.0], 20_000.0, "distance_m")
    assert reduced == [10_000.0, 5_000.0, 5_000.0]


def test_miles_and_feet_have_steps_of_their_own() -> None:
    steps = rounding_steps(Units("mi", "ft"))
    assert round_down("distance_m", 10_000, steps) == pytest.approx(12 * 804.672)
    assert round_down("ascent_m", 100, steps) == pytest.approx(6 * 15.24)
    assert rounding_steps(Units()) == METRIC
    assert round_down("distance_m", 1_350) == pytest.approx(1_300), "a short run is not rounded away"


def test_a_change_says_what_it_leaves_as_planned() -> None:
    plan = (
        planned(1, 8, fast_s=1_200.0, ascent_m=45.0),
        planned(3, 9, fast_s=300.0, ascent_m=45.0),
        planned(6, 15, fast_s=0.0, ascent_m=90.0),
    )
    changed = hold_week(plan, MONDAY, "fast_s", 0.0, CONTEXT)
    assert changed is not None
    differences = [(one, other) for one, other in zip(plan, changed, strict=True) if one != other]
    assert change_in_words(differences, Units(), {}) == (
        "Tuesday 3 Mar easy, without the 20 fast minutes. Thursday 5 Mar easy, without the 5 fast minutes."
    )
    assert unchanged_in_words(plan, changed, Units()) == (
        "Kept as planned: 1 of 3 runs, the longest run (15.0 km), 32.0 km in all, 180 m of climb."
    )
    assert USUAL.distance_m == 40_000
