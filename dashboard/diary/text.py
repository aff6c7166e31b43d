"""Events in words: one by one, and those of some dates in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard.model.attribution import list_drivers
from dashboard.model.next_morning import FollowedBy
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units

# Asked on the Log page, and shown at the end of a consult as a phone will ask it.
HOW_STIFF = "How stiff is your heel {when}? 0 none, 10 worst."
HOW_LONG = "How many minutes until it eased?"
THIS_MORNING = "this morning"
NONE_TODAY, SAME_AS_YESTERDAY = "None today", "Same as yesterday"
NONE_THAT_DAY, SAME_AS_DAY_BEFORE = "None that day", "Same as the day before"
OPTIONAL = "Optional, saved as you tap"
STRIP = "The last 14 days: tap an open one to fill it in"
LOGGED, OPEN = "● logged", "○ open"
WHICH_RUN, NOT_ON_RECORD = "Which run", "Today, not on record yet"
ONCE_ON_RECORD = "How hard it was, and the pair, can be said once the run has come in."
SKIP = "Skip what you like. The next morning's entry says which run it follows."
FROM_PHONE = "From a phone"
TAPPED = "Tapped {tapped}, arrived {received}"
REPLACED = "{after}  \nIn place of: {before}"
FROM_PHONE_ABOUT = (
    "What was tapped on a phone in the last 14 days. An answer that is taken back leaves all others "
    "as they are."
)
NOTHING_LEFT = "nothing"
NOT_A_TAP = "This was not an answer of the log, so it was not stored. The other answers were."
CLOCKS_APART = "The clock of this phone, or the day this was tapped, is far from now. Store it for {day}?"
OTHER_DATE = (
    "An answer for {day} comes too late, or too early, to be stored from a phone. Write it on the Log page."
)
NO_SUCH_RUN = "That run is not among the last week's runs on record, so nothing was stored of it."
NO_SUCH_PAIR = "That pair is not on record, so it was not stored."
NO_SETS = "Those sets have an amount that no exercise has. They were not stored; correct them and save again."
BUSY = "The record is being written by something else. The answers stay on the phone and are sent again."
NO_QUESTION = "The log asks nothing called {field}. That answer was not stored."
NO_ANSWER = "That is no answer to “{question}”. It was not stored; the other answers were."


def events_in_view(events: pl.DataFrame | None, start: date, end: date) -> list[dict[str, Any]]:
    """Return the events that reach into some dates, oldest first."""
    if events is None:
        return []
    last = pl.col("end_date").fill_null(pl.col("date"))
    return (
        events.filter((pl.col("date") <= end) & (last >= start)).sort("date", "kind", "source_id").to_dicts()
    )


MOST = 12
EVENTS = "Events: {told}."
EVENTS_CUT = "Events: {told}, and {more} earlier."


def event_in_words(row: Mapping[str, Any], with_note: bool = True) -> str:
    """Describe what one event was."""
    kind = shared_text.EVENT_KINDS[row["kind"]]
    return f"{kind}: {row['note']}" if row["note"] and with_note else kind


def event_dates(row: Mapping[str, Any]) -> str:
    """Write when an event was."""
    return shared_text.span_in_words(row["date"], row["end_date"] or row["date"])


def events_in_words(events: pl.DataFrame, start: date, end: date) -> str | None:
    """List the events of some dates.

    Hover is never the only way to a value.
    """
    rows = events_in_view(events, start, end)
    listed = "; ".join(f"{event_in_words(row)} ({event_dates(row)})" for row in rows[-MOST:])
    if not rows:
        return None
    more = len(rows) - MOST
    return EVENTS_CUT.format(told=listed, more=more) if more > 0 else EVENTS.format(told=listed)


def event_notes(events: pl.DataFrame, first: date, last: date) -> list[tuple[date, str]]:
    """Return the events of some dates as notes."""
    return [(row["date"], event_in_words(row)) for row in events_in_view(events, first, last)]


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
NOTHING_ASKED = "no pain and no stiffness where it was asked"
NOTE_ONLY = "a note only"
SAME = "same as the day before"
RAN = "The day after the run of {day}: {distance}."
RAN_SEVERAL = "The day after {count} runs of {day}: {distance}."
TRAINED = "The day after the exercises of {day}: {exercises}."
RAN_AND_TRAINED = "The day after the run of {day}, {distance}, and exercises: {exercises}."
RAN_SEVERAL_AND_TRAINED = "The day after {count} runs of {day}, {distance}, and exercises: {exercises}."
NOTHING_BEFORE = "No run and no exercise is on record for {day}."


def entry_in_words(row: Mapping[str, Any]) -> str:
    """Describe what one entry says.

    A band of minutes is said as the band; nothing is said of what was not asked.
    """
    parts = [text.format(row[name]) for name, text in _SCORES.items() if row[name] is not None]
    band = row["morning_stiffness_band"]
    if band is not None:
        minutes = _SCORES["morning_stiffness_min"].format(row["morning_stiffness_min"])
        parts[parts.index(minutes)] = f"stiff for {shared_text.BANDS[band]}"
    if row["pain_start_0_10"] and row["warmed_up"] is not None:
        parts.append(_WARMED_UP[row["warmed_up"]])
    known = [row[name] for name in _SCORES if row[name] is not None]
    if known and not any(known):
        is_complete = all(row[name] is not None for name in _MORNING)
        parts = [NOTHING_FELT if is_complete else NOTHING_ASKED]
    if row["is_same_as_before"]:
        parts.append(SAME)
    side = f" ({row['side']})" if row["side"] else ""
    return (", ".join(parts) or NOTE_ONLY) + side


def follows_in_words(before: FollowedBy, units: Units) -> str:
    """Describe which runs and exercises a morning follows.

    Order in time, no more.
    """
    values = {
        "day": weekday(before.date),
        "count": before.runs,
        "distance": units.distance_words(before.distance_m),
        "exercises": list_drivers([name.replace("_", " ") for name in before.exercises]),
    }
    if not before.runs:
        return (TRAINED if before.exercises else NOTHING_BEFORE).format(**values)
    if before.exercises:
        return (RAN_AND_TRAINED if before.runs == 1 else RAN_SEVERAL_AND_TRAINED).format(**values)
    return (RAN if before.runs == 1 else RAN_SEVERAL).format(**values)


def run_label(row: Mapping[str, Any], units: Units) -> str:
    """Name a run without its title, which may hold a place.

    Phones are read over a shoulder.
    """
    return f"{row['local_date']:%A}, {units.distance_words(row['distance_m'])}"


def weekday(day: date) -> str:
    """Write a date with its weekday."""
    return f"{day:%A} {shared_text.day_in_words(day, False)}"
