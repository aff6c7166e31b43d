"""Fresh servers whose first act is to be asked for every page at once: no page fails, on none of them.

Two servers here; twenty with `-m "browser and stress"` beside them, by hand, since each takes a minute.
"""

from __future__ import annotations

import pytest
from page_list import PATHS
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SLOW = 240_000
SERVERS, MANY = 1, 20


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "number",
    [
        *range(SERVERS),
        *(pytest.param(number, marks=pytest.mark.stress) for number in range(SERVERS, MANY)),
    ],
)
def test_no_page_fails_when_all_are_opened_at_once(context, shared_demo, serve, number):
    # With the made-up runner, so that a page has figures to draw from its first second on.
    server = serve(home=shared_demo)
    pages = {path: context.new_page() for path in PATHS}
    for path, page in pages.items():  # sent off at once: no answer is waited for
        page.evaluate("(address) => { window.location = address }", f"{server.url}/{path}")
    for path, page in pages.items():
        page.wait_for_url(f"{server.url}/**", timeout=SLOW)
        expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
            timeout=SLOW
        )
        expect(page.get_by_role("heading", level=1).first, path or "timeline").to_be_visible(timeout=SLOW)
        assert "could not be shown" not in page.inner_text("body", timeout=SLOW), path
        assert page.locator('[data-testid="stException"]').count() == 0, path
