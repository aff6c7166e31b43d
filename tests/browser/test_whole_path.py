"""The whole path of a runner's data, as a person goes it: from a first start to a folder with no trace left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from export_writer import Session, Shoe, write_export
from playwright.sync_api import Page, expect
from settled_page import settle, visit

pytestmark = pytest.mark.browser
SLOW = 90_000
ROOT = Path(__file__).resolve().parents[2]
NAME, TITLE, NOTE = "Robin Placeholder", "Zilverberg loop", "stairs felt odd"
AGREED = "Two weeks of short hills only"
SOUGHT = (NAME, TITLE, NOTE, AGREED)
PAIRS = [Shoe("Road One", "Acme", "One"), Shoe("Race Two", "Acme", "Two")]


def there(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=SLOW)


def export(path: Path) -> Path:
    """Runs of ten weeks up to yesterday; the latest two name no pair."""
    morning = datetime.now(UTC).replace(hour=6, minute=30, second=0, microsecond=0)
    days = [n for n in range(1, 71) if n % 7 not in (0, 3)]
    sessions = [
        Session(
            n,
            morning - timedelta(days=n),
            name=TITLE,
            distance_m=8_000.0 + 40 * (70 - n),
            moving_s=2_700.0 + 14 * (70 - n),
            elapsed_s=2_800.0 + 14 * (70 - n),
            gear_name="" if n < 3 else PAIRS[n % 2].name,
        )
        for n in days
    ]
    return write_export(path, sessions, shoes=PAIRS)


def totals(home: Path) -> dict[str, Any]:
    """What the command line says of a home."""
    command = [sys.executable, "-m", "dashboard.cli", "report", "--format", "json", "--athlete", NAME]
    known = {**os.environ, "HEELWISE_HOME": str(home)}
    done = subprocess.run(
        command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def traces(home: Path) -> list[str]:
    """Where anything of the runner can still be read in a home."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return [f"{path.name}: {text}" for path in files for text in SOUGHT if text.encode() in path.read_bytes()]


def saved(page: Page, label: str, target: Path) -> Path:
    with page.expect_download(timeout=SLOW) as waited:
        page.get_by_role("button", name=label).click()
    waited.value.save_as(target)
    return target


def arrive(page: Page, url: str, file: Path) -> None:
    """First start, a runner of one's own, an export."""
    visit(page, url)
    there(page, "This runner is made up.")
    visit(page, f"{url}/settings")
    page.get_by_label("Add a runner").fill(NAME)
    page.get_by_role("button", name="Add", exact=True).click()
    there(page, NAME)
    settle(page)
    visit(page, f"{url}/data")
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("button", name="Import into").click()
    there(page, "50 sessions: 50 new.")


def write_down(page: Page, url: str) -> None:
    """Two taps and a note; the picture; a flare; two pairs; next week."""
    visit(page, f"{url}/log")
    page.locator('[class*="st-key-stiffness"] button').nth(4).click()
    page.locator('[class*="st-key-minutes"] button').nth(2).click()
    there(page, "Saved, today: stiffness 4 of 10")
    page.get_by_label("Note").fill(NOTE)
    page.get_by_label("Note").press("Enter")
    settle(page)

    visit(page, url)
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=SLOW)

    visit(page, f"{url}/flares")
    page.get_by_text("Tell us about a flare").click()
    page.locator(".st-key-add_onset button").click(timeout=SLOW)
    there(page, "Runner: a flare from")

    visit(page, f"{url}/runs")
    for _ in range(2):
        page.locator('[class*="st-key-taps_"]').first.get_by_role("button").first.click(timeout=SLOW)
        there(page, "Saved. Run of")
        settle(page)
    there(page, "of record has a shoe.")

    visit(page, f"{url}/plan")
    page.get_by_role("button", name="Copy last week").click()
    there(page, "was copied to that of")


def sit_together(page: Page, folder: Path) -> None:
    """The consult, from the page one is on to the page to take home."""
    page.locator(".hw-consult").click()
    expect(page.locator(".st-key-consult_steps")).to_be_visible(timeout=SLOW)
    settle(page)
    shown = page.locator("body").inner_text()
    assert NAME not in shown
    assert TITLE not in shown
    page.locator(".st-key-consult_steps").get_by_role("link", name="Report").click()
    page.get_by_label("Agreed next step").fill(AGREED, timeout=SLOW)
    page.get_by_role("button", name="Keep", exact=True).click()
    there(page, "Kept. The next visit opens on it.")
    settle(page)
    text = saved(page, "Save page (HTML)", folder / "report.html").read_text()
    assert text.lower().startswith("<!doctype html>")
    assert len(text.encode()) < 300_000
    assert not [word for word in ("<script", "<link", " src=", "@import", TITLE, NAME) if word in text]
    assert text.count("url(") == text.count("url(#"), "patterns of its own picture only"


def test_from_a_first_start_to_a_folder_with_no_trace(serve, only_here, tmp_path):
    page, here = only_here, serve("here")
    arrive(page, here.url, export(tmp_path / "export_1.zip"))
    write_down(page, here.url)
    sit_together(page, tmp_path)

    visit(page, f"{here.url}/settings")
    backup = saved(page, "Save a backup", tmp_path / "backup.zip")
    elsewhere = serve("elsewhere")
    visit(page, f"{elsewhere.url}/data")
    page.locator('input[type="file"]').set_input_files(backup)
    page.get_by_role("button", name="Import into").click()
    there(page, "This is a Heelwise backup")
    page.get_by_role("button", name="Restore it").click()
    there(page, f"{NAME}: ")
    before = totals(here.home)
    assert totals(elsewhere.home) == before
    told = " ".join(traces(here.home))
    assert [text for text in SOUGHT if text not in told] == [], "what is forgotten below was there"

    visit(page, f"{here.url}/settings")
    page.get_by_label(f"Type “{NAME}” to confirm").fill(NAME)
    page.get_by_role("button", name="Delete for good").click()
    there(page, f"{NAME}: 50 activities and ")
    settle(page)
    assert traces(here.home) == []
    assert NAME not in here.said.read_text()
    visit(page, here.url)
    assert NAME not in page.locator("body").inner_text()
    assert totals(elsewhere.home) == before
