"""A runner on a clinic's server: signs in, brings in, looks, shares, forgets; the therapist's page goes blank."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from settled_page import settle
from sign_in_rig import HostileProvider

pytestmark = [pytest.mark.browser, pytest.mark.real_data, pytest.mark.timeout(900)]

LATE_MS = 240_000


class Clinic:
    """A server behind Caddy, and the provider that persons sign in at."""

    def __init__(self, address: str, provider: HostileProvider) -> None:
        self.address, self.provider = address, provider

    def sign_in(self, browser: Browser, name: str, *groups: str) -> tuple[BrowserContext, Page]:
        """Open a browser of its own and sign a person in."""
        self.provider.person = {"sub": name, "name": name, "groups": [*groups], "sid": name}
        context = browser.new_context(
            ignore_https_errors=True, viewport={"width": 1440, "height": 900}, timezone_id="Europe/Amsterdam"
        )
        page = context.new_page()
        page.set_default_timeout(LATE_MS)
        page.goto(f"{self.address}/")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(".hw-signed-in")).to_contain_text(name, timeout=LATE_MS)
        return context, page


@pytest.fixture
def clinic(behind_caddy) -> Clinic:
    return Clinic(*behind_caddy(HEELWISE_SIGN_IN_THERAPISTS="physio"))


def real_export(real_data: Path, target: Path, recordings: int = 12) -> Path:
    """Pack a real export, with some of its recordings, as Strava hands it out."""
    (folder,) = (real_data / "strava_export").glob("slalom007+*")
    with zipfile.ZipFile(target, "w") as packed:
        packed.write(folder / "activities.csv", "activities.csv")
        for one in sorted((folder / "activities").glob("*.fit.gz"))[-recordings:]:
            packed.write(one, f"activities/{one.name}")
    return target


def open_door(page: Page, title: str) -> None:
    settle(page)
    page.locator(".st-key-menu_doors").get_by_role("link", name=title).click()
    settle(page)


def open_tab(page: Page, title: str) -> None:
    settle(page)
    page.locator(".st-key-door_tabs").get_by_role("link", name=title, exact=True).click()
    expect(page.locator(".hw-tab")).to_have_text(title, timeout=LATE_MS)
    settle(page)


def test_a_runner_brings_in_looks_shares_and_forgets(clinic, browser, real_data, tmp_path):
    their_context, theirs = clinic.sign_in(browser, "Tess Therapist", "physio")
    own_context, own = clinic.sign_in(browser, "Nora Runner")
    settle(own)
    own.get_by_label("Your name").fill("Nora Placeholder")
    own.get_by_role("button", name="Begin my record").click()
    expect(own.locator(".st-key-menu_name")).to_contain_text("Nora Placeholder", timeout=LATE_MS)

    open_door(own, "Data & sharing")
    open_tab(own, "Data")
    own.locator("input[type=file]").set_input_files(real_export(real_data, tmp_path / "export.zip"))
    own.get_by_role("button", name="Import into Nora Placeholder").click()
    expect(own.get_by_text("The last import")).to_be_visible(timeout=LATE_MS)
    open_door(own, "Timeline")
    expect(own.locator(".stPlotlyChart").first).to_be_visible(timeout=LATE_MS)

    open_door(own, "Data & sharing")
    expect(own.get_by_role("button", name="Share", exact=True)).to_be_visible(timeout=LATE_MS)
    own.get_by_role("button", name="Share", exact=True).click()
    expect(own.get_by_text("Tess Therapist may see")).to_be_visible(timeout=LATE_MS)
    number = own.url.partition("runner=")[2].partition("&")[0]
    theirs.goto(f"{clinic.address}/timeline?runner={number}")
    expect(theirs.locator(".stPlotlyChart").first).to_be_visible(timeout=LATE_MS)

    open_tab(own, "Data")
    own.get_by_label("to confirm").fill("Nora Placeholder")
    own.get_by_role("button", name="Delete for good").click()
    expect(own.get_by_text("Nobody has a right in it any more")).to_be_visible(timeout=LATE_MS)
    expect(theirs.locator(".stPlotlyChart")).to_have_count(0, timeout=LATE_MS)
    own_context.close()
    their_context.close()
