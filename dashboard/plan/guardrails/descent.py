"""Descent of a week: an amount, or against the runner's usual week."""

from __future__ import annotations

from dashboard.plan.guardrails.base import WeekChannel, weekly_guardrail

CHANNEL = WeekChannel(
    run="falls_m", usual="descent_m", day="descent_m", kind="height", noun="of descent", most=100_000.0
)

GUARDRAIL = weekly_guardrail(
    CHANNEL,
    id="descent",
    order=40,
    title="Descent a week",
    short="descent",
    symbol="triangle-down",
    default=20,
    is_on=True,
    source=(
        "Downhill running loads the tendon less for each step in the laboratory; the limit is for change, not "
        "for hills."
    ),
    note="Usual is the median of the last 8 weeks. A run whose descent is not said comes back to where it began.",
    unknown_text="Not checked: your usual descent, or that of a planned run, is not known.",
)
