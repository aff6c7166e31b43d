"""Values as JSON of a service gives them, read one by one: a value that is odd is unknown and costs only itself."""

from __future__ import annotations

import math
from typing import Any

from connectors.frames import ACTIVITY

_LONGEST_TEXT = 500


def api_number(value: Any) -> float | None:
    """Read a number as JSON gives it.

    The API gives one field as whole number, fraction, text or null.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def api_text(value: Any) -> str | None:
    """Read a text on one line; None for an empty one, and for what is none."""
    return " ".join(value.split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None


def bounded(name: str, value: float | None) -> float | None:
    """Return a number of a column of ACTIVITY; None where the contract does not allow it."""
    column = ACTIVITY.columns[name]
    low, high = (-math.inf if column.low is None else column.low), column.high
    return value if value is not None and low <= value <= (math.inf if high is None else high) else None
