"""What was agreed at a consult as text to keep: step, limits with their dates, programme, review; no name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from connectors.frames import GUARDRAIL
from connectors.store import Store
from dashboard.charts.qr_code import code_image
from dashboard.plan.limit_text import set_limits_in_words
from dashboard.plan.limits import limits_from
from dashboard.shared import text, visits
from dashboard.shared.units import units_from_settings
from dashboard.strength import programmes
from dashboard.strength.progress import week_of

MOST_BYTES = 900
"""A code of more is too fine for a phone held at arm's length. Design choice; the largest code holds 2,953."""
HEAD, REVIEW = "Agreed on {day}", "Review: {day}"
LIMIT, PROGRAMME = "Limit: {limit}", "Exercises: {name}, week {week} of {weeks}, to {last}"
MORE = "… and more in the report."
CODE_ALT = "QR code of what was agreed, as text; the same text stands below it"


def agreed_lines(store: Store, athlete_id: int, today: date) -> list[str]:
    """Return what was agreed, one thing a line; empty where nothing was."""
    agreed = visits.agreed_at(store, athlete_id, today)
    is_today = agreed is not None and agreed.visit == today
    lines = [line.strip() for line in ((agreed.step or "") if agreed and is_today else "").splitlines()]
    lines += [*_limits(store, athlete_id, today), *_programmes(store, athlete_id, today)]
    if agreed and agreed.review and agreed.review >= today:
        lines.append(REVIEW.format(day=text.day_in_words(agreed.review)))
    return [HEAD.format(day=text.day_in_words(today)), *filter(None, lines)] if any(lines) else []


def _limits(store: Store, athlete_id: int, today: date) -> list[str]:
    """Describe the limits that a person set and that are in use; a default was not agreed."""
    limits = limits_from(store.read(GUARDRAIL, athlete_id), today)
    units = units_from_settings(store.settings(athlete_id))
    return [LIMIT.format(limit=line) for line in set_limits_in_words(limits, units)]


def _programmes(store: Store, athlete_id: int, today: date) -> list[str]:
    parted = programmes.by_programme(programmes.programme_rows(store, athlete_id))
    return [
        PROGRAMME.format(
            name=name,
            week=max(1, week_of(start, today)),
            weeks=programmes.last_week(rows),
            last=text.day_in_words(start + timedelta(weeks=programmes.last_week(rows), days=-1)),
        )
        for (name, start), rows in parted.items()
        if programmes.is_running(rows, today)
    ]


def fitting(lines: Sequence[str], most_bytes: int = MOST_BYTES) -> str:
    """Join lines to a text of so many bytes; a line without room is left out, and that is said."""
    fit: list[str] = []
    for line in lines:
        if len("\n".join([*fit, line, MORE]).encode()) > most_bytes:
            return "\n".join([*fit, MORE])
        fit.append(line)
    return "\n".join(fit)


def code_html(words: str) -> str:
    """Return the code as an image of the page itself: a page's HTML may hold no drawing."""
    return code_image(words, CODE_ALT)
