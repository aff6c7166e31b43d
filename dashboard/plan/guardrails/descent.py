"""Descent of a week: an amount, or against the runner's usual week."""

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
    run="falls_m", usual="descent_m", day="descent_m", kind="height", noun="of descent", most=100_000.0
)

GUARDRAIL = Guardrail(
    id="descent",
    order=40,
    title="Descent a week",
    short="descent",
    symbol="triangle-down",
    unit="%",
    default=20,
    low=-100,
    high=200,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source=(
        "Downhill running loads the tendon less for each step in the laboratory; the limit is for change, not "
        "for hills."
    ),
    note="Usual is the median of the last 8 weeks. A run whose descent is not said comes back to where it began.",
    check=weekly_check(CHANNEL),
    fix=weekly_fix(CHANNEL),
    is_known=weekly_is_known(CHANNEL),
    unknown_text="Not checked: your usual descent, or that of a planned run, is not known.",
    sentence=weekly_sentence(CHANNEL),
    week=CHANNEL,
)
