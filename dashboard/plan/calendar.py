"""The plan and its guardrails as a calendar file that any calendar reads."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Journal

from dashboard.plan.guardrails.base import THERAPIST_DECIDES, load_guardrails
from dashboard.plan.limits import GuardrailLimit
from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.plan.text import limit_in_words, run_in_words
from dashboard.shared import text
from dashboard.shared.units import Units

PRODUCT = "-//Heelwise//Plan//EN"


def plan_calendar(
    plan: Plan, limits: dict[str, GuardrailLimit], units: Units, names: dict[str, str], now: datetime
) -> bytes:
    """Write planned runs and guardrails as iCalendar.

    References
    ----------
    RFC 5545.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Planned runs")
    seen: dict[str, int] = {}
    for run in plan:
        place = seen[str(run.date)] = seen.get(str(run.date), 0) + 1
        calendar.add_component(_event(run, place, units, names, now))
    if plan:
        calendar.add_component(_guardrails(plan, limits, units, now))
    return calendar.to_ical()


def _event(run: PlannedRun, place: int, units: Units, names: dict[str, str], now: datetime) -> Event:
    event = Event()
    event.add("uid", _uid("run", str(run.date), str(place)))
    event.add("dtstamp", now)
    event.add("dtstart", run.date)
    event.add("dtend", run.date + timedelta(days=1))
    event.add("summary", f"Run {units.distance_words(run.distance_m)}" if run.distance_m else "Run")
    event.add("description", run_in_words(run, units, names))
    event.add("transp", "TRANSPARENT")
    return event


def _guardrails(plan: Plan, limits: dict[str, GuardrailLimit], units: Units, now: datetime) -> Journal:
    lines = [
        limit_in_words(rule, limits[rule.id], units) for rule in load_guardrails() if limits[rule.id].is_on
    ]
    note = Journal()
    note.add("uid", _uid("guardrails"))
    note.add("dtstamp", now)
    note.add("dtstart", min(run.date for run in plan))
    note.add("summary", "Guardrails of this plan")
    note.add("description", "\n".join([*lines, THERAPIST_DECIDES, text.RECORD_AND_DISCUSS]))
    return note


def _uid(*parts: str) -> str:
    return hashlib.blake2b("/".join(parts).encode(), digest_size=8).hexdigest() + "@heelwise"
