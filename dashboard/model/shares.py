"""Exact shares: how much each of several changes contributes to a product of them."""

from __future__ import annotations

from math import factorial

import numpy as np


def log_shares(worth: np.ndarray) -> np.ndarray:
    """Share a change out among the factors that made it, on the log scale.

    Parameters
    ----------
    worth : ndarray, shape (2**n, rows), above 0
        Load with each choice of factors taken as they were: bit i of the row number says whether factor i is
        (row 0 none, last row all). NaN stays NaN.

    Returns
    -------
    ndarray, shape (n, rows)
        ln of each factor's multiplier; they sum to ln(all) - ln(none) exactly.

    Raises
    ------
    ValueError
        When the number of rows is not a power of two.

    Source
    ------
    Shapley 1953 (doi:10.1515/9781400881970-018) on ln(load): the mean over all orders of adding the factors.
    For a plain product it is each factor's own ln.
    """
    count = int(worth.shape[0]).bit_length() - 1
    if worth.shape[0] != 2**count:
        raise ValueError("worth needs one row for each choice of factors")
    logs = np.log(worth)
    shares = np.zeros((count, *worth.shape[1:]))
    for choice in range(2**count):
        size = choice.bit_count()
        for i in range(count):
            if not choice >> i & 1:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[i] += weight * (logs[choice | 1 << i] - logs[choice])
    return shares
