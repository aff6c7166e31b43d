"""Words of the intake card and of earlier episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from connectors.plural import count
from connectors.store import Store
from dashboard.diary.episodes import month_span
from dashboard.diary.intake import IntakeAnswer, load_intake
from dashboard.diary.statements import all_episodes
from dashboard.shared.text import day_in_words

TITLE = "Intake card"
ABOUT = (
    "Optional, kept with this record. What is written here stands on the page to take home; leave out what should "
    "not leave the room."
)
QUESTIONS = {
    "reason": "Reason for the visit",
    "goal": "Goal",
    "race": "Race date",
    "training_age": "Years of regular running",
    "fluoroquinolone": "An antibiotic ending in -floxacin in the last months",
    "steroid": "A steroid injection or course near the onset",
    "medication": "Other medication",
    "work": "Work, and hours standing",
    "footwear": "Other footwear, inserts",
}
EPISODES = "Earlier episodes"
NO_EPISODES = "No earlier episode is on record."
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PART_NAMES = {
    "achilles": "Achilles, mid-tendon",
    "heel": "Achilles at the heel",
    "calf": "Calf",
    "ankle": "Ankle",
    "foot": "Foot",
    "shin": "Shin",
    "knee": "Knee",
    "hamstring": "Hamstring",
    "hip": "Hip",
    "other": "Elsewhere",
}
KNOWN_BY = {
    "wrote": "written then",
    "remembers": "from memory",
    "inferred": "inferred",
    "logged": "logged",
}
SIDES = {"left": "left", "right": "right", "both": "both sides"}
SAVED = "The intake card is saved."
ADDED = "Earlier episode added: {episode}."
REMOVED = "Earlier episode removed: {episode}."
FILL_IN = "Fill in or edit the card"
ABOUT_WHEN = "A year is enough. Leave the end open if it is not known, or if it is still there."
NEEDS_PART = "Choose where it was. Nothing was stored."
FLUOROQUINOLONE = (
    "Antibiotics ending in -floxacin carry a boxed warning on tendons (FDA, 2008). "
    "Please show this to a doctor soon."
)
NOT_ASKED = "not asked"


def intake_lines(store: Store, athlete_id: int, until: date | None = None) -> list[str]:
    """Return the card as up to seven short lines, for the consult and the report; as it was known on a day."""
    episodes = [
        asdict(one)
        for one in all_episodes(store, athlete_id)
        if until is None or (one.from_earliest_date or one.from_date or until) <= until
    ]
    return card_lines(load_intake(store, athlete_id, until), episodes)


def card_lines(answers: Mapping[str, IntakeAnswer], episodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write the seven lines of the card; what nobody answered is left out, in place of a line of dashes."""
    lines = [
        _line("Reason", _words(answers, "reason")),
        _goal(answers),
        _training_age(answers),
        _line("Earlier episodes", "; ".join(map(episode_in_words, episodes))),
        _medication(answers),
        _line("Work, standing", _words(answers, "work")),
        _line("Other footwear, inserts", _words(answers, "footwear")),
    ]
    return [line for line in lines if line]


def needs_doctor(answers: Mapping[str, IntakeAnswer]) -> bool:
    """Return whether an answer is one that a doctor should see."""
    return _words(answers, "fluoroquinolone") == "yes"


def episode_in_words(row: Mapping[str, Any]) -> str:
    """Write one episode: where, which side, from when to when, how it is known."""
    side = f", {SIDES[row['side']]}" if row["side"] else ""
    return f"{PART_NAMES[row['body_part']]}{side}: {_dates(row)} ({KNOWN_BY[row['known_by']]})"


def _dates(row: Mapping[str, Any]) -> str:
    latest, last = row["from_date"], row["to_date"]
    earliest = row["from_earliest_date"] or latest
    if earliest is None:
        return "start not known" if last is None else f"until {_end(last, False)}"
    latest = latest or earliest
    is_year = earliest.month != latest.month
    if earliest == latest == last:
        return day_in_words(last)
    begun = _start(earliest, latest)
    return f"from {begun}" if last is None else f"{begun} to {_end(last, is_year)}"


def _start(earliest: date, latest: date) -> str:
    """Write a start as precisely as it is known: a year, a month, a day."""
    if earliest.year != latest.year:
        return f"{earliest.year}–{latest.year}"
    if earliest.month != latest.month:
        return f"{latest.year}"
    return day_in_words(latest) if earliest == latest else f"{latest:%b} {latest.year}"


def _end(last: date, is_year: bool) -> str:
    """Write an end; the last day of a month stands for the month, that of a year for the year."""
    if is_year and (last.month, last.day) == (12, 31):
        return f"{last.year}"
    is_month = last == month_span(last.year, last.month)[1]
    return f"{last:%b} {last.year}" if is_month else day_in_words(last)


def _words(answers: Mapping[str, IntakeAnswer], topic: str) -> str:
    one = answers.get(topic)
    return (one.answer or "") if one else ""


def _line(title: str, words: str) -> str | None:
    return f"{title}: {words.rstrip('.')}." if words else None


def _goal(answers: Mapping[str, IntakeAnswer]) -> str | None:
    race = answers["goal"].on_date if "goal" in answers else None
    parts = [_words(answers, "goal"), f"race on {day_in_words(race)}" if race else ""]
    return _line("Goal", ", ".join(filter(None, parts)))


def _training_age(answers: Mapping[str, IntakeAnswer]) -> str | None:
    years = answers["training_age"].years if "training_age" in answers else None
    words = "" if years is None else count(int(years), "year") if years == int(years) else f"{years:g} years"
    return _line("Training age", words)


def _medication(answers: Mapping[str, IntakeAnswer]) -> str | None:
    """The two that matter to a tendon are named even where one was not asked: not asked is not "no"."""
    if not any(topic in answers for topic in ("fluoroquinolone", "steroid", "medication")):
        return None
    asked = [f"{topic} {_words(answers, topic) or NOT_ASKED}" for topic in ("fluoroquinolone", "steroid")]
    return _line("Medication", "; ".join(filter(None, [*asked, _words(answers, "medication")])))
