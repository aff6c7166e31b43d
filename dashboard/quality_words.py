"""Words around doubts about the record: buttons, and what settling them would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard import words
from dashboard.model.quality import Flag
from dashboard.quality_sentences import duration, exact_distance
from dashboard.units import Units

SPORT_BUTTONS = {"Ride": "It was a ride", "Hike": "It was a hike", "Run": "It was a run"}
KEEP, LEAVE_OUT = "Keep as it is", "Leave out"
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


def title(flag: Flag) -> str:
    """Name the session of a flag.

    Parameters
    ----------
    flag : Flag
        The doubt.

    Returns
    -------
    str
        Its name, else its sport, and its date.

    Source
    ------
    ours.
    """
    name = flag.name or words.SPORTS.get(flag.sport, flag.sport)
    return f"{name} · {words.day(flag.local_date)}"


def correction(flag: Flag, units: Units) -> str | None:
    """Say what the button of the correction does.

    Parameters
    ----------
    flag : Flag
        The doubt.
    units : Units
        What the runner reads in.

    Returns
    -------
    str or None
        Such as "Correct to 5.21 km"; None where nothing can be proposed.

    Source
    ------
    ours: the button says the value, so that nothing is a surprise.
    """
    if not flag.correction:
        return None
    field, value = flag.correction[0]
    return _BUTTONS[field](value, units)


_BUTTONS: Mapping[str, Callable[[Any, Units], str]] = {
    "distance_m": lambda value, units: f"Correct to {exact_distance(units, value)}",
    "moving_s": lambda value, units: f"Correct to {duration(value)}",
    "ascent_m": lambda value, units: f"Correct to {units.height_words(value)}",
    "sport": lambda value, units: SPORT_BUTTONS[value],
    "cadence_scale": lambda value, units: "Halve its cadence" if value < 1 else "Double its cadence",
    "cut_from_s": lambda value, units: f"Cut its first {duration(value)}",
    "cut_to_s": lambda value, units: f"Cut it after {duration(value)}",
    "uses_recording": lambda value, units: "Use its summary instead",
    "local_date": lambda value, units: f"Move to {words.day(value)}",
}


def change(tkm: float, units: Units) -> str:
    """Write a change of load.

    Parameters
    ----------
    tkm : float
        After minus before.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        Such as "+12.3 tkm".

    Source
    ------
    ours: a sign even where it is plus.
    """
    shown = units.load(tkm)
    sign = "−" if round(shown, 1) < 0 else "+" if round(shown, 1) > 0 else ""
    return f"{sign}{abs(shown):,.1f} {units.load_unit}"
