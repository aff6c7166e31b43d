"""Fast minutes of a week, held against the runner's usual week."""

from __future__ import annotations

from dashboard.model.settings import DESIGN
from dashboard.plan.guardrails.base import Guardrail, PlanContext, Violation, weekly_check, weekly_fix
from dashboard.shared import text
from dashboard.shared.units import Units

_check = weekly_check("fast_s", "fast_s", "time")


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"The week of {text.day_in_words(one.date, False)} has {one.amount / 60:.0f} fast minutes; the limit is "
        f"{one.limit / 60:.0f}."
    )


GUARDRAIL = Guardrail(
    id="fast",
    order=30,
    title="Fast minutes a week, above your own usual by at most",
    short="fast minutes",
    symbol="diamond",
    unit="%",
    default=20,
    low=0,
    high=200,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source="Hein 2014 (sms.12137, 10 runners with Achilles pain) points to fast sessions, without a number.",
    note="Usual is the median of the last 8 weeks.",
    check=_check,
    fix=weekly_fix(_check, "fast_s"),
    is_known=lambda _, context: context.usual.fast_s is not None,
    unknown_text="Not checked: your usual fast minutes are not known.",
    sentence=_sentence,
)
