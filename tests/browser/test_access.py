"""Every page for everyone: no serious finding of axe, no request elsewhere, nothing the page's own policy forbids."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_list import PATHS
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW = 60_000


def visit(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
        timeout=SLOW
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(demo, only_here, path, scheme):
    page = only_here
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    page.emulate_media(color_scheme=scheme)
    visit(page, f"{demo.url}/{path}")
    page.wait_for_timeout(500)  # fades and sizes ease in
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert refused == []


@pytest.mark.parametrize("path", PATHS)
def test_a_narrow_page_and_one_enlarged_twice_do_not_scroll_sideways(demo, page, path):
    # 200 % on a 720 px wide window is 360 px of page.
    page.set_viewport_size({"width": 360, "height": 740})
    visit(page, f"{demo.url}/{path}")
    wide = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth)"
    )
    assert max(wide) <= 0
