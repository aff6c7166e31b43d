""""""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.load.run_load import log_shares

worths = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.floats(0.01, 100), min_size=2**n, max_size=2**n).map(np.array)
)


@given(worths)
def test_shares_multiply_to_the_whole(worth: np.ndarray) -> None:
    assert math.prod(np.exp(log_shares(worth[:, None]))[:, 0]) == pytest.approx(
        worth[-1] / worth[0], rel=1e-9
    )


@given(worths)
def test_is_the_mean_over_all_orders(worth: np.ndarray) -> None:
    count = len(worth).bit_length() - 1
    expected = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        taken = 0
        for i in order:
            expected[i] += math.log(worth[taken | 1 << i] / worth[taken]) / len(orders)
            taken |= 1 << i
    assert log_shares(worth[:, None])[:, 0] == pytest.approx(expected, abs=1e-9)


def test_the_stacked_example() -> None:
    parts = [1.08, (3.1 / 3) ** 1.11, 1.02**3, (0.98**-1.45) ** 3, 1.02**3]
    worth = np.array([[math.prod(f for i, f in enumerate(parts) if s >> i & 1)] for s in range(32)])
    shares = log_shares(worth)[:, 0]
    assert worth[-1, 0] == pytest.approx(1.377, abs=0.001)
    assert shares / shares.sum() == pytest.approx([0.24, 0.114, 0.186, 0.275, 0.186], abs=0.002)


def test_refuses_half_a_table() -> None:
    with pytest.raises(ValueError, match="each choice"):
        log_shares(np.ones((3, 1)))


def test_unknown_stays_unknown() -> None:
    assert np.isnan(log_shares(np.array([[1.0, 1.0], [2.0, np.nan]]))[0]).tolist() == [False, True]
