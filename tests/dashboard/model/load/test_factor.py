""""""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.model.load import factor as load_factor
from dashboard.model.settings import EVIDENCE, ModelSettings

FACTORS = load_factor.load_factors()
SETTINGS = ModelSettings()
INPUTS = {**load_factor.SECOND_INPUTS, **load_factor.RUN_INPUTS}
SOME = {
    "speed_mps": [0.0, 1.4, 2.5, 3.0, 4.47, 9.0],
    "walking": [False, True, False, False, False, False],
    "cadence_spm": [0.0, 110.0, 160.0, 170.0, 185.0, 300.0],
    "own_cadence_spm": [165.0, 110.0, 165.0, 170.0, 180.0, 190.0],
    "relative_cadence": [0.0, 0.5, 0.95, 1.0, 1.05, 3.0],
    "grade_pct": [-45.0, -6.0, 0.0, 3.0, 10.0, 45.0],
    "kind": ["conventional", "minimalist", "maximalist", "racing", "trail", "barefoot"],
    "drop_mm": [-10.0, 0.0, 4.0, 8.0, 12.0, 30.0],
    "is_plated": [True, False, False, True, False, False],
    "is_indoor": [True, False, True, False, True, False],
}
WHOLE = pl.DataFrame({name: pl.Series(values, dtype=INPUTS[name]) for name, values in SOME.items()})


def expressions(factor: load_factor.Factor) -> list[pl.Expr]:
    return [f(SETTINGS) for f in (factor.value, factor.weight) if f is not None]


def test_every_driver_has_a_factor() -> None:
    assert {f.driver for f in FACTORS} == set(load_factor.DRIVERS)
    assert {f.id for f in FACTORS} >= {"volume", "speed", "hills", "cadence", "shoe", "surface"}
    assert next(f for f in FACTORS if f.id == "surface").driver == "shoe"


@pytest.mark.parametrize("factor", FACTORS, ids=lambda f: f.id)
class TestEachFactor:
    def test_says_what_it_is(self, factor: load_factor.Factor) -> None:
        assert factor.title
        assert factor.unit
        assert factor.source
        assert factor.evidence in EVIDENCE
        assert min(factor.low, factor.high) <= factor.default <= max(factor.low, factor.high)
        assert set(factor.needs) <= set(INPUTS)

    def test_unknown_in_is_unknown_out(self, factor: load_factor.Factor) -> None:
        nothing = WHOLE.with_columns(pl.lit(None, INPUTS[name]).alias(name) for name in factor.needs)
        for expression in expressions(factor):
            assert nothing.select(x=expression)["x"].null_count() == nothing.height

    def test_is_never_negative(self, factor: load_factor.Factor) -> None:
        for expression in expressions(factor):
            values = WHOLE.select(x=expression)["x"].cast(pl.Float64)
            assert values.is_finite().all()
            assert (values >= 0).all()

    def test_knows_no_order(self, factor: load_factor.Factor) -> None:
        for expression in expressions(factor):
            forward = WHOLE.select(x=expression)["x"]
            assert WHOLE.reverse().select(x=expression)["x"].reverse().equals(forward)

    def test_reads_only_what_it_says(self, factor: load_factor.Factor) -> None:
        for expression in expressions(factor):
            assert set(expression.meta.root_names()) <= set(factor.needs)
