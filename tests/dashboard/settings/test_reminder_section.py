"""The reminder on the Settings page."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from icalendar import Calendar
from page_runner import texts

from dashboard.phone import reminder


@pytest.fixture
def page(store, open_page):
    return open_page("settings")


def code(page) -> list[str]:
    return [one.value for one in page.code]


def test_it_says_its_words_and_what_a_calendar_cannot_know(page):
    said = texts(page)
    assert "“Heelwise: a minute for this morning?” and nothing else" in said
    assert "cannot know whether today is logged" in said
    (button,) = [one for one in page.get("download_button") if "reminder" in one.proto.label]
    assert button.proto.label == "Download the reminder (.ics)"


def test_an_address_is_shown_once_opens_the_time_chosen_and_ends(page, store, athlete_id):
    page.time_input(key=f"reminder_at_{athlete_id}").set_value(time(6, 45)).run()
    page.button(key="reminder_make").click().run()
    (address,) = code(page)
    token = address.rpartition("/calendar/")[2].removesuffix(".ics")
    content = reminder.subscribed_calendar(store, token, datetime.now(UTC))
    assert content is not None
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].dt.time() == time(6, 45)
    assert "good on this machine alone" in texts(page)
    page.button(key="reminder_end").click().run()
    assert code(page) == []
    assert reminder.subscribed_calendar(store, token, datetime.now(UTC)) is None


def test_a_page_opened_anew_does_not_show_the_address_again(page, open_page):
    page.button(key="reminder_make").click().run()
    assert len(code(page)) == 1
    again = open_page("settings")
    assert code(again) == []
    assert again.button(key="reminder_end")


def test_the_made_up_runner_has_no_reminder(demo, open_page):
    page = open_page("settings")
    assert not [one for one in page.get("download_button") if "reminder" in one.proto.label]
