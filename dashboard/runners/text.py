"""Words of the list of runners."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connectors.plural import count
from dashboard.runners.service import ListedRunner
from dashboard.shared.text import day_in_words

TITLES = {
    "label": "Runner",
    "reason": "Why here",
    "heel": "Heel",
    "visit": "Last visit",
    "review": "Review",
    "symptoms": "Symptoms, then → now",
    "logged": "Days logged of 14",
    "limits": "Limits kept",
    "sets": "Sets of agreed, this week",
}
SIDES = {"left": "left", "right": "right", "both": "both"}
UNKNOWN = "–"
ABOUT = (
    "An order, not a score: a sign to show a doctor in 14 days, a review overdue, symptoms at least 2 of 10 above the "
    "last visit, a limit not kept since then, nothing logged for 7 days, then by last visit. Symptoms are the median "
    "of the worst score of each logged day of two weeks."
)


def cells(row: ListedRunner, today: date) -> dict[str, str]:
    """Return the cells of one row, in words."""
    summary = row.summary
    return {
        "reason": row.reason + _stale(row),
        "heel": SIDES.get(summary.side or "", UNKNOWN),
        "visit": _ago(summary.last_visit, today),
        "review": day_in_words(date.fromisoformat(summary.review)) if summary.review else UNKNOWN,
        "symptoms": f"{_score(summary.symptoms_then)} → {_score(summary.symptoms_now)}",
        "logged": str(summary.logged_days),
        "limits": _limits(row),
        "sets": UNKNOWN if summary.sets_agreed is None else f"{summary.sets_done} of {summary.sets_agreed}",
    }


def _stale(row: ListedRunner) -> str:
    if not row.stale_since:
        return ""
    made = day_in_words(datetime.fromtimestamp(row.stale_since, UTC).date())
    return f"{' · ' if row.reason else ''}as of {made}"


def _limits(row: ListedRunner) -> str:
    summary = row.summary
    if not summary.limits_set:
        return UNKNOWN
    unknown = f", {summary.limits_unknown} not known" if summary.limits_unknown else ""
    return f"{summary.limits_kept} of {summary.limits_set}{unknown}"


def _ago(day: str | None, today: date) -> str:
    if day is None:
        return UNKNOWN
    days = (today - date.fromisoformat(day)).days
    return "today" if days == 0 else f"{count(days, 'day')} ago"


def _score(score: float | None) -> str:
    return UNKNOWN if score is None else f"{score:g}"
