"""A number with its noun."""

from __future__ import annotations


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with the form that fits it: "1 run", "2 runs", "0 runs", or "1 file has", "2 files have"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
