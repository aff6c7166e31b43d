"""One sentence on what made up a rise in load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.model.shelf import DRIVERS

NAMES = {
    "volume": "more running",
    "speed": "faster running",
    "hills": "more climbing",
    "cadence": "slower steps at the same speed",
    "shoe": "other shoes or a treadmill",
}
LESS = {
    "volume": "less running",
    "speed": "slower running",
    "hills": "flatter or more downhill ground",
    "cadence": "quicker steps at the same speed",
    "shoe": "other shoes or less treadmill",
}
TOLD = 0.10
"""Shares below a tenth are left out of the sentence; the table has them all."""
ROSE = (
    "The estimated load of a week was ×{rise:.2f} of that of the eight weeks before, associated with {parts}."
)
TOOK = " {parts} took some of it back."


def rise_in_words(row: Mapping[str, Any]) -> str:
    """Say what made up the rise of one stretch of days.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.

    Returns
    -------
    str
        The drivers with at least a tenth of the rise, largest first, each with what it multiplied the load by; then
        those that lowered it by as much. Where there are no shares, the reason.

    Source
    ------
    ours: multipliers, because shares above one read oddly where another driver took load away.
    """
    if row["why"] is not None:
        return str(row["why"])
    shares = {name: float(row[f"share_{name}"]) for name in DRIVERS}
    ordered = sorted(DRIVERS, key=lambda name: -abs(shares[name]))
    up = [f"{NAMES[n]} (×{row[f'x_{n}']:.2f})" for n in ordered if shares[n] >= TOLD]
    down = [f"{LESS[n]} (×{row[f'x_{n}']:.2f})" for n in ordered if shares[n] <= -TOLD]
    took = listed(down)
    return ROSE.format(rise=row["rise"], parts=listed(up)) + (
        TOOK.format(parts=took[0].upper() + took[1:]) if took else ""
    )


def listed(parts: list[str]) -> str:
    """Join words as a reader lists them.

    Parameters
    ----------
    parts : list of str
        Any number.

    Returns
    -------
    str
        "a, b and c"; empty for none.

    Source
    ------
    ours.
    """
    return ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else "".join(parts)
