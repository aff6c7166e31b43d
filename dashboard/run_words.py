"""Names and sentences of the Runs page: runs, pairs in doubt, suggestions, and what was edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import words
from dashboard.units import Units

SURFACE_NAMES = {
    "road": "Road",
    "trail": "Trail",
    "track": "Track",
    "grass": "Grass",
    "treadmill": "Treadmill",
    "sand": "Sand",
    "mixed": "Mixed",
}
KIND_NAMES = {"race": "race", "treadmill": "treadmill", "trail": "trail", "track": "track"}
WEEKDAYS = {1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}
UNKNOWN = "not known"
YES_NO = {True: "yes", False: "no"}

# Reasons to doubt a pair: of one run, and of several.
DOUBTED = {
    "missing": ("1 run, {span}, names no pair.", "{count} runs from {span} name no pair."),
    "retired": (
        "1 run, {span}, on {shoe}, after the pair was retired.",
        "{count} runs from {span} on {shoe}, after the pair was retired.",
    ),
    "unused": (
        "1 run, {span}, on {shoe}, before the first day you gave for that pair.",
        "{count} runs from {span} on {shoe}, before the first day you gave for that pair.",
    ),
    "alone": (
        "1 run, {span}, on {shoe}, worn alone since {since}; before that you changed between pairs.",
        "{count} runs from {span} all on {shoe}, worn alone since {since}; in the 90 days before that you changed "
        "between pairs.",
    ),
    "other_kind": (
        "1 {kind} run, {span}, on {shoe}; you wear other pairs for that kind of run.",
        "{count} {kind} runs from {span} on {shoe}; you wear other pairs for that kind of run.",
    ),
}
OTHER_KIND_TOO = "{count} of them are of a kind you wear other pairs for."
BY_RULE = ("{shoe}, by your rule {rule}.", "{shoe} for {count} of them, by your rule {rule}.")
BY_HABIT = (
    "{shoe} for 1 run, by habit: its share among your most alike runs is {low:.0%}.",
    "{shoe} for {count} of them, by habit: its share among your most alike runs is {low:.0%} to {high:.0%}.",
)
LIKELY = {
    "rule": "Likely {shoe}, by your rule {rule}.",
    "habit": "Likely {shoe}: its share among your most alike runs is {share:.0%}.",
}
NO_SUGGESTION = (
    "Neither a rule nor habit is sure enough to suggest a pair.",
    "Neither a rule nor habit is sure enough to suggest a pair for {count} of them.",
)
WOULD_CHANGE = "{changed} of {count} runs would change: {parts}."
WOULD_NOT = "No run would change."

# What was edited: of one record, and of several.
EDITED = {
    "shoe_id": ("Run of {day}: shoe {value}.", "{count} runs: shoe {value}."),
    "sport": ("Run of {day}: sport {value}.", "{count} runs: sport {value}."),
    "local_date": ("A run moved to {value}.", "{count} runs moved to {value}."),
    "distance_m": ("Run of {day}: distance {value}.", "{count} runs: distance {value}."),
    "moving_s": ("Run of {day}: moving time {value}.", "{count} runs: moving time {value}."),
    "ascent_m": ("Run of {day}: climb {value}.", "{count} runs: climb {value}."),
    "descent_m": ("Run of {day}: descent {value}.", "{count} runs: descent {value}."),
    "is_indoor": ("Run of {day}: indoors, {value}.", "{count} runs: indoors, {value}."),
    "perceived_exertion_0_10": ("Run of {day}: effort {value} of 10.", "{count} runs: effort {value} of 10."),
    "incline_pct": ("Run of {day}: incline {value} %.", "{count} runs: incline {value} %."),
    "surface": ("Run of {day}: surface {value}.", "{count} runs: surface {value}."),
    "is_excluded": (
        "Run of {day}: left out of every sum, {value}.",
        "{count} runs: left out of every sum, {value}.",
    ),
    "uses_recording": ("Run of {day}: recording used, {value}.", "{count} runs: recording used, {value}."),
    "cadence_scale": (
        "Run of {day}: recorded cadence multiplied by {value}.",
        "{count} runs: recorded cadence multiplied by {value}.",
    ),
    "cut_from_s": (
        "Run of {day}: what was recorded before {value} s left out.",
        "{count} runs: what was recorded before {value} s left out.",
    ),
    "cut_to_s": (
        "Run of {day}: what was recorded after {value} s left out.",
        "{count} runs: what was recorded after {value} s left out.",
    ),
    "kept_flags": (
        "Run of {day}: looked at, and left as it is.",
        "{count} runs: looked at, and left as they are.",
    ),
    "name": ("{pair}: name {value}.", "{count} pairs: name {value}."),
    "brand": ("{pair}: brand {value}.", "{count} pairs: brand {value}."),
    "model": ("{pair}: model {value}.", "{count} pairs: model {value}."),
    "is_retired": ("{pair}: retired, {value}.", "{count} pairs: retired, {value}."),
    "kind": ("{pair}: kind {value}.", "{count} pairs: kind {value}."),
    "drop_mm": ("{pair}: drop {value} mm.", "{count} pairs: drop {value} mm."),
    "plate": ("{pair}: plate {value}.", "{count} pairs: plate {value}."),
    "first_use": ("{pair}: first worn {value}.", "{count} pairs: first worn {value}."),
    "retired_on": ("{pair}: last worn {value}.", "{count} pairs: last worn {value}."),
    "distance_before_m": (
        "{pair}: {value} before its first run here.",
        "{count} pairs: {value} before their first run.",
    ),
    "insert": ("{pair}: insert {value}.", "{count} pairs: insert {value}."),
    "heel_lift_mm": ("{pair}: heel lift {value} mm.", "{count} pairs: heel lift {value} mm."),
    "catalogue_id": (
        "{pair}: model in the catalogue chosen.",
        "{count} pairs: model in the catalogue chosen.",
    ),
    "same_as": ("{pair}: is really {value}.", "{count} pairs: are really {value}."),
}


def run_line(row: Mapping[str, Any], units: Units) -> str:
    """Name a run by its date and length.

    Parameters
    ----------
    row : mapping
        `local_date`, `distance_m`, `moving_s`, `sport`.
    units : Units
        Units to write in.

    Returns
    -------
    str
        Such as "Tue 12 May 2026 · 8.2 km · 44:10 · Trail run"; what is not known is left out.

    Source
    ------
    ours: what the runner remembers a run by.
    """
    day, metres, seconds = row["local_date"], row["distance_m"], row["moving_s"]
    parts = [f"{day:%a} {words.day(day)}"]
    parts += [units.distance_words(metres)] if metres is not None else []
    parts += [time_words(seconds)] if seconds is not None else []
    sport = str(row["sport"])
    parts += [words.SPORTS.get(sport, sport)] if sport != "Run" else []
    return " · ".join(parts)


def time_words(seconds: float | None) -> str:
    """Write a duration.

    Parameters
    ----------
    seconds : float or None
        s; None is not known.

    Returns
    -------
    str
        Such as "44:10" or "1:05:00"; "not known" for None.

    Source
    ------
    ours: as watches write it.
    """
    if seconds is None:
        return UNKNOWN
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def shoe_labels(names: Mapping[str, str]) -> dict[str, str]:
    """Give each pair a name of its own, for lists to choose from.

    Parameters
    ----------
    names : mapping of str to str
        Name of each pair by its id.

    Returns
    -------
    dict of str to str
        By id; the second of two pairs of one name ends in "(2)".

    Source
    ------
    ours: two pairs of one model are two pairs.
    """
    seen: dict[str, int] = {}
    labels = {}
    for shoe_id, text in names.items():
        name = text.strip() or words.SHOE_NAMELESS
        seen[name] = seen.get(name, 0) + 1
        labels[shoe_id] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return labels
