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


@pytest.fixture
def page(kept_page):
    return kept_page


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector(".stPlotlyChart .main-svg", timeout=60_000)
    page.wait_for_timeout(1_500)
    return page


@pytest.fixture
def phone(browser, demo):
    context = browser.new_context(**PHONE, timezone_id="Europe/Amsterdam")
    yield opened(context.new_page(), f"{demo.url}/timeline")
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


def test_a_tap_opens_the_day_as_a_sheet(phone):
    phone.evaluate("document.querySelector('.stPlotlyChart').scrollIntoView({block: 'start'})")
    phone.wait_for_timeout(800)
    box = phone.locator(".stPlotlyChart").first.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + 120, box["y"] + 300)
    sheet = phone.locator(".st-key-day_panel")
    expect(sheet).to_be_visible(timeout=15_000)
    expect(phone).to_have_url(re.compile(r"day=\d{4}-\d\d-\d\d"))
    place = sheet.bounding_box()
    assert place
    assert place["y"] + place["height"] == pytest.approx(844, abs=2)
    assert place["y"] > 250, "the picture stays in view above it"


def at_middle(page: Page) -> dict[str, float]:
    chart = page.locator(".stPlotlyChart").first
    chart.evaluate("(one) => one.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(300)
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 250)
    page.mouse.move(box["x"] + box["width"] / 2 + 3, box["y"] + 252)
    page.wait_for_timeout(700)
    return {"x": box["x"] + box["width"] / 2 + 3, "y": box["y"] + 252}


def test_one_hover_reads_all_lanes_beside_their_names_and_no_box_floats(page, demo):
    opened(page, f"{demo.url}/timeline?lanes=symptoms,load,volume,shoes")
    at_middle(page)
    strips = page.locator(".hw-strip").all_inner_texts()
    assert len(strips) >= 4, strips
    assert re.match(r"\w{3} \d+ \w{3} \d{4}", strips[0])
    assert any(" used to" in one for one in strips)
    assert any("km" in one for one in strips)
    assert page.locator(".hoverlayer .hovertext").count() == 0


def test_a_click_opens_the_day_beside_the_picture(page, demo):
    opened(page, f"{demo.url}/timeline")
    at = at_middle(page)
    page.mouse.click(at["x"], at["y"])
    panel = page.locator(".st-key-day_panel")
    expect(panel).to_be_visible(timeout=15_000)
    page.wait_for_timeout(1_500)
    beside, chart = panel.bounding_box(), page.locator(".stPlotlyChart").first.bounding_box()
    assert beside
    assert chart
    assert beside["x"] >= chart["x"] + chart["width"]
    assert beside["y"] < 900
    page.locator(".st-key-day_close button").first.click()
    expect(panel).to_have_count(0, timeout=15_000)


def test_a_drag_sets_the_dates_and_one_press_goes_back_to_all(page, demo):
    opened(page, f"{demo.url}/timeline")
    before = page.url
    at = at_middle(page)
    page.mouse.move(at["x"] - 100, at["y"])
    page.mouse.down()
    page.mouse.move(at["x"], at["y"] + 5, steps=5)
    page.mouse.move(at["x"] + 120, at["y"] + 10, steps=5)
    page.mouse.up()
    back = page.get_by_role("button", name="Back to all")
    expect(back).to_be_visible(timeout=15_000)
    assert page.url != before
    back.click()
    expect(back).to_have_count(0, timeout=15_000)


def test_the_picture_is_saved_as_png_and_as_svg(page, demo):
    opened(page, f"{demo.url}/timeline")
    page.get_by_role("button", name="Save picture").click()
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download(timeout=20_000) as saved:
            page.get_by_role("button", name=kind, exact=True).click()
        assert saved.value.suggested_filename.endswith(f".{kind.lower()}")
        assert begins in saved.value.path().read_bytes()[:200]


def test_one_lane_fills_a_phone_and_a_second_tap_brings_the_others_back(phone):
    heights = []
    for _ in range(3):
        heights.append(phone.locator(".stPlotlyChart").first.evaluate("one => one.offsetHeight"))
        phone.locator(".st-key-large_taps_enlarge button").nth(1).tap()
        phone.wait_for_timeout(4_000)
    assert heights[0] == heights[2] != heights[1]


def test_the_window_and_the_lanes_are_in_the_url(page, demo):
    opened(page, f"{demo.url}/timeline")
    page.get_by_text("1 year", exact=True).click()
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d"), timeout=10_000)
    page.get_by_role("button", name="Strength", exact=True).click()
    expect(page).to_have_url(re.compile(r"lanes=.*strength"), timeout=10_000)
    page.wait_for_timeout(2_000)
    address = page.url
    other = page.context.new_page()
    opened(other, address)
    assert other.url == address
    assert "Strength" in (other.locator(".stPlotlyChart").first.text_content() or "")


def test_no_button_sends_the_figure_away(page, demo):
    opened(page, f"{demo.url}/timeline")
    assert page.locator(".modebar-btn").count() == 0


def test_the_same_stands_as_a_table(page, demo):
    opened(page, f"{demo.url}/timeline")
    page.get_by_text("Show as table").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name=re.compile("^(?!Download as CSV:).*CSV"))).to_be_visible()
    page.get_by_text("Weeks", exact=True).click()
    page.wait_for_timeout(1_500)
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    assert page.locator("[data-testid=stDataFrame] canvas").first.is_visible()
    assert "Week from" in (page.locator("[data-testid=stDataFrame] [role=grid]").first.text_content() or "")
