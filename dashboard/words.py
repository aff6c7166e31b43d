"""Names, caveats and every sentence a reader sees more than once.

Whole sentences only, so that they can be translated and checked one by one; the words to keep out are held by a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from connectors.plural import count

Filled = str

_MARKUP = re.compile(r"([\\`*_\[\]<>~$&]|^[#+-])")
_JOINTS = re.compile(r"(?<=:)(?=[A-Za-z/+])|(?<=www)(?=\.)|(?=@)|(?<=[-<>~])(?=[-=>])")
_NUMBERED = re.compile(r"^(\d+)([.)])")

# Lanes, in the order of the picture: the words on the switches.
LANES = {
    "symptoms": "Symptoms",
    "load": "Tendon load",
    "volume": "Volume",
    "fast": "Fast minutes",
    "hills": "Hills",
    "shoes": "Shoes",
    "sports": "Other sports",
    "cadence": "Cadence",
    "strength": "Strength",
}

# Why a lane is empty.
NOTHING_LOGGED = "nothing logged in these dates"
NEVER_LOGGED = "nothing logged yet: the Log page takes ten seconds"
NO_SPEED = "no run here has samples of speed"
NO_ALTITUDE = "no run here has altitude"
NO_CADENCE = "no run here has cadence"
NO_RUNS = "no runs in these dates"
NOT_KNOWN = "not known"
LOAD_ESTIMATED = "Load, partly estimated"
DOTTED = "dotted: estimated"
HATCHED = "hatched: not known"
CROSSED = "crossed: left out"
LEFT_OUT = "Left out"
OTHER_SPORTS = "others"
NO_OTHER_SPORT = "no other sport in these dates"
NOT_IN_LOAD = "not in tendon load"
SHOE_UNKNOWN = "not known"
SHOE_OTHER = "other pairs"
SHOE_NAMELESS = "unnamed pair"

# Windows in the picture.
WINDOW = "load {ratio} of habit"
WINDOW_LINE = "load {ratio} of the line back"
WINDOWS = "{count} windows, up to {ratio}"
ROBUST = "robust"
NOT_ROBUST = "depends on model assumptions"
USUAL_BAND = (
    "The grey band behind a lane is your own usual: from the 10th to the 90th percentile of the eight weeks before. "
    "A thick "
    "stretch, named in words, went far beyond it."
)
FIRST_RUN = "first run for {days} days"
FIRST_RUN_SAID = (
    "First run for {days} days: there is no run in the 30 days before to compare its length with."
)
TIMELINE_ALT = (
    "Timeline from {span}, on one clock: {lanes}. The sentences above and the table below say the same."
)

# Caveats.
ESTIMATED = "Load is estimated from speed, hills, cadence and shoes, and relative to your own easy running."
ORDER_ONLY = "What stands together here came together in time; that does not make one the cause of the other."
SEEK_CARE = (
    "If you felt a sudden pop, cannot push off or rise on your toes, or your calf is swollen and warm, "
    "seek medical care now. Heelwise computes nothing from that."
)
RECORD_AND_DISCUSS = (
    "Heelwise records and shows, to discuss with a physical therapist; "
    "it does not diagnose, treat or forecast."
)

MAKING_UP = "Making up a runner to look around with: a few seconds, at the first start only."
MADE_UP = "**This runner is made up.** Every run, shoe and symptom here is an example."

# Where a record came from.
SOURCE_NAMES = {
    "strava_api": "Strava link",
    "strava_export": "Strava export",
    "file": "recording files",
    "manual": "entered by hand",
    "demo": "made up",
}

# Strava's own wording, as its brand rules ask.
POWERED_BY_STRAVA = "Powered by Strava"
VIEW_ON_STRAVA = "View on Strava"

# What happened in a window of dates: one of each group.
NOTHING_UNUSUAL = (
    "Nothing unusual from {span}: load stayed within your usual range, no run was much longer than those before, "
    "and no pain was logged."
)
NO_RECORD = "No run is on record from {span}."
HABIT_UNKNOWN = "What you are used to is not known yet: it takes 42 days of records."
WITHIN = "From {span} the estimated tendon load stayed within your usual range."
WITHIN_KNOWN = "On the days with a known load from {span}, it stayed within your usual range."
ONE_WINDOW = (
    "Estimated tendon load was above your usual range from {first}, at most ×{ratio:.1f} of habit on {peak}."
)
ONE_WINDOW_ASSUMED = (
    "Estimated tendon load was above your usual range from {first}, at most ×{ratio:.1f} of habit on {peak}; "
    "whether it was depends on model assumptions."
)
TWO_WINDOWS = (
    "Estimated tendon load was above your usual range twice: from {first} (at most ×{first_ratio:.1f} of habit) "
    "and from {second} (at most ×{second_ratio:.1f})."
)
THREE_WINDOWS = (
    "Estimated tendon load was above your usual range three times: from {first} (at most ×{first_ratio:.1f} of "
    "habit), from {second} (×{second_ratio:.1f}) and from {third} (×{third_ratio:.1f})."
)
MANY_WINDOWS = (
    "Estimated tendon load was above your usual range {count} times; the largest was from {first}, at most "
    "×{ratio:.1f} of habit on {peak}."
)
MANY_WINDOWS_ASSUMED = (
    "Estimated tendon load was above your usual range {count} times ({loose} of them depend on model assumptions); "
    "the largest was from {first}, at most ×{ratio:.1f} of habit on {peak}."
)
ONE_SPIKE = (
    "One run, {distance} on {day}, was ×{ratio:.1f} the length of the longest in the 30 days before it."
)
MANY_SPIKES = (
    "{count} runs were more than 10 % longer than the longest in the 30 days before them; the largest step was "
    "{distance} on {day}, ×{ratio:.1f}."
)
PAIN = "Symptoms were logged on {logged} of {days}: pain on {painful} of them, at most {most:.0f} of 10 on {day}."
STIFF = "Symptoms were logged on {logged} of {days}: no pain, and morning stiffness on {stiff} of them."
NO_PAIN = "Symptoms were logged on {logged} of {days}, and on none of them pain."
UNLOGGED = "No symptoms were logged {in_days}, which is not the same as none."
ONE_ASSUMED = "One of these depends on model assumptions; the others hold under both ways to count load."
SOME_ASSUMED = "{count} of these depend on model assumptions; any others hold under both ways to count load."
WENT_WITH = "The rise went with {up}."
WENT_WITH_AND = "The rise went with {up}, while {down} took some of it back."
LARGEST_WENT = "The largest of them: {told}"
IN_WINDOW = "This day lies in a window of load above your usual range, {span}, at most ×{ratio:.1f} of habit."
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
    "left_out": "runs left out by a person",
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
    "summary_chosen": "Its summary is used and not its recording, as a person chose.",
    "no_cadence": "No cadence recorded: steps are taken from your own cadence at that speed.",
    "no_altitude": "No altitude recorded: hills are not known.",
    "no_shoe": "No shoe recorded: taken as a conventional one, with a wide band.",
    "no_shoe_facts": "Nothing is known of this pair: taken as a conventional one, with a wide band.",
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
RUN_MULTIPLIER = "Each {distance} counts as {multiplier:.2f} of your own easy flat running: {parts}."
RUN_LOAD_UNKNOWN = "The load of this run is not known: it has no distance or no time."
RUN_LEFT_OUT = "Left out by a person: it is in no sum and no load."
NO_RUN_ON = "No run on {day}."
REST_UNKNOWN = "Nothing is known of {day}: no record reaches it."


def day(moment: date, with_year: bool = True) -> str:
    """Write a date.

    Parameters
    ----------
    moment : date
        Local date.
    with_year : bool
        Whether the year is said.

    Returns
    -------
    str
        Such as "14 Apr 2024".

    Source
    ------
    ours: a named month cannot be misread across countries.
    """
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if with_year else "")


def span(first: date, last: date, with_year: bool = True) -> str:
    """Write the dates from one to another, without saying twice what they share.

    Parameters
    ----------
    first, last : date
        Both included.
    with_year : bool
        Whether the year is said.

    Returns
    -------
    str
        Such as "14 to 30 Apr 2024".

    Source
    ------
    ours.
    """
    if first == last:
        return day(first, with_year)
    if first.year != last.year and with_year:
        return f"{day(first)} to {day(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last, with_year)}"
    return f"{day(first, False)} to {day(last, with_year)}"


def in_days(days: int) -> str:
    """Return "on this day", or "in these 14 days"."""
    return "on this day" if days == 1 else f"in these {count(days, 'day')}"


def dates(first: date, last: date) -> Callable[[date, date], Filled]:
    """Give the way to write dates inside a window: with the year only where it is needed.

    Parameters
    ----------
    first, last : date
        The window.

    Returns
    -------
    callable of two dates to str
        `span` with or without years.

    Source
    ------
    ours.
    """
    with_year = first.year != last.year
    return lambda one, other: span(one, other, with_year)


def plain(text: str) -> str:
    """Take the meaning from signs that Markdown would read, so that words of a person are text whatever they hold.

    Parameters
    ----------
    text : str
        A name or a note as somebody typed it.

    Returns
    -------
    str
        The same for the eye, in one line.

    Source
    ------
    ours: a backslash takes a sign's meaning; a word joiner, which has no width, parts what is looked for only
    afterwards (addresses, arrows, names of icons).
    """
    told = _JOINTS.sub("\u2060", " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", told))
