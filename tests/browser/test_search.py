"""Search and keys as one types them: S opens the search, a hit opens its day, no key works while one types."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from settled_page import visit

pytestmark = pytest.mark.browser
SLOW = 60_000
FIELD = "Title, date, pair or sport"


def test_s_opens_the_search_and_a_hit_opens_its_day(demo, page):
    visit(page, f"{demo.url}/plan")
    page.keyboard.press("s")
    field = page.get_by_label(FIELD)
    expect(field).to_be_focused(timeout=SLOW)
    page.keyboard.type("aug hs")
    expect(page.get_by_text("No run holds all of these words.")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("dialog")).to_have_count(1)  # neither H nor S did anything while one typed
    field.fill("aug plover")
    hits = page.locator(".st-key-search_hits a")
    expect(hits.first).to_contain_text("Larkfield Plover", timeout=SLOW)
    day = hits.first.inner_text()
    assert "plover" not in page.url
    hits.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline", timeout=SLOW)
    heading = page.locator(".hw-day")
    expect(heading).to_be_visible(timeout=SLOW)
    assert heading.inner_text() in day


def test_h_lists_the_keys(demo, page):
    visit(page, f"{demo.url}/today")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_contain_text("Search runs", timeout=SLOW)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=SLOW)


def test_a_phone_has_the_search_beside_the_name(demo, page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{demo.url}/today")
    button = page.locator(".st-key-search_runs button")
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    assert box["y"] < 80
    button.click()
    expect(page.get_by_label(FIELD)).to_be_visible(timeout=SLOW)
