"""Doubts about the record in words: the title of each kind, and what is odd with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.runs.quality.checks import QualityFlag
from dashboard.runs.quality.facts import JUMP_MPS
from dashboard.shared import text
from dashboard.shared.units import Units

KIND_SENTENCES = {
    "future": "Dates still to come",
    "pace": "Impossible pace",
    "distance": "Impossible distance",
    "duration": "Time and distance do not fit",
    "ride": "Perhaps a ride",
    "overlap": "Two runs at the same time",
    "hike": "Perhaps a walk or a hike",
    "run_elsewhere": "Perhaps a run",
    "cadence_double": "Doubled cadence",
    "cadence_half": "Halved cadence",
    "gps_jump": "GPS jumps",
    "altitude_step": "Altitude in steps",
    "ascent_steep": "Impossible climb",
    "ascent_differs": "Two figures for the climb",
    "moving": "Pauses counted as moving",
    "no_distance": "No distance",
    "wrong_day": "Perhaps another day",
    "night_start": "A start in the night",
    "watch": "Watch and service differ",
    "elapsed": "The clock was left running",
    "frozen_heart": "Frozen heart rate",
}
"""Title of each kind, in the model's order."""


def duration_in_words(seconds: float | None) -> str:
    """Write a length of time.

    No finer than a doubt needs.
    """
    if seconds is None:
        return text.NOT_KNOWN
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 2880:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


@dataclass(frozen=True)
class _FlagSentence:
    """The numbers of one flag, ready to be written."""

    flag: QualityFlag
    units: Units

    @property
    def value(self) -> float:
        return self.flag.value or 0.0

    @property
    def limit(self) -> float:
        return self.flag.limit or 0.0


def _steps(one: _FlagSentence) -> str:
    return (
        f" at {one.limit:.0f} steps/min" if one.flag.limit is not None else " and no step rate was recorded"
    )


def exact_distance(units: Units, metres: float) -> str:
    """Write a distance so that a few per cent show."""
    return f"{units.distance(metres):,.2f} {units.distance_unit}"


SENTENCES: Mapping[str, Callable[[_FlagSentence], str]] = {
    "future": lambda one: (
        f"It bears the date {text.day_in_words(one.flag.local_date)}, which is still to come."
    ),
    "pace": lambda one: (
        f"Its mean pace is {one.units.pace(one.value)}; the fastest man over such a distance ran "
        f"{one.units.pace(one.limit)}."
    ),
    "distance": lambda one: (
        f"It is {one.units.distance_words(one.value)} long; the most ever run in a day is "
        f"{one.units.distance_words(one.limit)}."
    ),
    "duration": lambda one: (
        f"Its moving time is {duration_in_words(one.flag.value)}, which does not fit its distance."
    ),
    "ride": lambda one: (
        f"Its mean pace is {one.units.pace(one.value)}, your usual one {one.units.pace(one.limit)}, and no running "
        "step rate was recorded."
    ),
    "overlap": lambda one: (
        f"It overlaps with another run for {duration_in_words(one.flag.value)}, and both are counted."
    ),
    "hike": lambda one: f"Its mean pace is {one.units.pace(one.value)}{_steps(one)}.",
    "run_elsewhere": lambda one: (
        f"It is logged as {one.flag.sport}, yet its mean pace is {one.units.pace(one.value)}{_steps(one)}."
    ),
    "cadence_double": lambda one: (
        f"Its mean cadence is {one.value:.0f} steps/min; nobody keeps more than {one.limit:.0f}."
    ),
    "cadence_half": lambda one: (
        f"Its mean cadence is {one.value:.0f} steps/min at running speed, perhaps the steps of one foot."
    ),
    "gps_jump": lambda one: (
        f"For {one.value:.0f} s the recording moves faster than {JUMP_MPS:g} m/s, at most {one.limit:.0f} m/s."
    ),
    "altitude_step": lambda one: (
        f"Altitude jumps by up to {one.units.height_words(one.value)} from one second to the next; seconds with "
        f"such a jump: {one.limit:.0f}."
    ),
    "ascent_steep": lambda one: (
        f"It climbs {one.units.height_words(one.value)}, that is {one.limit:,.0f} m in each km, more than the steepest "
        "races."
    ),
    "ascent_differs": lambda one: (
        f"The device says {one.units.height_words(one.value)} of climb, its own altitudes add up to "
        f"{one.units.height_words(one.limit)}."
    ),
    "moving": lambda one: (
        f"Its moving time is {duration_in_words(one.flag.value)}; on the move it was recorded for {duration_in_words(one.flag.limit)}."
    ),
    "no_distance": lambda one: (
        f"It lasted {duration_in_words(one.flag.value)} and has no distance, so its load rests on your easy speed."
    ),
    "wrong_day": lambda one: "By the time zone it was recorded in, it started on another date.",
    "night_start": lambda one: (
        f"It has no time zone of its own, and by your usual one it started at {int(one.value):d}:"
        f"{one.value % 1 * 60:02.0f} in the night. If many do, set your time zone in the settings."
    ),
    "watch": lambda one: (
        f"The recording is {exact_distance(one.units, one.value)} long, the service says "
        f"{exact_distance(one.units, one.limit)}, which is the one counted."
    ),
    "elapsed": lambda one: (
        f"From start to end {duration_in_words(one.flag.value)} went by, of which {duration_in_words(one.flag.limit)} count as moving."
    ),
    "frozen_heart": lambda one: (
        f"For {duration_in_words(one.flag.value)} heart rate did not move by a single beat. Load does not rest on it."
    ),
}
"""What is odd, by kind."""


