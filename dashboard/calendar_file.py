"""The plan and its guardrails as a calendar file that any calendar reads."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Journal

from dashboard import words
from dashboard.charts.plan_words import limit_in_words, run_in_words
from dashboard.model.guardrails import GUARDRAILS, PT_DECIDES, Limit
from dashboard.model.planned import Plan, PlannedRun
from dashboard.units import Units

PRODUCT = "-//Heelwise//Plan//EN"


def plan_file(
    plan: Plan, limits: dict[str, Limit], units: Units, names: dict[str, str], now: datetime
) -> bytes:
    """Write planned runs and guardrails as iCalendar.

    Parameters
    ----------
    plan : tuple of PlannedRun
        One all-day event for each run.
    limits : dict of str to Limit
        Those that are on make one note on the first day of the plan.
    units : Units
        What the runner reads in.
    names : dict of str to str
        Name of each pair by its shoe_id.
    now : datetime
        Aware: when it is written.

    Returns
    -------
    bytes
        UTF-8, RFC 5545. No name of the runner and no note of the plan is in it; ids stay the same for the same
        date and place in it, so that a later file takes the place of an earlier one.

    Source
    ------
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
        calendar.add_component(_guardrails(plan, limits, now))
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


def _guardrails(plan: Plan, limits: dict[str, Limit], now: datetime) -> Journal:
    lines = [limit_in_words(rule, limits[rule.id]) for rule in GUARDRAILS if limits[rule.id].is_on]
    note = Journal()
    note.add("uid", _uid("guardrails"))
    note.add("dtstamp", now)
    note.add("dtstart", min(run.date for run in plan))
    note.add("summary", "Guardrails of this plan")
    note.add("description", "\n".join([*lines, PT_DECIDES, words.RECORD_AND_DISCUSS]))
    return note


def _uid(*parts: str) -> str:
    return hashlib.blake2b("/".join(parts).encode(), digest_size=8).hexdigest() + "@heelwise"
