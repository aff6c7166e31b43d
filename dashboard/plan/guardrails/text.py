"""Guardrails in words: where a plan crosses them, what the log says of pain, which change keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.model.pain_rule import PainCrossing, PainState
from dashboard.plan.guardrails.base import Violation
from dashboard.plan.planned_runs import PlannedRun
from dashboard.shared import text
from dashboard.shared.units import Units

NOT_CHECKED = {
    "pain": "Not checked: nothing was logged in the last seven days, which is not the same as no pain.",
    "long_run": "Partly not checked: no run lies in the 30 days before.",
    "fast": "Not checked: your usual fast minutes are not known.",
    "descent": "Not checked: your usual descent is not known.",
    "shoe": "Partly not checked: some planned runs name no pair.",
    "hard_days": "Not checked beyond fast minutes: the load of your usual run is not known.",
    "one_channel": "Not checked: your usual week is not known.",
}


LIMIT_KEPT = "The plan keeps it."


LIMIT_OFF = "Off: plans are not held against it."


NO_CHANGE = "No small change keeps it without pushing another guardrail further; your PT decides."


def violation_in_words(name: str, found: Sequence[Violation], units: Units, pain: PainState) -> str:
    """Say where a plan crosses a guardrail."""
    one = found[0]
    day = text.day_in_words(one.date, False)
    said = {
        "pain": f"{pain_in_words(pain)} The seven days from then hold {units.distance_words(one.amount)}, after "
        f"{units.distance_words(one.limit)} in the last seven.",
        "long_run": f"The run of {day} is {units.distance_words(one.amount)}; the limit from the 30 days before is "
        f"{units.distance_words(one.limit)}.",
        "fast": f"The week of {day} has {one.amount / 60:.0f} fast minutes; the limit is {one.limit / 60:.0f}.",
        "descent": f"The week of {day} has {units.height_words(one.amount)} of descent; the limit is "
        f"{units.height_words(one.limit)}.",
        "shoe": f"In the week of {day} new or plated pairs have {one.amount:.0f} % of the distance; the limit is "
        f"{one.limit:.0f} %.",
        "hard_days": f"The hard day of {day} comes {_days(one.amount)} after the one before; the limit is "
        f"{_days(one.limit)}.",
        "one_channel": f"The week of {day} raises {one.amount:.0f} channels at once; the limit is {one.limit:.0f}.",
    }[name]
    more = len(found) - 1
    return f"{said} {_more(more)}".strip()


def _more(count: int) -> str:
    return (
        ""
        if not count
        else "It is crossed once more later."
        if count == 1
        else f"It is crossed {count} times more."
    )


def _days(count: float) -> str:
    return "one day" if count == 1 else f"{count:.0f} days"


def pain_in_words(state: PainState) -> str:
    """Say where the log lies beyond the pain rule."""
    if not state.crossed:
        return "The log of the last seven days stays within the pain rule."
    return _crossed(max(state.crossed, key=lambda one: one.amount - one.limit))


def _crossed(one: PainCrossing) -> str:
    day = text.day_in_words(one.date, False)
    return {
        "run": f"On {day} the log has {one.amount:g} of 10 during or after the run, above the limit of {one.limit:g}.",
        "morning": f"On the morning of {day} the log has {one.amount:g} of 10: not settled after the run before.",
        "week": f"Mornings rose from {one.limit:.1f} to {one.amount:.1f} of 10 on average in the week to {day}.",
    }[one.part]


def change_in_words(
    changed: Sequence[tuple[PlannedRun, PlannedRun]], units: Units, names: dict[str, str]
) -> str:
    """Say a change to the plan."""
    said = [_changed(before, after, units, names) for before, after in changed[:3]]
    more = len(changed) - 3
    return " ".join(
        [*said, *([f"And {more} more runs." if more > 1 else "And one more run."] if more > 0 else [])]
    )


def _changed(before: PlannedRun, after: PlannedRun, units: Units, names: dict[str, str]) -> str:
    day = f"{before.date:%A} {text.day_in_words(before.date, False)}"
    if before.date != after.date:
        run = units.distance_words(before.distance_m)
        return f"{run} of {day} on {after.date:%A} {text.day_in_words(after.date, False)} instead."
    if before.shoe_id != after.shoe_id:
        return f"{day} in {names.get(after.shoe_id or '', text.SHOE_NAMELESS)}."
    if before.distance_m != after.distance_m:
        return f"{day} from {units.distance_words(before.distance_m)} to {units.distance_words(after.distance_m)}."
    if before.fast_s != after.fast_s:
        return f"{day} from {(before.fast_s or 0) / 60:.0f} to {(after.fast_s or 0) / 60:.0f} fast minutes."
    if before.ascent_m != after.ascent_m:
        return f"{day} from {units.height_words(before.ascent_m)} to {units.height_words(after.ascent_m)} of climb."
    return f"{day} from {units.height_words(before.descent_m)} to {units.height_words(after.descent_m)} of descent."
