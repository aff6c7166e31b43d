"""Garmin's impact load beside tendon load: order, count, and the runs where the two disagree most."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from dashboard.settings.impact import (
    FEWEST,
    MOST_SHOWN,
    compare_impact,
    furthest_in_words,
    impact_in_words,
)
from dashboard.settings.impact_figure import impact_figure
from dashboard.shared.units import Units

FIRST = date(2026, 3, 2)


def compared(loads, impacts):
    ids = [f"run{n}" for n in range(len(loads))]
    days = [FIRST + timedelta(days=n) for n in range(len(loads))]
    runs = pl.DataFrame({"activity_id": ids, "local_date": days, "distance_m": 8_000.0, "load_tkm": loads})
    sessions = pl.DataFrame(
        {"activity_id": ids, "impact_m": impacts}, schema_overrides={"impact_m": pl.Float64}
    )
    return compare_impact(runs, sessions)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=FEWEST, max_size=40))
def test_the_order_is_spearmans(pairs):
    loads, impacts = [float(a) for a, _ in pairs], [float(b) * 100 for _, b in pairs]
    mine = compared(loads, impacts)
    if len(set(loads)) == 1 or len(set(impacts)) == 1:
        assert mine.rho is None
        return
    assert mine.rho == pytest.approx(spearmanr(loads, impacts).statistic)
    assert len(mine.apart) <= MOST_SHOWN
    gaps = [abs(row["impact_rank"] - row["load_rank"]) for row in mine.apart]
    assert gaps == sorted(gaps, reverse=True)


def test_the_run_furthest_apart_is_named_with_both_ranks():
    loads = [float(n) for n in range(1, 13)]
    impacts = [n * 1_000 for n in loads]
    impacts[0] = 50_000.0
    mine = compared(loads, impacts)
    assert "Over 12 runs with both" in impact_in_words(mine)
    assert furthest_in_words(mine, Units())[0].endswith(
        "higher by Garmin (rank 1 of 12) than by tendon load (rank 12)"
    )


def test_unknown_impact_is_no_zero_and_few_runs_say_nothing():
    mine = compared([1.0] * 12, [None] * 9 + [900.0] * 3)
    assert mine.rows.height == 3
    assert mine.rho is None
    assert impact_in_words(mine).startswith("3 of your runs have both")


def test_the_scatter_marks_the_runs_furthest_apart_by_shape():
    loads = [float(n) for n in range(1, 13)]
    mine = compared(loads, [50_000.0, *[n * 1_000 for n in loads[1:]]])
    drawn = impact_figure(mine, Units(), "light")
    (trace,) = drawn.data
    assert list(trace.x) == loads
    assert trace.marker.symbol[0] == "diamond-open"
    assert "circle" in trace.marker.symbol
