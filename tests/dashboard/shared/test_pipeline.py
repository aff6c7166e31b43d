"""From the store to the model: how far it is, for whoever waits."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.frames import ACTIVITY
from dashboard.report.build import render_report
from dashboard.shared.pipeline import analysis_of

RECORDED = 40


@pytest.fixture
def recorded(store, athlete_id):
    """The store with recordings of forty runs, more than are read at once."""
    runs = store.read(ACTIVITY, athlete_id).filter(pl.col("sport") == "Run").head(RECORDED)
    for one in runs["activity_id"]:
        store.samples.write(athlete_id, one, pl.DataFrame({"second": range(300), "speed_mps": [3.0] * 300}))
    store.write(ACTIVITY, runs.with_columns(sample_rows=pl.lit(300, pl.Int64)))
    return store


def test_a_report_names_each_stage_with_its_count(recorded):
    store = recorded
    steps: list[tuple[int, int, str]] = []
    told = render_report("json", store, store.runner(), progress=lambda *step: steps.append(step))
    assert render_report("json", store, store.runner()) == told
    stages = list(dict.fromkeys(stage for _, _, stage in steps))
    assert stages == ["reading recordings", "checking recordings", "writing the report"]
    for stage in stages[:2]:
        counts = [(done, total) for done, total, name in steps if name == stage]
        assert counts == sorted(counts)
        assert counts[-1] == (RECORDED, RECORDED)


def test_a_stop_ends_an_analysis(recorded, athlete_id):
    class StopPressed(BaseException):
        pass

    def stop(done: int, total: int, step: str) -> None:
        raise StopPressed

    with pytest.raises(StopPressed):
        analysis_of(recorded, athlete_id, stop)
