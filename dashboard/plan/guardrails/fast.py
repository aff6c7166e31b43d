"""Fast minutes of a week: an amount, or against the runner's usual week."""

from __future__ import annotations

from dashboard.plan.guardrails.base import WeekChannel, weekly_guardrail

CHANNEL = WeekChannel(
    run="fast_s", usual="fast_s", day="fast_s", kind="time", noun="of fast running", most=60_000.0
)

GUARDRAIL = weekly_guardrail(
    CHANNEL,
    id="fast",
    order=30,
    title="Fast running a week",
    short="fast minutes",
    symbol="diamond",
    default=20,
    is_on=True,
    source="Hein 2014 (sms.12137, 10 runners with Achilles pain) points to fast sessions, without a number.",
    note="Fast is above your own fast speed. Usual is the median of the last 8 weeks.",
    unknown_text="Not checked: your usual fast minutes, or those of a planned run, are not known.",
)
