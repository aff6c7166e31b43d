"""Both sides of the experiment: they multiply to the load of a km, and mornings are counted, not guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import log

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.frames import SYMPTOM, checked
from dashboard.cadence.experiment import (
    CadenceChange,
    CadenceExperiment,
    ExperimentSide,
    LoadPerKm,
    cadence_change,
    cadence_effect,
    experiment_mornings,
    load_per_km,
    run_at,
)
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import MECHANICS_SCHEMA
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

START = date(2024, 3, 4)
OWN = RunnerProfile(3.0, 3.45, 140.0, 10.0, "samples", "samples", 36_000.0)
BEFORE = ExperimentSide(START - timedelta(56), START - timedelta(1), 10, 36_000.0)
SINCE = ExperimentSide(START, START + timedelta(40), 10, 36_000.0)


def steps(factor: float) -> CadenceChange:
    """Ten runs on either side, exactly on the line before and at `factor` of it since."""
    rows = [
        {
            "activity_id": str(day),
            "local_date": START + timedelta(day),
            "band": band,
            "seconds": 1200.0,
            "speed_mps": 3.0 + 0.3 * band,
            "cadence_spm": (170.0 + 3 * band) * (factor if day >= 0 else 1.0),
        }
        for day in range(-40, 40, 4)
        for band in (0, 1)
    ]
    return cadence_change(
        pl.DataFrame(rows, schema=MECHANICS_SCHEMA), OWN, CadenceExperiment(START), START + timedelta(40)
    )


def run(day: int, km: float, per_km: float, steps_per_km: float, **more) -> dict:
    return {
        "activity_id": str(day),
        "local_date": START + timedelta(day),
        "has_samples": True,
        "has_cadence": True,
        "estimated": False,
        "load_tkm": km * per_km,
        "multiplier": per_km,
        "steps": km * steps_per_km / 2,
        **more,
    }


def test_lens_a_is_what_was_printed(made) -> None:
    for row in made.published("van_hooren_2024_cadence").to_dicts():
        found = cadence_effect(steps(row["cadence_spm"] / row["preferred_spm"]), ModelSettings())
        assert found.lens_a == pytest.approx(row["weighted_impulse_per_km"], abs=0.005)


def test_quicker_steps_weigh_less_each_and_are_more() -> None:
    found = cadence_effect(steps(1.05), ModelSettings())
    assert found.published.steps == pytest.approx(1.05)
    assert found.published.step_load == pytest.approx(1.05 ** (-0.39 * 3))
    assert found.published.km_load == pytest.approx(1.05 ** (1 - 0.39 * 3))
    assert found.lens_a == pytest.approx(1.05**-0.39)
    assert sum(found.published.shares) == pytest.approx(log(found.published.km_load))
    assert found.doubled.step_load < found.published.step_load < found.halved.step_load < 1
    assert found.doubled.km_load < 1 < found.halved.km_load


def test_without_an_effect_of_cadence_only_the_steps_are_left() -> None:
    found = cadence_effect(steps(1.05), ModelSettings(cadence_strength=0.0))
    assert found.published.km_load == pytest.approx(1.05)
    assert found.doubled == found.halved == found.published


def test_nothing_is_said_where_the_steps_are_not_known() -> None:
    empty = steps(1.05)
    assert (
        cadence_effect(CadenceChange(empty.before, empty.since, None, empty.rows.clear()), ModelSettings())
        is None
    )


def test_load_of_a_km_is_summed_over_the_runs_of_a_side() -> None:
    runs = pl.DataFrame(
        [
            *(run(day, 10.0, 1.0, 1000.0) for day in range(-20, 0, 4)),
            run(-2, 30.0, 1.2, 900.0),
            run(3, 10.0, 2.0, 900.0),
        ],
        schema=RUN_SCHEMA,
    )
    found = load_per_km(runs, BEFORE)
    assert found.runs == 6
    assert found.load_per_km == pytest.approx((50 + 36) / 80)
    assert found.steps_per_km == pytest.approx((50_000 + 27_000) / 80)
    assert found.steps_per_km * found.load_per_step == pytest.approx(found.load_per_km)
    assert load_per_km(runs, SINCE) is None


@pytest.mark.parametrize(
    "lacks", [{"has_cadence": False}, {"has_samples": False}, {"estimated": True}, {"load_tkm": None}]
)
def test_runs_without_recorded_steps_do_not_count(lacks: dict) -> None:
    runs = pl.DataFrame([run(day, 10.0, 1.0, 1000.0, **lacks) for day in range(10)], schema=RUN_SCHEMA)
    assert load_per_km(runs, SINCE) is None


@settings(deadline=None)
@given(*[st.floats(0.2, 5.0)] * 2, *[st.floats(400, 1500)] * 2)
def test_more_steps_times_less_for_each_is_the_change_of_a_km(
    was: float, now: float, old: float, new: float
) -> None:
    before, since = LoadPerKm(5, old, was / old, was), LoadPerKm(5, new, now / new, now)
    found = run_at(before, since)
    assert found.km_load == pytest.approx(now / was)
    assert sum(found.shares) == pytest.approx(log(now / was), abs=1e-9)


def diary(told: dict[int, float]) -> pl.DataFrame:
    rows = [
        {
            "athlete_id": 1,
            "source": "manual",
            "source_id": str(day),
            "fetched_utc": datetime(2024, 6, 1, tzinfo=UTC),
            "date": START + timedelta(day),
            "side": "left",
            "morning_stiffness_0_10": value,
        }
        for day, value in told.items()
    ]
    return checked(pl.DataFrame(rows), SYMPTOM)


def test_mornings_are_those_after_a_run_and_carry_their_counts() -> None:
    days = [*range(-20, 0, 2), *range(0, 20, 2)]
    runs = pl.DataFrame([run(day, 10.0, 1.0, 1000.0) for day in days], schema=RUN_SCHEMA)
    told = {day + 1: 4.0 + 0.1 * (day % 4) for day in days[:8]} | {
        day + 1: 2.0 + 0.1 * (day % 4) for day in days[10:]
    }
    told |= dict.fromkeys(days[1:], 9.0)  # mornings of runs, which follow a day without one
    rows = experiment_mornings(diary(told), runs, BEFORE, SINCE)
    row = rows.filter(pl.col("measure") == "stiffness_0_10").row(0, named=True)
    assert (row["run_days_before"], row["told_before"], row["run_days_since"], row["told_since"]) == (
        10,
        8,
        10,
        10,
    )
    assert row["before"] == pytest.approx(4.1)
    assert row["since"] == pytest.approx(2.1)
    assert row["change"] == pytest.approx(-2.0)
    assert row["low"] < -2.0 < row["high"] < 0


def test_too_few_mornings_give_no_change_and_none_no_mean() -> None:
    runs = pl.DataFrame([run(day, 10.0, 1.0, 1000.0) for day in range(-20, 20, 2)], schema=RUN_SCHEMA)
    rows = experiment_mornings(diary({1: 3.0, 3: 3.0}), runs, BEFORE, SINCE)
    row = rows.filter(pl.col("measure") == "stiffness_0_10").row(0, named=True)
    assert (row["told_before"], row["before"], row["change"]) == (0, None, None)
    assert (row["told_since"], row["since"]) == (2, 3.0)
    assert rows.filter(pl.col("measure") == "pain_0_10")["since"].to_list() == [None]
    assert experiment_mornings(SYMPTOM.empty(), runs, BEFORE, SINCE)["told_since"].to_list() == [0, 0, 0]
