"""From dropping a ZIP to the first own Timeline, while the recordings are still being read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, write_export
from fit_writer import fit_run
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW = 90_000
MANY = 400
LINE = re.compile(rf"Estimated until the recordings are read: [\d,]+ of {MANY}")


@pytest.fixture(scope="module")
def export(tmp_path_factory) -> Path:
    """Runs of an hour up to yesterday, one of which speaks of a calf."""
    last = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0) - timedelta(days=1)
    recording = fit_run(start=last, seconds=3_600, place=(52.37, 4.9))
    runs = [
        Session(
            n + 1,
            last - timedelta(days=2 * n),
            name="Calf sore" if n == 9 else "Morning Run",
            file_name=f"activities/{n}.fit",
            recording=recording + n.to_bytes(4, "little"),
        )
        for n in range(MANY)
    ]
    return write_export(tmp_path_factory.mktemp("export") / "export_1.zip", runs)


def test_the_timeline_is_there_before_the_recordings_are(begun, page: Page, export):
    page.goto(f"{begun.url}/start")
    page.locator("input[type=file]").first.set_input_files(export, timeout=SLOW)
    page.get_by_role("button", name="Import into your own record").click(timeout=SLOW)
    expect(page.get_by_text("All sessions are in by their totals").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("You wrote of your calf on 1 date").first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="See my Timeline").click()
    expect(page.locator(".stPlotlyChart .main-svg").first).to_be_visible(timeout=SLOW)
    line = page.get_by_text(LINE).first
    expect(line).to_be_visible(timeout=SLOW)
    before = line.inner_text()
    expect(line).not_to_have_text(before, timeout=SLOW)  # it counts by itself
    expect(page.get_by_text(LINE)).to_have_count(0, timeout=2 * SLOW)
    expect(page.get_by_text(re.compile(r"Based on 5\d of 5\d runs with a recording"))).to_be_visible(
        timeout=SLOW
    )
