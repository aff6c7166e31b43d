"""Words on exercises, sets and programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from dashboard import words
from dashboard.model.exercises import PARTS, PEAK_SOURCE, exercise
from dashboard.model.programmes import CERTAINTY, certainty, template
from dashboard.units import Units

KINDS = {
    "isometric": "Isometric",
    "slow_heavy": "Slow and heavy",
    "eccentric": "Eccentric",
    "plyometric": "Plyometric",
    "other": "Other",
}
SIDES = {"left": "Left", "right": "Right", "both": "Both"}
KNEES = {"straight": "Straight", "bent": "Bent"}
DECIDERS = {"runner": "Runner", "therapist": "Physical therapist"}

PEAK_KNOWN = "Highest tendon force of one repetition in the literature: {peak:g} × body weight. {source}."
PEAK_UNKNOWN = "What the literature says of its tendon load is not known here."
OWN = "An exercise of your own: choose how it is done, so that it can be counted."
LAST = "Last time, {day}: {sets}."
NEVER = "No earlier day with it is on record."
NOTHING_ON = "Nothing is logged for {day}."
APART = (
    "Sets stand beside running and are never added to its load: no study turns an exercise into kilometres."
)
NONE_HERE = "no set logged in these dates"
UNLOGGED = "session, sets unknown"
SESSION_NAMES = {
    "PhysicalTherapy": "physical therapy",
    "WeightTraining": "weight training",
    "Workout": "workout",
}
NO_PROGRAMME = "No programme is under way. Log without one, or start from one below."
OWN_PROGRAMME = "A programme of your own."
EDITED = "Edited since: those numbers are yours or your physical therapist's."
WEEK = "Week {week} of {weeks}, from {span}."
BEFORE = "It begins on {day}."
OVER = "Its last week ended on {day}."
DAYS_AND_SETS = (
    "Logged so far: {days} of {planned_days} planned days and {sets} of {planned_sets} planned sets."
)
SETS_ALONE = "Logged so far: {sets} on {days}; how many was not planned."
DECIDES = "Numbers are a place to start. Your physical therapist decides, and every number can be edited."


def sets_in_words(rows: Sequence[Mapping[str, Any]], units: Units) -> str:
    """Write sets of one exercise and day, like ones together.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of STRENGTH in their order.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        Such as "3 × 12, 20 kg, left, tempo 3-0-3".

    Source
    ------
    ours: sets × repetitions × weight, as gyms write it.
    """
    return "; ".join(
        _alike(len(list(alike)), told) for told, alike in groupby(rows, lambda row: _told(row, units))
    )


def _told(row: Mapping[str, Any], units: Units) -> tuple[str | None, ...]:
    hold, load = row["hold_s"], row["load_kg"]
    side = SIDES.get(row["side"] or "")
    return (
        None if row["repetitions"] is None else f"{row['repetitions']}",
        None if hold is None else f"{hold:g} s",
        None if load is None else units.weight_words(load),
        side.lower() if side else None,
        f"tempo {row['tempo']}" if row["tempo"] else None,
        None if row["pain_0_10"] is None else f"pain {row['pain_0_10']:g}",
    )


def _alike(count: int, told: tuple[str | None, ...]) -> str:
    repetitions, hold, *rest = told
    work = f"{count} × {repetitions}" if repetitions else f"{count} sets" if count > 1 else "1 set"
    work = f"{work} × {hold}" if hold else work
    return ", ".join([work, *filter(None, rest)])


def unlogged_in_words(sport: str, time_s: float | None) -> str:
    """Name a session without sets, with its length where it is known."""
    length = "" if time_s is None else f", {time_s / 60:.0f} min"
    return f"{SESSION_NAMES.get(sport, sport.lower())}{length}, sets not logged"


def about(name: str) -> str:
    """Say what is known of an exercise.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    str
        Whole sentences: part of the body, kind and knee, and the tendon load the literature gives, if any.

    Source
    ------
    The catalogue in `dashboard.model.exercises`.
    """
    one = exercise(name)
    if one is None:
        return OWN
    kind = f", {KINDS[one.kind].lower()}" if one.kind and one.kind != "other" else ""
    knee = f", knee {one.knee}" if one.knee else ""
    head = f"{PARTS[one.part]}{kind}{knee}."
    if one.part != "calf":
        return head
    known = PEAK_UNKNOWN if one.peak_bw is None else PEAK_KNOWN.format(peak=one.peak_bw, source=PEAK_SOURCE)
    return f"{head} {known}"


def programme_about(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say where a programme is from and how sure its numbers are.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of PROGRAMME of one programme.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    The templates in `dashboard.model.programmes`.
    """
    known = template(rows[0]["programme"])
    if known is None:
        return [OWN_PROGRAMME]
    edited = any(certainty(row) is None for row in rows) or len(rows) != len(known.steps)
    return [known.about, f"Source: {known.source}.", *([EDITED] if edited else [])]


def certainty_in_words(row: Mapping[str, Any]) -> str:
    """Say how sure the numbers of one row are.

    Parameters
    ----------
    row : mapping
        A row of PROGRAMME.

    Returns
    -------
    str
        From CERTAINTY, or who set it.

    Source
    ------
    ours.
    """
    sure = certainty(row)
    return CERTAINTY[sure] if sure else f"set by: {DECIDERS[row['decided_by']].lower()}"


def day_lines(
    rows: Sequence[Mapping[str, Any]], units: Units
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Part the sets of one day by exercise.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of STRENGTH of one date.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of (exercise, words, rows)
        In the order of the rows.

    Source
    ------
    ours.
    """
    parted: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parted.setdefault(row["exercise"], []).append(row)
    return [(name, sets_in_words(sets, units), sets) for name, sets in parted.items()]


def last_in_words(rows: Sequence[Mapping[str, Any]], units: Units) -> str:
    """Say what was done the last time.

    Parameters
    ----------
    rows : sequence of mapping
        From `dashboard.strength.last_time`.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours.
    """
    if not rows:
        return NEVER
    return LAST.format(day=words.day(rows[0]["date"]), sets=sets_in_words(rows, units))
