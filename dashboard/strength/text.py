"""Words on tests and questionnaires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, cast

import polars as pl

from connectors.plural import count
from dashboard.model.schemas import WEEK
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.strength.clinical_tests import BETWEEN_DAYS_REPS, BY_ID, OPEN_LIMITS, LimbSymmetry
from dashboard.strength.progress import week_of
from dashboard.strength.templates import (
    BODY_PARTS,
    CERTAINTY,
    GUIDELINE,
    KNEE_NOTE,
    ORDER_NOTE,
    PEAK_SOURCE,
    RECOMMENDATIONS,
    certainty,
    exercise,
    find_template,
    has_own_weeks,
)

HOW = {
    "heel_rise_reps": "Repetitions to the last full one, each leg, knee straight. Always in the same way: step, pace, "
    "support.",
    "pain_on_loading_0_10": "0 is none, 10 the worst you can think of, at the loading you and your physical therapist "
    "chose; always the same.",
    "hop_pain_0_10": "0 is none, 10 the worst you can think of, hopping on one leg.",
    "visa_a": "0 to 100; 100 is a tendon without complaint. Fill the form in elsewhere and enter its total.",
    "tendins_a": "0 to 100; higher is more trouble. Fill the form in elsewhere and enter its total.",
    "hop_count": "Hops on one leg in a row, always over the same time or to the same end.",
    "palpation_pain_0_10": "Pain where the tendon is pressed, 0 none to 10 the worst; the spot belongs in the site of "
    "the log.",
    "arc_sign": "Whether the thickening moves with the tendon as the ankle bends up and down.",
    "knee_to_wall_cm": "Longest distance from big toe to wall with the knee touching and the heel down.",
    "heel_rise_height_cm": "Height of the heel at the top of one single-leg rise.",
}
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
FIRST_RESULT = "{what}: {value:g} {unit} on {day}. It is the first one."
WITHIN_ERROR = "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: within {meaning} ({least:g})."
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
CHANGE_ONLY = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}. How far repeats differ is not known here."
)
SIGN_FIRST = "{what}: {value} on {day}."
SIGN_AGAIN = "{what}: {value} on {day}, {before} on {before_day}."
SIGN_NAMES = {0.0: "not there", 1.0: "there"}
BEYOND = (
    "{what}: {value:g} {unit} on {day}, {before:g} on {before_day}: "
    "a change by more than {meaning} ({least:g})."
)
RULE = "By the monthly rule (VISA-A {visa:g} lower or TENDINS-A {tendins:g} higher) this counts as a flare to look at."
MEANINGS = {
    "heel_rise_reps": "the spread from day to day",
    "pain_on_loading_0_10": "the smallest change marked here",
    "hop_pain_0_10": "the smallest change marked here",
    "visa_a": "the smallest change patients call important after 12 weeks",
    "tendins_a": "the change that people call important on average; beyond measurement error is 18",
    "palpation_pain_0_10": "the smallest change marked here",
    "knee_to_wall_cm": "the error of one examiner",
}
BANDS = {
    "heel_rise_reps": "Bars: ±6 repetitions from day to day.",
    "visa_a": "Band: ±14, the smallest change patients call important after 12 weeks (studies: 3 to 19).",
    "tendins_a": "Band: ±12, the change that people call important on average; beyond measurement error is ±18.",
    "pain_on_loading_0_10": "Bars: ±2, the smallest change marked here.",
    "hop_pain_0_10": "Bars: ±2, the smallest change marked here.",
    "palpation_pain_0_10": "Bars: ±2, the smallest change marked here.",
    "knee_to_wall_cm": "Bars: ±1.9 cm, the error of one examiner.",
}
NOTHING_YET = "No test is on record yet. Enter what you have; everything else can stay open."
NO_COURSE = "Each test will stand here as a line over time, left beside right, with what is usual where studies say it."
NOTHING_ENTERED = "Nothing was entered, so nothing was saved."
EXAM = "Exam findings: palpation, arc sign, knee to wall, heel-rise height"
SIGN_BEFORE = "Before: {value} on {day}"
TEST_BEFORE = "Before: {value:g} on {day}"
ALT = "{title} over time, {count} results from {span}. The sentences above and the table below say the same."


def usual_in_words(age: int | None, sex: str | None, usual: int | None) -> str:
    """Describe how many heel rises are usual at an age.

    Hébert-Losier 2017, by way of secondary tables.
    """
    if usual is not None and age is not None:
        return USUAL.format(age=age, usual=usual, sex=SEXES[sex or ""], spread=BETWEEN_DAYS_REPS)
    return USUAL_UNKNOWN if age is None or sex not in SEXES else USUAL_NOT_MEASURED


def symmetry_in_words(symmetry: LimbSymmetry, day: str) -> list[str]:
    """Describe how the legs compare."""
    band = {"low": symmetry.low, "high": symmetry.high, "day": day}
    if symmetry.side is None:
        return [ALIKE.format(**band)]
    sentences = [SYMMETRY.format(side=LEGS[symmetry.side], percent=symmetry.percent, **band)]
    return [*sentences, *([NOT_CLEAR] if symmetry.high >= 100 else []), REFERENCE]


def change_in_words(row: dict[str, Any]) -> list[str]:
    """Describe how a result stands to the one before it.

    Least changes: `clinical_tests.CLINICAL_MEASURES`.
    """
    measure = BY_ID[row["measure"]]
    filled = {
        "what": f"{measure.title}, {LEGS[row['side']]}" if row["side"] else measure.title,
        "value": row["value"],
        "unit": measure.unit,
        "day": text.day_in_words(row["date"]),
        "meaning": MEANINGS.get(measure.id),
        "least": measure.least_change,
    }
    if row["before"] is not None:
        filled |= {"before": row["before"], "before_day": text.day_in_words(row["before_date"])}
    if measure.is_sign:
        return [_sign_in_words(filled)]
    if row["before"] is None:
        return [FIRST_RESULT.format(**filled)]
    if row["is_beyond"] is None:
        return [CHANGE_ONLY.format(**filled)]
    if not row["is_beyond"]:
        return [WITHIN_ERROR.format(**filled)]
    if measure.is_more_better is None:
        return [BEYOND.format(**filled)]
    worse, better = (WORSE, BETTER) if measure.id in OPEN_LIMITS else (WORSE_AT_LEAST, BETTER_AT_LEAST)
    sentence = (worse if row["is_worse"] else better).format(**filled)
    counts = row["is_worse"] and measure.id in ("visa_a", "tendins_a")
    least = {"visa": BY_ID["visa_a"].least_change, "tendins": BY_ID["tendins_a"].least_change}
    return [sentence, *([RULE.format(**least)] if counts else [])]


def _sign_in_words(filled: dict[str, Any]) -> str:
    names = {name: SIGN_NAMES[filled[name]] for name in ("value", "before") if name in filled}
    return (SIGN_AGAIN if "before" in filled else SIGN_FIRST).format(**filled | names)


EXERCISE_KIND_NAMES = {
    "isometric": "Isometric",
    "slow_heavy": "Slow and heavy",
    "eccentric": "Eccentric",
    "plyometric": "Plyometric",
    "other": "Other",
}

PEAK_KNOWN = "Highest tendon force of one repetition in the literature: {peak:g} × body weight. {source}."
PEAK_UNKNOWN = "Tendon load: no figure."
OWN = "An exercise of your own: choose how it is done, so that it can be counted."
LAST_TIME = "Last time, {day}: {sets}."
NEVER_DONE = "No earlier day with it is on record."
NOTHING_ON = "Nothing is logged for {day}."
APART = (
    "Sets stand beside running and are never added to its load: no study turns an exercise into kilometres."
)
NONE_HERE = "no set logged in these dates"
UNLOGGED = "session, sets unknown"
UNLOGGED_SHORT = "sets unknown"
SESSION_NAMES = {
    "PhysicalTherapy": "physical therapy",
    "WeightTraining": "weight training",
    "Workout": "workout",
}
NO_PROGRAMME = "No programme is under way. Log without one, or start from one below."
OWN_PROGRAMME = "A programme of your own."
OWN_WEEKS = "Its weeks were held, moved on or edited since."
EDITED_SINCE = "Edited since: those numbers are yours or your physical therapist's."
WEEK_AND_DATES = "Week {week} of {weeks}, from {span}."
DONE_BEFORE = "It begins on {day}."
OVER = "Its last week ended on {day}."
DAYS_AND_SETS = (
    "Logged so far: {days} of {planned_days} planned days and {sets} of {planned_sets} planned sets."
)
SETS_ALONE = "Logged so far: {sets} on {days}; how many was not planned."
WHO_DECIDES = "Numbers are a place to start. Your physical therapist decides, and every number can be edited."


def sets_in_words(rows: Sequence[Mapping[str, Any]], units: Units) -> str:
    """Write sets of one exercise and day, like ones together.

    Sets × repetitions × weight, as gyms write it.
    """
    return "; ".join(
        _alike(len(list(alike)), values)
        for values, alike in groupby(rows, lambda row: _set_values(row, units))
    )


def _set_values(row: Mapping[str, Any], units: Units) -> tuple[str | None, ...]:
    hold, load = row["hold_s"], row["load_kg"]
    side = text.SIDE_NAMES.get(row["side"] or "")
    return (
        None if row["repetitions"] is None else f"{row['repetitions']}",
        None if hold is None else f"{hold:g} s",
        None if load is None else units.weight_words(load),
        side.lower() if side else None,
        f"tempo {row['tempo']}" if row["tempo"] else None,
        None if row["pain_0_10"] is None else f"pain {row['pain_0_10']:g}",
    )


def _alike(count: int, values: tuple[str | None, ...]) -> str:
    repetitions, hold, *rest = values
    work = f"{count} × {repetitions}" if repetitions else f"{count} sets" if count > 1 else "1 set"
    work = f"{work} × {hold}" if hold else work
    return ", ".join([work, *filter(None, rest)])


def unlogged_in_words(sport: str, time_s: float | None) -> str:
    """Name a session without sets, with its length where it is known."""
    length = "" if time_s is None else f", {time_s / 60:.0f} min"
    return f"{SESSION_NAMES.get(sport, sport.lower())}{length}, sets not logged"


def exercise_about(name: str) -> str:
    """Describe what is known of an exercise.

    The catalogue in `dashboard.strength.templates`.
    """
    one = exercise(name)
    if one is None:
        return OWN
    kind = f", {EXERCISE_KIND_NAMES[one.kind].lower()}" if one.kind and one.kind != "other" else ""
    knee = f", knee {one.knee}" if one.knee else ""
    head = f"{BODY_PARTS[one.part]}{kind}{knee}."
    if one.part != "calf":
        return head
    known = PEAK_UNKNOWN if one.peak_bw is None else PEAK_KNOWN.format(peak=one.peak_bw, source=PEAK_SOURCE)
    return f"{head} {known}"


def guideline_in_words() -> list[str]:
    """Describe what a clinical guideline says of such programmes, with its grades, and what nobody has tested."""
    graded = [f"{one.text} (grade {one.grade})" for one in RECOMMENDATIONS]
    return [f"**{GUIDELINE}:**", *graded, ORDER_NOTE, KNEE_NOTE]


def programme_about(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Describe where a programme is from and how sure its numbers are.

    The templates in `dashboard.strength.templates`.
    """
    known = find_template(rows[0]["programme"])
    if known is None:
        return [OWN_PROGRAMME]
    edited = any(certainty(row) is None for row in rows) or len(rows) != len(known.steps)
    since = [*([EDITED_SINCE] if edited else []), *([OWN_WEEKS] if has_own_weeks(rows) else [])]
    return [known.about, f"Source: {known.source}.", *since]


