"""A doubt about the record, settled and taken back, on the page and in the picture."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from playwright.sync_api import expect

from connectors.frames import ACTIVITY
from connectors.store import open_store

pytestmark = pytest.mark.browser
NAME = "To work and back"


def some_runs(athlete_id: int) -> pl.DataFrame:
    days = [date(2026, 1, 1) + timedelta(days=2 * n) for n in range(40)]
    rows = [
        {
            "activity_id": f"run{n:04d}",
            "athlete_id": athlete_id,
            "source": "file",
            "source_id": str(n),
            "fetched_utc": datetime(2026, 6, 1, tzinfo=UTC),
            "start_utc": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            "local_date": day,
            "sport": "Run",
            "timezone": "Europe/Amsterdam",
            "name": NAME if n == 38 else "Loop",
            "distance_m": 30_000.0 if n == 38 else 8_000.0,
            "moving_s": 3_600.0 if n == 38 else 2_700.0,
        }
        for n, day in enumerate(days)
    ]
    return pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None)


def test_a_run_is_left_out_drawn_crossed_and_counted_again(fresh, page):
    with open_store(fresh.home) as store:
        store.write(ACTIVITY, some_runs(store.add_runner("Robin Placeholder").athlete_id))
    page.goto(f"{fresh.url}/runs")
    expect(page.get_by_text("Its mean pace is 2:00 /km")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("If this one were corrected as proposed")).to_be_visible()
    page.get_by_role("button", name="Leave out").click()
    expect(page.get_by_text("Nothing in the record looks odd.")).to_be_visible(timeout=30_000)
    page.goto(fresh.url)
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_text("runs left out by hand").first).to_be_visible(timeout=60_000)
    expect(page.locator(".js-plotly-plot .annotation", has_text="crossed: left out")).to_have_count(
        2, timeout=60_000
    )
    page.goto(f"{fresh.url}/runs")
    page.get_by_text("Left out (1)").click()
    page.get_by_role("button", name="Count it again").click()
    expect(page.get_by_text("Its mean pace is 2:00 /km")).to_be_visible(timeout=30_000)
