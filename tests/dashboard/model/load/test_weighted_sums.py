""""""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from dashboard.model.load import factor as load_factor
from dashboard.model.load.factors.hills import KNOTS_DEG
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import LEVEL_GRIDS, encode_levels, relative_to_runner
from dashboard.model.load.weighted_sums import (
    CLOSE,
    RELATIVE_STEP,
    VARYING,
    CadenceTable,
    LevelIndex,
    StepLevels,
    WeightTables,
)
from dashboard.model.settings import ModelSettings

EXTREMES = [
    ModelSettings(),
    ModelSettings(exponent=1, vitro_exponent=4.7, speed_exponent=0.2, hill_strength=0, cadence_strength=0),
    ModelSettings(
        exponent=9, vitro_exponent=9.3, speed_exponent=0.45, hill_strength=1.25, cadence_strength=2
    ),
]
BEYOND = {"speed_mps": (0, 60), "grade_pct": (-45, 45), "relative_cadence": (0.1, 10)}
"""What an input may be at most, by its contract or by a sensor gone mad."""


STEPS = {name: grid.steps[0] for name, grid in LEVEL_GRIDS.items()} | {"relative_cadence": RELATIVE_STEP}


def seconds() -> pl.DataFrame:
    """Every input over all it may be, between levels and on bends, in each state of walking and unknown."""
    rng, count = np.random.default_rng(4), 50_000
    bends = [100 * math.tan(math.radians(d)) for d in KNOTS_DEG]
    near = {"speed_mps": [2, 2.78, 3.33, 6], "grade_pct": bends, "relative_cadence": [0.9, 1, 1.1]}
    inputs = {}
    for name, (low, high) in BEYOND.items():
        usual = rng.uniform(max(low, -20), {"speed_mps": 7, "grade_pct": 20}.get(name, 1.3), count)
        at = np.add.outer(near[name], np.linspace(-1.5, 1.5, 601) * STEPS[name]).ravel()
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


PERSONAL = RunnerProfile(2.9, 3.4, 138.0, 9.5, "samples", "samples", 1e5)


def placed(frame: pl.DataFrame) -> LevelIndex:
    """Where each second stands; cadence over the own line as the frame says it, whatever the line."""
    places = LevelIndex(frame.height, CadenceTable(PERSONAL))
    places.find(frame.select(encode_levels()))
    relative = (frame["relative_cadence"].fill_null(0.0).to_numpy() / RELATIVE_STEP + 0.5).astype(np.intp)
    grade = frame.select(LEVEL_GRIDS["grade_pct"].level_of(pl.col("grade_pct"))).to_series().to_numpy()
    places.of |= {"relative_cadence": relative, "grade_pct": grade.astype(np.intp)}
    return places


def read(values: list[pl.Expr], frame: pl.DataFrame = SECONDS) -> list[np.ndarray]:
    out = np.full((len(values), frame.height), np.nan)
    WeightTables(values).read(placed(frame), list(out))
    return list(out)


@pytest.mark.parametrize("settings", EXTREMES, ids=["defaults", "least", "most"])
@pytest.mark.parametrize("driver", VARYING)
def test_what_is_read_is_what_would_be_worked_out(driver: str, settings: ModelSettings) -> None:
    force, weight = (
        load_factor.force_product(driver, "second", settings),
        load_factor.weight_product(driver, "second", settings),
    )
    values = [force.pow(settings.exponent), force.pow(settings.vitro_exponent), weight]
    for value, got in zip(values, read(values), strict=True):
        want = SECONDS.with_columns(x=value)["x"].to_numpy()
        assert np.abs(got / want - 1).max() < CLOSE
        assert np.abs(got / want - 1).mean() < CLOSE / 15


@pytest.mark.parametrize(
    "factor", [f for f in load_factor.load_factors() if f.grain == "second"], ids=lambda f: f.id
)
def test_every_factor_of_a_second_is_read_from_a_table(factor: load_factor.Factor) -> None:
    assert factor.is_count or WeightTables([factor.value(ModelSettings()).fill_null(1.0)]).input is not None


def test_steps_are_counted_by_cadence_or_by_the_own_line() -> None:
    rng = np.random.default_rng(5)
    count = 4_000
    frame = pl.DataFrame(
        {
            "speed_mps": np.where(rng.random(count) < 0.1, np.nan, rng.uniform(0, 7, count)),
            "cadence_spm": np.where(rng.random(count) < 0.3, np.nan, rng.uniform(0, 300, count)),
            "grade_pct": np.zeros(count),
            "walking": pl.Series(rng.integers(0, 3, count)).replace_strict({0: False, 1: True, 2: None}),
        }
    ).fill_nan(None)
    cadences, places = CadenceTable(PERSONAL), LevelIndex(count, CadenceTable(PERSONAL))
    places.find(frame.select(encode_levels()))
    got = np.empty(count)
    StepLevels(load_factor.steps_per_second(ModelSettings()), cadences).read(places, got)
    known = frame.with_columns(relative_to_runner(PERSONAL)).with_columns(
        steps=load_factor.steps_per_second(ModelSettings())
    )
    want = known["steps"].set(known["speed_mps"].is_null(), 0.0).fill_null(0.0)
    assert got == pytest.approx(want.to_numpy(), rel=CLOSE, abs=1e-4)
    assert want.sum() > 1_000


def test_a_value_of_two_inputs_is_worked_out_second_by_second() -> None:
    frame = SECONDS.with_columns(pl.col("grade_pct").clip(-16, 16), walking=pl.lit(False)).drop_nulls()
    value = (pl.col("speed_mps") * pl.col("grade_pct")).fill_null(1.0)
    want = frame.select(value).to_series().to_numpy()
    assert WeightTables([value]).input is None
    assert read([value], frame)[0] == pytest.approx(want, rel=CLOSE, abs=0.05)


def test_a_value_of_nothing_is_the_same_in_each_second() -> None:
    assert read([pl.lit(1.5)], SECONDS.head(7))[0].tolist() == [1.5] * 7


def test_unknown_is_not_read_as_the_last_level() -> None:
    frame = SECONDS.head(3).with_columns(grade_pct=pl.Series([None, 16.0, 99.0], dtype=pl.Float64))
    assert read([pl.col("grade_pct").fill_null(-7.0)], frame)[0].tolist() == pytest.approx([-7, 16, 16])
