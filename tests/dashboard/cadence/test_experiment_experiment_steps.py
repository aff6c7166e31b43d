"""A planted change of step rate is found at matched speed, and a change of speed alone is not taken for one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from dashboard.cadence.experiment import BEFORE_DAYS, CadenceExperiment, cadence_change
from dashboard.model.mechanics import run_mechanics
from dashboard.model.settings import ModelSettings

START = date(2024, 3, 4)
LENGTH_S = 600


def runs(made, speeds: tuple[float, float], factor: float, days: int = 98, slope: float = 9.0):
    """A run every other day; from START on at the second speed, and with `factor` times the own step rate."""
    rng, rows, recordings = np.random.default_rng(3), [], {}
    for day in range(0, days, 2):
        is_new = made.first + timedelta(day) >= START
        own = 143 + slope * (base := speeds[is_new] + 0.25 * rng.standard_normal(LENGTH_S))
        cadence = np.round(
            own * (factor if is_new else 1.0) + rng.normal(0, 0.7) + rng.normal(0, 1.5, LENGTH_S)
        )
        frame = made.recording(LENGTH_S, base, cadence)
        rows.append(made.recorded(day, frame))
        recordings[f"{day:04x}"] = frame
    _, personal = made.loads(rows, recordings)
    return run_mechanics(made.activities(rows), made.scan(recordings), personal, ModelSettings()), personal


def compared(made, *facts, experiment: CadenceExperiment | None = None, **more):
    told, personal = runs(made, *facts, **more)
    return cadence_change(told, personal, experiment or CadenceExperiment(START), made.first + timedelta(97))


@pytest.mark.parametrize("speeds", [(3.0, 3.0), (3.1, 2.8), (2.8, 3.2)])
@pytest.mark.parametrize("factor", [1.05, 0.97])
def test_a_planted_change_is_found_whatever_the_speed_did(made, speeds, factor) -> None:
    found = compared(made, speeds, factor)
    assert found.change_pct == pytest.approx((factor - 1) * 100, abs=0.5)
    assert found.low_pct < (factor - 1) * 100 < found.high_pct
    assert found.before.runs == BEFORE_DAYS // 2


def test_running_slower_alone_is_no_change(made) -> None:
    found = compared(made, (3.1, 2.8), 1.0)
    assert found.change_pct == pytest.approx(0, abs=0.4)
    assert found.at_target < 0.05


def test_time_at_target_counts_from_a_little_below_it(made) -> None:
    assert compared(made, (3.0, 3.0), 1.05).at_target > 0.9
    assert compared(made, (3.0, 3.0), 1.05, experiment=CadenceExperiment(START, 10.0)).at_target == 0
    assert compared(
        made, (3.0, 3.0), 1.05, experiment=CadenceExperiment(START, 2.0)
    ).at_target == pytest.approx(1, abs=0.02)


def test_each_run_counts_once(made) -> None:
    found = compared(made, (3.0, 3.0), 1.05)
    weights = found.rows.group_by("activity_id").agg(pl.col("weight").sum())["weight"]
    assert weights.to_list() == pytest.approx([1.0] * len(weights))


def test_an_end_cuts_the_runs_since(made) -> None:
    short = compared(made, (3.0, 3.0), 1.05, experiment=CadenceExperiment(START, 5.0, START + timedelta(13)))
    assert short.since.last == START + timedelta(13)
    assert short.since.runs == 7
    assert short.change_pct == pytest.approx(5, abs=0.8)


@pytest.mark.parametrize(
    ("start", "known_before"),
    [(START + timedelta(100), False), (date(2024, 1, 5), False), (date(2024, 4, 5), True)],
    ids=["in the future", "too little before", "too little since"],
)
def test_too_little_on_either_side_gives_no_number(made, start: date, known_before: bool) -> None:
    found = compared(made, (3.0, 3.0), 1.05, experiment=CadenceExperiment(start))
    assert (found.change_pct, found.low_pct, found.high_pct, found.at_target) == (None, None, None, None)
    assert found.rows.is_empty()
    assert (found.line is not None) == known_before


def test_one_speed_alone_borrows_the_slope_of_the_whole_record(made) -> None:
    told, personal = runs(made, (3.0, 3.0), 1.0)
    flat = told.filter(pl.col("band") == 0)
    found = cadence_change(flat, personal, CadenceExperiment(START), made.first + timedelta(97))
    assert found.line.cadence_slope == personal.cadence_slope


def test_the_order_of_rows_changes_nothing(made) -> None:
    told, personal = runs(made, (3.1, 2.8), 1.05)
    today = made.first + timedelta(97)
    one, other = (
        cadence_change(rows, personal, CadenceExperiment(START), today) for rows in (told, told.reverse())
    )
    assert other.change_pct == pytest.approx(one.change_pct)
    assert other.at_target == pytest.approx(one.at_target)
