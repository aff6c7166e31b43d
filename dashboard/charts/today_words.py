"""Today in words: where load stands, what is unusual this fortnight, how far the next run may go, the last entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard import words
from dashboard.change_words import CHANNEL_NAMES, amount, counted
from dashboard.charts import changes, log_words
from dashboard.model.care import Reason
from dashboard.model.driver_words import rise_in_words
from dashboard.model.standing import Standing
from dashboard.model.why import Why
from dashboard.units import Units

STALE_DAYS = 7
ABOVE, BELOW = 1.1, 0.9
MOST = 4
FAR = 1.5
FURTHEST = 0.1
FEW_WEEKS = 20
"""Below this many weeks on record a tenth of them says nothing. Design choices, all three."""
CALM = "Nothing unusual in this fortnight: no channel of training stood out."
NO_MORE = "Nothing else stood out in this fortnight."
NO_LOAD = "No load is known yet: bring in runs on the Data page."
NO_HABIT = "What you are used to is not known yet: it takes 42 days of records."
AT = "Estimated load of the 7 days to {day} is {level} what you are used to (×{ratio:.2f})."
LEVELS = {"above": "above", "near": "close to", "below": "below"}
OLD = "The newest run on record is {days} days old, so this may not be where you stand today."
WINDOW = "Since {day} it has outpaced habit{how}."
HOW = {
    True: ", under both ways to count load",
    False: "; whether it did depends on model assumptions",
    None: "",
}
CHANGED = "{name}: {value} in the 7 days to {day}, usually {usual}. {counted}"
LIMIT = "Up to {limit} your next long run stays within 10 % of the longest of the last 30 days ({longest} on {day})."
LIMIT_SOURCE = (
    "Source: Frandsen 2025 (PMID 40623829), 5,205 runners and running injuries of all kinds: those whose run went more "
    "than 10 % beyond the longest of the 30 days before reported more of them. It says nothing of one runner or one "
    "tendon; your PT's limit comes first."
)
NO_LIMIT = "No run is on record in the last 30 days, so there is no longest one to compare the next run with."
NO_ENTRY = "Nothing is logged for today or last night yet."
LAST_ENTRY = "The last entry is of {day}: {parts}."
ENTRY = "{day}: {parts}."
NEVER = "Nothing has been logged yet."
CARE = {
    Reason.EVERY_BLOCK: (
        "Each of your last three rises in load had a flare in it or soon after: a physical therapist can help to plan "
        "the next one."
    ),
    Reason.LIMITS_BOTH: (
        "Symptoms have been logged for three weeks while fast running and hills fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    Reason.LIMITS_SPEED: (
        "Symptoms have been logged for three weeks while fast running fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    Reason.LIMITS_HILLS: (
        "Symptoms have been logged for three weeks while hills fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    Reason.LASTING: (
        "Symptoms have been logged in each of the last three weeks: this is worth showing to a physical therapist."
    ),
}
"""One sentence for each reason to see a physical therapist, said on the Today page and nowhere else."""


def facts(now: Standing, units: Units) -> list[tuple[str, str]]:
    """Give the figures of the page.

    Parameters
    ----------
    now : Standing
        Where load stands.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of tuple of str
        Name and value.

    Source
    ------
    ours.
    """
    ratio = words.NOT_KNOWN if now.ratio is None else f"×{now.ratio:.2f}"
    return [
        ("Load, last 7 days", units.load_words(now.acute_tkm)),
        ("What you are used to", units.load_words(now.habitual_tkm)),
        ("Load over habit", ratio),
        ("Longest of 30 days", units.distance_words(now.longest_m)),
        ("10 % beyond it", units.distance_words(now.limit_m)),
    ]


def load(now: Standing) -> list[str]:
    """Say where load stands against habit.

    Parameters
    ----------
    now : Standing
        Where load stands.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    ours: above and below are 10 % apart from habit; no verdict.
    """
    if now.as_of is None:
        return [NO_LOAD]
    old = [OLD.format(days=now.days_ago)] if now.days_ago > STALE_DAYS else []
    if now.ratio is None:
        return [NO_HABIT, *old]
    level = "above" if now.ratio > ABOVE else "below" if now.ratio < BELOW else "near"
    said = AT.format(day=words.day(now.as_of, False), level=LEVELS[level], ratio=now.ratio)
    window = (
        WINDOW.format(day=words.day(now.window_from, False), how=HOW[now.window_robust])
        if now.window_from
        else None
    )
    return [said, *([window] if window else []), *old]


def unusual(why: Why, now: Standing, units: Units, before_days: int, told: Collection[str] = ()) -> list[str]:
    """Say what is unusual in the last fortnight with a known load.

    Parameters
    ----------
    why : Why
        Of the whole history.
    now : Standing
        Where load stands.
    units : Units
        What the runner reads in.
    before_days : int
        How soon after a change a flare counts as after it, d.
    told : collection of str
        Channels told already.

    Returns
    -------
    list of str
        The channels that stood out first, then stacked changes, then what made up a rise; one calm sentence where
        nothing is; nothing at all where nothing is known.

    Source
    ------
    ours.
    """
    recent = why.recent
    stacked = recent.stacked["words"].drop_nulls().to_list()
    rows = [row for row in changes.unusual(recent.changes.to_dicts()) if _stands_out(row)]
    rose = [rise_in_words(row) for row in recent.drivers.to_dicts() if row["leading"] and now.window_from]
    rows = [row for row in rows if row["channel"] not in told]
    said = [*(change(row, units, before_days) for row in rows[:MOST]), *stacked, *rose]
    if said or now.ratio is None:
        return said
    if told:
        return [NO_MORE]
    return [CALM] if now.window_from is None else []


def limit(now: Standing, units: Units) -> list[str]:
    """Say how far the next long run may go to stay near the longest of 30 days, and where that comes from.

    Parameters
    ----------
    now : Standing
        Where load stands.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of str
        Whole sentences; the second is the source.

    Source
    ------
    Frandsen 2025 (PMID 40623829).
    """
    if now.limit_m is None or now.longest_date is None:
        return [NO_LIMIT]
    named = {"limit": units.distance_words(now.limit_m), "longest": units.distance_words(now.longest_m)}
    return [LIMIT.format(**named, day=words.day(now.longest_date, False)), LIMIT_SOURCE]


def last_log(symptoms: pl.DataFrame, today: date) -> list[str]:
    """Say what was logged last night or this morning, or when the last entry was.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    today : date
        The local date of the reader.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    ours: a day without an entry is said, since it is not a calm day.
    """
    told = symptoms.filter(pl.col("date") <= today).sort("date", "side", "source_id")
    if told.is_empty():
        return [NEVER]
    near = [row for row in told.tail(6).iter_rows(named=True) if (today - row["date"]).days <= 1]
    if near:
        return [ENTRY.format(day=_when(row["date"], today), parts=log_words.entry(row)) for row in near]
    last = told.row(-1, named=True)
    return [NO_ENTRY, LAST_ENTRY.format(day=words.day(last["date"]), parts=log_words.entry(last))]


def _when(day: date, today: date) -> str:
    return "Today" if day == today else "Yesterday"


def _stands_out(row: Mapping[str, Any]) -> bool:
    """Far from the weeks before, and among the furthest tenth on record: of eleven channels one is always out a bit."""
    return row["z"] >= FAR and (row["rank"] <= FURTHEST * row["of_weeks"] or row["of_weeks"] < FEW_WEEKS)


def change(row: Mapping[str, Any], units: Units, before_days: int) -> str:
    """Say of one channel how far it changed, and how often the same came without a flare, in short.

    Parameters
    ----------
    row : mapping
        One row of CHANGE_SCHEMA that is unusual.
    units : Units
        What the runner reads in.
    before_days : int
        How soon after a change a flare counts as after it, d.

    Returns
    -------
    str
        Two sentences.

    Source
    ------
    ours: `change_words.change_in_words` says more.
    """
    return CHANGED.format(
        name=CHANNEL_NAMES[row["channel"]],
        value=amount(row["channel"], row["value"], units),
        day=words.day(row["date"], False),
        usual=amount(row["channel"], row["usual"], units),
        counted=counted(row, before_days),
    )