def certainty_in_words(row: Mapping[str, Any]) -> str:
    """Describe how sure the numbers of one row are."""
    sure = certainty(row)
    return CERTAINTY[sure] if sure else f"set by: {text.DECIDER_NAMES[row['decided_by']].lower()}"


def day_lines(
    rows: Sequence[Mapping[str, Any]], units: Units
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Part the sets of one day by exercise."""
    parted: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parted.setdefault(row["exercise"], []).append(row)
    return [(name, sets_in_words(sets, units), sets) for name, sets in parted.items()]


def last_in_words(rows: Sequence[Mapping[str, Any]], units: Units) -> str:
    """Describe what was done the last time."""
    if not rows:
        return NEVER_DONE
    return LAST_TIME.format(day=text.day_in_words(rows[0]["date"]), sets=sets_in_words(rows, units))


NOT_PLANNED = "–"
PEAK_LOAD = "{peak:g} × body weight"


def progress_in_words(rows: pl.DataFrame, start: date, weeks: int, today: date) -> list[str]:
    """Describe in which week a programme is, and what of it is logged.

    Counts, no score.
    """
    week = week_of(start, today)
    if week < 1:
        return [DONE_BEFORE.format(day=text.day_in_words(start))]
    if week > weeks:
        return [OVER.format(day=text.day_in_words(start + timedelta(days=weeks * WEEK - 1)))]
    first = start + timedelta(days=(week - 1) * WEEK)
    span = text.span_in_words(first, first + timedelta(days=WEEK - 1))
    head = WEEK_AND_DATES.format(week=week, weeks=weeks, span=span)
    now = rows.filter(pl.col("week") == week)
    if now.is_empty():
        return [head]
    days, sets = int(cast(int, now["logged_days"].max())), int(now["logged_sets"].sum())
    is_complete = not now["planned_sets"].null_count() and not now["planned_days"].null_count()
    if not is_complete:
        return [head, SETS_ALONE.format(sets=count(sets, "set"), days=count(days, "day"))]
    planned = {
        "planned_days": f"{now['planned_days'].max():g}",
        "planned_sets": f"{now['planned_sets'].sum():g}",
    }
    return [head, DAYS_AND_SETS.format(days=days, sets=sets, **planned)]


def progress_rows(rows: pl.DataFrame, units: Units) -> list[dict[str, Any]]:
    """Return planned and logged beside each other, newest week first."""
    newest = rows.sort(["week", "exercise"], descending=[True, False])
    return [_row(row, units) for row in newest.iter_rows(named=True)]


def _row(row: dict[str, Any], units: Units) -> dict[str, Any]:
    known = exercise(row["exercise"])
    heavy, planned_heavy = row["logged_load_kg"], row["planned_load_kg"]
    return {
        "Week": row["week"],
        "Exercise": row["exercise"],
        "Days": f"{row['logged_days']} of {_planned(row['planned_days'])}",
        "Sets": f"{row['logged_sets']} of {_planned(row['planned_sets'])}",
        "Repetitions": f"{row['logged_repetitions']} of {_planned(row['planned_repetitions'])}",
        f"Weight, {units.weight_unit} (plan)": f"{_weight(heavy, units)} ({_weight(planned_heavy, units)})",
        "Literature's peak load": PEAK_LOAD.format(peak=known.peak_bw)
        if known and known.peak_bw
        else text.NOT_KNOWN,
    }


def _planned(value: float | None) -> str:
    return NOT_PLANNED if value is None else f"{value:g}"


def _weight(kg: float | None, units: Units) -> str:
    return NOT_PLANNED if kg is None else f"{round(units.weight(kg), 1):g}"
