"""Today in words: where load stands, what is unusual this fortnight, how far the next run may go, the last entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard import words
from dashboard.change_words import CHANNEL_NAMES, amount, counted
from dashboard.charts import changes
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
CALM = "Nothing unusual in this fortnight: load stands at ×{ratio:.2f} of what you are used to."
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


def unusual(why: Why, now: Standing, units: Units, before_days: int) -> list[str]:
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

    Returns
    -------
    list of str
        Stacked changes first, then what made up a rise, then the channels that stood out; one calm sentence where
        nothing is; nothing at all where nothing is known.

    Source
    ------
    ours.
    """
    recent = why.recent
    stacked = recent.stacked["words"].drop_nulls().to_list()
    rows = [row for row in changes.unusual(recent.changes.to_dicts()) if _stands_out(row)]
    rose = [rise_in_words(row) for row in recent.drivers.to_dicts() if row["leading"] and now.window_from]
    said = [*stacked, *rose, *(change(row, units, before_days) for row in rows[:MOST])]
    if said or now.ratio is None:
        return said
    return [CALM.format(ratio=now.ratio)] if now.window_from is None else []


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
        return [ENTRY.format(day=_when(row["date"], today), parts=_parts(row)) for row in near]
    last = told.row(-1, named=True)
    return [NO_ENTRY, LAST_ENTRY.format(day=words.day(last["date"]), parts=_parts(last))]


def _when(day: date, today: date) -> str:
    return "Today" if day == today else "Yesterday"


def _parts(row: dict[str, Any]) -> str:
    scores = {
        "morning_stiffness_0_10": "stiffness {:g} of 10",
        "morning_stiffness_min": "stiff for {:g} min",
        "morning_pain_0_10": "pain in the morning {:g}",
        "pain_during_0_10": "during the run {:g}",
        "pain_after_0_10": "after the run {:g}",
    }
    told = [text.format(row[name]) for name, text in scores.items() if row[name] is not None]
    known = [row[name] for name in scores if row[name] is not None]
    if known and not any(known):
        told = [
            "no stiffness and no pain"
            if len(known) == len(scores)
            else "no pain or stiffness in what was asked"
        ]
    side = f" ({row['side']})" if row["side"] else ""
    return (", ".join(told) or "a note only") + side


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
