"""Each page's rerun against a bare Streamlit page with one Plotly figure, in processor time. With -m benchmark -s."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import polars as pl
import pytest
from page_list import PATHS
from page_runner import opened_for
from run_builders import made_up
from streamlit.testing.v1 import AppTest

from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.store import open_store

YEARS, MOST = 5, 2.0
"""A rerun, of the bare page's; the Log's at most half of that."""
ROUNDS = 5
SHOES = ("Brooks Ghost 14", "Nike Pegasus 40", "Hoka Clifton 9", "Altra Escalante 3", "Nike Vaporfly 3")
BARE = """
import numpy as np, polars as pl, plotly.graph_objects as go, streamlit as st
from datetime import date
from plotly.subplots import make_subplots
days = pl.DataFrame({"day": pl.date_range(date(2025, 1, 1), date(2025, 12, 31), eager=True)})
days = days.with_columns(pl.lit(np.sin(np.arange(365.0) + n)).alias(f"lane{n}") for n in range(8))
figure = make_subplots(rows=8, cols=1, shared_xaxes=True)
for n in range(8):
    figure.add_trace(go.Bar(x=days["day"].to_list(), y=days[f"lane{n}"].to_list()), row=n + 1, col=1)
st.plotly_chart(figure)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Five years that end yesterday: runs by their summaries, five pairs, a diary on three days of four."""
    folder = tmp_path_factory.mktemp("five")
    history = made_up(YEARS * 365, tuple(range(150, YEARS * 365 - 60, 180)), first=date(2010, 1, 4))
    shift = date.today() - history.runs["local_date"].max()
    now = datetime.now(UTC)
    with open_store(folder) as store:
        mine = store.add_runner("Long Runner").athlete_id
        same = {"athlete_id": mine, "source": "file", "fetched_utc": now}
        rows = history.runs.select(
            "activity_id", "source_id", "distance_m", "moving_s", "ascent_m", "descent_m", "cadence_spm",
            pl.col("start_utc") + shift, pl.col("local_date") + shift, sport=pl.lit("Run"),
            shoe_id=pl.format("pair{}", pl.int_range(pl.len()) // 150 % len(SHOES)),
        )  # fmt: skip
        store.write(ACTIVITY, rows.with_columns(pl.lit(v).alias(k) for k, v in same.items()))
        pairs = [
            same | {"shoe_id": f"pair{n}", "source_id": f"pair{n}", "name": name}
            for n, name in enumerate(SHOES)
        ]
        store.write(SHOE, pl.DataFrame(pairs, schema_overrides=SHOE.schema))
        diary = history.days.filter(pl.col("pain_0_10").is_not_null()).select(
            date=pl.col("local_date") + shift,
            source_id=pl.col("local_date").cast(pl.String),
            morning_pain_0_10="pain_0_10",
            morning_stiffness_min="stiffness_min",
            side=pl.lit("left"),
        )
        store.write(
            SYMPTOM, diary.with_columns(pl.lit(v).alias(k) for k, v in (same | {"source": "manual"}).items())
        )
    return folder


def rerun_s(app: AppTest) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        app.run()
        took.append(time.process_time() - began)
    return min(took)


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_every_rerun_is_within_the_bar(home, monkeypatch):
    monkeypatch.setenv("HEELWISE_HOME", str(home))
    bare = rerun_s(AppTest.from_string(BARE, default_timeout=60))
    print(f"\nbare page {bare * 1000:.0f} ms")
    times = {path: rerun_s(opened_for(1, path)) / bare for path in PATHS}
    for path, ratio in sorted(times.items(), key=lambda one: -one[1]):
        print(f"{path or '/':22s} {ratio:.2f} times the bare page")
    slow = {path: ratio for path, ratio in times.items() if ratio > (MOST / 2 if path == "log" else MOST)}
    assert not slow
