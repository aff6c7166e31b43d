"""Today in words: where load stands, what is unusual this fortnight, how far the next run may go, the last entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from dashboard.flares import figures
from dashboard.flares.change_text import CHANNEL_NAMES, amount, count_in_words
from dashboard.model.attribution import rise_in_words
from dashboard.model.explain import FlareExplanation
from dashboard.model.referral import CareReason
from dashboard.model.step_ups import is_leading
from dashboard.shared import state_text, text
from dashboard.shared.text import HABIT_UNKNOWN
from dashboard.shared.units import Units
from dashboard.today.status import CurrentLoad

STALE_DAYS = 7
ABOVE, BELOW = 1.1, 0.9
MOST = 4
FAR = 1.5
FURTHEST_OUT = 0.1
FEW_WEEKS = 20
"""Below this many weeks on record a tenth of them says nothing. Design choices, all three."""
CALM = "Nothing unusual in this fortnight: nothing in training stood out."
ONLY_MADE_OF_LOAD = "Nothing{other} in training stood out in this fortnight but what is worked out from load."
NO_MORE = "Nothing else stood out in this fortnight."
NO_LOAD = "No load is known yet: bring in runs on the Data page."
AT = "Estimated load of the 7 days to {day} is {level} what you are used to ({ratio})."
LEVELS = {"above": "above", "near": "close to", "below": "below"}
OLD = "The newest run on record is {days} days old, so this may not be where you stand today."
WINDOW = "Since {day} you have been doing more than you are used to{how}."
HOW = {
    True: "; both ways to estimate it agree",
    False: "; our two ways to estimate it disagree on that",
    None: "",
}
CHANGED = "{name}: {value} in the 7 days to {day}, usually {usual}. {counted}"
LIMIT_SOURCE = (
    "Source: Frandsen 2025 (PMID 40623829), 5,205 runners and running injuries of all kinds: those whose run went more "
    "than 10 % beyond the longest of the 30 days before reported more of them. It says nothing of one runner or one "
    "tendon; your physical therapist's limit comes first."
)
NO_LIMIT = "No run is on record in the last 30 days, so there is no longest one to compare the next run with."
CARE = {
    CareReason.EVERY_BLOCK: (
        "Each of your last three rises in load had a flare in it or soon after: a physical therapist can help to plan "
        "the next one."
    ),
    CareReason.LIMITS_BOTH: (
        "Symptoms have been logged for three weeks while fast running and hills fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    CareReason.LIMITS_SPEED: (
        "Symptoms have been logged for three weeks while fast running fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    CareReason.LIMITS_HILLS: (
        "Symptoms have been logged for three weeks while hills fell below half of your usual: "
        "this is worth showing to a physical therapist."
    ),
    CareReason.LASTING: (
        "Symptoms have been logged in each of the last three weeks: this is worth showing to a physical therapist."
    ),
}
"""One sentence for each reason to see a physical therapist, said on the Today page and nowhere else."""


def load_in_words(now: CurrentLoad) -> list[str]:
    """Describe where load stands against habit.

    Above and below are 10 % apart from habit; no verdict.
    """
    if now.as_of is None:
        return [text.HABIT_WITHHELD if now.is_withheld else NO_LOAD]
    old = [OLD.format(days=now.days_ago)] if now.days_ago > STALE_DAYS else []
    if now.ratio is None:
        return [HABIT_UNKNOWN, *old]
    level = "above" if now.ratio > ABOVE else "below" if now.ratio < BELOW else "near"
    sentence = AT.format(
        day=text.day_in_words(now.as_of, False), level=LEVELS[level], ratio=state_text.ratio(now.ratio)
    )
    window = (
        WINDOW.format(day=text.day_in_words(now.window_from, False), how=HOW[now.window_robust])
        if now.window_from
        else None
    )
    return [sentence, *([window] if window else []), *old]


def unusual_in_words(
    explanation: FlareExplanation,
    now: CurrentLoad,
    units: Units,
    before_days: int,
    named_drivers: Collection[str] = (),
) -> list[str]:
    """Describe what is unusual in the last fortnight with a known load."""
    recent = explanation.recent
    stacked = recent.stacked["words"].drop_nulls().to_list()
    rows = [row for row in figures.unusual_changes(recent.changes.to_dicts()) if _stands_out(row)]
    rose = [rise_in_words(row) for row in recent.drivers.to_dicts() if row["leading"] and now.window_from]
    rows = [row for row in rows if row["channel"] not in named_drivers][:MOST]
    doses, made = ([row for row in rows if is_leading(row["channel"]) is leads] for leads in (True, False))
    first = [*(change_line(row, units, before_days) for row in doses), *stacked, *rose]
    last = [change_line(row, units, before_days) for row in made]
    if last and not first:
        first = [ONLY_MADE_OF_LOAD.format(other=" else" if named_drivers else "")]
    if first or last or now.ratio is None:
        return [*first, *last]
    if named_drivers:
        return [NO_MORE]
    return [CALM] if now.window_from is None else []


def _stands_out(row: Mapping[str, Any]) -> bool:
    """Far from the weeks before, and among the furthest tenth on record: of eleven channels one is always out a bit."""
    return row["z"] >= FAR and (row["rank"] <= FURTHEST_OUT * row["of_weeks"] or row["of_weeks"] < FEW_WEEKS)


def change_line(row: Mapping[str, Any], units: Units, before_days: int) -> str:
    """Describe of one channel how far it changed, and how often the same came without a flare, in short.

    `change_text.change_in_words` says more.
    """
    return CHANGED.format(
        name=CHANNEL_NAMES[row["channel"]],
        value=amount(row["channel"], row["value"], units),
        day=text.day_in_words(row["date"], False),
        usual=amount(row["channel"], row["usual"], units),
        counted=count_in_words(row, before_days),
    )
