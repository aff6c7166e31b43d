"""The Timeline under a finger and a mouse: it scrolls, reads every lane, opens a day, keeps its window in the URL."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector(".stPlotlyChart .main-svg", timeout=60_000)
    page.wait_for_timeout(1_500)
    return page


@pytest.fixture
def phone(browser, demo):
    context = browser.new_context(**PHONE, timezone_id="Europe/Amsterdam")
    yield opened(context.new_page(), demo.url)
    context.close()


def swipe_up(page: Page, x: int, start: int, end: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": start}]})
    for y in range(start - 20, end, -20):
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(800)


def scrolled(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")


def test_a_finger_on_the_chart_scrolls_the_page(phone):
    phone.evaluate("document.querySelector('.stPlotlyChart').scrollIntoView({block: 'start'})")
    phone.wait_for_timeout(500)
    before = scrolled(phone)
    swipe_up(phone, 200, 600, 200)
    assert scrolled(phone) > before + 100


def test_nothing_is_wider_than_a_phone(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_tap_opens_the_day(phone):
    chart = phone.locator(".stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    phone.evaluate("document.querySelector('.stPlotlyChart').scrollIntoView({block: 'start'})")
    phone.wait_for_timeout(800)
    before = phone.locator(".hw-run").all_inner_texts()
    box = chart.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + 120, box["y"] + 300)
    phone.wait_for_timeout(2_500)
    assert phone.locator(".hw-run").all_inner_texts() != before


def test_one_hover_reads_all_lanes(page, demo):
    opened(page, demo.url)
    chart = page.locator(".stPlotlyChart").first
    chart.evaluate("(one) => one.scrollIntoView({block: 'start'})")  # sentences stand above it
    page.wait_for_timeout(300)
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 250)
    page.mouse.move(box["x"] + box["width"] / 2 + 3, box["y"] + 252)
    page.wait_for_timeout(700)
    text = page.locator(".hoverlayer").first.text_content() or ""
    for lane in ("pain", "stiffness", "load", "habit", "volume", "climb", "shoes", "cadence"):
        assert lane in text.lower()
    assert "km" in text


def test_the_window_and_the_lanes_are_in_the_url(page, demo):
    opened(page, demo.url)
    page.get_by_text("1 year", exact=True).click()
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d"), timeout=10_000)
    page.get_by_role("button", name="Cadence").click()
    page.wait_for_timeout(2_000)
    address = page.url
    other = page.context.new_page()
    opened(other, address)
    assert other.url == address
    assert "Cadence" not in other.locator(".stPlotlyChart").first.inner_text()


def test_no_button_sends_the_figure_away(page, demo):
    opened(page, demo.url)
    assert page.locator(".modebar-btn").count() == 0


def test_the_same_stands_as_a_table(page, demo):
    opened(page, demo.url)
    page.get_by_text("The same as a table").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name=re.compile("^(?!Download as CSV:).*CSV"))).to_be_visible()
    page.get_by_text("Weeks", exact=True).click()
    page.wait_for_timeout(1_500)
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    assert page.locator("[data-testid=stDataFrame] canvas").first.is_visible()
    assert "Week from" in (page.locator("[data-testid=stDataFrame] [role=grid]").first.text_content() or "")
