"""Shares of each week, what is worn on average, and how old the pairs are."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worn_runs import MONDAY, runs

from dashboard.shoes.rotation import shoe_ages, weekly_exposure, weekly_shares, weeks_touching

DROPS = {"high": 10.0, "low": 4.0, "odd": None}


def pairs(**more) -> pl.DataFrame:
    rows = [
        {"shoe_id": shoe, "name": shoe, "drop_mm": drop, "drop_low_mm": drop, "drop_high_mm": drop,
         "is_plated": True if shoe == "low" else None if shoe == "odd" else False,
         "first_use": None, "distance_before_m": None, **more}
        for shoe, drop in DROPS.items()
    ]  # fmt: skip
    types = {
        "drop_mm": pl.Float64,
        "first_use": pl.Date,
        "distance_before_m": pl.Float64,
        "is_plated": pl.Boolean,
    }
    return pl.DataFrame(rows, schema_overrides=types)


RUNS = st.lists(
    st.tuples(
        st.integers(0, 400), st.sampled_from([*DROPS, "gone", None]), st.none() | st.floats(1_000, 40_000)
    ),
    max_size=40,
)


@given(RUNS)
def test_shares_of_a_week_sum_to_one_with_the_unknown(rows):
    shares = weekly_shares(runs(rows))
    for total in shares.group_by("week").agg(pl.col("share").sum())["share"]:
        assert total == pytest.approx(1)
    assert shares["week"].dt.weekday().is_in([1]).all()
    weeks = weekly_exposure(shares, pairs())
    assert weeks["distance_m"].sum() == pytest.approx(sum(metres or 0 for _, _, metres in rows))
    for week in weeks.iter_rows(named=True):
        assert all(0 <= week[name] <= 1 for name in ("drop_unknown", "plated", "plate_unknown"))
        assert (week["drop_mm"] is None) == (week["drop_unknown"] > 1 - 1e-9)
        assert week["drop_mm"] is None or 4 - 1e-9 <= week["drop_mm"] <= 10 + 1e-9


def test_the_mean_leaves_out_what_is_not_known_and_says_how_much():
    weeks = weekly_exposure(
        weekly_shares(
            runs([(0, "high", 6_000.0), (2, "low", 2_000.0), (4, "odd", 1_000.0), (6, None, 1_000.0)])
        ),
        pairs(),
    )
    (week,) = weeks.to_dicts()
    assert week["drop_mm"] == pytest.approx(8.5)
    assert week["drop_unknown"] == pytest.approx(0.2)
    assert week["plated"] == pytest.approx(0.2)
    assert week["plate_unknown"] == pytest.approx(0.2)


def test_ages_count_what_came_before():
    rows = shoe_ages(
        runs([(0, "high", 6_000.0), (30, "high", 5_000.0)]),
        pairs(distance_before_m=100_000.0),
        MONDAY + timedelta(40),
    )
    one = rows.row(0, named=True)
    assert (one["shoe_id"], one["runs"], one["distance_m"], one["total_m"]) == (
        "high",
        2,
        11_000.0,
        111_000.0,
    )
    assert (one["days"], one["last_date"]) == (40, MONDAY + timedelta(30))
    never = rows.filter(pl.col("shoe_id") == "low").row(0, named=True)
    assert (never["runs"], never["days"], never["x_shoe"]) == (0, None, None)
    said = shoe_ages(runs([(0, "high", 6_000.0)]), pairs(first_use=MONDAY - timedelta(100)), MONDAY)
    assert said.row(0, named=True)["days"] == 100


def test_a_week_belongs_to_dates_that_touch_any_of_its_days():
    shares = weekly_shares(runs([(0, "high", 1_000.0), (7, "high", 1_000.0), (21, "high", 1_000.0)]))
    for first, last, mondays in ((6, 6, [0]), (6, 7, [0, 7]), (13, 21, [7, 21]), (14, 20, [])):
        touching = weeks_touching(shares, MONDAY + timedelta(first), MONDAY + timedelta(last))
        assert touching["week"].to_list() == [MONDAY + timedelta(days) for days in mondays]
