"""Flares and Today in Chromium: nothing runs off a phone, a tap opens a part, an onset is moved and brought back."""

from __future__ import annotations

import pytest
from settled_page import settle

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def card(page):
    return page.locator('[class*="st-key-flare_"]').first


def choose(page, name: str) -> None:
    card(page).get_by_text(name, exact=True).first.click()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ["today", "flares"])
def test_a_page_fits_its_screen(demo, only_here, name, size):
    page = only_here
    page.set_viewport_size(size)
    page.goto(f"{demo.url}/{name}")
    page.get_by_role("heading", name=name.title(), exact=True).wait_for(timeout=30_000)
    page.wait_for_timeout(1_500)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.get_by_test_id("stException").count() == 0


def test_the_newest_flare_shows_its_waterfall_and_one_tap_shows_other_assumptions(demo, only_here):
    page = only_here
    page.goto(f"{demo.url}/flares")
    card(page).get_by_text("on record, this time included").first.wait_for(timeout=30_000)
    choose(page, "What drove the load")
    card(page).get_by_text("These days", exact=True).first.wait_for()
    choose(page, "How sure")
    card(page).locator("table.hw-rows").wait_for()
    assert "42 days (yours)" in card(page).locator("table.hw-rows").inner_text()
    choose(page, "What was unusual")
    card(page).get_by_text("on record, this time included").first.wait_for()


def test_an_onset_is_moved_by_a_day_and_brought_back(begun, only_here):
    page = only_here
    page.goto(f"{begun.url}/flares")
    card(page).wait_for(timeout=60_000)
    choose(page, "Fix the date")
    card(page).get_by_role("button", name="− 1 day").click()
    page.wait_for_timeout(800)
    card(page).get_by_role("button", name="Keep this onset").click()
    page.get_by_text("Onset (runner)").first.wait_for()
    assert "Onset (rule)" in card(page).inner_text()
    page.get_by_role("button", name="Use the log's date").click()
    page.get_by_text("Onset (runner)").first.wait_for(state="detached")


def test_a_sign_that_needs_care_leaves_only_that(demo, only_here):
    page = only_here
    page.goto(f"{demo.url}/flares")
    card(page).locator(".js-plotly-plot").wait_for(timeout=30_000)
    # A tap while the page still runs can be lost.
    settle(page)
    page.get_by_text("A sudden pop or kick", exact=True).click()
    page.get_by_text("seek medical care now").first.wait_for()
    card(page).wait_for(state="detached")
