"""The plan in words: what it adds up to, which guardrails it crosses, what would keep them, the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.plural import count, percent
from dashboard.plan.guardrails.base import (
    Guardrail,
    PlanContext,
    Violation,
    WeekChannel,
    number_in_words,
    open_runs,
    plan_total,
)
from dashboard.plan.limits import GuardrailLimit, is_checked, limit_value
from dashboard.plan.planned_changes import PlannedChange
from dashboard.plan.planned_runs import Plan, PlannedRun, is_run, monday
from dashboard.plan.usual_week import UsualWeek
from dashboard.shared import text
from dashboard.shared.state_text import ratio
from dashboard.shared.units import Units

ARITHMETIC = (
    "Worked out from your usual runs, not a forecast: it says what the plan adds up to, not how the heel will be. A "
    "day ahead without a planned run counts as rest."
)
NOTHING_PLANNED = "Nothing is planned yet. With no runs planned, what you are used to slowly drops."
START_FROM = "Start from a week you know, then change it:"
USUAL_COPIED = "Your usual week: {week}."
LAST_COPIED = "The week of {day}: {week}."
NO_USUAL = "Your usual week is not known yet: it takes four known weeks of the last eight."
TYPE_IT = "Or type it: click a cell of the table, then press Save plan."
TYPE_FIELDS = "Or type it below, then press Save plan."
NO_RECORD = "A plan can be saved, but nothing can be set against it until runs are on record."
OLD_RECORD = (
    "The record ends on {day}. The days since are not known, so the planned load is not set against what you are used "
    "to; bring in newer runs on the Data page."
)
NO_HABIT = "What you are used to is not known yet: it takes 42 days of records. The planned load is drawn without it."
HIGHEST = (
    "The planned load is highest on {day}: {ratio} of what you are used to, between {low} and {high} with the spread "
    "of your own runs."
)
HIGHEST_ON_LINE = (
    "The planned load is highest on {day}: {ratio} of the way back to your level before the break, between {low} and "
    "{high} with the spread of your own runs."
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
DONE = "Done of planned; a dash is a week without a record or a plan."
NO_CHANGE = "No small change keeps it without pushing another guardrail further; your PT decides."
HELD = "The next seven days are planned at or below the last seven, as the rule asks."
ENDED = "The limit {who} ({limit}) has ended and no longer counts."
DECIDED_BY_NAMES = {None: "default", "runner": "set by the runner", "therapist": "set by the PT"}
DECIDED_BY_SHORT = {None: "default", "runner": "runner", "therapist": "PT"}
VERDICTS = {
    "kept": ("✓", "OK"),
    "crossed": ("✗", "crossed"),
    "unknown": ("?", "unknown"),
    "empty": ("–", "no plan"),
    "off": ("○", "off"),
}
"""Mark and word of each verdict: a mark never stands alone."""


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


def limit_in_words(
    rule: Guardrail, limit: GuardrailLimit, units: Units, usual: UsualWeek | None = None
) -> str:
    """Write one guardrail with its value, its end and who set it."""
    return f"{rule.title}: {value_in_words(rule, limit, units, usual)} ({DECIDED_BY_NAMES[limit.decided_by]})"


def set_limit_in_words(rule: Guardrail, limit: GuardrailLimit, units: Units) -> str:
    """Write a limit that a person set, as short as on a page to take home."""
    return f"{rule.title}: {value_in_words(rule, limit, units)} ({DECIDED_BY_SHORT[limit.decided_by]})"


def value_in_words(
    rule: Guardrail, limit: GuardrailLimit, units: Units, usual: UsualWeek | None = None
) -> str:
    """Write what a limit allows, and until when."""
    until = f" until {text.day_in_words(limit.until_date)}" if limit.until_date else ""
    if rule.week is None:
        number = f"{limit.value:g}"
        return rule.words.format(value=with_unit(rule, limit.value), number=number) + until
    if limit.is_none:
        return f"none{until}"
    own = None if usual is None else limit_value(rule, limit, usual)
    amount = None if own is None else number_in_words(rule.week, own, units)
    if limit.measure == "amount":
        return f"at most {number_in_words(rule.week, limit.value, units)}{until}"
    return f"at most {share_in_words(limit.value)}{f' ({amount})' if amount else ''}{until}"


def share_in_words(value: float) -> str:
    """Write a limit against the usual week."""
    if not value:
        return "your usual"
    return f"{value:g} % above your usual" if value > 0 else f"{100 + value:g} % of your usual"


def usual_in_words(channel: WeekChannel, usual: float | None, units: Units) -> str:
    """Describe the usual week that a share is of."""
    if usual is None:
        return "Your usual week is not known, so a share of it cannot be checked; an amount can."
    return f"Your usual week: {number_in_words(channel, usual, units)} {channel.noun}".strip() + "."


def with_unit(rule: Guardrail, value: float) -> str:
    """Write the value of a guardrail with its unit."""
    if rule.unit == "0–10":
        return f"{value:g} of 10"
    return f"{value:g} {rule.unit[:-1] if value == 1 and rule.unit.endswith('s') else rule.unit}"


def verdict_of(
    rule: Guardrail,
    limit: GuardrailLimit,
    crossed: Sequence[Violation] | None,
    plan: Plan,
    context: PlanContext,
) -> str:
    """Return how a plan stands against a guardrail: a key of `VERDICTS`; `crossed` is None where it is off."""
    if crossed is None:
        return "off"
    if crossed:
        return "crossed"
    if not open_runs(plan, context):
        return "empty"
    return "kept" if is_checked(rule, limit, plan, context) else "unknown"


def verdict_in_words(
    rule: Guardrail,
    limit: GuardrailLimit,
    crossed: Sequence[Violation] | None,
    plan: Plan,
    units: Units,
    context: PlanContext,
) -> list[str]:
    """Describe how a plan stands against a guardrail, where more than a word is to be said."""
    sentences = []
    if limit.ended is not None:
        who = DECIDED_BY_NAMES[limit.ended.decided_by]
        sentences.append(ENDED.format(who=who, limit=value_in_words(rule, limit.ended, units)))
    verdict = verdict_of(rule, limit, crossed, plan, context)
    status = rule.status(context) if verdict != "off" else None
    if verdict == "crossed" and crossed:
        sentences.append(violation_in_words(rule, crossed, units, context))
    elif status:
        sentences.append(status)
    if verdict == "kept" and rule.is_of_log and context.pain.crossed:
        sentences.append(HELD)
    is_open = verdict != "off" and bool(open_runs(plan, context))
    if is_open and not is_checked(rule, limit, plan, context):
        sentences.append(rule.unknown_text)
    return sentences


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
    run = units.distance_words(before.distance_m)
    if not is_run(after):
        return f"{day}: rest instead of {run}."
    if before.date != after.date:
        return f"{run} of {day} on {after.date:%A} {text.day_in_words(after.date, False)} instead."
    if before.shoe_id != after.shoe_id:
        return f"{day} in {names.get(after.shoe_id or '', text.SHOE_NAMELESS)}."
    if before.distance_m != after.distance_m:
        return f"{day} from {run} to {units.distance_words(after.distance_m)}."
    return _eased(day, before, after, units)


def _eased(day: str, before: PlannedRun, after: PlannedRun, units: Units) -> str:
    """A run as long as it was, with less fast running or fewer hills."""
    if before.fast_s != after.fast_s:
        was, now = ((run.fast_s or 0.0) / 60 for run in (before, after))
        if not now:
            return f"{day} easy, without the {was:.0f} fast minutes."
        return f"{day} from {was:.0f} to {now:.0f} fast minutes."
    name, noun = ("ascent_m", "climb") if before.ascent_m != after.ascent_m else ("descent_m", "descent")
    was, now = getattr(before, name), getattr(after, name)
    if not now:
        return f"{day} on the flat, without the {units.height_words(was)} of {noun}."
    return f"{day} from {units.height_words(was)} to {units.height_words(now)} of {noun}."


def unchanged_in_words(plan: Plan, changed: Plan, units: Units) -> str:
    """Describe what a change leaves as it was planned, in the weeks that it touches."""
    pairs = list(zip(plan, changed, strict=True))
    weeks = {monday(run.date) for pair in pairs if pair[0] != pair[1] for run in pair}
    touched = [pair for pair in pairs if monday(pair[0].date) in weeks]
    same = [before for before, after in touched if before == after]
    sums = [
        f"{number} {noun}"
        for channel, noun, words in (
            ("distance_m", "in all", units.distance_words),
            ("fast_s", "of fast running", lambda seconds: f"{seconds / 60:.0f} min"),
            ("ascent_m", "of climb", units.height_words),
        )
        if (own := plan_total((one for one, _ in touched), channel))
        and own == plan_total((other for _, other in touched), channel)
        for number in (words(own),)
    ]
    longest = max((one for one, _ in touched), key=lambda run: run.distance_m or 0.0, default=None)
    if longest in same and longest is not None and longest.distance_m:
        sums = [f"the longest run ({units.distance_words(longest.distance_m)})", *sums]
    if same:
        sums = [f"{len(same)} of {count(len(touched), 'run')}", *sums]
    return f"Kept as planned: {', '.join(sums)}." if sums else ""


def plan_in_words(
    projection: pl.DataFrame,
    units: Units,
    changes: Sequence[PlannedChange] = (),
    is_withheld: bool = False,
) -> list[str]:
    """Describe what the plan adds up to: the channels it raises first, then the load."""
    if projection.is_empty():
        return [text.HABIT_WITHHELD if is_withheld else NO_RECORD]
    ahead = projection.filter("is_planned")
    known = ahead.drop_nulls("held_ratio")
    first = _changes_in_words(changes, units)
    if known.is_empty():
        return [*first, text.HABIT_WITHHELD if is_withheld else NO_HABIT]
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


def old_record_in_words(until: date, units: Units, changes: Sequence[PlannedChange]) -> list[str]:
    """Describe a plan whose load cannot be set against anything, since the record ended long ago."""
    return [*_changes_in_words(changes, units), OLD_RECORD.format(day=text.day_in_words(until))]


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
    return f"{percent(value)} of the distance" if channel == "shoe_new" else f"{value / 60:.0f} min"


def week_in_words(runs: Sequence[PlannedRun], units: Units) -> str:
    """Describe a week of runs in a few words."""
    parts = [f"{units.distance_words(plan_total(runs, 'distance_m'))} in {count(len(runs), 'run')}"]
    longest = max((run.distance_m or 0.0 for run in runs), default=0.0)
    parts += [f"longest {units.distance_words(longest)}"] if longest else []
    fast, climb = plan_total(runs, "fast_s"), plan_total(runs, "ascent_m")
    parts += [f"{fast / 60:.0f} fast min"] if fast else []
    parts += [f"{units.height_words(climb)} of climb"] if climb else []
    return ", ".join(parts)


def done_in_html(rows: pl.DataFrame, units: Units, today: date) -> str:
    """Write planned and done as rows of a page: four columns, which a phone shows whole."""
    heads = ("Week from", "Distance", "Fast min", "Climb")
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in _done_cells(row, units, today)) + "</tr>"
        for row in rows.to_dicts()
    )
    head = "".join(f"<th>{name}</th>" for name in heads)
    table = f"<table class='hw-rows'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='hw-scroll'>{table}</div>"


def _done_cells(row: dict[str, Any], units: Units, today: date) -> list[str]:
    so_far = " so far" if monday(today) == row["week"] else ""

    def done_of(name: str, number: Any, unit: str) -> str:
        done, planned = (row[f"{kind}_{name}"] for kind in ("done", "planned"))
        if done is None and planned is None:
            return "–"
        texts = ["–" if value is None else number(value) for value in (done, planned)]
        return f"{texts[0]} of {texts[1]}{unit}"

    return [
        text.day_in_words(row["week"], False),
        done_of("m", lambda metres: f"{units.distance(metres):.1f}", f" {units.distance_unit}{so_far}"),
        done_of("fast_s", lambda seconds: f"{seconds / 60:.0f}", ""),
        done_of("ascent_m", lambda metres: f"{units.height(metres):,.0f}", f" {units.height_unit}"),
    ]
