"""Distance of a week: an amount, or against the runner's usual week."""

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
    run="distance_m", usual="distance_m", day="distance_m", kind="distance", noun="", most=1_000_000.0
)

GUARDRAIL = Guardrail(
    id="distance",
    order=25,
    title="Distance a week",
    short="distance of a week",
    symbol="bowtie",
    unit="%",
    default=10,
    low=-100,
    high=200,
    step=5,
    is_on=False,
    evidence=DESIGN,
    source="No weekly distance or rise of it is validated as a limit; off until somebody sets it.",
    note="Usual is the median of the last 8 weeks.",
    check=weekly_check(CHANNEL),
    fix=weekly_fix(CHANNEL),
    is_known=weekly_is_known(CHANNEL),
    unknown_text="Not checked: your usual distance, or that of a planned run, is not known.",
    sentence=weekly_sentence(CHANNEL),
    week=CHANNEL,
)
