"""Climb of a week: an amount, or against the runner's usual week."""

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
    run="ascent_m", usual="ascent_m", day="ascent_m", kind="height", noun="of climb", most=100_000.0
)

GUARDRAIL = Guardrail(
    id="climb",
    order=35,
    title="Climb a week",
    short="climb",
    symbol="triangle-left",
    unit="%",
    default=20,
    low=-100,
    high=200,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source=(
        "Uphill running loads the tendon more for each step in the laboratory; no study gives a weekly number."
    ),
    note="Usual is the median of the last 8 weeks.",
    check=weekly_check(CHANNEL),
    fix=weekly_fix(CHANNEL),
    is_known=weekly_is_known(CHANNEL),
    unknown_text="Not checked: your usual climb, or that of a planned run, is not known.",
    sentence=weekly_sentence(CHANNEL),
    week=CHANNEL,
)
