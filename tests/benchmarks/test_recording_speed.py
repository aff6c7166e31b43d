"""How fast a session is put on the one-second clock."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from connectors.frames import POINT, checked
from connectors.recordings.recording import build_recording
from connectors.source import Session

ROWS = 6_000


@pytest.mark.benchmark
def test_a_run_of_6000_points_with_every_channel():
    second = np.arange(ROWS)
    frame = pl.DataFrame(
        {
            "time_s": second + 1.77e9,
            "segment": second // 1500,
            "latitude_deg": 52 + second * 2.7e-5,
            "longitude_deg": np.full(ROWS, 5.0),
            "distance_m": second * 3.0,
            "speed_mps": 3 + np.sin(second / 60),
            "altitude_m": 50 + 20 * np.sin(second / 300),
            "cadence_raw": np.full(ROWS, 85.0),
            **{name: np.full(ROWS, 100.0) for name in list(POINT.columns)[8:14]},
            "temperature_c": np.full(ROWS, 20.0),
        }
    )
    session = Session(checked(frame, POINT), sport="Run", start_utc=datetime.fromtimestamp(1.77e9, UTC))
    build_recording(session)
    took = []
    for _ in range(30):
        begun = time.perf_counter()
        recording = build_recording(session)
        took.append(time.perf_counter() - begun)
    assert recording.samples.height == ROWS
    print(
        f"\n{ROWS} points to seconds: median {statistics.median(took) * 1000:.1f} ms, {ROWS / min(took):,.0f} points/s"
    )
