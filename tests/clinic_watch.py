"""A page of a clinic's server that stays open in Chromium while others click: what a person sees of a load."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

from chromium import CHROMIUM, OWN_ARGUMENTS
from clinic_people import Visitor
from clinic_rig import Clinic
from playwright.sync_api import Page, sync_playwright
from proxy_rig import NAME

from dashboard.access.person_sessions import COOKIE

PAGES = ("Timeline", "Flares", "Plan", "Today")
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"]'
LONGEST_S = 240.0
BETWEEN_S = 8.0


@dataclass
class WatchedPage:
    """One open page: how long each press of its menu took until the page asked for stood there, s."""

    page: Page
    took: list[float] = field(default_factory=list)
    _next: Iterator[str] = field(default_factory=lambda: cycle(PAGES))

    def look(self) -> None:
        """Press another page of the menu, see it drawn, and wait as long as a person reads."""
        title, began = next(self._next), time.monotonic()
        self.page.locator(".st-key-menu_doors a:visible", has_text=title).click()
        self.page.get_by_role("heading", name=title, level=1).wait_for()
        self.page.locator(DRAWN).wait_for()
        self.took.append(time.monotonic() - began)
        self.page.wait_for_timeout(BETWEEN_S * 1000)

    @property
    def stayed(self) -> bool:
        """Whether it is the page that was opened first: neither loaded anew nor without its server."""
        return (
            self.page.evaluate("window.isWatched === true")
            and not self.page.get_by_text("Connecting").count()
        )

    def __str__(self) -> str:
        return (
            f"Chromium saw {len(self.took)} pages drawn, the slowest after {max(self.took, default=0):.1f} s"
        )


@contextmanager
def watched_page(clinic: Clinic, visitor: Visitor) -> Iterator[WatchedPage]:
    """Open a page as somebody who is signed in."""
    address = f"https://{NAME}:{clinic.proxy.port}"
    with sync_playwright() as playwright:
        own = [*OWN_ARGUMENTS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=own)
        context = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
        cookie = {"name": COOKIE, "value": visitor.cookie, "url": address, "secure": True, "httpOnly": True}
        context.add_cookies([cookie])  # pyright: ignore[reportArgumentType]
        page = context.new_page()
        page.set_default_timeout(LONGEST_S * 1000)
        page.goto(f"{address}/today?runner={visitor.athlete_id}")
        page.get_by_role("heading", name="Today", level=1).wait_for()
        page.evaluate("window.isWatched = true")
        yield WatchedPage(page)
        browser.close()
