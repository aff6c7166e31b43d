"""The numbers of print; tolerances are those of the design notes, section 8."""

from __future__ import annotations

import math

import polars as pl
import pytest

from dashboard.model import settings as model_settings
from dashboard.model.load import achilles_force, factor
from dashboard.model.load.factors import hills
from dashboard.model.load.factors.speed import EXPONENT_RANGE, faster_counts_more, pace_neutral_exponent
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()
LEVEL = {
    "speed_mps": 3.0,
    "walking": False,
    "cadence_spm": 170.0,
    "own_cadence_spm": 170.0,
    "relative_cadence": 1.0,
    "grade_pct": 0.0,
    "kind": None,
    "drop_mm": None,
    "is_plated": None,
    "is_indoor": None,
}


def one(expression: pl.Expr, **facts: object) -> float:
    types = {**factor.SECOND_INPUTS, **factor.RUN_INPUTS}
    row = LEVEL | facts
    frame = pl.DataFrame({name: pl.Series([row[name]], dtype=dtype) for name, dtype in types.items()})
    return frame.select(x=expression)["x"].item()


def force(settings: ModelSettings = SETTINGS, **facts: object) -> float:
    return one(achilles_force.peak_force_bw(settings), **facts)


def test_peak_force_by_speed_is_that_of_print(made) -> None:
    for row in made.published("reiter_2024_speed").iter_rows(named=True):
        got = force(speed_mps=row["speed_mps"], walking=bool(row["walking"]))
        assert got == pytest.approx(row["peak_force_bw"], abs=0.12)
    assert force(speed_mps=4.47) / force(speed_mps=2.68) == pytest.approx(1.208, abs=0.001)
    ends = [ModelSettings(speed_exponent=a) for a in EXPONENT_RANGE]
    low, high = (force(s, speed_mps=4.47) / force(s, speed_mps=2.68) for s in ends)
    assert (low, high) == pytest.approx((1.108, 1.259), abs=0.001)
    assert low < 1.227 < high


@pytest.mark.parametrize(("a", "kappa", "b"), [(0.40, 0.0, 2.50), (0.34, 0.165, 2.46), (0.20, 0.0, 5.00)])
def test_pace_neutral_exponent(a: float, kappa: float, b: float) -> None:
    assert pace_neutral_exponent(a, kappa) == pytest.approx(b, abs=0.01)


def test_faster_counts_more_only_where_the_whole_range_says_so() -> None:
    assert not faster_counts_more(SETTINGS, 0.0)
    assert not faster_counts_more(ModelSettings(exponent=4), 0.165)
    assert faster_counts_more(ModelSettings(exponent=4), 0.25)
    assert faster_counts_more(ModelSettings(exponent=9), 0.0)


def test_walking_lies_in_the_range_of_its_ratio_to_running() -> None:
    setting = next(one for one in model_settings.SETTINGS if one.name == "walking_force_bw")
    assert setting.low / achilles_force.FORCE_BW == pytest.approx(0.49, abs=0.005)
    assert setting.high / achilles_force.FORCE_BW == pytest.approx(0.78, abs=0.005)


def test_force_is_held_where_nobody_was_measured() -> None:
    assert force(speed_mps=8.0) == force(speed_mps=6.0)
    assert force(speed_mps=1.0) == force(speed_mps=2.0)
    assert force(grade_pct=40.0) == pytest.approx(force(grade_pct=15.0))


def test_hills_are_those_of_print(made) -> None:
    table = made.published("van_hooren_2024_grade")
    grade = (pl.col("slope_deg").radians().tan() * 100).alias("grade_pct")
    got = table.with_columns(grade).with_columns(
        force=factor.force_product("hills", "second", SETTINGS),
        weight=factor.weight_product("hills", "second", SETTINGS),
    )
    assert got["force"].to_list() == pytest.approx(table["weighted_impulse_per_km"].to_list(), abs=0.005)
    assert table["impulse_per_km"].to_list() == pytest.approx(list(hills.LOW_FORCES), abs=0.005)
    assert got["weight"].to_list() == pytest.approx(table["weighted_impulse_per_km"].to_list(), abs=0.005)


@pytest.mark.parametrize(("grade", "expected"), [(10.0, 1.439), (-10.0, 0.668)])
def test_hills_between_the_knots(grade: float, expected: float) -> None:
    assert force(grade_pct=grade) / force() == pytest.approx(expected, abs=0.005)


