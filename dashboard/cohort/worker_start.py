"""What the process of a worker runs first; nothing that reads the environment of a worker is imported here."""

from __future__ import annotations

import os
import pickle
from typing import Any

ENVIRONMENT = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TZ": "UTC"}
"""Set before a worker imports anything: with one thread sums have one order, and no machine's zone is used."""


def call(pickled: bytes) -> Any:
    """Call a function of Heelwise: its module, and with it Polars, is imported once the environment is set."""
    os.environ.update(ENVIRONMENT)
    function, arguments = pickle.loads(pickled)  # noqa: S301  (of this run, as Ray itself sends it)
    return function(*arguments)
