"""Sums over stretches of days."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.day_table import by_day, dense_days, stretch_sums


def test_rest_is_zero_and_what_is_not_known_stays_so(made: SimpleNamespace) -> None:
    runs = made.run_days([3.0, 0.0, None, 2.0])
    days = dense_days(runs, made.no_symptoms)
    values = by_day(runs, days, [pl.col("load_tkm"), pl.col("x_shoe")])
    assert np.array_equal(values[0], [3.0, 0.0, np.nan, 2.0], equal_nan=True)
    assert np.array_equal(values[1], [np.nan, 0.0, np.nan, np.nan], equal_nan=True)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=60), st.data())
def test_any_stretch_is_the_sum_of_its_known_days(values: list[float | None], data: st.DataObject) -> None:
    first = data.draw(st.integers(-10, len(values) + 10))
    last = first + data.draw(st.integers(0, 20))
    row = np.array([[float("nan") if v is None else v for v in values]])
    total, known = stretch_sums(row, np.array([first]), np.array([last]))
    inside = [v for i, v in enumerate(values) if first <= i <= last and v is not None]
    assert known.tolist() == [len(inside)]
    assert abs(total[0, 0] - sum(inside)) < 1e-6
