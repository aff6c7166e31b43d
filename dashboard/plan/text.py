"""The plan in words: what it adds up to, which guardrails it crosses, what would keep them, the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.frames import GUARDRAIL, LADDER, PLAN
from dashboard.plan.guardrails.base import Guardrail, GuardrailLimit, PlanContext, Violation, open_runs
from dashboard.plan.planned_changes import PlannedChange
from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.shared import text
from dashboard.shared.state_text import ratio
from dashboard.shared.undo import Change
from dashboard.shared.units import Units

ARITHMETIC = (
    "A projection is arithmetic on the plan at your own usual load of a km: it says what the plan adds up to, "
    "not how the heel will be. A day ahead without a planned run counts as rest."
)
NOTHING_PLANNED = (
    "Nothing is planned yet. Without a plan the lines show rest: what you are used to goes down slowly."
)
NO_RECORD = "A plan can be kept, but nothing can be set against it until runs are on record."
NO_HABIT = "What you are used to is not known yet: it takes 42 days of records. The planned load is drawn without it."
HIGHEST = (
    "Planned load is highest against habit on {day}: {ratio} of habit, between {low} and {high} with the spread of "
    "your own runs."
)
HIGHEST_ON_LINE = (
    "Planned load is highest against the line back from the break on {day}: {ratio} of it, between {low} and {high} "
    "with the spread of your own runs."
)
RAISES_MOST = "The plan raises {name} most: {planned} in the week of {week}, usually {usual}"
RAISES_NEXT = "next, {name}: {planned} in the week of {week}, usually {usual}"
CHANNEL_NAMES = {
    "volume": "running volume",
    "longest": "the longest run",
    "fast": "fast running",
    "climb": "climb on hills",
    "descent": "descent on hills",
    "shoe_new": "new or plated pairs",
}
DONE = "Difference is done less planned; a dash is a week without a record or a plan. A week under way counts so far."
WITHIN_LIMIT = "The plan keeps it."
LIMIT_OFF = "Off: plans are not held against it."
NO_CHANGE = (
    "No small change keeps it without pushing another guardrail further; your physical therapist decides."
)
DECIDED_BY_NAMES = {None: "default"} | {
    decider: f"set by the {name.lower()}" for decider, name in text.DECIDER_NAMES.items()
}
SAVED = {
    PLAN.name: "The plan was changed.",
    GUARDRAIL.name: "The guardrail was changed.",
    LADDER.name: "The ladder was changed.",
}


def saved_in_words(change: Change) -> str | None:
    """Write what a change of the plan, a guardrail or the ladder did; None where it changed nothing."""
    if change.contract is None or change.outcome == "unchanged":
        return None
    return SAVED[change.contract.name]


def run_in_words(run: PlannedRun, units: Units, names: dict[str, str]) -> str:
    """Describe one planned run."""
    parts = [units.distance_words(run.distance_m)]
    if run.fast_s:
        parts.append(f"{run.fast_s / 60:.0f} fast min")
    if run.ascent_m:
        parts.append(f"{units.height_words(run.ascent_m)} of climb")
    if run.shoe_id in names:
        parts.append(names[run.shoe_id])
    if run.ladder_step is not None:
        parts.append(f"step {run.ladder_step} of the ladder")
    return ", ".join(parts)


def limit_in_words(rule: Guardrail, limit: GuardrailLimit) -> str:
    """Write one guardrail with its value and who set it."""
    if not rule.has_value:
        return f"{rule.title} ({DECIDED_BY_NAMES[limit.decided_by]})"
    return f"{rule.title}: {value_in_words(rule, limit.value)} ({DECIDED_BY_NAMES[limit.decided_by]})"


def value_in_words(rule: Guardrail, value: float) -> str:
    """Write the value of a guardrail with its unit."""
    if rule.unit == "0–10":
        return f"{value:g} of 10"
    return f"{value:g} {rule.unit[:-1] if value == 1 and rule.unit.endswith('s') else rule.unit}"


def verdict_in_words(
    rule: Guardrail, crossed: Sequence[Violation] | None, plan: Plan, units: Units, context: PlanContext
) -> list[str]:
    """Describe how a plan stands against a guardrail; `crossed` is None where the guardrail is off."""
    if crossed is None:
        return [LIMIT_OFF]
    is_known, status = rule.is_known(plan, context), rule.status(context)
    sentences = [status] if status else []
    if crossed:
        sentences = [violation_in_words(rule, crossed, units, context)]
    if not open_runs(plan, context):
        return sentences
    if not is_known:
        return [*sentences, rule.unknown_text]
    return sentences if crossed else [*sentences, WITHIN_LIMIT]


def violation_in_words(rule: Guardrail, rows: Sequence[Violation], units: Units, context: PlanContext) -> str:
    """Describe where a plan crosses a guardrail."""
    return f"{rule.sentence(rows[0], units, context)} {_more(len(rows) - 1)}".strip()


def _more(count: int) -> str:
    if not count:
        return ""
    return "It is crossed once more later." if count == 1 else f"It is crossed {count} times more."


def change_in_words(
    differences: Sequence[tuple[PlannedRun, PlannedRun]], units: Units, names: dict[str, str]
) -> str:
    """Describe a change to the plan."""
    sentences = [_changed(before, after, units, names) for before, after in differences[:3]]
    more = len(differences) - 3
    if more > 0:
        sentences.append(f"And {more} more runs." if more > 1 else "And one more run.")
    return " ".join(sentences)


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


def plan_in_words(
    projection: pl.DataFrame, units: Units, is_planned: bool, changes: Sequence[PlannedChange] = ()
) -> list[str]:
    """Describe what the plan adds up to: the channels it raises first, then the load."""
    if projection.is_empty():
        return [NO_RECORD]
    ahead = projection.filter("is_planned")
    known = ahead.drop_nulls("held_ratio")
    if not is_planned:
        return [NOTHING_PLANNED]
    first = _changes_in_words(changes, units)
    if known.is_empty():
        return [*first, NO_HABIT]
    most = known.sort("held_ratio", "local_date", descending=[True, False]).row(0, named=True)
    until = ahead.filter(pl.col("load_tkm") > 0)["local_date"].max()
    within = known.filter(pl.col("local_date") <= until) if isinstance(until, date) else known
    last = (within if within.height else known).row(-1, named=True)
    return [
        *first,
        (HIGHEST if most["held_against_tkm"] <= most["habitual_tkm"] else HIGHEST_ON_LINE).format(
            day=text.day_in_words(most["local_date"]),
            ratio=ratio(most["held_ratio"]),
            low=ratio(most["held_ratio_low"]),
            high=ratio(most["held_ratio_high"]),
        ),
        f"By {text.day_in_words(last['local_date'])} the plan comes to "
        f"{units.load_words(7 * last['acute_tkm'])} a week, "
        f"against {units.load_words(7 * last['habitual_tkm'])} you would be used to by the week before.",
    ]


def _changes_in_words(changes: Sequence[PlannedChange], units: Units) -> list[str]:
    """The one or two channels that the plan raises most."""
    parts = [
        template.format(
            name=CHANNEL_NAMES[one.channel],
            planned=_amount(one.channel, one.planned, units),
            week=text.day_in_words(one.week, False),
            usual=_amount(one.channel, one.usual, units),
        )
        for template, one in zip((RAISES_MOST, RAISES_NEXT), changes, strict=False)
    ]
    return ["; ".join(parts) + "."] if parts else []


def _amount(channel: str, value: float, units: Units) -> str:
    if channel in ("volume", "longest"):
        return units.distance_words(value)
    if channel in ("climb", "descent"):
        return units.height_words(value)
    return f"{value:.0%} of the distance" if channel == "shoe_new" else f"{value / 60:.0f} min"


def done_in_html(rows: pl.DataFrame, units: Units) -> str:
    """Write planned and done as rows of a page."""
    heads = (
        "Week from",
        "Planned",
        "Done",
        "Difference",
        "Fast min planned",
        "done",
        "Climb planned",
        "done",
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in _done_cells(row, units)) + "</tr>"
        for row in rows.to_dicts()
    )
    head = "".join(f"<th>{name}</th>" for name in heads)
    table = f"<table class='hw-rows'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='hw-scroll'>{table}</div>"


def _done_cells(row: dict[str, Any], units: Units) -> list[str]:
    def metres(value: float | None, sign: str = "") -> str:
        return (
            "–"
            if value is None
            else f"{units.distance(value):{sign}.1f} {units.distance_unit}".replace("-", "−")
        )

    def minutes(value: float | None) -> str:
        return "–" if value is None else f"{value / 60:.0f}"

    def climb(value: float | None) -> str:
        return "–" if value is None else units.height_words(value)

    return [
        text.day_in_words(row["week"], False),
        metres(row["planned_m"]),
        metres(row["done_m"]),
        metres(row["difference_m"], "+"),
        minutes(row["planned_fast_s"]),
        minutes(row["done_fast_s"]),
        climb(row["planned_ascent_m"]),
        climb(row["done_ascent_m"]),
    ]
