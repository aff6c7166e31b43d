"""A check added as one row is raised, described, listed and settled, with nothing else changed."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from store_builders import activity_row
from streamlit.testing.v1 import AppTest

from connectors.frames import ACTIVITY, EDIT
from dashboard.runs.quality import checks, service, text
from dashboard.runs.quality.quality_check import QualityCheck

ROW = QualityCheck(
    "round_distance",
    "A round distance",
    lambda one: f"It is exactly {one.units.distance_words(one.value)} long.",
    pl.col("is_run") & (pl.col("distance_m") == 12_345.0),
    pl.col("distance_m"),
    correction={"distance_m": pl.lit(12_300.0)},
    settled_by=("distance_m",),
)


@pytest.fixture
def opened(store, athlete_id, open_page, monkeypatch) -> AppTest:
    monkeypatch.setattr(checks, "QUALITY_CHECKS", (*checks.QUALITY_CHECKS, ROW))
    rows = [activity_row(athlete_id, date(2026, 5, 1), 12_345.0)]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    return open_page("runs")


def words(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)


def test_it_is_raised_described_and_settled_on_the_page(opened, store, athlete_id):
    assert "**A round distance** · 1" in words(opened)
    assert "It is exactly 12.3 km long." in words(opened)
    next(one for one in opened.button if one.label == "Correct to 12.30 km").click()
    opened.run()
    assert not opened.exception
    assert "It is exactly" not in words(opened)
    row = store.read(EDIT, athlete_id).row(0, named=True)
    assert (row["field"], row["reason"]) == ("distance_m", "A round distance")


def test_it_is_named_where_doubts_are_not_settled(opened, store, athlete_id):
    flags = service.list_flags(store, athlete_id, service.recorded_facts(store, athlete_id), date(2026, 6, 1))
    assert [flag.kind for flag in flags] == ["round_distance"]
    assert "a round distance (1)" in str(text.doubted(flags))
