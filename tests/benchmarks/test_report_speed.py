"""How long each form of the report takes for fifteen years of runs, and how large it is. Run with -m benchmark."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import polars as pl
import pytest
from run_builders import made_up

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import open_store
from dashboard.report.build import MIME_TYPES, render_report
from dashboard.shared.pipeline import analysis_of, explanation_of

WANTED_S, WANTED_BYTES = 5.0, 300_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Fifteen years in a store: 3,900 runs by their summaries, and a diary on three days of four."""
    store = open_store(tmp_path_factory.mktemp("fifteen"))
    mine = store.add_runner("Long Runner").athlete_id
    history = made_up(5479, tuple(range(150, 5400, 180)), first=date(2010, 1, 4))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    same = {"athlete_id": mine, "source": "file", "fetched_utc": now, "sport": "Run", "shoe_id": None}
    rows = history.runs.select(
        "activity_id", "source_id", "start_utc", "local_date", "distance_m", "moving_s", "ascent_m", "descent_m",
        "cadence_spm",
    ).with_columns(pl.lit(value).alias(name) for name, value in same.items())  # fmt: skip
    store.write(ACTIVITY, rows)
    days = history.days.filter(pl.col("pain_0_10").is_not_null())
    diary = days.select(
        date="local_date",
        source_id=pl.col("local_date").cast(pl.String),
        morning_pain_0_10="pain_0_10",
        morning_stiffness_min="stiffness_min",
        side=pl.lit("left"),
    ).with_columns(athlete_id=pl.lit(mine), source=pl.lit("manual"), fetched_utc=pl.lit(now))
    store.write(SYMPTOM, diary)
    return store


@pytest.mark.benchmark
@pytest.mark.parametrize("years", ["16 weeks", "15 years"])
@pytest.mark.parametrize("form", MIME_TYPES)
def test_each_form(kept, form, years):
    runner = kept.runner()
    analysis = analysis_of(kept, runner.athlete_id)
    ready = analysis, explanation_of(kept, runner.athlete_id, analysis)
    since = date(2000, 1, 1) if years == "15 years" else None
    took, size = [], 0
    for _ in range(3):
        began = time.perf_counter()
        size = len(render_report(form, kept, runner, since, ready=ready))
        took.append(time.perf_counter() - began)
    began = time.perf_counter()
    render_report(form, kept, runner, since)
    whole = time.perf_counter() - began
    print(
        f"\n{form} of {years}: {min(took):.2f} s (first {took[0]:.2f}), {size / 1000:.0f} kB; "
        f"with all loads worked out from summaries {whole:.2f} s; wanted < {WANTED_S:g} s"
    )
    assert whole < WANTED_S
    if form == "html":
        assert size < WANTED_BYTES
