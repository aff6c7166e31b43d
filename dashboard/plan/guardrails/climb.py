"""Climb of a week: an amount, or against the runner's usual week."""

from __future__ import annotations

from dashboard.plan.guardrails.base import WeekChannel, weekly_guardrail

CHANNEL = WeekChannel(
    run="ascent_m", usual="ascent_m", day="ascent_m", kind="height", noun="of climb", most=100_000.0
)

GUARDRAIL = weekly_guardrail(
    CHANNEL,
    id="climb",
    order=35,
    title="Climb a week",
    short="climb",
    symbol="triangle-left",
    default=20,
    is_on=True,
    source=(
        "Uphill running loads the tendon more for each step in the laboratory; no study gives a weekly number."
    ),
    note="Usual is the median of the last 8 weeks.",
    unknown_text="Not checked: your usual climb, or that of a planned run, is not known.",
)
