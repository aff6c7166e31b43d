"""Names and sentences of the Runs page: runs, pairs in doubt, suggestions, and what was edited."""

from __future__ import annotations

FEEL_NAMES = ("very poor", "poor", "normal", "good", "very good")


def feel_words(feel_0_100: float | None) -> str | None:
    """How the runner felt, in the five words of the watch; None where it was not answered."""
    return None if feel_0_100 is None else FEEL_NAMES[min(4, round(feel_0_100 / 25))]


def contact_words(left_pct: float | None) -> str | None:
    """How left and right share contact time, such as "49.2 / 50.8 %"; None where it is not known."""
    if left_pct is None:
        return None
    left = round(left_pct, 1)
    return f"{left:.1f} / {100 - left:.1f} %"


def impact_words(impact_m: float | None) -> str | None:
    """Garmin's own estimate of impact as equivalent kilometres, such as "11.2 km"; None where it is not known."""
    return None if impact_m is None else f"{impact_m / 1000:.1f} km"
