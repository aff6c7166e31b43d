"""Every page for everyone: no serious finding of axe, no request elsewhere, nothing the page's own policy forbids,
nothing that must be pushed sideways on a phone or at 200 %."""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_list import ASKED, EVERYWHERE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW = 60_000
NARROW = (390, 360)
"""Width of most phones, and of the smallest; the latter is also 720 px enlarged twice."""


def settle(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
        timeout=SLOW
    )
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    page.wait_for_timeout(500)  # fades and sizes ease in


def sideways(page: Page) -> int:
    """How far the page can be pushed sideways, in pixels."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_for_everyone(demo, only_here, path, scheme):
    page = only_here
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{demo.url}/{path}")
    settle(page)

    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert refused == []

    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), (
        f"a level of heading is left out: {levels}"
    )

    is_consult = path.endswith(ASKED)
    expect(page.get_by_text("This runner is made up.")).to_have_count(0 if is_consult else 1)
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    red = int(background.split("(")[1].split(",")[0])
    assert (red < 60) == (scheme == "dark" and not is_consult), "a consult is light on every screen"

    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        assert sideways(page) <= 0, width
