"""The plan in words: what it adds up to, which guardrails it crosses, what would keep them, the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboard import words
from dashboard.model.guardrails import Crossing, Guardrail, Limit
from dashboard.model.ladder import Standing, Step
from dashboard.model.pain import Crossed, PainState
from dashboard.model.planned import PlannedRun
from dashboard.units import Units

ARITHMETIC = (
    "A projection is arithmetic on the plan at your own usual load of a km: it says what the plan adds up to, "
    "not how the heel will be. A day ahead without a planned run counts as rest."
)
NOTHING_PLANNED = (
    "Nothing is planned yet. Without a plan the lines show rest: what you are used to goes down slowly."
)
NO_RECORD = "A plan can be kept, but nothing can be set against it until runs are on record."
NO_HABIT = "What you are used to is not known yet: it takes 42 days of records. The planned load is drawn without it."
NOT_CHECKED = {
    "pain": "Not checked: nothing was logged in the last seven days, which is not the same as no pain.",
    "long_run": "Partly not checked: no run lies in the 30 days before.",
    "fast": "Not checked: your usual fast minutes are not known.",
    "descent": "Not checked: your usual descent is not known.",
    "shoe": "Partly not checked: some planned runs name no pair.",
    "hard_days": "Not checked beyond fast minutes: the load of your usual run is not known.",
    "one_channel": "Not checked: your usual week is not known.",
}
KEPT = "The plan keeps it."
OFF = "Off: plans are not held against it."
NO_CHANGE = "No small change keeps it without pushing another guardrail further; your PT decides."
DONE = "Difference is done less planned; a dash is a week without a record or a plan. A week under way counts so far."
DECIDED = {None: "default", "runner": "set by the runner", "therapist": "set by the PT"}


def run_in_words(run: PlannedRun, units: Units, names: dict[str, str]) -> str:
    """Say what is planned for one run.

    Parameters
    ----------
    run : PlannedRun
        What is planned.
    units : Units
        What the runner reads in.
    names : dict of str to str
        Name of each pair.

    Returns
    -------
    str
        Such as "8.0 km, 10 fast min, 120 m of climb, Plain Pacer 3"; what is not said is left out.

    Source
    ------
    ours.
    """
    parts = [units.distance_words(run.distance_m)]
    if run.fast_s:
        parts.append(f"{run.fast_s / 60:.0f} fast min")
    if run.ascent_m:
        parts.append(f"{units.height_words(run.ascent_m)} of climb")
    if run.shoe_id in names:
        parts.append(names[run.shoe_id])
    return ", ".join(parts)


def limit_in_words(rule: Guardrail, limit: Limit) -> str:
    """Say one guardrail with its value and who set it.

    Parameters
    ----------
    rule : Guardrail
        Which.
    limit : Limit
        As it is set.

    Returns
    -------
    str
        Such as "Longest run, of the longest in the 30 days before: 110 % (default)".

    Source
    ------
    ours.
    """
    return f"{rule.title}: {value_in_words(rule, limit.value)} ({DECIDED[limit.decided_by]})"


def value_in_words(rule: Guardrail, value: float) -> str:
    """Say the value of a guardrail with its unit.

    Parameters
    ----------
    rule : Guardrail
        Which.
    value : float
        In its unit.

    Returns
    -------
    str
        Such as "110 %", "1 day" or "5 of 10".

    Source
    ------
    ours.
    """
    if rule.unit == "0–10":
        return f"{value:g} of 10"
    return f"{value:g} {rule.unit[:-1] if value == 1 and rule.unit.endswith('s') else rule.unit}"


def in_words(projection: pl.DataFrame, units: Units, is_planned: bool) -> list[str]:
    """Say what the plan adds up to.

    Parameters
    ----------
    projection : DataFrame
        `planner.PROJECTION_SCHEMA`.
    units : Units
        What the runner reads in.
    is_planned : bool
        Whether any later run is planned.

    Returns
    -------
    list of str
        One or two sentences.

    Source
    ------
    ours.
    """
    if projection.is_empty():
        return [NO_RECORD]
    ahead = projection.filter("is_planned")
    known = ahead.drop_nulls("ratio")
    if not is_planned:
        return [NOTHING_PLANNED]
    if known.is_empty():
        return [NO_HABIT]
    most = known.sort("ratio", "local_date", descending=[True, False]).row(0, named=True)
    until = ahead.filter(pl.col("load_tkm") > 0)["local_date"].max()
    within = known.filter(pl.col("local_date") <= until) if isinstance(until, date) else known
    last = (within if within.height else known).row(-1, named=True)
    return [
        f"Planned load is highest against habit on {words.day(most['local_date'])}: ×{most['ratio']:.2f} of habit, "
        f"between ×{most['ratio_low']:.2f} and ×{most['ratio_high']:.2f} with the spread of your own runs.",
        f"By {words.day(last['local_date'])} the plan comes to {units.load_words(7 * last['acute_tkm'])} a week, "
        f"against {units.load_words(7 * last['habitual_tkm'])} you would be used to by the week before.",
    ]


def crossing_in_words(name: str, found: Sequence[Crossing], units: Units, pain: PainState) -> str:
    """Say where a plan crosses a guardrail.

    Parameters
    ----------
    name : str
        Of the guardrail.
    found : sequence of Crossing
        At least one, by date.
    units : Units
        What the runner reads in.
    pain : PainState
        What the log says.

    Returns
    -------
    str
        Whole sentences: the first crossing with its numbers, and how many there are.

    Source
    ------
    ours.
    """
    one = found[0]
    day = words.day(one.date, False)
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
    """Say where the log lies beyond the pain rule.

    Parameters
    ----------
    state : PainState
        Of the last days.

    Returns
    -------
    str
        One sentence; the largest part is named.

    Source
    ------
    ours.
    """
    if not state.crossed:
        return "The log of the last seven days stays within the pain rule."
    return _crossed(max(state.crossed, key=lambda one: one.amount - one.limit))


def _crossed(one: Crossed) -> str:
    day = words.day(one.date, False)
    return {
        "run": f"On {day} the log has {one.amount:g} of 10 during or after the run, above the limit of {one.limit:g}.",
        "morning": f"On the morning of {day} the log has {one.amount:g} of 10: not settled after the run before.",
        "week": f"Mornings rose from {one.limit:.1f} to {one.amount:.1f} of 10 on average in the week to {day}.",
    }[one.part]


def change_in_words(
    changed: Sequence[tuple[PlannedRun, PlannedRun]], units: Units, names: dict[str, str]
) -> str:
    """Say a change to the plan.

    Parameters
    ----------
    changed : sequence of tuple of PlannedRun
        Before and after, as from `guardrail_changes.differences`.
    units : Units
        What the runner reads in.
    names : dict of str to str
        Name of each pair.

    Returns
    -------
    str
        One sentence for each of the first three runs, and how many more there are.

    Source
    ------
    ours.
    """
    said = [_changed(before, after, units, names) for before, after in changed[:3]]
    more = len(changed) - 3
    return " ".join(
        [*said, *([f"And {more} more runs." if more > 1 else "And one more run."] if more > 0 else [])]
    )


def _changed(before: PlannedRun, after: PlannedRun, units: Units, names: dict[str, str]) -> str:
    day = f"{before.date:%A} {words.day(before.date, False)}"
    if before.date != after.date:
        run = units.distance_words(before.distance_m)
        return f"{run} of {day} on {after.date:%A} {words.day(after.date, False)} instead."
    if before.shoe_id != after.shoe_id:
        return f"{day} in {names.get(after.shoe_id or '', words.SHOE_NAMELESS)}."
    if before.distance_m != after.distance_m:
        return f"{day} from {units.distance_words(before.distance_m)} to {units.distance_words(after.distance_m)}."
    if before.fast_s != after.fast_s:
        return f"{day} from {(before.fast_s or 0) / 60:.0f} to {(after.fast_s or 0) / 60:.0f} fast minutes."
    if before.ascent_m != after.ascent_m:
        return f"{day} from {units.height_words(before.ascent_m)} to {units.height_words(after.ascent_m)} of climb."
    return f"{day} from {units.height_words(before.descent_m)} to {units.height_words(after.descent_m)} of descent."


def step_in_words(step: Step) -> str:
    """Say one step of the ladder.

    Parameters
    ----------
    step : Step
        Of the ladder.

    Returns
    -------
    str
        Such as "6 × 4 min walk and 1 min run".

    Source
    ------
    ours.
    """
    run, walk, rounds = (step.run_s or 0) / 60, (step.walk_s or 0) / 60, step.rounds or 1
    if not walk:
        return f"{run:g} min run" if rounds == 1 else f"{rounds} × {run:g} min run"
    return f"{rounds} × {walk:g} min walk and {run:g} min run"


def standing_in_words(found: Standing, today: date) -> str:
    """Say which step of the ladder is next, and why.

    Parameters
    ----------
    found : Standing
        As from `ladder.standing`.
    today : date
        Local date.

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    step = "" if found.step is None else f"step {found.step.step} ({step_in_words(found.step)})"
    when = found.not_before or today
    free = f", from {words.day(when, False)}" if when > today else ""
    return {
        "start": f"Nothing is marked as done: the ladder begins with {step}.",
        "go_on": f"The last step stayed within the pain rule and settled by the next morning: next is {step}{free}.",
        "wait": f"Days of rest or the next morning are still to come: next is {step}{free}.",
        "stay": f"It had not settled, or mornings rose: {step} again{free}.",
        "unknown": f"The log does not say how the last step went, so it stays at {step}{free}. "
        "Not logged is not the same as no pain.",
        "step_back": f"The log has pain above the limit since the last step: next is {step}{free}.",
        "finished": "Every step is done and stayed within the pain rule.",
    }[found.verdict]


def done_in_html(rows: pl.DataFrame, units: Units) -> str:
    """Write planned and done as rows of a page.

    Parameters
    ----------
    rows : DataFrame
        `planner.DONE_SCHEMA`.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        A table; a dash where not known.

    Source
    ------
    ours.
    """
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
        words.day(row["week"], False),
        metres(row["planned_m"]),
        metres(row["done_m"]),
        metres(row["difference_m"], "+"),
        minutes(row["planned_fast_s"]),
        minutes(row["done_fast_s"]),
        climb(row["planned_ascent_m"]),
        climb(row["done_ascent_m"]),
    ]
