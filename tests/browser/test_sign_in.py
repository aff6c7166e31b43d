"""A person signs in through a real proxy in Chromium, sees who they are, and leaves nothing behind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from proxy_rig import NAME, Proxy, is_here
from sign_in_rig import CLIENT_ID, CLIENT_SECRET, HostileProvider, free_port, served

pytestmark = pytest.mark.browser


@pytest.fixture
def clinic(tmp_path, serve):
    """A server behind Caddy, and the provider; returns the public address."""
    if not is_here("caddy"):
        pytest.skip("caddy is not installed")
    provider, listen = HostileProvider(), free_port()
    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET)
    (tmp_path / "proxy").mkdir()
    with (
        served(provider.app(), provider.port),
        Proxy("caddy", tmp_path / "proxy", listen) as proxy,
    ):
        serve(
            HEELWISE_PROXY_LISTEN=str(listen),
            HEELWISE_PUBLIC_URL=f"https://{NAME}:{proxy.port}",
            HEELWISE_SIGN_IN_ISSUER=provider.issuer,
            HEELWISE_SIGN_IN_CLIENT_ID=CLIENT_ID,
            HEELWISE_SIGN_IN_CLIENT_SECRET_FILE=str(secret),
        )
        yield f"https://{NAME}:{proxy.port}"


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
