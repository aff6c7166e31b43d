"""Student's t against SciPy and against a printed table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from dashboard.model.student_t import central_t


@given(st.floats(0.01, 0.999), st.integers(1, 2_000))
def test_it_is_that_of_scipy(share, freedom):
    assert central_t(share, freedom) == pytest.approx(stdtrit(freedom, (1 + share) / 2), rel=1e-9)


@pytest.mark.parametrize(
    ("freedom", "printed"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)]
)
def test_it_is_that_of_the_tables(freedom, printed):
    """Abramowitz & Stegun 1964, table 26.10."""
    assert central_t(0.95, freedom) == pytest.approx(printed, abs=0.0005)
