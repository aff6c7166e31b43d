"""Limits in short lines: what is set and until when, and whether it was kept, for a visit and a page to take home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from connectors.plural import count
from dashboard.plan.guardrails.base import load_guardrails, number_in_words
from dashboard.plan.limit_review import LimitReview, OverDay
from dashboard.plan.limits import GuardrailLimit
from dashboard.plan.planned_runs import monday
from dashboard.plan.text import set_limit_in_words
from dashboard.shared import text
from dashboard.shared.units import Units

MOST_DAYS = 4
OBSERVED = "kept"
OBSERVED_PARTLY = "kept on the days that are known"
BROKEN = "not kept"
CANNOT_TELL = "cannot be told"
NO_USUAL = "the usual week was not known when it was set"


def set_limits_in_words(limits: Mapping[str, GuardrailLimit], units: Units) -> list[str]:
    """Write one line for each limit that a person set and that counts now."""
    return [
        f"{set_limit_in_words(rule, limit, units)}."
        for rule in load_guardrails()
        if (limit := limits[rule.id]).is_on and limit.decided_by is not None
    ]


def reviews_in_words(reviews: Sequence[LimitReview], units: Units) -> list[str]:
    """Write one line for each limit: what it was, whether it was kept, on which days not, which are unknown."""
    return [review_in_words(one, units) for one in reviews]


def review_in_words(review: LimitReview, units: Units) -> str:
    """Write whether one limit was kept."""
    limit = f"{set_limit_in_words(review.rule, review.limit, units)}, {_dates(review)}"
    unknown = f"; not known: {_days_in_words(review.unknown)}" if review.unknown else ""
    if review.value is None:
        return f"{limit}: {CANNOT_TELL}, {NO_USUAL}."
    if review.verdict == "crossed":
        return f"{limit}: {BROKEN}, {_over_in_words(review, units)}{unknown}."
    if review.verdict == "unknown":
        return f"{limit}: {CANNOT_TELL}{unknown}."
    return f"{limit}: {OBSERVED_PARTLY if review.unknown else OBSERVED}{unknown}."


def _dates(review: LimitReview) -> str:
    return text.span_in_words(review.first, review.last, False)


def _over_in_words(review: LimitReview, units: Units) -> str:
    """Name the days: of a weekly limit above none, the weeks with the day each went beyond it."""
    channel = review.rule.week
    if channel is None:
        return f"on {_days_in_words([one.date for one in review.over])}"
    if review.limit.is_none:
        parts = [f"{number_in_words(channel, one.amount, units)} on {_day(one.date)}" for one in review.over]
        return _some(parts, "day")
    weeks: dict[date, list[OverDay]] = {}
    for one in review.over:
        weeks.setdefault(monday(one.date), []).append(one)
    parts = [
        f"{number_in_words(channel, days[-1].total, units)} in the week of {_day(week)} "
        f"(beyond it on {_days_in_words([one.date for one in days])})"
        for week, days in weeks.items()
    ]
    return _some(parts, "week")


def _some(parts: Sequence[str], noun: str) -> str:
    more = len(parts) - MOST_DAYS
    shown = list(parts[:MOST_DAYS]) if more > 1 else list(parts)
    return ", ".join(shown) + (f" and on {count(more, noun)} more" if more > 1 else "")


def _day(day: date) -> str:
    return text.day_in_words(day, False)


def _days_in_words(days: Sequence[date]) -> str:
    """Name dates, those in a row as a span."""
    spans: list[list[date]] = []
    for day in days:
        if spans and (day - spans[-1][-1]).days == 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return _some(
        [text.span_in_words(one[0], one[-1], False) if one[1:] else _day(one[0]) for one in spans], "time"
    )
