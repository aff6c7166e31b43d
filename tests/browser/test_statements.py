"""What you already wrote in Chromium: a tap answers, a typed date is saved as typed, nothing runs off a phone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def test_a_typed_day_is_saved_as_typed_and_undone(begun, only_here):
    page = only_here
    page.goto(f"{begun.url}/wrote")
    field = page.locator('[class*="st-key-heel_day"]')
    field.wait_for(timeout=60_000)
    year = field.get_by_role("spinbutton").first
    year.click()
    page.keyboard.type("20260401")
    page.get_by_role("button", name="Show what came before").click()
    page.get_by_text("A flare from 1 Apr 2026, as you say.").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_test_id("stAlertContentSuccess").get_by_text("A flare from 1 Apr 2026, as you say.").wait_for(
        state="detached"
    )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_ways_to_say_when_fit_the_screen(begun, only_here, size):
    page = only_here
    page.set_viewport_size(size)
    page.goto(f"{begun.url}/wrote")
    for way in ("About when", "By a run I remember"):
        page.get_by_text(way, exact=True).click(timeout=60_000)
        page.wait_for_timeout(1_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_text("Which of these was the last run without it?").wait_for()
