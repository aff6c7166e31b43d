"""Clicking through a link by key: pasted, named, confirmed, followed, unlinked; the key stays nowhere on the page."""

from __future__ import annotations

import pytest
from garmin_stand_in import GarminStandIn
from playwright.sync_api import Page, expect
from settled_page import settle

from connectors.frames import ACTIVITY
from connectors.store import open_store
from connectors.store.token_vault import open_vault

pytestmark = pytest.mark.browser
SLOW = 60_000


@pytest.fixture
def garmin():
    with GarminStandIn() as server:
        server.add_runs(6, seconds=120)
        yield server


def test_a_key_is_pasted_named_confirmed_and_unlinked(page: Page, serve, shared_demo, garmin):
    dashboard = serve(
        home=shared_demo,
        HEELWISE_GARMIN_URL=garmin.url,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        STREAMLIT_LOGGER_LEVEL="debug",
    )
    page.set_default_timeout(SLOW)
    page.goto(f"{dashboard.url}/data")
    page.locator("summary", has_text="Link Garmin").click()
    expect(page.get_by_role("img", name="Where the key is made")).to_be_visible(timeout=SLOW)
    page.get_by_label("Key of Garmin").fill(garmin.key)
    page.get_by_role("button", name="Check the key").first.click()
    expect(page.get_by_text("This key opens the account of Made Up at Garmin")).to_be_visible(timeout=SLOW)
    settle(page)  # what is taken from a page leaves it at the end of its run
    assert garmin.key not in page.content()
    page.get_by_role("button", name="Yes, import").click()
    expect(page.get_by_text("Every recording is in.")).to_be_visible(timeout=SLOW)
    with open_store(dashboard.home) as store:
        athlete = next(one.athlete_id for one in store.runners() if not one.is_demo)
        assert store.read(ACTIVITY, athlete).height == 6
    page.get_by_text("New key, or unlink Garmin").click()
    page.get_by_text("Keep it on this machine", exact=True).click()
    page.get_by_role("button", name="Unlink Garmin").click()
    expect(page.get_by_text("delete it on connect.garmin.com")).to_be_visible(timeout=SLOW)
    assert open_vault(dashboard.home).read_key(athlete, "garmin") is None
    assert garmin.key not in dashboard.said.read_text()
    assert garmin.key not in page.content()
