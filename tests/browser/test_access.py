"""Every page for everyone: no serious finding of axe, no request elsewhere, nothing the page's own policy forbids,
nothing that must be pushed sideways on a phone or at 200 %."""

from __future__ import annotations

from itertools import cycle, pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_list import ASKED, EVERYWHERE, NAME_NOBODY
from playwright.sync_api import Page, expect
from settled_page import settle

pytestmark = pytest.mark.browser
SLOW = 60_000
NARROW = (390, 360)
"""Width of most phones, and of the smallest; the latter is also 720 px enlarged twice."""


@pytest.fixture
def page(kept_page):
    return kept_page


def sideways(page: Page) -> int:
    """How far the page can be pushed sideways, in pixels."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


def levels_of_headings(page: Page) -> list[int]:
    return page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")


def is_dark(page: Page) -> bool:
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    return int(background.split("(")[1].split(",")[0]) < 60


def choose(page: Page, scheme: str, is_light_always: bool) -> None:
    """Let the system change its colours under the open page, and wait until the page has followed."""
    page.emulate_media(color_scheme=scheme)
    for _ in range(100):
        if is_light_always or is_dark(page) == (scheme == "dark"):
            break
        page.wait_for_timeout(100)
    settle(page)


# Each page is opened once: in one scheme, and in the other it follows the system.
FIRST_SCHEMES = cycle((("light", "dark"), ("dark", "light")))


@pytest.mark.parametrize(("path", "schemes"), list(zip(EVERYWHERE, FIRST_SCHEMES, strict=False)))
def test_a_page_is_for_everyone(demo, only_here, path, schemes):
    page = only_here
    refused: list[str] = []
    page.on("console", lambda one: refused.append(one.text) if "Security Policy" in one.text else None)
    page.emulate_media(color_scheme=schemes[0])
    page.goto(f"{demo.url}/{path}")
    settle(page)
    is_consult = path.endswith(ASKED)
    is_named = not is_consult and path not in NAME_NOBODY
    expect(page.get_by_text("This runner is made up.")).to_have_count(int(is_named))

    for scheme in schemes:
        choose(page, scheme, is_consult)
        assert is_dark(page) == (scheme == "dark" and not is_consult), "a consult is light on every screen"
        serious = [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], scheme
    assert refused == []

    levels = levels_of_headings(page)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), (
        f"a level of heading is left out: {levels}"
    )

    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        assert sideways(page) <= 0, width
