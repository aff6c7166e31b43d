"""Statements under other assumptions."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from dashboard.model.attribution import DRIVER_SCHEMA
from dashboard.model.robustness import (
    TAUS,
    leading_drivers,
    lens_ratios,
    robust_flares,
    robust_windows,
    same_leading,
)
from dashboard.model.schemas import DAY_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2024, 1, 1)
SETTINGS = ModelSettings()


def days_of(lens_b: np.ndarray, lens_a: np.ndarray, lens_c: np.ndarray) -> pl.DataFrame:
    known = {
        "local_date": [FIRST + timedelta(i) for i in range(len(lens_b))],
        "load_tkm": lens_b,
        "load_a_tkm": lens_a,
        "load_c_tkm": lens_c,
    }
    return pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(lens_b)), dtype=d) for n, d in DAY_SCHEMA.items()}
    )


def span(first: int, last: int) -> pl.DataFrame:
    return pl.DataFrame({"from_date": [FIRST + timedelta(first)], "to_date": [FIRST + timedelta(last)]})


STEADY = np.full(140, 5.0)
RISE = np.where(np.arange(140) >= 112, 9.0, 5.0)
SMALL = np.where(np.arange(140) >= 112, 5.8, 5.0)


def test_what_every_lens_says_is_robust() -> None:
    rows = robust_windows(lens_ratios(days_of(RISE, RISE, RISE), SETTINGS), span(118, 125))
    assert rows.height == 9
    assert rows["holds"].all()
    assert robust_flares(rows).row(0, named=True) | {"from_date": 0, "to_date": 0} == {
        "from_date": 0, "to_date": 0, "holds": True, "robust": True, "held": 9, "asked": 9}  # fmt: skip


def test_what_only_the_engine_says_depends_on_assumptions() -> None:
    rows = robust_windows(lens_ratios(days_of(RISE, SMALL, RISE), SETTINGS), span(118, 125))
    verdict = robust_flares(rows).row(0, named=True)
    assert (verdict["holds"], verdict["robust"], verdict["held"], verdict["asked"]) == (True, False, 6, 9)
    assert set(rows.filter(~pl.col("holds"))["lens"]) == {"A"}


def test_a_calm_answer_is_robust_when_both_say_it() -> None:
    verdict = robust_flares(
        robust_windows(lens_ratios(days_of(STEADY, STEADY, RISE), SETTINGS), span(118, 125))
    ).row(0, named=True)
    assert (verdict["holds"], verdict["robust"]) == (False, True)


def test_before_habit_is_known_nothing_is_said() -> None:
    rows = robust_windows(lens_ratios(days_of(RISE, RISE, RISE), SETTINGS), span(10, 20))
    assert rows["holds"].null_count() == 9
    assert robust_flares(rows)["robust"].to_list() == [None]


def test_the_runners_own_time_constant_is_asked_too() -> None:
    own = lens_ratios(days_of(RISE, RISE, RISE), ModelSettings(tau_days=35))
    assert {tau for _, tau in own.ratio} == {*TAUS, 35.0}
    assert robust_windows(own, span(118, 125)).filter("is_own")["tau_days"].unique().to_list() == [35.0]


def test_a_driver_is_robust_when_lens_a_names_the_same() -> None:
    def frame(leading: str | None) -> pl.DataFrame:
        row = dict.fromkeys(DRIVER_SCHEMA) | {"from_date": FIRST, "to_date": FIRST, "leading": leading}
        return pl.DataFrame([row], schema=DRIVER_SCHEMA)

    def verdict(a: str | None, b: str | None) -> bool | None:
        return same_leading(leading_drivers({"A": frame(a), "B": frame(b)}))["robust"].item()

    assert verdict("volume", "volume") is True
    assert verdict("volume", "hills") is False
    assert verdict(None, "hills") is False
    assert verdict("volume", None) is None
    assert leading_drivers({}).is_empty()
