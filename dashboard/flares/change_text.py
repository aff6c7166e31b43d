"""Sentences on what changed: how far, how unusual, since when, and how often the same came without a flare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.plural import count, percent
from dashboard.model.channels import CHANNELS, GAP_DAYS
from dashboard.shared import text
from dashboard.shared.units import Units

CHANNEL_NAMES = {channel.id: channel.title for channel in CHANNELS}
CHANGED = "{name}: {value} in the 7 days to {day}; usually {usual}{spread}."
FURTHEST = "The most unusual of {weeks} weeks."
RANKED = "{rank} most unusual of {weeks} weeks."
SINCE = "Out of your usual since {day}."
ONCE_BEFORE_FLARE = "Happened once on record, and a flare began within {days} days."
ONCE_WITHOUT = "Happened once on record, and no flare began within {days} days."
COUNTED = (
    "Happened {total} on record, this time included: {came} with a flare begun within {days} days, {without} without"
    "{untold}."
)
COUNT_UNKNOWN = (
    "Happened {total} on record. With mornings logged, Heelwise can tell whether a flare tends to follow."
)
UNKNOWN_COUNT = ", {count} with too little logged to tell"
LONG_GAP = "two weeks or more"
NOTHING_CHANGED = "Nothing in training stood out from your own weeks before."
TIMES = ("never", "once", "twice")


def times(count: int) -> str:
    """Return how often, in words."""
    return TIMES[count] if count < len(TIMES) else f"{count} times"


def amount(channel: str, value: float | None, units: Units) -> str:
    """Write the value of a channel with its unit."""
    if value is None:
        return text.NOT_KNOWN
    if channel in ("volume", "longest"):
        return units.distance_words(value)
    if channel in ("climb", "descent"):
        return units.height_words(value)
    if channel == "hard_gap":
        return LONG_GAP if value >= GAP_DAYS else count(round(value), "day")
    plain = {
        "fast": f"{value / 60:.0f} min",
        "speed": units.pace(value),
        "cadence": f"{signed(value)} %",
        "run_days": f"{value:.0f}",
        "shoe_new": percent(value),
        "drop": f"{value:.1f} mm",
    }
    return plain[channel]


def change_in_words(row: Mapping[str, Any], units: Units, before_days: int) -> list[str]:
    """Describe for one channel how far it changed, how unusual that was, since when, and how often without a flare.

    What came before a flare says little until it is known how often it came without one.
    """
    channel = row["channel"]
    low, high = (amount(channel, row[name], units) for name in ("usual_low", "usual_high"))
    spread = f" ({_range(low, high)})" if row["usual_low"] is not None and low != high else ""
    values = {"name": CHANNEL_NAMES[channel], "value": amount(channel, row["value"], units)}
    usual = amount(channel, row["usual"], units)
    sentence = CHANGED.format(**values, day=text.day_in_words(row["date"]), usual=usual, spread=spread)
    place = (FURTHEST if row["rank"] == 1 else RANKED).format(
        weeks=row["of_weeks"], rank=ordinal(row["rank"])
    )
    since = SINCE.format(day=text.day_in_words(row["since"])) if row["since"] else ""
    return [sentence, f"{place} {since}".strip(), count_in_words(row, before_days)]


def ordinal(number: int) -> str:
    """Return "2nd", "3rd", "11th"."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def signed(value: float) -> str:
    """Write a change with its sign."""
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}".replace("-", "−")


def _range(low: str, high: str) -> str:
    """Two amounts, their unit said once."""
    first, _, unit = low.rpartition(" ")
    return f"{first if first and high.endswith(' ' + unit) else low} to {high}"


def is_counted(row: Mapping[str, Any]) -> bool:
    """Return whether enough was logged after any of the same changes to say what followed."""
    return bool(row["with_flare"] + row["without_flare"])


def count_in_words(row: Mapping[str, Any], before_days: int) -> str:
    """Describe how often the same change came with a flare after it, and how often without."""
    came, without, untold = row["with_flare"], row["without_flare"], row["not_told"]
    if untold and not is_counted(row):
        return COUNT_UNKNOWN.format(total=times(untold))
    if came + without + untold == 1:
        return (ONCE_BEFORE_FLARE if came else ONCE_WITHOUT).format(days=before_days)
    return COUNTED.format(
        total=times(came + without + untold),
        days=before_days,
        came=came,
        without=without,
        untold=UNKNOWN_COUNT.format(count=untold) if untold else "",
    )
