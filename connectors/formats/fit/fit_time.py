"""How a FIT file counts time: seconds since the end of 1989."""

from __future__ import annotations

FIT_EPOCH_S = 631_065_600
"""1989-12-31 UTC, in seconds since 1970-01-01 UTC."""
FIRST_REAL_TIME = 0x10000000
"""Below it a FIT time counts the seconds since the device woke up."""
