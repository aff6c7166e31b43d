"""Words of what a runner already wrote, of breaks in running, and of the question when the heel began to hurt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from connectors.plural import count
from dashboard.diary.episodes import Episode
from dashboard.diary.intake_text import episode_in_words
from dashboard.diary.statements import HEEL, HEEL_PARTS, NO, NOT_ME, OTHER, Statement, begun, places_asked
from dashboard.shared.text import day_in_words, span_in_words

TITLE = "What you already wrote"
ABOUT = (
    "Clauses from the titles, descriptions and private notes of your sessions, found by lists of words on this "
    "machine. Nothing counts until you answer, and each answer can be taken back."
)
NOTHING = (
    "No clause about a leg was found in your titles, descriptions or notes. Descriptions and notes come with a Strava "
    "export or a Garmin takeout."
)
NO_RUNNER = "There is nothing to read yet. Bring in your runs on the Data page."
ALL_ANSWERED = "You have answered all of them."
YES_HEEL, YES_OTHER, NO_BUTTON, NOT_ME_BUTTON = "Yes, the Achilles", "Yes, something else", "No", "Not me"
ANSWER_BUTTONS = {HEEL: YES_HEEL, OTHER: YES_OTHER, NO: NO_BUTTON, NOT_ME: NOT_ME_BUTTON}
ANSWERED = {
    HEEL: "the Achilles or heel",
    OTHER: "something else",
    NO: "no complaint",
    NOT_ME: "not about you",
}
SAVED = "Answered for {day}: {answer}."
SAVED_TOGETHER = "Answered for {clauses}: {answer}."
OF_PLACE = "Of {place}:"
ONE_BY_ONE = "One by one"
TAKEN_BACK = "The answer for {day} is taken back."
ASK_AGAIN = "Ask again"
YOUR_ANSWERS = "Your answers ({number})"
SHOW_MORE = "Show {number} more"
HIDDEN_WORDS = "(your words are hidden on a shared screen)"
NEVER_DAYS = (
    "What you wrote or remember is drawn and looked back from. It is never counted as logged days, so *Does load "
    "usually come first for me?* and the mornings after sessions leave it out."
)
PLACES = {
    "achilles": "your Achilles",
    "heel": "your heel",
    "calf": "your calf",
    "ankle": "your ankle",
    "foot": "your foot",
    "shin": "your shin",
    "knee": "your knee",
    "hamstring": "your hamstring",
    "hip": "your hip",
    "other": "a complaint",
}
KINDS = {"complaint": "", "eased": "easing", "none": "none"}
WHAT_CHANGED = "What changed"
BEFORE_WROTE = "Before {day}, when you wrote of it"
BEFORE_REMEMBERED = "Before {day}, as you remember it"
BEFORE_INFERRED = "Before the break of {day}"
AFTER_WROTE, AFTER_BEGAN = "You wrote of it {days} later.", "It began {days} later."
SPAN_NOTE = (
    "You dated the beginning to between {first} and {last}; what rose before the later date is listed."
)
NO_LOAD_BEFORE = "The runs of the weeks before {day} are not on record, or too few to compare."

PART_SHORT = {
    "achilles": "Achilles",
    "heel": "heel",
    "calf": "calf",
    "ankle": "ankle",
    "foot": "foot",
    "shin": "shin",
    "knee": "knee",
    "hamstring": "hamstring",
    "hip": "hip",
    "other": "elsewhere",
}
KNOWN_SHORT = {"wrote": "you wrote", "remembers": "remembered", "inferred": "a break", "logged": "logged"}
EPISODES_DRAWN = "Hollow bands are episodes, not logged days: {parts}."

TO_STATEMENTS = "Answer what you already wrote"

START_QUESTION = "When did your heel start hurting?"
START_ABOUT = "One date is enough to look back from it. If it never did, leave this open."
BY_DAY, ABOUT_WHEN, BY_RUN = "I know the day", "About when", "By a run I remember"
WAYS = (BY_DAY, ABOUT_WHEN, BY_RUN)
DAY_LABEL, SHOW_BEFORE = "The first day", "Show what came before"
YEAR_LABEL, MONTH_LABEL, SIDE_LABEL = "Year", "Month, if you remember", "Which side"
NEEDS_YEAR = "Choose a year. Nothing was saved."
NEEDS_DAY = "Choose a day up to today. Nothing was saved."
WHICH_RUN = "Which of these was the last run without it?"
NO_ANCHORS = "No run is on record in that year."
SAVED_DAY = "A flare from {day}, as you say."
SAVED_EPISODE = "Your heel began to hurt {when}."
RACE, LONGEST, BEFORE_BREAK = "race", "longest of its month", "last before {days} off"
SEE_BEFORE = "See what came before"

BREAKS = "Weeks without a run"
BREAKS_ABOUT = "Long for you in that year. One tap says why; a skip is remembered."
SORE, SORE_OTHER, ILL, AWAY, SKIP = "Sore: Achilles", "Sore: elsewhere", "Ill", "Away", "Skip"
BREAK_BUTTONS = {"heel": SORE, "other": SORE_OTHER, "ill": ILL, "away": AWAY, "skip": SKIP}
BREAK_LINE = "{span}, no run for {days}"
BREAK_SAVED = "{span}: {answer}."
BREAK_ANSWERED = {
    "heel": "sore, the Achilles or heel",
    "other": "sore, elsewhere",
    "ill": "ill",
    "away": "away",
    "skip": "skipped",
}


def counting_sentence(statements: Sequence[Statement]) -> str | None:
    """Say of which places one wrote on how many dates, and ask; None where nothing is open."""
    asked_of = places_asked(statements)
    if not asked_of:
        return None
    parts = [dates_in_words(place, rows) for place, rows in asked_of.items()]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    asked = "Was that the Achilles?" if set(asked_of) <= set(HEEL_PARTS) else "was it the Achilles?"
    return f"You wrote of {listed}. {asked}" if asked[0] == "W" else f"You wrote of {listed}; {asked}"


def dates_in_words(place: str, statements: Sequence[Statement]) -> str:
    """Write of which place one wrote on how many dates."""
    return f"{PLACES[place]} on {count(len({one.date for one in statements}), 'date')}"


def guess_in_words(one: Statement) -> str:
    """Write what was guessed of a clause: place, side, and whether it denies or eases."""
    place = "leg or place not named" if one.place == "other" else PLACES[one.place].removeprefix("your ")
    side = {"both": "both sides", None: ""}.get(one.side, one.side or "")
    return ", ".join(filter(None, (place, side, KINDS[one.kind])))


def before_title(episode: Episode) -> str:
    """Head what came before one episode."""
    day = day_in_words(begun(episode) or date.max)
    form = {"wrote": BEFORE_WROTE, "inferred": BEFORE_INFERRED}.get(episode.known_by, BEFORE_REMEMBERED)
    return form.format(day=day)


def begun_in_words(episode: Episode) -> str:
    """Write when an episode began: a day, or between two."""
    first, last = begun(episode), episode.from_date
    if first is None or last is None:
        return "at an unknown date"
    return (
        f"on {day_in_words(first)}"
        if first == last
        else f"between {day_in_words(first)} and {day_in_words(last)}"
    )


def break_in_words(first: date, last: date) -> str:
    """Write one break: its dates and days."""
    return BREAK_LINE.format(span=span_in_words(first, last), days=count((last - first).days + 1, "day"))


def anchor_kind(kind: str, break_days: int | None) -> str:
    """Write why a run may be remembered."""
    if kind == "before_break":
        return BEFORE_BREAK.format(days=count(break_days or 0, "day"))
    return RACE if kind == "race" else LONGEST


def band_name(episode: Episode) -> str:
    """Name an episode beside its band: where, which side, how it is known."""
    side = f" {episode.side}" if episode.side in ("left", "right") else ""
    return f"{PART_SHORT[episode.body_part]}{side}, {KNOWN_SHORT[episode.known_by]}"


def episodes_in_words(episodes: Sequence[Episode], start: date, end: date) -> str | None:
    """Describe the episodes that touch some dates; None where there are none."""
    inside = [
        one
        for one in episodes
        if (first := begun(one)) and first <= end and (one.to_date or one.from_date or first) >= start
    ]
    if not inside:
        return None
    parts = "; ".join(episode_in_words(asdict(one)) for one in inside)
    return EPISODES_DRAWN.format(parts=parts)
