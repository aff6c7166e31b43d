"""Runs of a week: a number, or against the runner's usual week."""

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

CHANNEL = WeekChannel(run="runs", usual="runs", day="runs", kind="count", noun="", most=50.0)

GUARDRAIL = Guardrail(
    id="runs",
    order=45,
    title="Runs a week",
    short="runs of a week",
    symbol="pentagon",
    unit="%",
    default=0,
    low=-100,
    high=200,
    step=5,
    is_on=False,
    evidence=DESIGN,
    source="No number of runs is validated as a limit; off until somebody sets it.",
    note="Usual is the median of the last 8 weeks. Two runs of one day count as two.",
    check=weekly_check(CHANNEL),
    fix=weekly_fix(CHANNEL),
    is_known=weekly_is_known(CHANNEL),
    unknown_text="Not checked: no usual number of runs is known.",
    sentence=weekly_sentence(CHANNEL),
    week=CHANNEL,
)
