"""Names and sentences of the runner's day: bands of minutes, events, signs that need a doctor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from connectors.plural import count
from connectors.store import MADE_UP as MARKED
from connectors.store.labels import initial_letters
from dashboard.shared.units import Units

LONGEST_MIN = 1_440  # a day: the open end of the longest band
BANDS = {
    "0": "0 min",
    "<5": "under 5 min",
    "5-15": "5 to 15 min",
    "15-30": "15 to 30 min",
    ">30": "over 30 min",
}
EVENT_KINDS = {
    "race": "Race",
    "illness": "Illness",
    "travel": "Travel",
    "job": "New job",
    "injection": "Injection",
    "physio": "Physio visit",
    "new_shoe": "New shoe",
    "other": "Other",
}
WARNING_SIGN = "warning_sign"
"""Bookmark: local date on which one of these was last answered yes; which one is not kept."""
SIGNS, ASK_SIGNS = "Signs for a doctor", "Do you have any of these now?"
SIGNS_NOW = (
    "A sudden pop or kick",
    "I cannot push off or rise on my toes",
    "My calf is swollen and warm, or I am short of breath",
    "Fever, or a hot tendon",
)
SIGNS_SOON = (
    "Both sides, stiff for over half an hour, with psoriasis, back pain or sore eyes",
    "An antibiotic ending in -floxacin lately",
)
SEEK_CARE_NOW = (
    "Please seek medical care now; if you are short of breath, call the emergency number. "
    "Which sign you tick is not kept, only that there was one today."
)
SEEK_CARE_SOON = (
    "Please show this to a doctor soon. Which sign you tick is not kept, only that there was one today."
)


def minutes_in_words(least: float, most: float) -> str:
    """Write how long stiffness lasted, as precisely as it was said.

    The ends of a band are known, its middle is nobody's word.
    """
    if least == most:
        return f"{most:.0f} min"
    if most >= LONGEST_MIN:
        return f"over {least:.0f} min"
    return f"{least:.0f} to {most:.0f} min" if least else f"under {most:.0f} min"


DECIDER_NAMES = {"runner": "Runner", "therapist": "Physical therapist"}
SIDE_NAMES = {"left": "Left", "right": "Right", "both": "Both"}
SITE_NAMES = {"midportion": "Mid-tendon", "insertion": "At the heel", "other": "Elsewhere"}
KNEE_NAMES = {"straight": "Straight", "bent": "Bent"}


FilledSentence = str

_MARKUP = re.compile(r"([\\`*_\[\]<>~$&]|^[#+-])")
_JOINTS = re.compile(r"(?<=:)(?=[A-Za-z/+])|(?<=www)(?=\.)|(?=@)|(?<=[-<>~])(?=[-=>])")
_NUMBERED = re.compile(r"^(\d+)([.)])")

# Why a lane is empty.
NOTHING_LOGGED = "nothing logged in these dates"
NEVER_LOGGED = "nothing logged yet: the Log page takes ten seconds"
NO_SPEED = "no run here has samples of speed"
NO_ALTITUDE = "no run here has altitude"
NO_CADENCE = "no run here has cadence"
NO_RUNS = "no runs in these dates"
NOT_KNOWN = "not known"
LOAD_ESTIMATED = "Load, partly estimated"
THIN_LINE = "thin, in a band: estimated"
HATCHED = "hatched: not known"
CROSSED = "crossed: left out"
LEFT_OUT = "Left out"
OTHER_SPORTS = "others"
NO_OTHER_SPORT = "no other sport in these dates"
NOT_IN_LOAD = "not in tendon load"
SHOE_UNKNOWN = "not known"
SHOE_OTHER = "other pairs"
SHOE_NAMELESS = "unnamed pair"

ROBUST = "both estimates agree"
NOT_ROBUST = "the two estimates disagree"
USUAL_BAND = (
    "The grey band behind a lane is your own usual: from the 10th to the 90th percentile of the eight weeks before. "
    "A thick "
    "stretch, named in words, went far beyond it."
)
FIRST_RUN = "first run for {days} days"
FIRST_RUN_SENTENCE = (
    "First run for {days} days: there is no run in the 30 days before to compare its length with."
)
TIMELINE_ALT = (
    "Timeline from {span}, on one clock: {lanes}. The sentences above and the table below say the same."
)

# The terms that a sentence cannot do without: how each is called, and what it means.
GLOSSARY = {
    "easy_km": (
        "Easy {far}",
        "The load of one {far} of your own easy, flat running in a conventional shoe ({unit} on axes and in tables). "
        "Fast or hilly running, or a lower shoe, counts for more. Estimated: no force is measured.",
    ),
    "used_to": (
        "What you are used to",
        "The weekly load of about your last six weeks, the newest counting most. It lags: after a rise it is still "
        "low, after a fall still high.",
    ),
    "usual": (
        "Your usual",
        "Your own eight weeks before: their middle, or the band from the 10th to the 90th percentile.",
    ),
    "step_up": (
        "Step-up",
        "One part of training, such as fast minutes or a new pair, far beyond your own eight weeks before. It "
        "describes what changed and is no limit.",
    ),
    "flare": (
        "Flare",
        "Days on which the log has the heel clearly above your usual, or a beginning dated by hand.",
    ),
}

# Caveats.
ESTIMATED = "Load is estimated from speed, hills, cadence and shoes, and relative to your own easy running."
ORDER_ONLY = "Happening at the same time does not make one the cause of the other."
SEEK_CARE = (
    "If you felt a sudden pop, cannot push off or rise on your toes, or your calf is swollen and warm, "
    "seek medical care now."
)
RECORD_AND_DISCUSS = (
    "Heelwise records and shows, to discuss with a physical therapist; "
    "it does not diagnose, treat or forecast."
)

MAKING_UP = "Preparing the demo: a few seconds, at the first start only."
MADE_UP = "**This runner is made up.**"

# Strava's own wording, as its brand rules ask.
VIEW_ON_STRAVA = "View on Strava"

# What happened in a window of dates: one of each group.
NOTHING_UNUSUAL = (
    "Nothing unusual from {span}: nothing in training stepped up, total load did not rise above what you were used to, "
    "no run was much longer than those before, and no pain was logged."
)
NO_RECORD = "No run is on record from {span}."
HABIT_WITHHELD = (
    "How load compares with what this runner is used to is withheld: more than a fifth of the runs of the last 12 "
    "weeks came by a link that only the runner may see."
)
HABIT_UNKNOWN = "What you are used to is not known yet: it takes 42 days of records."
ONE_WINDOW = "Estimated total load rose above what you were used to {first}, {most} of it on {peak}."
ONE_WINDOW_ASSUMED = (
    "Estimated total load rose above what you were used to {first}, {most} of it on {peak}; "
    "our two ways to estimate it disagree on that."
)
TWO_WINDOWS = (
    "Estimated total load rose above what you were used to twice: {first} ({first_most} of it) and {second} "
    "({second_most})."
)
THREE_WINDOWS = (
    "Estimated total load rose above what you were used to three times: {first} ({first_most} of it), {second} "
    "({second_ratio}) and {third} ({third_ratio})."
)
MANY_WINDOWS = (
    "Estimated total load rose above what you were used to {count} times; the largest was {first}, {most} of it on "
    "{peak}."
)
MANY_WINDOWS_ASSUMED = (
    "Estimated total load rose above what you were used to {count} times (on {loose} of them our two ways to estimate "
    "it disagree); the largest was {first}, {most} of it on {peak}."
)
ONE_SPIKE = (
    "One run, {distance} on {day}, was ×{ratio:.1f} the length of the longest in the 30 days before it."
)
MANY_SPIKES = (
    "{count} runs were more than 10 % longer than the longest in the 30 days before them; the biggest jump: "
    "{distance} on {day}, ×{ratio:.1f}."
)
PAIN = "Symptoms were logged on {logged} of {days}: pain on {painful} of them, at most {most:.0f} of 10 on {day}."
STIFF = "Symptoms were logged on {logged} of {days}: no pain, and morning stiffness on {stiff} of them."
NO_PAIN = "Symptoms were logged on {logged} of {days}, and on none of them pain."
UNLOGGED = "No symptoms were logged {in_days}, so we cannot tell whether it hurt."
ONE_ASSUMED = "On one of these our two ways to estimate load disagree; on the others they agree."
SOME_ASSUMED = "On {count} of these our two ways to estimate load disagree; on any others they agree."
WENT_WITH = "The rise came mostly from {up}."
WENT_WITH_AND = "The rise came mostly from {up}; {down} softened it a little."
LARGEST_WENT = "The largest of them: {told}"
IN_WINDOW = "On this day total load was above what you were used to ({span}, {most} of it)."
IN_FLARE = "It lies in a flare, {span}."
ONE_FLARE = "A flare lasted from {span}."
FEW_FLARES = "{count} flares lasted from {spans}."
MANY_FLARES = "{count} flares were found; the last from {last}."
FLARE = "flare"
UNKNOWN_DAYS = "The load of {unknown} of {days} is not known, and is drawn hatched."

# Coverage above the picture.
COVERAGE = {
    "runs": "runs",
    "with_samples": "runs with a recording",
    "with_heart_rate": "runs with heart rate",
    "with_cadence": "runs with cadence",
    "with_altitude": "runs with altitude",
    "with_shoe": "runs with a shoe",
    "symptom_days": "days with symptoms logged",
    "left_out": "runs left out by hand",
}
COVERAGE_OF_ONE = {
    name: text.replace("runs ", "run ").replace("days ", "day ") for name, text in COVERAGE.items()
} | {"runs": "run"}
OF_RUNS = ("with_samples", "with_heart_rate", "with_cadence", "with_altitude", "with_shoe")

# One run of a day.
FACTORS = {
    "x_steps": "steps",
    "x_speed": "speed",
    "x_hills": "hills",
    "x_cadence": "cadence",
    "x_shoe": "shoe",
}
FLAGS = {
    "no_samples": "No second-by-second recording.",
    "treadmill": "On a treadmill: its slope is not known, which is not the same as flat.",
    "incline": "On a treadmill: its climb is taken from the incline entered.",
    "summary_chosen": "Its summary is used and not its recording, as you chose.",
    "no_cadence": "No cadence recorded: steps are taken from your own cadence at that speed.",
    "no_altitude": "No altitude recorded: hills are not known.",
    "no_shoe": "No shoe recorded: taken as a conventional one, so this is a rough estimate.",
    "no_shoe_facts": "We do not know this pair: taken as a conventional one, so this is a rough estimate.",
    "partial_samples": "The recording covers only a part of this run.",
    "distance_differs": "Recording and summary differ in distance.",
    "no_distance": "No distance recorded.",
    "no_time": "No moving time recorded.",
    "odd_time": "Time and distance do not fit each other well.",
    "hidden_start": "Strava hides the time of day it started; the date is known.",
    "manual": "Entered by hand.",
}
FLAGS_UNSAID = "Marked: {flag}."
SPORTS = {"Run": "Run", "TrailRun": "Trail run", "VirtualRun": "Virtual run"}
RUN_ESTIMATED = "Estimated from the summary, as this run has no recording: between {low} and {high}."
RUN_BAND = "From what was recorded, between {low} and {high}."
RUN_MULTIPLIER = (
    "Each {distance} loaded your tendon like {multiplier:.2f} of your own easy, flat ones: {parts}."
)
RUN_LOAD_UNKNOWN = "The load of this run is not known: it has no distance or no time."
RUN_LEFT_OUT = "Left out by hand: it is in no sum and no load."
NO_RUN_ON = "No run on {day}."
REST_UNKNOWN = "No run is on record for {day}: whether there was one is not known."


def day_in_words(moment: date, with_year: bool = True) -> str:
    """Write a date.

    A named month cannot be misread across countries.
    """
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if with_year else "")


def span_in_words(first: date, last: date, with_year: bool = True) -> str:
    """Write the dates from one to another, without saying twice what they share."""
    if first == last:
        return day_in_words(first, with_year)
    if first.year != last.year and with_year:
        return f"{day_in_words(first)} to {day_in_words(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_in_words(last, with_year)}"
    return f"{day_in_words(first, False)} to {day_in_words(last, with_year)}"


def in_days(days: int) -> str:
    """Return "on this day", or "in these 14 days"."""
    return "on this day" if days == 1 else f"in these {count(days, 'day')}"


def dates_in_words(first: date, last: date) -> Callable[[date, date], FilledSentence]:
    """Return the way to write dates inside a window: with the year only where it is needed."""
    with_year = first.year != last.year
    return lambda one, other: span_in_words(one, other, with_year)


def escape_markdown(text: str) -> str:
    """Escape characters that Markdown would read, so that text of a person stays text."""
    # A backslash takes a sign's meaning; a word joiner, which has no width, parts what is looked for only
    # afterwards (addresses, arrows, names of icons).
    parted = _JOINTS.sub("\u2060", " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", parted))


MOST_INITIALS = 4


def initials(name: str) -> str:
    """Shorten a runner's name to initials.

    A page that is left on a desk names nobody.
    """
    letters = initial_letters(name.removesuffix(MARKED))
    return " ".join(f"{letter}." for letter in letters[:MOST_INITIALS])


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


YES_NO = {True: "yes", False: "no"}


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
        "Run of {day}: excluded from every sum, {value}.",
        "{count} runs: excluded from every sum, {value}.",
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
        "{pair}: {value} before Heelwise.",
        "{count} pairs: {value} before Heelwise.",
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

    What the runner remembers a run by.
    """
    day, metres, seconds = row["local_date"], row["distance_m"], row["moving_s"]
    parts = [f"{day:%a} {day_in_words(day)}"]
    parts += [units.distance_words(metres)] if metres is not None else []
    parts += [duration_words(seconds)] if seconds is not None else []
    sport = str(row["sport"])
    parts += [SPORTS.get(sport, sport)] if sport != "Run" else []
    return " · ".join(parts)


def duration_words(seconds: float | None) -> str:
    """Write a duration.

    As watches write it.
    """
    if seconds is None:
        return NOT_KNOWN
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def rough_duration_words(seconds: float | None) -> str:
    """Write a length of time, no finer than a doubt needs."""
    if seconds is None:
        return NOT_KNOWN
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 2880:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def shoe_labels(names: Mapping[str, str]) -> dict[str, str]:
    """Return each pair a name of its own, for lists to choose from.

    Two pairs of one model are two pairs.
    """
    seen: dict[str, int] = {}
    labels = {}
    for shoe_id, text in names.items():
        name = text.strip() or SHOE_NAMELESS
        seen[name] = seen.get(name, 0) + 1
        labels[shoe_id] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return labels
