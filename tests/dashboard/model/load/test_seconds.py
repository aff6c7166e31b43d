""""""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from dashboard.model.load import achilles_force
from dashboard.model.load.seconds import LEVEL_GRIDS, decode_levels, encode_levels


@pytest.mark.parametrize("name", LEVEL_GRIDS)
def test_what_devices_write_is_held_as_it_is_and_unknown_stays_unknown(name: str) -> None:
    written = {
        "speed_mps": np.arange(0, 10_000) / 1000,
        "cadence_spm": np.arange(0, 240 * 64) / 64,
        "grade_pct": np.arange(-1600, 1600) / 100,
    }
    frame = pl.DataFrame({n: np.resize(values, 16_000) for n, values in written.items()}).with_columns(
        walking=pl.lit(False)
    )
    back = decode_levels(frame.select(encode_levels()))
    assert back[name].to_numpy() == pytest.approx(frame[name].to_numpy(), abs=1e-9)
    nothing = frame.head(3).with_columns(pl.lit(None, pl.Float64).alias(name))
    assert decode_levels(nothing.select(encode_levels()))[name].null_count() == 3


@pytest.mark.parametrize("name", LEVEL_GRIDS)
def test_levels_fit_into_two_bytes(name: str) -> None:
    assert LEVEL_GRIDS[name].unknown == len(LEVEL_GRIDS[name].values()) <= 65_535
    assert (np.diff(LEVEL_GRIDS[name].values()) > 0).all()


def test_the_slope_is_held_within_what_is_looked_up() -> None:
    low, high = achilles_force.GRADE_RANGE_PCT
    first, last = LEVEL_GRIDS["grade_pct"].values()[[0, -1]]
    assert first <= low < high <= last
