"""The consult on a shared screen: one click, large and light, no names, a cover, opinions that stay."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from settled_page import settle

from connectors.frames import VISIT
from connectors.store import open_store

pytestmark = pytest.mark.browser
SLOW = 60_000
SETTLE_MS = 1_200
"""Longer than a measured screen is waited for before the picture is drawn anew."""
STEPS = ("Symptoms", "Timeline", "Shoes", "What changed", "Tests", "Strength", "Plan", "Report")


def test_a_consult_from_one_click_to_the_report(begun, only_here):
    page = only_here
    page.emulate_media(color_scheme="dark")
    page.goto(f"{begun.url}/method")
    settle(page, SETTLE_MS)
    page.locator(".hw-consult").click()
    expect(page.get_by_role("button", name="Hide the screen")).to_be_visible(timeout=SLOW)
    settle(page, SETTLE_MS)
    assert "D. R." in page.inner_text('[data-testid="stMain"]')
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    for step in STEPS:
        page.locator(".st-key-consult_steps").get_by_text(step, exact=True).click()
        page.wait_for_timeout(500)
        settle(page, SETTLE_MS)
        small = page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain] :is(p, li, svg text)')]"
            ".filter(one => one.textContent.trim() && one.getBoundingClientRect().height)"
            ".map(one => [one.textContent, parseFloat(getComputedStyle(one).fontSize)]).filter(([_, px]) => px < 18)"
        )
        assert small == [], step
        assert "Demo runner" not in page.inner_text('[data-testid="stMain"]'), step
        serious = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], step
        if step == "What changed":
            page.get_by_role("button", name="Likely").or_(
                page.get_by_role("radio", name="Likely")
            ).first.click()
            settle(page, SETTLE_MS)
    page.get_by_role("button", name="Hide the screen").click()
    expect(page.get_by_role("button", name="Show the screen")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Show the screen")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    page.get_by_role("button", name="Show the screen").click()
    settle(page, SETTLE_MS)
    page.reload()
    settle(page, SETTLE_MS)
    expect(page.get_by_role("button", name="Hide the screen")).to_be_visible(timeout=SLOW)
    store = open_store(begun.home)
    (row,) = store.read(VISIT, store.runner().athlete_id).to_dicts()
    assert (row["topic"], row["opinion"]) == ("driver", "likely")
