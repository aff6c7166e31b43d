"""The curtain: only Show takes it off, Back never lifts it, and it covers a screen that nobody touches."""

from __future__ import annotations

from datetime import date

import pytest
from live_server import Server
from playwright.sync_api import Page, expect

from connectors.store import open_store
from dashboard.diary import entries
from dashboard.shared.consult_mode import consult_address

pytestmark = pytest.mark.browser
SLOW = 60_000
SHOW = "Show the screen"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with two runners, of which no test here changes anything."""
    folder = tmp_path_factory.mktemp("curtain")
    with open_store(folder / "home") as store:
        for name in ("Nora Vance", "Kim Example"):
            one = store.add_runner(name)
            entries.save_entry(store, one.athlete_id, entries.nothing_felt_on(date(2026, 3, 1)))
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def consult(server, only_here):
    """A consult of one of two runners, opened, and the address of its server."""
    nora = 1
    only_here.clock.install()
    only_here.goto(f"{server.url}/log?runner={nora}")
    expect(only_here.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    only_here.goto(server.url + consult_address(nora))
    expect(only_here.get_by_role("button", name="Hide the screen")).to_be_visible(timeout=SLOW)
    return server.url, only_here


def is_covered(page: Page) -> None:
    expect(page.get_by_role("button", name=SHOW)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).visibility") == "hidden"


def is_shown(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name=SHOW)).to_have_count(0)


def test_hidden_outlives_reload_and_back_until_shown(consult):
    _, page = consult
    page.locator(".st-key-consult_steps").get_by_text("Symptoms", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Symptoms", timeout=SLOW)
    page.get_by_role("button", name="Hide the screen").click()
    is_covered(page)
    page.go_back()
    is_covered(page)
    page.go_back()
    is_covered(page)
    page.reload()
    is_covered(page)
    page.get_by_role("button", name=SHOW).click()
    is_shown(page)


def test_leaving_ends_on_a_page_that_names_nobody_and_back_uncovers_nothing(consult):
    url, page = consult
    page.locator(".st-key-consult_steps").get_by_text("Symptoms", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Symptoms", timeout=SLOW)
    page.get_by_role("link", name="Leave the consult").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The consult is closed", timeout=SLOW)
    assert page.url == f"{url}/closed"
    shown = page.locator("body").inner_text() + page.title()
    assert not [word for word in ("Nora", "Vance", "NV", "N. V.") if word in shown]
    page.go_back()
    is_covered(page)
    page.go_forward()
    page.get_by_role("link", name="Back to my pages").click(timeout=SLOW)
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose?", timeout=SLOW)
    page.go_back()
    page.go_back()
    is_covered(page)


def test_an_untouched_screen_announces_and_covers_itself_and_loses_nothing(consult):
    _, page = consult
    page.clock.run_for(4 * 60_000 + 30_000)
    expect(page.get_by_role("button", name="Stay")).to_have_count(0)
    page.clock.run_for(15_000)
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("button", name="Stay")).to_have_count(0)
    page.clock.run_for(4 * 60_000)
    is_shown(page)
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    is_covered(page)
    page.context.set_offline(False)
    page.get_by_role("button", name=SHOW).click()
    is_shown(page)
