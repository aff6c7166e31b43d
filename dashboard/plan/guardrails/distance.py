"""Distance of a week: an amount, or against the runner's usual week."""

from __future__ import annotations

from dashboard.plan.guardrails.base import WeekChannel, weekly_guardrail

CHANNEL = WeekChannel(
    run="distance_m", usual="distance_m", day="distance_m", kind="distance", noun="", most=1_000_000.0
)

GUARDRAIL = weekly_guardrail(
    CHANNEL,
    id="distance",
    order=25,
    title="Distance a week",
    short="distance of a week",
    symbol="bowtie",
    default=10,
    is_on=False,
    source="No weekly distance or rise of it is validated as a limit; off until somebody sets it.",
    note="Usual is the median of the last 8 weeks.",
    unknown_text="Not checked: your usual distance, or that of a planned run, is not known.",
)
