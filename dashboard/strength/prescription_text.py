"""A programme in the words it is prescribed in, what of it was done, and what must be true to move on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.model.schemas import WEEK
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.strength.criteria import (
    TO_HEAVIER,
    TO_PLYOMETRIC,
    TO_SLOW_HEAVY,
    CriterionResult,
    ProgrammeFacts,
    criteria_for,
)
from dashboard.strength.prescription import next_week, rows_in_week
from dashboard.strength.progress import week_of
from dashboard.strength.templates import find_template

MAXIMUM = re.compile(r"Heaviest weight that allows (\d+)")
TIMES = {1: "once a week", 2: "twice a week", 7: "every day", 14: "twice a day", 21: "three times a day"}
REST = "Rest: {rest}."
HEAD = ("Exercise", "As prescribed", "This week")
CAPTION = "This week's exercises as prescribed, and the sets logged"
NOT_PLANNED = "as many as it takes"
NOTHING_DONE = "nothing logged yet"
NO_PAIN = "no pain"
COMES_NEXT = "From week {week}, {day} on"
CRITERIA_HEAD = ("To move on", "Now", "Source")
CRITERIA_CAPTION = "What must be true to move on, how it stands by the log, and where it is from"
PHASE = "Before {kind}, by week {week} or later: {criteria}."
PHASE_NAMES = {TO_SLOW_HEAVY: "slow heavy work", TO_PLYOMETRIC: "the first plyometric work"}
STATES = {"met": "✓ met", "not_met": "✗ not yet", "unknown": "? not known"}
CRITERIA_NOTE = (
    "The log only counts; whether to move on is for the physical therapist and the runner. Custom: no study behind the "
    "number."
)
LAST_STEP = "This is the last step of the programme."
LAST_BEFORE = {
    "slow_heavy": "This is the last step of the programme. Slow heavy work usually follows:",
    "plyometric": "This is the last step of the programme. Plyometric work usually follows:",
}
TWO_AT_ONCE = "Two programmes load the calf at once: {names}. No study has tried them together."
INSERTIONAL = (
    "The log puts the pain where the tendon meets the heel: exercises on the floor, the heel not below it. Of 27 "
    "people who trained so, 67 % were satisfied; with the drop below a step 32 % had been (Jonsson 2008, Br J Sports "
    "Med 42:746, without a control group)."
)
HEEL_LIFT = (
    "A heel lift keeps the ankle from bending up as far; enter its height with the pair on the Shoes page (custom: no "
    "trial at the heel bone is cited here)."
)
START = "Start a programme"
START_OR_CHANGE = "Start another, or change to another"
HELD = "{name}: this week once more; all that follows comes a week later."
MOVED_ON = "{name}: the next step begins next week."
CHANGED = "{name} begins on {day}, in place of {before}."
ON_FLOOR = "{name}: on the floor, the heel not below it."


def prescription_in_words(row: Mapping[str, Any], units: Units) -> str:
    """Write one row as a physical therapist prescribes it: 3 × 15 at 15RM, 3 s up, 3 s down, 3 times a week."""
    note = row["note"] or ""
    maximum = MAXIMUM.search(note)
    rest = MAXIMUM.sub("", note).strip(" ;,")
    work = _work(row) + (f" at {maximum.group(1)}RM" if maximum else "")
    load = row["load_kg"]
    parts = [
        work,
        None if load is None else f"with {units.weight_words(load)}",
        _tempo(row["tempo"]),
        _times(row["times_per_week"]),
        rest[:1].lower() + rest[1:] if rest else None,
    ]
    return ", ".join(part for part in parts if part) or NOT_PLANNED


def _work(row: Mapping[str, Any]) -> str:
    sets, repetitions, hold = row["sets"], row["repetitions"], row["hold_s"]
    if sets is None and repetitions is None and hold is None:
        return NOT_PLANNED
    amounts = [None if sets is None else f"{sets}"]
    if repetitions is not None and not (hold is not None and repetitions == 1):
        amounts.append(f"{repetitions}")
    amounts.append(None if hold is None else f"{hold:g} s")
    known = [one for one in amounts if one]
    return " × ".join(known) if len(known) > 1 or sets is None else count(sets, "set")


def _tempo(tempo: str | None) -> str | None:
    """Write a tempo of up, hold and down; anything else as it was typed."""
    parts = (tempo or "").split("-")
    if len(parts) != 3 or not all(part.strip().isdigit() for part in parts):
        return f"tempo {tempo}" if tempo else None
    phases = zip(parts, ("up", "hold", "down"), strict=True)
    return ", ".join(f"{int(part)} s {word}" for part, word in phases if int(part)) or None


def _times(times: float | None) -> str | None:
    if times is None:
        return None
    return (
        TIMES.get(int(times), f"{times:g} times a week") if times == int(times) else f"{times:g} times a week"
    )


def week_table(
    rows: Sequence[dict[str, Any]],
    progress: pl.DataFrame,
    strength: pl.DataFrame,
    today: date,
    units: Units,
) -> list[list[str]]:
    """Return this week's exercises, each as prescribed and beside it what was logged."""
    week = week_of(rows[0]["start_date"], today)
    done = {row["exercise"]: row for row in progress.filter(pl.col("week") == week).to_dicts()}
    return [
        [
            row["exercise"],
            prescription_in_words(row, units),
            _done(done.get(row["exercise"]), strength, units),
        ]
        for row in rows_in_week(rows, week)
    ]


