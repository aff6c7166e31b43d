"""Words on tests and questionnaires."""

from __future__ import annotations

from typing import Any

from dashboard import words
from dashboard.model.clinical import BETWEEN_DAYS_REPS, BY_ID, Symmetry

HOW = {
    "heel_rise_reps": "Repetitions to the last full one, each leg, knee straight. Always in the same way: step, pace, "
    "support.",
    "pain_on_loading_0_10": "0 is none, 10 the worst you can think of, at the loading you and your physical therapist "
    "chose; always the same.",
    "hop_pain_0_10": "0 is none, 10 the worst you can think of, hopping on one leg.",
    "visa_a": "0 to 100; 100 is a tendon without complaint. Fill the form in elsewhere and enter its total.",
    "tendins_a": "0 to 100; higher is more trouble. Fill the form in elsewhere and enter its total.",
}
SIDES = {"left": "Left", "right": "Right", "both": "Both", None: ""}
LEGS = {"left": "left leg", "right": "right leg", "both": "both legs"}

USUAL = "At {age}, {usual} are usual ({sex}); from one day to the next the same leg differs by up to {spread:.0f}."
USUAL_UNKNOWN = "Set your year of birth and sex on the Settings page to see what is usual at your age."
USUAL_NOT_MEASURED = "What is usual under 20 was not measured."
SEXES = {"female": "women", "male": "men"}
SYMMETRY = (
    "On {day} the {side} had {percent:.0f} % of the other; with day-to-day error {low:.0f} to {high:.0f} %."
)
ALIKE = (
    "On {day} both legs did the same number; with day-to-day error {low:.0f} to {high:.0f} % of one another."
)
NOT_CLEAR = "That leaves room for no difference at all."
REFERENCE = "90 % is often asked for, by convention; the other leg is not always a sound measure."
FIRST = "{what}: {value:g} {unit} on {day}. It is the first one."
WITHIN = "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: within {meaning} ({least:g})."
BETTER = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: "
    "better by more than {meaning} ({least:g})."
)
WORSE = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: worse by more than {meaning} ({least:g})."
)
BETTER_AT_LEAST = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: better by at least {meaning} ({least:g})."
)
WORSE_AT_LEAST = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: worse by at least {meaning} ({least:g})."
)
RULE = "By the monthly rule (VISA-A {visa:g} lower or TENDINS-A {tendins:g} higher) this counts as a flare to look at."
MEANINGS = {
    "heel_rise_reps": "the spread from day to day",
    "pain_on_loading_0_10": "the smallest change marked here",
    "hop_pain_0_10": "the smallest change marked here",
    "visa_a": "the smallest change patients call important after 12 weeks",
    "tendins_a": "the change that people call important on average; beyond measurement error is 18",
}
BANDS = {
    "heel_rise_reps": "Bars: ±6 repetitions from day to day.",
    "visa_a": "Band: ±14, the smallest change patients call important after 12 weeks (studies: 3 to 19).",
    "tendins_a": "Band: ±12, the change that people call important on average; beyond measurement error is ±18.",
    "pain_on_loading_0_10": "Bars: ±2, the smallest change marked here.",
    "hop_pain_0_10": "Bars: ±2, the smallest change marked here.",
}
NOTHING_YET = "No test is on record yet. Enter what you have; everything else can stay open."
NOTHING_ENTERED = "Nothing was entered, so nothing was saved."
BEFORE = "Before: {value:g} on {day}"
ALT = "{title} over time, {count} results from {span}. The sentences above and the table below say the same."


def usual_in_words(age: int | None, sex: str | None, usual: int | None) -> str:
    """Say how many heel rises are usual at an age.

    Parameters
    ----------
    age : int or None
        Years.
    sex : str or None
        "female" or "male".
    usual : int or None
        From `clinical.usual_heel_rises`.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    Hébert-Losier 2017, by way of secondary tables.
    """
    if usual is not None and age is not None:
        return USUAL.format(age=age, usual=usual, sex=SEXES[sex or ""], spread=BETWEEN_DAYS_REPS)
    return USUAL_UNKNOWN if age is None or sex not in SEXES else USUAL_NOT_MEASURED


def symmetry_in_words(found: Symmetry, day: str) -> list[str]:
    """Say how the legs compare.

    Parameters
    ----------
    found : Symmetry
        From `clinical.symmetry`.
    day : str
        The date in words.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    ours.
    """
    band = {"low": found.low, "high": found.high, "day": day}
    if found.side is None:
        return [ALIKE.format(**band)]
    said = [SYMMETRY.format(side=LEGS[found.side], percent=found.percent, **band)]
    return [*said, *([NOT_CLEAR] if found.high >= 100 else []), REFERENCE]


def change_in_words(row: dict[str, Any]) -> list[str]:
    """Say how a result stands to the one before it.

    Parameters
    ----------
    row : dict
        Of CHANGE_SCHEMA.

    Returns
    -------
    list of str
        One sentence, and a second where the monthly rule of scores is met.

    Source
    ------
    Least changes: `clinical.MEASURES`.
    """
    measure = BY_ID[row["measure"]]
    filled = {
        "what": f"{measure.title}, {LEGS[row['side']]}" if row["side"] else measure.title,
        "value": row["value"],
        "unit": measure.unit,
        "day": words.day(row["date"]),
        "meaning": MEANINGS[measure.id],
        "least": measure.least_change,
    }
    if row["before"] is None:
        return [FIRST.format(**filled)]
    filled |= {"before": row["before"], "before_day": words.day(row["before_date"])}
    if not row["is_beyond"]:
        return [WITHIN.format(**filled)]
    is_open = measure.id == "heel_rise_reps"
    worse, better = (WORSE, BETTER) if is_open else (WORSE_AT_LEAST, BETTER_AT_LEAST)
    said = (worse if row["is_worse"] else better).format(**filled)
    counts = row["is_worse"] and measure.id in ("visa_a", "tendins_a")
    least = {"visa": BY_ID["visa_a"].least_change, "tendins": BY_ID["tendins_a"].least_change}
    return [said, *([RULE.format(**least)] if counts else [])]
