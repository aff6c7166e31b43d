"""Fast minutes of a week: an amount, or against the runner's usual week."""

from __future__ import annotations

from dashboard.model.settings import DESIGN
from dashboard.plan.guardrails.base import (
    Guardrail,
    WeekChannel,
    weekly_check,
    weekly_fix,
    weekly_is_known,
    weekly_sentence,
)

CHANNEL = WeekChannel(
    run="fast_s", usual="fast_s", day="fast_s", kind="time", noun="of fast running", most=60_000.0
)

GUARDRAIL = Guardrail(
    id="fast",
    order=30,
    title="Fast running a week",
    short="fast minutes",
    symbol="diamond",
    unit="%",
    default=20,
    low=-100,
    high=200,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source="Hein 2014 (sms.12137, 10 runners with Achilles pain) points to fast sessions, without a number.",
    note="Fast is above your own fast speed. Usual is the median of the last 8 weeks.",
    check=weekly_check(CHANNEL),
    fix=weekly_fix(CHANNEL),
    is_known=weekly_is_known(CHANNEL),
    unknown_text="Not checked: your usual fast minutes, or those of a planned run, are not known.",
    sentence=weekly_sentence(CHANNEL),
    week=CHANNEL,
)