def _done(row: Mapping[str, Any] | None, strength: pl.DataFrame, units: Units) -> str:
    if row is None or not row["logged_sets"]:
        planned = None if row is None else row["planned_sets"]
        return NOTHING_DONE if planned is None else f"0 of {planned:g} sets"
    sets, days = row["logged_sets"], row["logged_days"]
    parts = [
        f"{sets} of {row['planned_sets']:g} sets" if row["planned_sets"] is not None else count(sets, "set"),
        f"on {days} of {row['planned_days']:g} days" if row["planned_days"] else f"on {count(days, 'day')}",
    ]
    if row["logged_load_kg"] is not None:
        parts.append(f"up to {units.weight_words(row['logged_load_kg'])}")
    in_week = pl.col("date").is_between(row["from_date"], row["to_date"])
    pain = strength.filter((pl.col("exercise") == row["exercise"]) & in_week)["pain_0_10"].max()
    if isinstance(pain, int | float):
        parts.append(f"pain up to {pain:g}" if pain else NO_PAIN)
    return ", ".join(parts)


def coming_in_words(rows: Sequence[dict[str, Any]], today: date, units: Units) -> str | None:
    """Describe the next step: what begins in it and when; None in the last one."""
    start = rows[0]["start_date"]
    week = week_of(start, today)
    coming = next_week(rows, week)
    if coming is None:
        return None
    day = start + timedelta(days=(coming - 1) * WEEK)
    new = [row for row in rows if row["week_from"] == coming]
    exercises = "; ".join(f"{row['exercise']} {prescription_in_words(row, units)}" for row in new)
    return f"{COMES_NEXT.format(week=coming, day=text.day_in_words(day))}: {exercises}."


def rest_in_words(name: str) -> str | None:
    """Name the rest between sets, where the source of a programme prints it."""
    known = find_template(name)
    return REST.format(rest=known.rest) if known and known.rest else None


def criteria_table(results: Sequence[CriterionResult], facts: ProgrammeFacts) -> list[list[str]]:
    """Return each criterion, how it stands by the log, and where it is from."""
    return [
        [
            one.criterion.text,
            " ".join(filter(None, [STATES[one.state], _amount(one, facts)])),
            one.criterion.source,
        ]
        for one in results
    ]


def _amount(one: CriterionResult, facts: ProgrammeFacts) -> str | None:
    if one.value is None:
        return None
    words = {
        "set_pain": f"most {one.value:g}, on {count(facts.set_pain_days, 'day')}",
        "settled": f"{facts.settled} of {count(facts.mornings, 'day')}",
        "no_rise": None,
        "done": f"{one.value * 100:.0f} %",
        "rises": f"{one.value:g}",
        "symmetry": f"{one.value * 100:.0f} %",
        "hop_pain": f"{one.value:g}",
    }[one.criterion.id]
    return f"({words})" if words else None


def outline(steps: Sequence[Mapping[str, Any]], units: Units) -> list[str]:
    """Write a whole programme, one line for each stretch of weeks: what is shown before it is started."""
    lines = []
    for first, last in sorted({(row["week_from"], row["week_to"]) for row in steps}):
        same = [row for row in steps if (row["week_from"], row["week_to"]) == (first, last)]
        by_amount: dict[str, list[str]] = {}
        for row in same:
            by_amount.setdefault(prescription_in_words(row, units), []).append(row["exercise"])
        weeks = f"Week {first}" if first == last else f"Weeks {first}–{last}"
        lines += [f"{weeks}: {', '.join(names)}: {amount}." for amount, names in by_amount.items()]
    return lines


def phase_lines(steps: Sequence[dict[str, Any]]) -> list[str]:
    """Write what must be true before the first slow heavy week and the first hops of a programme."""
    weeks = sorted({row["week_from"] for row in steps})
    lines = []
    for before, week in pairwise(weeks):
        now, coming = rows_in_week(steps, before), [row for row in steps if row["week_from"] == week]
        asked = criteria_for(now, coming)
        if asked is not TO_HEAVIER:
            criteria = [one.text[:1].lower() + one.text[1:] for one in asked]
            lines.append(PHASE.format(kind=PHASE_NAMES[asked], week=week, criteria="; ".join(criteria)))
    return lines
