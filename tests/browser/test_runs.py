"""The shoe fix as a person does it: one tap, a group in one click, and both taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from connectors.store import open_store

pytestmark = pytest.mark.browser
SLOW = 60_000


def without_a_pair(server) -> int:
    with open_store(server.home) as store:
        runs = store.activities(store.runner().athlete_id)
        return runs.filter(runs["sport"].is_in(["Run", "TrailRun"]))["shoe_id"].null_count()


def test_a_pair_is_given_with_one_tap_a_group_with_one_click_and_both_are_taken_back(begun, only_here):
    page = only_here
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{begun.url}/runs")
    card = page.locator('[class*="st-key-taps_"]').first
    skip = card.get_by_role("button", name="Skip")
    expect(skip).to_be_visible(timeout=SLOW)
    before = without_a_pair(begun)

    sizes = card.locator(".stButton button, [role=group]").evaluate_all(
        "all => all.map(one => [one.offsetWidth, one.offsetHeight])"
    )
    assert min(min(size) for size in sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card.get_by_role("button").first.click()
    expect(page.get_by_text(re.compile("Saved. Run of .+: shoe "))).to_be_visible(timeout=SLOW)
    assert without_a_pair(begun) == before - 1
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Saved.")).to_have_count(0, timeout=SLOW)
    assert without_a_pair(begun) == before

    fix = page.locator('[class*="st-key-fix_missing_"] button')
    count = int(re.findall(r"\d+", fix.inner_text())[0])
    assert 0 < count < before
    fix.click()
    expect(page.get_by_text(re.compile("Saved. .*shoe "))).to_be_visible(timeout=SLOW)
    assert without_a_pair(begun) == before - count
    history = page.locator('[class*="st-key-act_"]')
    expect(history).to_have_count(2)
    history.first.get_by_role("button", name="Undo").click()
    expect(history.first.get_by_role("button", name="Put back")).to_be_visible(timeout=SLOW)
    assert without_a_pair(begun) == before
    history.first.get_by_role("button", name="Put back").click()
    expect(history.first.get_by_role("button", name="Undo")).to_be_visible(timeout=SLOW)
    assert without_a_pair(begun) == before - count
