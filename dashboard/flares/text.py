"""Sentences on what changed: how far, how unusual, since when, and how often the same came without a flare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.model.channels import CHANNELS, GAP_DAYS
from dashboard.model.settings import ModelSettings
from dashboard.shared import text
from dashboard.shared.units import Units

CHANNEL_NAMES = {channel.id: channel.title for channel in CHANNELS}
CHANGED = "{name}: {value} in the 7 days to {day}; usually {usual}{spread}."
FURTHEST = "No other of your {weeks} weeks on record was further out."
RANKED = "Of your {weeks} weeks on record it is number {rank} by how far out it was."
SINCE = "Out of your usual since {day}."
COUNTED = (
    "The same change came {total}, this time counted: {came} with a flare begun within {days} days, {without} without"
    "{untold}."
)
NOT_TOLD = ", {count} with too little logged to tell"
NOTHING_CHANGED = "No channel of training stood out from your own weeks before."
TIMES = ("never", "once", "twice")


def times(count: int) -> str:
    """Say how often."""
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
        return f"{value:.0f} days" + (" or more" if value >= GAP_DAYS else "")
    plain = {
        "fast": f"{value / 60:.0f} min",
        "speed": units.pace(value),
        "cadence": f"{signed(value)} %",
        "run_days": f"{value:.0f}",
        "shoe_new": f"{value:.0%}",
        "drop": f"{value:.1f} mm",
    }
    return plain[channel]


def change_in_words(row: Mapping[str, Any], units: Units, before_days: int) -> list[str]:
    """Say of one channel how far it changed, how unusual that was, since when, and how often without a flare.

    What came before a flare says little until it is known how often it came without one.
    """
    channel = row["channel"]
    low, high = (amount(channel, row[name], units) for name in ("usual_low", "usual_high"))
    spread = f" ({_range(low, high)})" if row["usual_low"] is not None and low != high else ""
    named = {"name": CHANNEL_NAMES[channel], "value": amount(channel, row["value"], units)}
    usual = amount(channel, row["usual"], units)
    told = CHANGED.format(**named, day=text.day_in_words(row["date"]), usual=usual, spread=spread)
    place = (FURTHEST if row["rank"] == 1 else RANKED).format(weeks=row["of_weeks"], rank=row["rank"])
    since = SINCE.format(day=text.day_in_words(row["since"])) if row["since"] else ""
    return [told, f"{place} {since}".strip(), count_in_words(row, before_days)]


def signed(value: float) -> str:
    """Write a change with its sign."""
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}".replace("-", "−")


def _range(low: str, high: str) -> str:
    """Two amounts, their unit said once."""
    first, _, unit = low.rpartition(" ")
    return f"{first if first and high.endswith(' ' + unit) else low} to {high}"


def count_in_words(row: Mapping[str, Any], before_days: int) -> str:
    """Say how often the same change came with a flare after it, and how often without."""
    came, without, untold = row["with_flare"], row["without_flare"], row["not_told"]
    return COUNTED.format(
        total=times(came + without + untold),
        days=before_days,
        came=came,
        without=without,
        untold=NOT_TOLD.format(count=untold) if untold else "",
    )


DRIVER_NAMES = {
    "volume": "Volume",
    "speed": "Speed",
    "hills": "Hills",
    "climb": "Climb",
    "descent": "Descent",
    "cadence": "Cadence",
    "shoe": "Shoe or treadmill",
}
SHORT_DRIVERS = {
    "volume": "volume",
    "speed": "speed",
    "hills": "hills",
    "cadence": "cadence",
    "shoe": "shoe",
}
LENSES = {"A": "Lens A", "B": "Lens B", "C": "Lens C"}
LENSES_EXPLAINED = (
    "Lens A counts km and bounds each multiplier; lens B counts steps weighted by force, and is the one shown "
    "everywhere; lens C takes the exponent of the laboratory. A statement is called robust where lens A and lens B "
    "agree at your own setting."
)
FLARE_KINDS = {
    "easy": "Easy",
    "long": "Long",
    "fast": "Fast",
    "hilly": "Hilly",
    "new_shoe": "New shoe",
    "rehab": "Exercises, no run",
    "rest": "No run",
}


RULE_NAMES = {
    "score_up": "a score at least {flare_pain_rise:g} above your usual on two of three days",
    "score_high": "a score above {flare_pain_high:g} of 10",
    "stiffness_up": (
        "morning stiffness at least {flare_stiffness_rise_min:g} min and {share:.0%} above your usual on two of "
        "three days"
    ),
    "by_person": "named by a person; the rule did not find it",
}
ONSET_BY = "Found by: {rules}."
ONGOING = "Its end was not seen in the entries up to {day}."
HIGHEST = "Highest logged in it: {parts}."
FELT = {
    "morning_stiffness_0_10": "stiffness {value:g} of 10",
    "morning_stiffness_min": "stiffness for {value}",
    "morning_pain_0_10": "pain in the morning {value:g}",
    "pain_start_0_10": "pain at the start of a run {value:g}",
    "pain_during_0_10": "pain during a run {value:g}",
    "pain_after_0_10": "pain after a run {value:g}",
}

CAME_ROBUST = (
    "In the {days} days before, the estimated load outpaced what you were used to, at most ×{value:.2f}. "
    "That holds under both ways to count load."
)
CAME_ASSUMED = (
    "In the {days} days before, the estimated load outpaced what you were used to, at most ×{value:.2f}; "
    "whether it did depends on model assumptions."
)
CALM_ROBUST = (
    "In the {days} days before, the estimated load did not outpace what you were used to (at most ×{value:.2f}), "
    "under both ways to count load."
)
CALM_ASSUMED = (
    "In the {days} days before, the estimated load did not outpace what you were used to (at most ×{value:.2f}), "
    "but another way to count says it did."
)
BEFORE_UNKNOWN = (
    "Whether load outpaced habit in the {days} days before is not known: too few of them have a known load."
)
LEADING = "The largest driver is {name} under lens A and lens B."
LEADING_ASSUMED = "Which driver is the largest depends on model assumptions: {parts}."
LEADING_NONE = "none"

DESCENT = (
    "Descent stands apart because views differ: clinicians name downhill running as a trigger, while laboratory models "
    "see less load on the Achilles downhill. The load here follows the laboratory."
)
SPIKE_BEFORE = "A run of {distance} on {day} was ×{ratio:.2f} the longest of the 30 days before it."


def rules_in_words(rule: str, settings: ModelSettings) -> str:
    """Say by which parts of the rule a flare was found."""
    numbers = vars(settings) | {"share": settings.flare_stiffness_share}
    return ONSET_BY.format(rules="; ".join(RULE_NAMES[part].format(**numbers) for part in rule.split()))


def before_in_words(holds: bool | None, robust: bool | None, value: float | None, days: int) -> str:
    """Say whether load outpaced habit in the days before, and how sure that is.

    Robust only where lens A and lens B agree.
    """
    if holds is None or value is None:
        return BEFORE_UNKNOWN.format(days=days)
    sure, unsure = (CAME_ROBUST, CAME_ASSUMED) if holds else (CALM_ROBUST, CALM_ASSUMED)
    return (sure if robust else unsure).format(days=days, value=value)
