"""The plan in words: what it adds up to, which guardrails it crosses, what would keep them, the ladder."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.plan.guardrails.base import Guardrail, GuardrailLimit
from dashboard.plan.planned_runs import PlannedRun
from dashboard.shared import text
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
DONE = "Difference is done less planned; a dash is a week without a record or a plan. A week under way counts so far."
DECIDED_BY_NAMES = {None: "default", "runner": "set by the runner", "therapist": "set by the PT"}


def run_in_words(run: PlannedRun, units: Units, names: dict[str, str]) -> str:
    """Say what is planned for one run."""
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
    """Say one guardrail with its value and who set it."""
    return f"{rule.title}: {value_in_words(rule, limit.value)} ({DECIDED_BY_NAMES[limit.decided_by]})"


def value_in_words(rule: Guardrail, value: float) -> str:
    """Say the value of a guardrail with its unit."""
    if rule.unit == "0–10":
        return f"{value:g} of 10"
    return f"{value:g} {rule.unit[:-1] if value == 1 and rule.unit.endswith('s') else rule.unit}"


def plan_in_words(projection: pl.DataFrame, units: Units, is_planned: bool) -> list[str]:
    """Say what the plan adds up to."""
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
        f"Planned load is highest against habit on {text.day_in_words(most['local_date'])}: ×{most['ratio']:.2f} of habit, "
        f"between ×{most['ratio_low']:.2f} and ×{most['ratio_high']:.2f} with the spread of your own runs.",
        f"By {text.day_in_words(last['local_date'])} the plan comes to {units.load_words(7 * last['acute_tkm'])} a week, "
        f"against {units.load_words(7 * last['habitual_tkm'])} you would be used to by the week before.",
    ]


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