def flag_in_words(flag: QualityFlag, units: Units) -> str:
    """Say what is odd, with the numbers.

    The numbers let the reader judge.
    """
    return SENTENCES[flag.kind](_FlagSentence(flag, units))


SPORT_BUTTONS = {"Ride": "It was a ride", "Hike": "It was a hike", "Run": "It was a run"}
KEEP_BUTTON, LEAVE_OUT = "Keep as it is", "Leave out"
CORRECT_ALL = "Correct {count}"
LEFT_OUT_MEANS = (
    "What is left out is in no sum and no load, stays in the store, and is drawn crossed on the Timeline. A day with "
    "nothing else counts as a day without a run."
)
NOTHING = "Nothing in the record looks odd."
EFFECT = (
    "If all {count} were settled as proposed, the estimated load of the whole record would change by {total}, and "
    "that of its last 28 days by {recent}."
)
EFFECT_ONE = (
    "If this one were settled as proposed, the estimated load of the whole record would change by {total}, and that "
    "of its last 28 days by {recent}."
)
EFFECT_NONE = "Settling these would not change the estimated load."
EFFECT_RUN = "Settled as proposed, the load of this session changes by {change}."


def flag_title(flag: QualityFlag) -> str:
    """Name the session of a flag."""
    name = flag.name or text.SPORTS.get(flag.sport, flag.sport)
    return f"{name} · {text.day_in_words(flag.local_date)}"


def correction(flag: QualityFlag, units: Units) -> str | None:
    """Say what the button of the correction does.

    The button says the value, so that nothing is a surprise.
    """
    if not flag.correction:
        return None
    field, value = flag.correction[0]
    return _BUTTONS[field](value, units)


_BUTTONS: Mapping[str, Callable[[Any, Units], str]] = {
    "distance_m": lambda value, units: f"Correct to {exact_distance(units, value)}",
    "moving_s": lambda value, units: f"Correct to {duration_in_words(value)}",
    "ascent_m": lambda value, units: f"Correct to {units.height_words(value)}",
    "sport": lambda value, units: SPORT_BUTTONS[value],
    "cadence_scale": lambda value, units: "Halve its cadence" if value < 1 else "Double its cadence",
    "uses_recording": lambda value, units: "Use its summary instead",
    "local_date": lambda value, units: f"Move to {text.day_in_words(value)}",
}


def correction_in_words(tkm: float, units: Units) -> str:
    """Write a change of load.

    A sign even where it is plus.
    """
    shown = units.load(tkm)
    sign = "−" if round(shown, 1) < 0 else "+" if round(shown, 1) > 0 else ""
    return f"{sign}{abs(shown):,.1f} {units.load_unit}"
