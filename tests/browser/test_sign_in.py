"""A person signs in through a real proxy in Chromium, sees who they are, and leaves nothing behind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def clinic(behind_caddy) -> str:
    return behind_caddy()[0]


def test_a_person_signs_in_and_out_by_keyboard_and_no_tab_keeps_a_page(clinic, browser):
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 390, "height": 760})
    page = context.new_page()
    page.goto(f"{clinic}/today")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.startswith(f"{clinic}/today")
    who = page.locator(".hw-signed-in")
    expect(who).to_contain_text("Robin Placeholder", timeout=60_000)
    (cookie,) = [one for one in context.cookies() if "heelwise" in one["name"]]
    assert cookie["name"] == "__Host-heelwise"
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")

    other = context.new_page()
    other.goto(f"{clinic}/today")
    expect(other.locator(".hw-signed-in")).to_contain_text("Robin Placeholder", timeout=60_000)

    who.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    # The other tab is blank at once, and then says so.
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible(timeout=10_000)
    assert other.url == f"{clinic}/sign-in/ended"
    page.go_back()
    expect(page.get_by_text(re.compile("Robin Placeholder"))).to_have_count(0)
    context.close()
