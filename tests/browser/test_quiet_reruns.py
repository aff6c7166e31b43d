"""A page while it works: grey bars where its picture will be, once; what stands keeps its ink and its place."""

from __future__ import annotations

import shutil

import pytest
from live_server import Server
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WATCH = """() => {
  const seen = window.heelwiseSeen = {bars: 0, barsBesideChart: 0, stale: 0, faintest: 1};
  const look = () => {
    const bars = document.querySelectorAll(".hw-skeleton").length;
    seen.bars = Math.max(seen.bars, bars);
    if (bars && document.querySelector(".stPlotlyChart .main-svg")) seen.barsBesideChart += 1;
    for (const one of document.querySelectorAll('[data-stale="true"]')) {
      seen.stale += 1;
      seen.faintest = Math.min(seen.faintest, Number(getComputedStyle(one).opacity));
    }
    requestAnimationFrame(look);
  };
  look();
}"""
CHART = ".stPlotlyChart .main-svg"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory, shared_demo):
    """A server that has worked out nothing yet, with the made-up runner."""
    folder = tmp_path_factory.mktemp("quiet")
    shutil.copytree(shared_demo, folder / "home")
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


def watched(page: Page, url: str) -> Page:
    page.add_init_script(f"({WATCH})()")
    page.goto(url)
    page.wait_for_selector(CHART, timeout=60_000)
    page.wait_for_timeout(1_500)
    return page


def test_grey_bars_stand_where_the_picture_will_be_and_only_once(page, untouched):
    watched(page, f"{untouched.url}/timeline")
    first = page.evaluate("window.heelwiseSeen")
    assert first["bars"] == 1
    assert first["barsBesideChart"] == 0, "the bars go before the picture comes"
    expect(page.locator(".hw-skeleton")).to_have_count(0)
    page.evaluate("window.heelwiseSeen.bars = 0")
    page.get_by_role("radio", name="3 years").or_(page.get_by_role("button", name="3 years")).first.click()
    page.wait_for_timeout(4_000)
    assert page.evaluate("window.heelwiseSeen.bars") == 0, "a page that is drawn again keeps what it shows"


def test_what_waits_for_a_rerun_keeps_its_ink(page, untouched):
    watched(page, f"{untouched.url}/timeline")
    # Before the page's own style has come there is nothing of it to be read.
    page.evaluate("Object.assign(window.heelwiseSeen, {stale: 0, faintest: 1})")
    for window in ("1 year", "4 weeks", "All"):
        page.get_by_role("radio", name=window).or_(page.get_by_role("button", name=window)).first.click()
        page.wait_for_timeout(2_500)
    seen = page.evaluate("window.heelwiseSeen")
    assert seen["stale"] > 0, "no rerun was seen at work"
    assert seen["faintest"] == 1
