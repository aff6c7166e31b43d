"""Doubts about the record in words: what is odd, what each button does, and what it is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.runs.quality.checks import find_check
from dashboard.runs.quality.quality_check import FlagNumbers, QualityFlag, exact_distance
from dashboard.shared import text
from dashboard.shared.units import Units


def flag_in_words(flag: QualityFlag, units: Units) -> str:
    """Describe what is odd, with the numbers that let the reader judge."""
    return find_check(flag.kind).sentence(FlagNumbers(flag, units))


SPORT_BUTTONS = {"Ride": "It was a ride", "Hike": "It was a hike", "Run": "It was a run"}
KEEP_BUTTON, LEAVE_OUT = "Keep as it is", "Leave out"
CORRECT_ALL = "Correct {count}"
LEFT_OUT_MEANS = (
    "What is left out is in no sum and no load, stays in the store, and is drawn crossed on the Timeline. A day with "
    "nothing else counts as a day without a run."
)
NOTHING = "Nothing in the record looks odd."
EFFECT = (
    "If all {count} were corrected as proposed, the estimated load of the whole record would change by {total}, and "
    "that of its last 28 days by {recent}."
)
EFFECT_ONE = (
    "If this one were corrected as proposed, the estimated load of the whole record would change by {total}, and that "
    "of its last 28 days by {recent}."
)
EFFECT_NONE = "Correcting these would not change the estimated load."
EFFECT_RUN = "Corrected as proposed, the load of this session changes by {change}."


def doubted(flags: Sequence[QualityFlag]) -> str | None:
    """List the kinds of doubt that are open, for a page that does not settle them."""
    if not flags:
        return None
    counts = Counter(flag.kind for flag in sorted(flags, key=lambda one: one.severity))
    titles = {kind: find_check(kind).title for kind in counts}
    kinds = ", ".join(f"{title[0].lower()}{title[1:]} ({counts[kind]:,})" for kind, title in titles.items())
    return f"**Doubted in the record:** {kinds}. The Runs page shows each, with a button that corrects it."


def flag_title(flag: QualityFlag) -> str:
    """Return name and date of the session of a flag."""
    name = flag.name or text.SPORTS.get(flag.sport, flag.sport)
    return f"{name} · {text.day_in_words(flag.local_date)}"


def correction(flag: QualityFlag, units: Units) -> str | None:
    """Return the label of the button that corrects: it has the value, so that nothing is a surprise."""
    if not flag.correction:
        return None
    field, value = flag.correction[0]
    return _BUTTONS[field](value, units)


_BUTTONS: Mapping[str, Callable[[Any, Units], str]] = {
    "distance_m": lambda value, units: f"Correct to {exact_distance(units, value)}",
    "moving_s": lambda value, units: f"Correct to {text.rough_duration_words(value)}",
    "ascent_m": lambda value, units: f"Correct to {units.height_words(value)}",
    "sport": lambda value, units: SPORT_BUTTONS[value],
    "cadence_scale": lambda value, units: "Halve its cadence" if value < 1 else "Double its cadence",
    "cut_from_s": lambda value, units: f"Cut its first {text.rough_duration_words(value)}",
    "cut_to_s": lambda value, units: f"Cut it after {text.rough_duration_words(value)}",
    "uses_recording": lambda value, units: "Use its summary instead",
    "local_date": lambda value, units: f"Move to {text.day_in_words(value)}",
}


def correction_in_words(tkm: float, units: Units) -> str:
    """Write a change of load.

    A sign even where it is plus.
    """
    shown = units.load(tkm)
    sign = "−" if round(shown, 1) < 0 else "+" if round(shown, 1) > 0 else ""
    return f"{sign}{abs(shown):,.1f} {units.load_unit_words}"
