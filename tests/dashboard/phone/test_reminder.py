"""The reminder: its words, its clock, the address of a subscription, and the morning it is about."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from backup_forger import forge
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from connectors.backup import backup, restore
from dashboard.diary.entries import SymptomEntry, nothing_felt_on, save_entry
from dashboard.phone import reminder
from dashboard.phone.reminder import ReminderPlan, reminder_calendar

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


def event_of(content: bytes):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_the_words_are_these_and_say_nothing_of_a_heel():
    content = reminder_calendar(ReminderPlan(time(7, 30), "Europe/Amsterdam", "a"), NOW)
    event = event_of(content)
    (alarm,) = event.walk("VALARM")
    assert event["SUMMARY"] == alarm["DESCRIPTION"] == "Heelwise: a minute for this morning?"
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(0))
    assert "cannot know whether today is logged" in event["DESCRIPTION"]
    for word in (b"pain", b"tendon", b"achilles", b"symptom", b"stiff"):
        assert word not in content.lower()


def test_it_rings_at_the_same_time_of_the_clock_on_both_sides_of_the_change():
    event = event_of(reminder_calendar(ReminderPlan(time(7, 30), "Europe/Amsterdam", "a"), NOW))
    start = event["DTSTART"].dt
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    days = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)[:6]
    assert {one.timetz().replace(tzinfo=None) for one in days} == {time(7, 30)}
    assert {one.astimezone(UTC).hour for one in days} == {6, 5}


@given(
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_the_first_one_lies_ahead_within_a_day_and_the_file_holds_its_zone(at, zone, now):
    content = reminder_calendar(ReminderPlan(at, zone, "a"), now)
    start = event_of(content)["DTSTART"].dt
    assert timedelta(0) < start.astimezone(UTC) - now <= timedelta(hours=25)
    assert (start.hour, start.minute) == (at.hour, at.minute)
    named = [str(one["TZID"]) for one in Calendar.from_ical(content).walk("VTIMEZONE")]
    assert named == ([] if zone == "UTC" else [zone])


def test_a_page_that_is_drawn_again_offers_the_same_file():
    plan = ReminderPlan(time(7, 30), "Europe/Amsterdam", "a")
    assert reminder_calendar(plan, NOW) == reminder_calendar(plan, NOW + timedelta(minutes=59))


def test_a_later_file_replaces_the_earlier_one_and_another_runner_has_an_entry_of_their_own(store, runner):
    first = reminder.save_plan(store, runner.athlete_id, time(7), "Europe/Amsterdam")
    second = reminder.save_plan(store, runner.athlete_id, time(8, 15), "Asia/Tokyo")
    other = reminder.save_plan(store, store.add_runner("Robin").athlete_id, time(7), "Europe/Amsterdam")
    assert first.uid == second.uid != other.uid
    assert (second.at, second.zone) == (time(8, 15), "Europe/Amsterdam")
    assert reminder.load_plan(store, runner.athlete_id) == second


def test_the_runners_own_zone_goes_before_the_browsers(store, runner):
    store.set_settings(runner.athlete_id, {"timezone": "Asia/Kathmandu"})
    assert reminder.load_plan(store, runner.athlete_id, "Europe/Amsterdam").zone == "Asia/Kathmandu"


def test_an_address_opens_its_own_calendar_until_it_is_ended_or_made_anew(store, runner):
    other = store.add_runner("Robin")
    mine = reminder.save_plan(store, runner.athlete_id, time(7), "UTC")
    theirs = reminder.save_plan(store, other.athlete_id, time(9), "UTC")
    token, their_token = (reminder.new_address(store, one.athlete_id) for one in (runner, other))
    for opened, plan in ((token, mine), (their_token, theirs)):
        content = reminder.subscribed_calendar(store, opened, NOW)
        assert content is not None
        assert event_of(content)["UID"] == f"{plan.uid}@heelwise"
    anew = reminder.new_address(store, runner.athlete_id)
    assert reminder.subscribed_calendar(store, token, NOW) is None
    assert reminder.subscribed_calendar(store, anew, NOW) is not None
    reminder.end_address(store, runner.athlete_id)
    assert reminder.subscribed_calendar(store, anew, NOW) is None
    assert reminder.subscribed_calendar(store, their_token, NOW) is not None
    store.delete_runner(other.athlete_id)
    assert reminder.subscribed_calendar(store, their_token, NOW) is None


@pytest.mark.parametrize("token", ["", "x", "../../heelwise.db", "a" * 43, "ä" * 43, "a" * 10_000])
def test_a_guess_opens_nothing(store, runner, token):
    reminder.new_address(store, runner.athlete_id)
    assert reminder.subscribed_calendar(store, token, NOW) is None


def test_the_secret_lies_nowhere_on_the_disk_and_its_hash_in_no_backup(store, runner, tmp_path):
    reminder.save_plan(store, runner.athlete_id, time(7), "UTC")
    token = reminder.new_address(store, runner.athlete_id)
    digest = store.bookmarks(runner.athlete_id)[reminder.ADDRESS]
    files = [one for one in store.home.rglob("*") if one.is_file()]
    assert not [one for one in files if token.encode() in one.read_bytes()]
    backup(store, tmp_path / "b.zip")
    with ZipFile(tmp_path / "b.zip") as packed:
        assert not [one for one in packed.namelist() if digest.encode() in packed.read(one)]


def test_a_morning_is_due_until_it_is_logged_in_the_zone_of_the_runner(store, runner):
    store.set_settings(runner.athlete_id, {"timezone": "Asia/Tokyo"})
    late = datetime(2026, 3, 25, 16, tzinfo=UTC)  # the 26th in Tokyo
    save_entry(store, runner.athlete_id, nothing_felt_on(date(2026, 3, 25)))
    assert reminder.is_due(store, runner.athlete_id, late)
    save_entry(store, runner.athlete_id, SymptomEntry(date(2026, 3, 26), pain_after_0_10=2.0))
    assert reminder.is_due(store, runner.athlete_id, late), "pain after a run is no morning"
    save_entry(store, runner.athlete_id, nothing_felt_on(date(2026, 3, 26)))
    assert not reminder.is_due(store, runner.athlete_id, late)
    assert late.astimezone(ZoneInfo("Asia/Tokyo")).date() == date(2026, 3, 26)


def test_a_forged_backup_brings_no_address_in(store, runner, tmp_path):
    token = reminder.new_address(store, runner.athlete_id)
    digest = store.bookmarks(runner.athlete_id)[reminder.ADDRESS]
    reminder.end_address(store, runner.athlete_id)

    def plant(members: dict[str, bytes]) -> None:
        (name,) = [one for one in members if one.endswith("words.json")]
        words = json.loads(members[name])
        words["bookmarks"] |= {reminder.ADDRESS: digest, reminder.PLAN: "{}", "other": "word"}
        members[name] = json.dumps(words).encode()

    backup(store, tmp_path / "b.zip")
    restore(store, forge(tmp_path / "b.zip", tmp_path / "forged.zip", plant))
    assert store.bookmarks(runner.athlete_id)["other"] == "word"
    assert reminder.subscribed_calendar(store, token, NOW) is None
