from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from dashboard.model import shelf, tissue
from dashboard.model.factors.hills import KNOTS_DEG
from dashboard.model.levels import CLOSE, GRIDS, Lookup
from dashboard.model.settings import ModelSettings
from dashboard.model.weighing import VARYING

EXTREMES = [
    ModelSettings(),
    ModelSettings(exponent=1, vitro_exponent=4.7, speed_exponent=0.25, hill_strength=0, cadence_strength=0),
    ModelSettings(exponent=9, vitro_exponent=9.3, speed_exponent=0.5, hill_strength=1.25, cadence_strength=2),
]
BEYOND = {"speed_mps": (0, 60), "grade_pct": (-45, 45), "relative_cadence": (0, 10)}
"""What an input may be at most, by its contract or by a sensor gone mad."""


def seconds() -> pl.DataFrame:
    """Every input over all it may be, between levels and on bends, in each state of walking and unknown."""
    rng, count = np.random.default_rng(4), 50_000
    bends = [100 * math.tan(math.radians(d)) for d in KNOTS_DEG]
    near = {"speed_mps": [2, 2.78, 3.33, 6], "grade_pct": bends, "relative_cadence": [0.9, 1, 1.1]}
    inputs = {}
    for name, (low, high) in BEYOND.items():
        grid = GRIDS[name]
        usual = rng.uniform(max(low, -20), {"speed_mps": 7, "grade_pct": 20}.get(name, 1.3), count)
        at = np.add.outer(near[name], np.linspace(-1.5, 1.5, 601) * grid.step).ravel()
        values = np.concatenate([at, usual, np.linspace(low, high, 997)])
        inputs[name] = np.resize(values, count + 5_000)
    frame = pl.DataFrame(inputs).with_columns(
        cadence_spm=pl.lit(170.0),
        own_cadence_spm=pl.lit(165.0),
        walking=pl.Series(np.resize([0, 1, 2], count + 5_000)).replace_strict({0: False, 1: True, 2: None}),
    )
    unknown = frame.head(3).with_columns(pl.lit(None, kind).alias(n) for n, kind in frame.schema.items())
    return pl.concat([frame, unknown])


SECONDS = seconds()


def read(values: list[pl.Expr], frame: pl.DataFrame = SECONDS) -> list[np.ndarray]:
    looked = Lookup("x", values)
    return looked.read(frame.select(**looked.columns()))


@pytest.mark.parametrize("settings", EXTREMES, ids=["defaults", "least", "most"])
@pytest.mark.parametrize("driver", VARYING)
def test_what_is_read_is_what_would_be_worked_out(driver: str, settings: ModelSettings) -> None:
    force, weight = shelf.force(driver, "second", settings), shelf.weight(driver, "second", settings)
    values = [force.pow(settings.exponent), force.pow(settings.vitro_exponent), weight]
    for value, got in zip(values, read(values), strict=True):
        want = SECONDS.with_columns(x=value)["x"].to_numpy()
        assert np.abs(got / want - 1).max() < CLOSE
        assert np.abs(got / want - 1).mean() < CLOSE / 20


@pytest.mark.parametrize("factor", [f for f in shelf.factors() if f.grain == "second"], ids=lambda f: f.id)
def test_every_factor_can_be_looked_up_wherever_its_input_may_be(factor: shelf.Factor) -> None:
    value = factor.value(ModelSettings()).fill_null(1.0)
    want = SECONDS.with_columns(x=value)["x"].to_numpy()
    assert np.abs(read([value])[0] / want - 1).max() < CLOSE


def test_a_value_of_two_inputs_is_worked_out_second_by_second() -> None:
    value = (pl.col("speed_mps") * pl.col("grade_pct")).fill_null(1.0)
    assert read([value])[0].tolist() == SECONDS.select(value).to_series().to_list()
    counted = pl.col("cadence_spm").fill_null(1.0)
    assert read([counted])[0].tolist() == SECONDS.select(counted).to_series().to_list()


def test_a_value_of_nothing_is_the_same_in_each_second() -> None:
    frame = SECONDS.head(7)
    looked = Lookup("x", [pl.lit(1.5)])
    assert looked.columns() == {}
    assert looked.read(frame)[0].tolist() == [1.5] * 7


def test_unknown_is_not_read_as_the_last_level() -> None:
    frame = pl.DataFrame({"grade_pct": [None, 16.0, 99.0]}, schema={"grade_pct": pl.Float64})
    assert read([pl.col("grade_pct").fill_null(-7.0)], frame)[0].tolist() == pytest.approx([-7, 16, 16])


def test_the_slope_is_held_within_what_is_looked_up() -> None:
    low, high = tissue.GRADE_RANGE_PCT
    assert GRIDS["grade_pct"].low <= low < high <= GRIDS["grade_pct"].high
