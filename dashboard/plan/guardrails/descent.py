"""Descent of a week, held against the runner's usual week."""

from __future__ import annotations

from dashboard.model.settings import DESIGN
from dashboard.plan.guardrails.base import Guardrail, PlanContext, Violation, weekly_check, weekly_fix
from dashboard.shared import text
from dashboard.shared.units import Units

_check = weekly_check("falls_m", "descent_m", "height")


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"The week of {text.day_in_words(one.date, False)} has {units.height_words(one.amount)} of descent; the limit "
        f"is {units.height_words(one.limit)}."
    )


GUARDRAIL = Guardrail(
    id="descent",
    order=40,
    title="Descent a week, above your own usual by at most",
    short="descent",
    symbol="triangle-down",
    unit="%",
    default=20,
    low=0,
    high=200,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source=(
        "Downhill running loads the tendon less for each step in the laboratory; the limit is for change, not "
        "for hills."
    ),
    note="Usual is the median of the last 8 weeks. A run whose descent is not said comes back to where it began.",
    check=_check,
    fix=weekly_fix(_check, "falls_m"),
    is_known=lambda _, context: context.usual.descent_m is not None,
    unknown_text="Not checked: your usual descent is not known.",
    sentence=_sentence,
)
