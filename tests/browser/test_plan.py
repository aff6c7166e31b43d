"""The plan on a phone: one week, one run, and a step of the ladder, in fields instead of a table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from settled_page import settle
from typed_fields import today

from connectors.frames import GUARDRAIL, PLAN
from connectors.store import Store, open_store
from dashboard.plan.service import first_week

pytestmark = pytest.mark.browser
SLOW = 60_000


def planned(page: Page, store: Store, count: int) -> list[dict]:
    """What is kept, once as many rows are."""
    for _ in range(200):
        rows = store.read(PLAN, 1).sort("date").to_dicts()
        if len(rows) == count:
            settle(page)
            return rows
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(rows)} rows, not {count}")


def test_a_phone_plans_in_fields(begun, only_here):
    page = only_here
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{begun.url}/plan")
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible(timeout=SLOW)
    settle(page)
    expect(page.locator('[data-testid="stDataFrame"]:visible')).to_have_count(0)
    page.get_by_label("Distance (km)").fill("30")
    page.get_by_label("Distance (km)").press("Tab")
    page.get_by_role("button", name="Save plan").click()
    store = open_store(begun.home)
    (week,) = planned(page, store, 1)
    assert (week["span"], week["distance_m"], week["date"]) == ("week", 30_000.0, first_week(today()))

    expect(page.locator(".st-key-undo_plan button")).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_text("By run", exact=True).first.click()
    expect(page.get_by_role("button", name="Remove this run")).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_role("button", name="Remove this run").click()
    for _ in range(200):
        rows = store.read(PLAN, 1)
        if "run" in rows["span"].to_list():
            break
        page.wait_for_timeout(100)
    assert set(rows["span"]) == {"run"}
    assert 0 < rows["distance_m"].sum() < 30_000
    settle(page)
    page.locator(".st-key-undo_plan button").click()
    assert planned(page, store, 1)[0]["span"] == "week"
    expect(page.locator(".st-key-undo_plan button")).to_have_count(0, timeout=SLOW)
    settle(page)  # the server must not be stopped in the middle of a page


def limit_rows(page: Page, store: Store) -> list[dict]:
    """What limits are kept, once one is."""
    for _ in range(200):
        rows = store.read(GUARDRAIL, 1).to_dicts()
        if rows:
            settle(page)
            return rows
        page.wait_for_timeout(100)
    raise AssertionError("no limit was kept")


def test_none_of_it_is_set_on_a_phone_and_applied_to_a_usual_week(begun, only_here):
    page = only_here
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{begun.url}/plan")
    expect(page.get_by_role("button", name="Copy a usual week")).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_role("button", name="Copy a usual week").click()
    store = open_store(begun.home)
    (week,) = planned(page, store, 1)
    assert week["fast_s"] > 0
    page.locator(".st-key-set_fast button").click()
    settle(page)
    page.get_by_text("None of it", exact=True).click()
    settle(page)
    until = first_week(today()) + timedelta(days=13)
    page.locator(".st-key-until_fast").get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{until:%Y%m%d}")
    page.locator(".st-key-keep_fast button").click()  # what is typed is saved without leaving the field first
    (limit,) = limit_rows(page, store)
    assert (limit["value"], limit["measure"], limit["until_date"]) == (0.0, "amount", until)
    row = page.locator(".st-key-guardrail_fast")
    expect(row).to_contain_text("✗ crossed", timeout=SLOW)
    expect(row).to_contain_text("Kept as planned")
    row.get_by_role("button", name="Apply").click()
    expect(row).to_contain_text("✓ OK", timeout=SLOW)
    settle(page)
    assert sum(run["fast_s"] or 0.0 for run in store.read(PLAN, 1).to_dicts()) == 0
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing is cut off at the edge"
    for button in page.locator('[class*="st-key-set_"] button').all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
