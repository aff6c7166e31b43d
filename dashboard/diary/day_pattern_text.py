"""Words of the 24-hour pattern, the same on the runner's pages, in the consult and in the report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from connectors.plural import count
from dashboard.model.day_pattern import NOW_DAYS, SETTLING_DAYS, DayMoment, DayPattern, day_pattern
from dashboard.shared.text import day_in_words, minutes_in_words

TITLE = "24-hour pattern"
MOMENT_NAMES = {
    "first_steps": "First steps",
    "start": "Start of run",
    "during": "During the run",
    "after": "After the run",
    "next_morning": "Morning after a run",
    "stiffness_0_10": "Stiffness, 0–10",
    "stiffness_min": "Stiffness",
}
OF_THE_DAY = ("first_steps", "start", "during", "after", "next_morning")
TREND_NAMES = {
    "stiffness_min": "Stiff",
    "stiffness_0_10": "Stiffness",
    "first_steps": "First steps",
    "during": "During the run",
    "after": "After the run",
}
NOTHING = "Nothing of the 24 hours was logged from {since} to {until}."
ONE_LINE = "24-hour pattern of 10, {now} (most since {since}): {moments}."
NONE = "none"
NO_ENTRY = "not logged"
WARMS_UP = "warms up on {warmed} of {days}"
NEVER_WARMED = "whether it warms up was not logged"
SETTLES = "Settles by the next morning on {settled} of {days} in the last {weeks} weeks{to}."
SETTLING_UNKNOWN = (
    "Whether it settles by the next morning is not known: no morning after a run was logged in the last {weeks} "
    "weeks{to}."
)
TREND = "{what} {most} on {day} → {now} {when}."
TREND_UNKNOWN = "{what} {most} on {day}; not logged {when}."
NO_TREND = "No pain and no stiffness in what was logged in these dates."
LAST_ENTRY = "The last entry is of {day}."
EXPLAINED = (
    "Now: the median of what was logged in the last {days} days. Most: the largest since {since}. Settled: the next "
    "morning was no higher than the morning of the run, or at most 2 of 10. What was not logged counts as neither."
)


@dataclass(frozen=True)
class PatternCell:
    """One moment of the day as a page shows it."""

    title: str
    now: str
    most: str
    more: str = ""


def pattern_lines(
    symptoms: pl.DataFrame, run_days: Collection[date], since: date, until: date, today: date
) -> list[str]:
    """Return the 24-hour pattern as at most five short lines, for the page to take home."""
    pattern = day_pattern(symptoms, run_days, since, until)
    if not is_logged(pattern):
        return [NOTHING.format(since=day_in_words(since), until=day_in_words(until))]
    return [
        _one_line(pattern, today),
        *trend_sentences(pattern, today, brief=True),
        settling_in_words(pattern, today),
    ]


def is_logged(pattern: DayPattern) -> bool:
    """Return whether anything of the pattern was logged in its dates."""
    return any(one.peak_high is not None or one.now_days for one in pattern.times)


def _one_line(pattern: DayPattern, today: date) -> str:
    day_moments = [pattern.moment(name) for name in OF_THE_DAY]
    words = ", ".join(
        f"{MOMENT_NAMES[one.id].lower()} {_now_and_most(one)}{_warmth(one, pattern)}" for one in day_moments
    )
    return ONE_LINE.format(now=_when(pattern, today), since=day_in_words(pattern.since, False), moments=words)


def _now_and_most(one: DayMoment) -> str:
    now = NO_ENTRY if one.now_low is None else f"{one.now_low:g}"
    return now if one.peak_low is None else f"{now} ({one.peak_low:g})"


def _warmth(one: DayMoment, pattern: DayPattern) -> str:
    if one.id != "start" or not pattern.start_pain_days:
        return ""
    return f", {WARMS_UP.format(warmed=pattern.warmed_up, days=count(pattern.start_pain_days, 'run day'))}"


def settling_in_words(pattern: DayPattern, today: date) -> str:
    """Describe irritability as a physical therapist does: on how many run days it settled by the next morning."""
    weeks, to = SETTLING_DAYS // 7, _to(pattern, today)
    if not pattern.run_days:
        return SETTLING_UNKNOWN.format(weeks=weeks, to=to)
    days = count(pattern.run_days, "run day")
    return SETTLES.format(settled=pattern.settled, days=days, weeks=weeks, to=to)


def trend_sentences(pattern: DayPattern, today: date, brief: bool = False) -> list[str]:
    """Describe where each measure stood at its most and stands now; stiffness in minutes where those are logged."""
    has_minutes = pattern.moment("stiffness_min").peak_high is not None
    stiffness = "stiffness_min" if has_minutes else "stiffness_0_10"
    names = (stiffness, "during") if brief else (stiffness, "first_steps", "during", "after")
    day_moments = [pattern.moment(name) for name in names]
    return [_trend(one, pattern, today) for one in day_moments if one.peak_high]


def _trend(one: DayMoment, pattern: DayPattern, today: date) -> str:
    filled = {
        "what": TREND_NAMES[one.id],
        "most": _amount(one.id, one.peak_low, one.peak_high),
        "day": _day(one.peak_date, pattern),
        "when": _when(pattern, today),
    }
    if one.now_low is None:
        return TREND_UNKNOWN.format(
            **filled | {"when": f"in the {NOW_DAYS} days to {_day(pattern.until, pattern)}"}
        )
    return TREND.format(**filled, now=_amount(one.id, one.now_low, one.now_high))


def pattern_cells(pattern: DayPattern, today: date) -> list[PatternCell]:
    """Return what stands under each moment of the day, in the order of the day, and stiffness after them."""
    return [
        _cell(one, pattern, today)
        for one in pattern.times
        if one.peak_high is not None or one.id in OF_THE_DAY
    ]


def _cell(one: DayMoment, pattern: DayPattern, today: date) -> PatternCell:
    now = (
        NO_ENTRY
        if one.now_low is None
        else f"{_amount(one.id, one.now_low, one.now_high)} {_when(pattern, today)}"
    )
    most = ""
    if one.peak_high is not None:
        most = f"most {_amount(one.id, one.peak_low, one.peak_high)}"
        most += f" on {_day(one.peak_date, pattern)}" if one.peak_high else ""
    more = ""
    if one.id == "start" and one.peak_high:
        more = _warmth(one, pattern).removeprefix(", ") or NEVER_WARMED
    return PatternCell(MOMENT_NAMES[one.id], now, most, more)


def explained(pattern: DayPattern) -> str:
    """Describe how the numbers of the pattern are made."""
    return EXPLAINED.format(days=NOW_DAYS, since=day_in_words(pattern.since))


def last_entry(pattern: DayPattern, today: date) -> str | None:
    """Name the last entry where it is too long ago to count as now."""
    last = pattern.last_logged
    is_old = last is not None and (today - last).days >= NOW_DAYS
    return LAST_ENTRY.format(day=day_in_words(last)) if last and is_old else None


def _amount(name: str, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NO_ENTRY
    if not high:
        return NONE
    return minutes_in_words(low, high) if name == "stiffness_min" else f"{low:g} of 10"


def _when(pattern: DayPattern, today: date) -> str:
    """Now, or the date that stands for it where the dates end earlier."""
    return "now" if pattern.until >= today else f"by {day_in_words(pattern.until)}"


def _to(pattern: DayPattern, today: date) -> str:
    return "" if pattern.until >= today else f" to {day_in_words(pattern.until)}"


def _day(day: date | None, pattern: DayPattern) -> str:
    return "" if day is None else day_in_words(day, day.year != pattern.until.year)
