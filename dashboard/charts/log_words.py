"""The log in words: what an entry says, what a morning follows, which run is meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard import day_words, words
from dashboard.model.driver_words import listed
from dashboard.model.followed import Followed
from dashboard.units import Units

_SCORES = {
    "morning_stiffness_0_10": "stiffness {:g} of 10",
    "morning_stiffness_min": "stiff for {:g} min",
    "morning_pain_0_10": "pain in the morning {:g}",
    "pain_start_0_10": "at the start of the run {:g}",
    "pain_during_0_10": "during the run {:g}",
    "pain_after_0_10": "after the run {:g}",
}
_MORNING = tuple(_SCORES)[:3]
_WARMED_UP = {True: "which warmed up", False: "which did not warm up"}
NOTHING_FELT = "no stiffness and no pain"
NOTHING_ASKED = "no pain or stiffness in what was asked"
NOTE_ONLY = "a note only"
SAME = "same as the day before"
RAN = "It follows the run of {day}: {distance}."
RAN_SEVERAL = "It follows {count} runs of {day}: {distance}."
TRAINED = "It follows the exercises of {day}: {exercises}."
RAN_AND_TRAINED = "It follows the run of {day}, {distance}, and exercises: {exercises}."
RAN_SEVERAL_AND_TRAINED = "It follows {count} runs of {day}, {distance}, and exercises: {exercises}."
NOTHING_BEFORE = "No run and no exercise is on record for {day}."


def entry(row: Mapping[str, Any]) -> str:
    """Say what one entry says.

    Parameters
    ----------
    row : mapping
        A row of SYMPTOM.

    Returns
    -------
    str
        Parts of a sentence, such as "stiffness 3 of 10, stiff for 5 to 15 min (left)".

    Source
    ------
    ours: a band of minutes is said as the band; nothing is said of what was not asked.
    """
    told = [text.format(row[name]) for name, text in _SCORES.items() if row[name] is not None]
    band = row["morning_stiffness_band"]
    if band is not None:
        minutes = _SCORES["morning_stiffness_min"].format(row["morning_stiffness_min"])
        told[told.index(minutes)] = f"stiff for {day_words.BANDS[band]}"
    if row["pain_start_0_10"] and row["warmed_up"] is not None:
        told.append(_WARMED_UP[row["warmed_up"]])
    known = [row[name] for name in _SCORES if row[name] is not None]
    if known and not any(known):
        whole = all(row[name] is not None for name in _MORNING)
        told = [NOTHING_FELT if whole else NOTHING_ASKED]
    if row["is_same_as_before"]:
        told.append(SAME)
    side = f" ({row['side']})" if row["side"] else ""
    return (", ".join(told) or NOTE_ONLY) + side


def follows(before: Followed, units: Units) -> str:
    """Say which runs and exercises a morning follows.

    Parameters
    ----------
    before : Followed
        The day before.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours: order in time, no more.
    """
    named = {
        "day": weekday(before.date),
        "count": before.runs,
        "distance": units.distance_words(before.distance_m),
        "exercises": listed([name.replace("_", " ") for name in before.exercises]),
    }
    if not before.runs:
        return (TRAINED if before.exercises else NOTHING_BEFORE).format(**named)
    if before.exercises:
        return (RAN_AND_TRAINED if before.runs == 1 else RAN_SEVERAL_AND_TRAINED).format(**named)
    return (RAN if before.runs == 1 else RAN_SEVERAL).format(**named)


def run_label(row: Mapping[str, Any], units: Units) -> str:
    """Name a run without its title, which may hold a place.

    Parameters
    ----------
    row : mapping
        A row of ACTIVITY.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        Such as "Tuesday, 8.2 km".

    Source
    ------
    ours: phones are read over a shoulder.
    """
    return f"{row['local_date']:%A}, {units.distance_words(row['distance_m'])}"


def weekday(day: date) -> str:
    """Write a date with its weekday.

    Parameters
    ----------
    day : date
        Local date.

    Returns
    -------
    str
        Such as "Tuesday 24 Nov".

    Source
    ------
    ours.
    """
    return f"{day:%A} {words.day(day, False)}"
