"""Runs of a week: a number, or against the runner's usual week."""

from __future__ import annotations

from dashboard.plan.guardrails.base import WeekChannel, weekly_guardrail

CHANNEL = WeekChannel(run="runs", usual="runs", day="runs", kind="count", noun="", most=50.0)

GUARDRAIL = weekly_guardrail(
    CHANNEL,
    id="runs",
    order=45,
    title="Runs a week",
    short="runs of a week",
    symbol="pentagon",
    default=0,
    is_on=False,
    source="No number of runs is validated as a limit; off until somebody sets it.",
    note="Usual is the median of the last 8 weeks. Two runs of one day count as two.",
    unknown_text="Not checked: no usual number of runs is known.",
)
