"""A real export whose last months model 2 shaded almost whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from connectors.ingest.pipeline import import_paths
from connectors.store import open_store
from dashboard.shared.pipeline import analysis_of

pytestmark = pytest.mark.real_data
SHADED_AT_MOST = 25


def test_the_last_112_days_are_hardly_shaded(real_data: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path / "home")
    runner = store.runner(create=True)
    import_paths(
        store, runner.athlete_id, [real_data / "strava_export" / "slalom007+strava-running-analysis"]
    )
    analysis = analysis_of(store, runner.athlete_id)
    assert analysis.runs.height == 219
    dates = analysis.days.filter("known")["local_date"]
    last = dates.filter(dates > dates[-1] - timedelta(days=112))
    shaded = np.zeros(last.len(), dtype=bool)
    for start, end in analysis.windows.select("from_date", "to_date").rows():
        shaded |= ((last >= start) & (last <= end)).to_numpy()
    assert shaded.sum() <= SHADED_AT_MOST
