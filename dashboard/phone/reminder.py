"""The daily reminder of the morning's log: its words, its calendar file, the address a calendar subscribes to."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.frames import SYMPTOM
from connectors.late_imports import late_import
from connectors.local_date import machine_zone, zone_name
from connectors.store import Store
from dashboard.diary.entries import entries_on, with_morning_entry

WORDS = "Heelwise: a minute for this morning?"
"""All that a lock screen shows; nothing in it says what is logged."""
CANNOT_KNOW = "A calendar cannot know whether today is logged, so it reminds every day."
USUAL_TIME = time(7, 30)
PRODUCT = "-//Heelwise//Reminder//EN"
PLAN, ADDRESS = "reminder", "reminder_address"
"""Bookmarks that stay on this machine: time and zone; hash of the address that a calendar subscribes to."""
ZONE_SETTING = "timezone"
TOKEN = re.compile(r"[\w-]{43}")
YEARS_OF_ZONE = 10
"""So many years ahead the file holds the changes of the clock; a calendar that knows the zone goes by its own."""


@dataclass(frozen=True)
class ReminderPlan:
    """When a runner is reminded: a time on the clock of a zone; `uid` names the entry in every calendar."""

    at: time
    zone: str
    uid: str


def load_plan(store: Store, athlete_id: int, zone: str | None = None) -> ReminderPlan:
    """Return when a runner is reminded; before they chose, half past seven where they are.

    Their own setting goes before the zone given, and that before the machine's.
    """
    stored = json.loads(store.bookmarks(athlete_id).get(PLAN, "{}"))
    own = zone_name(store.settings(athlete_id).get(ZONE_SETTING)) or zone_name(stored.get("zone"))
    at = time.fromisoformat(stored["at"]) if "at" in stored else USUAL_TIME
    return ReminderPlan(at, own or zone_name(zone) or machine_zone() or "UTC", stored.get("uid", ""))


def with_uid(plan: ReminderPlan) -> ReminderPlan:
    """Return a plan whose entry has a name; one that has its name keeps it."""
    return plan if plan.uid else replace(plan, uid=secrets.token_hex(8))


def save_plan(
    store: Store, athlete_id: int, at: time, zone: str | None = None, uid: str = ""
) -> ReminderPlan:
    """Store the time and the zone; the entry keeps its name, so that a calendar replaces the one it has."""
    before = load_plan(store, athlete_id, zone)
    plan = with_uid(replace(before, at=at.replace(second=0, microsecond=0), uid=before.uid or uid))
    value = json.dumps({"at": f"{plan.at:%H:%M}", "zone": plan.zone, "uid": plan.uid})
    store.set_bookmarks(athlete_id, {PLAN: value})
    return plan


def reminder_calendar(plan: ReminderPlan, now: datetime) -> bytes:
    """Write the reminder as iCalendar: one entry a day, with an alarm, at the same time of the runner's clock.

    References
    ----------
    RFC 5545, 3.6.6 and 3.8.5.3; RFC 7986, 5.7.
    """
    first = _next_time(plan, now)
    icalendar = late_import("icalendar")
    event = icalendar.Event()
    event.add("uid", f"{plan.uid}@heelwise")
    # The hour is enough, and lets a page that is drawn again offer the same file.
    event.add("dtstamp", now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    event.add("dtstart", first)
    event.add("duration", timedelta(minutes=1))
    event.add("rrule", {"freq": "daily"})
    event.add("summary", WORDS)
    event.add("description", CANNOT_KNOW)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm())
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Heelwise")
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add_component(event)
    calendar.add_missing_timezones(
        first_date=first.date() - timedelta(days=1), last_date=date(first.year + YEARS_OF_ZONE, 12, 31)
    )
    return calendar.to_ical()


def _alarm() -> Any:
    alarm = late_import("icalendar").Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", WORDS)
    alarm.add("trigger", timedelta(0))
    return alarm


def _next_time(plan: ReminderPlan, now: datetime) -> datetime:
    """Return the first reminder, today or tomorrow: a calendar that gets one in the past may ring at once."""
    here = now.astimezone(ZoneInfo(plan.zone))
    today = datetime.combine(here.date(), plan.at, here.tzinfo)
    return today if today > here else datetime.combine(here.date() + timedelta(days=1), plan.at, here.tzinfo)


def new_address(store: Store, athlete_id: int) -> str:
    """Make the secret part of a subscription's address; the one before ends. Only its hash is stored."""
    token = secrets.token_urlsafe(32)
    store.set_bookmarks(athlete_id, {ADDRESS: _digest(token)})
    return token


def end_address(store: Store, athlete_id: int) -> None:
    """End the address that a calendar subscribes to: it answers no more."""
    store.set_bookmarks(athlete_id, {ADDRESS: None})


def has_address(store: Store, athlete_id: int) -> bool:
    """Return whether a runner has an address that a calendar can subscribe to."""
    return ADDRESS in store.bookmarks(athlete_id)


def subscribed_calendar(store: Store, token: str, now: datetime) -> bytes | None:
    """Return the calendar behind an address; None where it is none, or was ended.

    Every hash is compared, in constant time, so that an answer's delay tells nothing.
    """
    if not TOKEN.fullmatch(token):
        return None
    asked, whose = _digest(token), None
    for runner in store.runners():
        digest = store.bookmarks(runner.athlete_id).get(ADDRESS, "")
        if hmac.compare_digest(digest.encode(), asked.encode()):
            whose = runner.athlete_id
    return None if whose is None else reminder_calendar(load_plan(store, whose), now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_due(store: Store, athlete_id: int, now: datetime) -> bool:
    """Return whether this morning, in the runner's zone, has no entry yet; pain after a run answers no morning."""
    day = now.astimezone(ZoneInfo(load_plan(store, athlete_id).zone)).date()
    return not with_morning_entry(entries_on(store.read(SYMPTOM, athlete_id), day))
