"""A number with its noun or its sign."""

from __future__ import annotations


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with the form that fits it: "1 run", "2 runs", "0 runs", or "1 file has", "2 files have"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share in per cent, with the space that every other unit has: 0.53 is "53 %"."""
    return f"{100 * share:.0f} %"
