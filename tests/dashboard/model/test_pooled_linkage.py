"""Flares of many athletes against their own calendars: the exact answer, and no mixing of athletes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.calendar_shifts import shift_test
from dashboard.model.pooled_linkage import ShiftStratum, pool_strata, stratum

FIRST = date(2023, 1, 2)


def calendar(exposed: list[bool | None], logged: float = 1.0) -> pl.DataFrame:
    count = len(exposed)
    pains = [2.0 if (day * logged) % 1 < logged else None for day in range(count)]
    return pl.DataFrame(
        {
            "local_date": [FIRST + timedelta(day) for day in range(count)],
            "outpaced_before": exposed,
            "pain_0_10": pains,
            "stiffness_min": pl.Series([None] * count, dtype=pl.Float64),
            "stiffness_0_10": pl.Series([None] * count, dtype=pl.Float64),
        }
    )


def onsets(*days: int) -> pl.DataFrame:
    return pl.DataFrame({"onset": [FIRST + timedelta(day) for day in days]})


def test_one_athlete_gives_the_model_s_own_answer():
    exposed = [day % 90 < 20 for day in range(360)]
    flares = onsets(5, 95, 200)
    one = stratum(calendar(exposed), flares)
    assert one is not None
    pooled = pool_strata([one])
    own = shift_test(np.array(exposed, dtype=float), np.array([5, 95, 200]), 0, 359)
    assert (pooled.flares, pooled.exposed) == (own.flares, own.exposed) == (3, 2 + (200 % 90 < 20))
    assert pooled.p == pytest.approx(own.p)
    assert pooled.base_rate == pytest.approx(own.base_rate)


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_chance_is_that_of_all_combinations_of_shifts(counts):
    """Counted out one by one, and the same in any order of athletes."""
    strata = [ShiftStratum(3, numbers[0], np.array(numbers), 10, 4) for numbers in counts]
    pooled = pool_strata(strata)
    sums = [sum(one) for one in product(*counts)]
    observed = sum(numbers[0] for numbers in counts)
    assert pooled.p == pytest.approx(sum(one >= observed for one in sums) / len(sums))
    assert pooled.expected == pytest.approx(np.mean(sums))
    backwards = pool_strata(reversed(strata))
    assert backwards.p == pytest.approx(pooled.p)


def test_athletes_with_more_exposure_and_more_flares_make_no_link():
    """Pooled without strata these two would show one: the busy runner has all the flares and all the exposure."""
    busy = stratum(calendar([True] * 300), onsets(40, 90, 140, 190))
    calm = stratum(calendar([False] * 299 + [None]), onsets(100))
    assert busy is not None
    assert calm is not None
    pooled = pool_strata([busy, calm])
    assert (pooled.exposed, pooled.flares) == (4, 5)
    assert pooled.expected == pytest.approx(4)
    assert pooled.p == pytest.approx(1)


def test_many_weak_links_add_up():
    exposed = [day % 100 < 30 for day in range(400)]
    one = stratum(calendar(exposed), onsets(10, 350 - 50))
    assert one is not None
    alone, together = pool_strata([one]), pool_strata([one] * 8)
    assert alone.p is not None
    assert together.p is not None
    assert alone.p > 0.05 > together.p
    assert together.ratio == pytest.approx(alone.ratio)


@pytest.mark.parametrize(
    ("days", "flares"),
    [
        (calendar([True] * 100), onsets(50)),
        (calendar([True] * 300, logged=0.3), onsets(50)),
        (calendar([True] * 300), onsets().cast({"onset": pl.Date})),
        (calendar([None] * 300), onsets(50)),
        (calendar([True] * 300).head(0), onsets(50)),
    ],
    ids=["too short", "too few entries", "no flare", "no load", "no day"],
)
def test_who_cannot_be_asked_is_no_stratum(days, flares):
    assert stratum(days.cast({"outpaced_before": pl.Boolean}), flares) is None


def test_no_stratum_gives_no_number():
    pooled = pool_strata([])
    assert (pooled.athletes, pooled.flares, pooled.p, pooled.expected, pooled.ratio) == (
        0,
        0,
        None,
        None,
        None,
    )
