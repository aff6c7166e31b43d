"""The menu as one sees and presses it: doors, the row behind one of them, the bar of a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from settled_page import settle, visit

from dashboard.shared.doors import DOORS

pytestmark = pytest.mark.browser
SLOW = 60_000


def doors_in_sight(page: Page) -> list[str]:
    links = page.locator(".st-key-menu_doors a:visible, .st-key-menu_more button:visible")
    return [text.split("\n")[-1] for text in links.all_inner_texts()]


def test_an_old_address_opens_its_page_and_back_leaves_a_neighbour(demo, page):
    visit(page, f"{demo.url}/strength")
    expect(page.get_by_role("heading", level=1)).to_have_text("Strength", timeout=SLOW)
    page.locator(".st-key-door_tabs").get_by_role("link", name="Events").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Events", timeout=SLOW)
    expect(page.locator(".st-key-door_tabs [aria-current='page']")).to_have_text("Events")
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Strength", timeout=SLOW)


def test_a_neighbour_stays_when_something_is_pressed_on_it_and_back_leaves_it(demo, page):
    visit(page, f"{demo.url}/data?runner=1")
    for name in ("Method", "Settings"):
        page.locator(".st-key-door_tabs").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=SLOW)
        settle(page)
        assert f"tab={name.casefold()}" in page.url
    page.get_by_text("Leave out the titles of sessions").click()
    page.wait_for_timeout(1_000)
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Method", timeout=SLOW)
    settle(page)
    page.locator(".st-key-door_tabs").get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data", timeout=SLOW)
    settle(page)
    assert "tab=" not in page.url


def test_eight_doors_stand_in_one_row_on_a_desk_and_the_consult_beside_them(demo, page):
    visit(page, f"{demo.url}/today")
    assert doors_in_sight(page) == [door.title for door in DOORS]
    tops = page.locator(".st-key-menu_doors a:visible").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1
    assert page.locator(".hw-consult:visible").count() == 1


def test_a_phone_has_its_bar_at_the_lower_edge_and_the_consult_behind_more(demo, page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{demo.url}/today")
    page.wait_for_timeout(1_000)
    assert doors_in_sight(page) == ["Today", "Timeline", "Log", "Flares", "More"]
    boxes = page.locator(".st-key-menu_doors a:visible, .st-key-menu_more button:visible").evaluate_all(
        "all => all.map(one => { const b = one.getBoundingClientRect(); return [b.top, b.bottom, b.width, b.height]; })"
    )
    assert all(
        top > 760 and bottom <= 844 and width >= 44 and height >= 44 for top, bottom, width, height in boxes
    )
    assert page.locator(".hw-consult:visible").count() == 0
    page.locator(".st-key-menu_more button").click()
    expect(page.locator(".hw-consult:visible")).to_have_count(1)
    page.get_by_role("link", name="Shoes").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shoes", timeout=SLOW)


MARKED = """all => all.filter(one => getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)')
  .map(one => one.innerText.split("\\n").pop())"""


def test_the_door_of_the_page_shown_is_marked_at_every_address(demo, page):
    """Also at the addresses from before the doors, and on a phone where the door is behind *More*."""
    for width, address, door in (
        (1440, "checks", "Body"),
        (1440, "runs", "Data & settings"),
        (1440, "wrote", "Flares"),
        (390, "strength", "Log"),
        (390, "checks", "More"),
        (390, "shoes", "More"),
    ):
        page.set_viewport_size({"width": width, "height": 844})
        visit(page, f"{demo.url}/{address}")
        page.wait_for_timeout(500)
        links = page.locator(".st-key-menu_doors a:visible, .st-key-menu_more button:visible")
        assert links.evaluate_all(MARKED) == [door], (width, address)
