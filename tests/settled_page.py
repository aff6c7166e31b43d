"""Waiting in a browser until a page is whole: run to its end, every part fetched and drawn, nothing easing in."""

from __future__ import annotations

from time import monotonic

from playwright.sync_api import Error, Page, expect

SLOW = 90_000
"""Milliseconds that a page of a busy machine may take."""

QUIET_MS = 300
"""How long a page must be still: what was measured, or changed in the address, starts it anew a moment later."""

LOOK_MS = 60
RESTS = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning"
  && document.querySelector('h1') !== null
  && document.querySelector('[data-testid="stSkeleton"]') === null
  && document.getAnimations().every(one => one.playState !== "running")"""


def visit(page: Page, url: str) -> None:
    """Open an address and wait until its page is whole."""
    page.goto(url)
    settle(page)


def settle(page: Page, quiet_ms: int = QUIET_MS) -> None:
    """Wait until the page has been whole for a while; a page that failed is told."""
    until, still_since = monotonic() + SLOW / 1000, None
    while still_since is None or monotonic() - still_since < quiet_ms / 1000:
        assert monotonic() < until, f"{page.url} is not at rest after {SLOW / 1000:.0f} s"
        page.wait_for_timeout(LOOK_MS)
        try:
            rests = page.evaluate(RESTS)
        except Error as gone:  # the address has just been left for another
            if "context was destroyed" not in str(gone):
                raise
            rests = False
        still_since = (still_since or monotonic()) if rests else None
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    assert "could not be shown" not in page.inner_text("body")
