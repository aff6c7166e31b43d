"""The reminder as a person gets it: the downloaded file, and the address that a calendar asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from live_server import Server
from playwright.sync_api import Page, expect

from connectors.store import open_store
from dashboard.phone.reminder import load_plan

pytestmark = pytest.mark.browser
SLOW = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reminder")
    with open_store(folder / "home") as store:
        store.add_runner("Robin Placeholder")
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def settings(page: Page, server) -> Page:
    page.goto(f"{server.url}/settings?runner=1")
    page.get_by_text("Download the reminder").wait_for(timeout=SLOW)
    return page


def wait_until(is_so: Callable[[], object]) -> None:
    until = time.monotonic() + SLOW / 1_000
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


def downloaded(page: Page):
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_text("Download the reminder").click()
    assert download.value.suggested_filename == "heelwise_reminder.ics"
    (event,) = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    return event


def test_a_file_is_downloaded_and_a_later_one_replaces_it(settings, server):
    first = downloaded(settings)
    assert first["SUMMARY"] == "Heelwise: a minute for this morning?"
    assert first["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    with open_store(server.home) as store:
        wait_until(lambda: load_plan(store, 1).uid)
    settings.reload()
    settings.get_by_text("Download the reminder").wait_for(timeout=SLOW)
    again = downloaded(settings)
    assert again["UID"] == first["UID"]


def test_the_address_answers_until_it_is_ended(settings):
    settings.get_by_text("Subscribe to it instead").click()
    settings.get_by_role("button", name="Make an address").click()
    shown = settings.locator("code", has_text="/calendar/")
    expect(shown).to_be_visible(timeout=SLOW)
    address = shown.inner_text().strip()
    with httpx.Client(trust_env=False) as calendar:
        answer = calendar.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        settings.get_by_role("button", name="End the address").click()
        expect(shown).to_have_count(0, timeout=SLOW)
        assert calendar.get(address).status_code == 404
