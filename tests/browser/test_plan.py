"""The plan on a phone: one week, one run, and a step of the ladder, in fields instead of a table."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from connectors.frames import PLAN
from connectors.store import Store, open_store
from dashboard.plan.service import first_week

pytestmark = pytest.mark.browser
SLOW = 60_000


def settle(page: Page) -> None:
    page.wait_for_timeout(300)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
        timeout=SLOW
    )
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def planned(page: Page, store: Store, count: int) -> list[dict]:
    """What is kept, once as many rows are."""
    for _ in range(200):
        rows = store.read(PLAN, 1).sort("date").to_dicts()
        if len(rows) == count:
            settle(page)
            return rows
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(rows)} rows, not {count}")


def test_a_phone_plans_in_fields(fresh, only_here):
    page = only_here
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{fresh.url}/plan")
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible(timeout=SLOW)
    settle(page)
    expect(page.locator('[data-testid="stDataFrame"]:visible')).to_have_count(0)
    page.get_by_label("Distance (km)").fill("30")
    page.get_by_label("Distance (km)").press("Tab")
    page.get_by_role("button", name="Save plan").click()
    store = open_store(fresh.home)
    (week,) = planned(page, store, 1)
    assert (week["span"], week["distance_m"], week["date"]) == ("week", 30_000.0, first_week(date.today()))

    page.get_by_text("By run", exact=True).click()
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