def test_the_effect_of_hills_can_be_doubted() -> None:
    assert force(ModelSettings(hill_strength=0), grade_pct=10.0) == force()


def test_lens_a_by_speed_is_that_of_print(made) -> None:
    table = made.published("van_hooren_2024_speed").with_columns(walking=False)
    got = table.with_columns(w=factor.weight_product("speed", "second", SETTINGS))
    assert got["w"].to_list() == pytest.approx(table["weighted_impulse_per_km"].to_list(), abs=0.005)


def test_cadence_is_that_of_print(made) -> None:
    for row in made.published("van_hooren_2024_cadence").iter_rows(named=True):
        got = force(relative_cadence=row["cadence_spm"] / row["preferred_spm"]) / force()
        assert got == pytest.approx(row["weighted_impulse_per_km"], abs=0.01)


def test_quicker_steps_lower_the_force_of_each() -> None:
    assert force(relative_cadence=1.05) / force() == pytest.approx(0.981, abs=0.02)
    assert force(relative_cadence=1.05) < force() < force(relative_cadence=0.95)
    assert force(relative_cadence=0.5) == force(relative_cadence=0.9)


def test_treadmill_is_that_of_print(made) -> None:
    for row in made.published("willy_2016_treadmill").iter_rows(named=True):
        got = force(is_indoor=bool(row["is_indoor"])) / force()
        assert got == pytest.approx(row["relative_peak_force"], rel=1e-12)


def test_added_mass_is_that_of_print(made) -> None:
    for row in made.published("added_mass").iter_rows(named=True):
        carried = ModelSettings(added_mass_kg=row["added_mass_kg"])
        assert force(carried) / force() == pytest.approx(row["relative_stress"], abs=0.005)


def test_forefoot_is_off_unless_said() -> None:
    assert force(ModelSettings(forefoot=1)) / force() == pytest.approx(1.11)


def test_shoes_lie_within_what_was_measured(made) -> None:
    table = made.published("sinclair_2015_shoes")
    usual = table.filter(pl.col("kind") == "conventional")["load_per_mile_bw"].item()
    for row in table.iter_rows(named=True):
        measured, got = row["load_per_mile_bw"] / usual, force(kind=row["kind"]) / force()
        assert (got - 1) * (measured - 1) >= 0
        assert abs(got - 1) <= abs(measured - 1) + 1e-9


def test_lower_drop_counts_a_little_and_not_twice() -> None:
    assert force(drop_mm=4.0) / force() == pytest.approx(1.03)
    assert force(drop_mm=14.0) == force()
    assert force(kind="minimalist", drop_mm=0.0) == force(kind="minimalist")


def test_dead_tendon_in_the_laboratory(made) -> None:
    for row in made.published("schechtman_bader_1997").iter_rows(named=True):
        assert achilles_force.cycles_to_failure(row["stress_pct"]) == pytest.approx(row["cycles"], rel=0.01)
        assert achilles_force.vitro_exponent_at(row["stress_pct"]) == pytest.approx(row["exponent"], rel=0.01)


def load_per_km(speed: float, exponent: float) -> float:
    return 1000 / speed * 170 / 120 * force(speed_mps=speed) ** exponent


def test_load_of_a_km_by_speed(made) -> None:
    for row in made.published("load_per_km").iter_rows(named=True):
        got = load_per_km(row["speed_mps"], row["exponent"]) / load_per_km(3.0, row["exponent"])
        assert got == pytest.approx(row["relative_load"], abs=0.02)


def test_faster_is_less_per_km_unweighted_and_more_weighted() -> None:
    speeds = [2.5, 3.0, 3.5, 4.0, 5.0]
    plain = [load_per_km(v, 1) for v in speeds]
    weighted = [load_per_km(v, 3) for v in speeds]
    assert plain == sorted(plain, reverse=True)
    assert weighted == sorted(weighted)


@pytest.mark.parametrize(
    ("grade", "expected"), [(3.0, 1.08), (8.0, 1.42), (100 * math.tan(math.radians(3)), 1.192)]
)
def test_rolling_ground_weighs_more_than_flat(grade: float, expected: float) -> None:
    up, down = force(grade_pct=grade) / force(), force(grade_pct=-grade) / force()
    assert (up**3 + down**3) / 2 == pytest.approx(expected, abs=0.01)
