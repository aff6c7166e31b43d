"""States and windows of made-up histories; figures of `model3.md` §2."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby, pairwise

import numpy as np
import polars as pl
import pytest

from dashboard.model.adaptation import Adapted, adapt_days, adapt_load, plain_mean
from dashboard.model.analysis import adapt
from dashboard.model.outpaced_windows import stretches
from dashboard.model.running_state import build_regularity
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()
RUN_DAYS = (0, 2, 4, 5, 6)
STEADY = [1.0] * 60
START = 60 * 7


def weeks(levels: list[float]) -> np.ndarray:
    return np.array([10.0 * level * (day in RUN_DAYS) for level in levels for day in range(7)])


def follow(levels: list[float], settings: ModelSettings = SETTINGS) -> Adapted:
    load = weeks(levels)
    return adapt_load(load, load > 0, settings)


def windows(levels: list[float]) -> list[tuple[int, int]]:
    """First day, from the end of the steady weeks, and length."""
    return [(a - START, b - a + 1) for a, b in stretches(follow(levels).high, SETTINGS)]


def states(found: Adapted) -> list[tuple[str | None, int]]:
    assert found.course is not None
    return [(name, len(list(same))) for name, same in groupby(found.course.names().to_list())]


def rising(start: float, weeks_up: int, share: float = 1.1) -> list[float]:
    return [min(1.0, start * share**n) for n in range(weeks_up)]


CALM = {
    "steady": STEADY * 2,
    "one percent a week": [1.01**n for n in range(120)],
    "three up and one down": [level for _ in range(30) for level in (1.0, 1.05, 1.1, 0.7)],
    "four weeks off, then in steps": STEADY + [0.0] * 4 + [0.5, 0.6, 0.7, 0.8, 0.9] + [1.0] * 20,
    "eight weeks off, then a tenth more each week": STEADY + [0.0] * 8 + rising(0.2, 40),
    "half a year off, then a tenth more each week": STEADY + [0.0] * 26 + rising(0.2, 40),
}
ONE = {
    "half more": (STEADY + [1.5] * 30, 21),
    "one double week": (STEADY + [2.0] + [1.0] * 20, 10),
    "two weeks off": (STEADY + [0.0] * 2 + [1.0] * 20, 12),
    "three weeks off": (STEADY + [0.0] * 3 + [1.0] * 20, 15),
    "four weeks off": (STEADY + [0.0] * 4 + [1.0] * 20, 16),
    "eight weeks off": (STEADY + [0.0] * 8 + [1.0] * 30, 34),
}


@pytest.mark.parametrize("name", CALM)
def test_no_window(name: str) -> None:
    assert windows(CALM[name]) == []


@pytest.mark.parametrize("name", ONE)
def test_one_window_of_so_many_days(name: str) -> None:
    levels, days = ONE[name]
    found = windows(levels)
    assert len(found) == 1
    assert found[0][1] == pytest.approx(days, abs=1)


def test_two_weeks_off_are_no_break() -> None:
    found = follow(ONE["two weeks off"][0])
    assert [name for name, _ in states(found)] == ["new", "ordinary"]


def test_ways_back_last_as_long_as_stated() -> None:
    back = dict(states(follow(ONE["four weeks off"][0])))["way_back"]
    assert back == pytest.approx(5 * 7, abs=4)
    slow = dict(states(follow(CALM["four weeks off, then in steps"])))["way_back"]
    assert slow == pytest.approx(9 * 7, abs=4)


def test_a_rise_weeks_after_a_break_is_a_window_of_its_own() -> None:
    found = windows(STEADY + [0.0] * 4 + [1.0] * 7 + [1.6] * 12)
    assert len(found) == 2
    assert found[0][1] == pytest.approx(16, abs=1)
    assert 11 * 7 <= found[1][0] < 12 * 7


def test_far_above_the_old_level_after_a_break_is_told_from_the_first_week() -> None:
    found = windows(STEADY + [0.0] * 8 + [1.5] * 30)
    assert len(found) == 2
    assert 8 * 7 <= found[0][0] < 9 * 7


def test_every_second_week_settles() -> None:
    assert all(start + START + days <= 140 for start, days in windows([1.0, 0.0] * 52))


def test_three_weeks_on_and_one_off() -> None:
    found = [(a + START, n) for a, n in windows([1.0, 1.0, 1.0, 0.0] * 26) if a + START >= 205]
    assert {n for _, n in found} == {5}
    assert {b[0] - a[0] for a, b in pairwise(found)} == {28}


def test_three_or_four_runs_a_month_are_irregular_and_without_windows() -> None:
    load = np.zeros(700)
    for start in range(0, 700, 21):
        load[start : start + 3] = 10.0
    found = adapt_load(load, load > 0, SETTINGS)
    assert dict(states(found))["irregular"] > 0
    assert found.course is not None
    assert not found.high[found.course.is_in("irregular")].any()


def test_the_twelve_weeks_are_blocks_of_seven_days_up_to_the_day() -> None:
    load = np.zeros(200)
    load[np.arange(0, 200, 14)] = 5.0
    found = build_regularity(load, load > 0, SETTINGS)
    day = 150
    want = sum((load[day - 7 * n - 6 : day - 7 * n + 1] > 0).any() for n in range(12))
    assert (found.run_weeks[day], found.known_weeks[day]) == (want, 12)


def test_a_run_of_unknown_load_is_a_run() -> None:
    load = weeks(STEADY)
    ran = load > 0
    load[300:314] = np.where(ran[300:314], np.nan, load[300:314])
    found = build_regularity(load, ran, SETTINGS)
    assert found.is_regular[300:].all()


def test_a_gap_without_any_record_makes_no_state_and_no_window() -> None:
    load = weeks(STEADY * 2)
    ran = load > 0
    load[500:542], ran[500:542] = np.nan, False
    found = adapt_load(load, ran, SETTINGS)
    assert {name for name, _ in states(found)} <= {"new", "ordinary", None}
    assert found.course is not None
    assert found.course.breaks == ()
    assert stretches(found.high, SETTINGS) == []


def test_where_the_load_of_a_week_is_unknown_the_state_goes_on() -> None:
    load = weeks(STEADY + [0.0] * 6 + [0.5] * 20)
    ran = load > 0
    gap = slice(START + 20, START + 30)
    load[gap], ran[gap] = np.nan, False
    found = adapt_load(load, ran, SETTINGS)
    assert found.course is not None
    names = found.course.names().to_list()
    assert names[START + 26] == names[START + 22]
    assert not found.high[START + 22 : START + 30].any()


def test_a_break_is_told_from_its_fourteenth_day_and_known_by_date(made) -> None:
    load = weeks(STEADY + [0.0] * 6 + [1.0] * 20)
    analysis = adapt(made.run_days(load.tolist()), made.no_symptoms, SETTINGS)
    row = analysis.breaks.row(0, named=True)
    days = analysis.days
    first = days.filter(pl.col("state") == "break")["local_date"][0]
    assert (first - row["from_date"]).days == 13
    assert row["counts"]
    assert row["way_back_from"] == row["to_date"] + timedelta(1)
    assert row["level_tkm"] == pytest.approx(10 * 5 / 7, rel=0.01)
    back = days.filter(pl.col("state") == "way_back")
    assert back["local_date"][0] == row["way_back_from"]
    assert back["line_tkm"][0] == pytest.approx(0.3 * row["level_tkm"], rel=0.01)
    assert (back["held_against_tkm"] >= back["habitual_tkm"] - 1e-9).all()
    assert back["line_tkm"].max() <= row["level_tkm"] + 1e-9


def test_a_break_of_a_runner_who_never_ran_regularly_has_no_way_back() -> None:
    load = np.zeros(700)
    for start in range(0, 350, 28):
        load[start : start + 3] = 10.0
    load[600:] = 5.0
    found = adapt_load(load, load > 0, SETTINGS)
    assert found.course is not None
    assert [one.counts for one in found.course.breaks] == [False] * len(found.course.breaks)
    assert np.isnan(found.course.line).all()


def test_a_second_break_on_the_way_back_makes_the_line_longer() -> None:
    found = follow(STEADY + [0.0] * 5 + [0.7] * 3 + [0.0] * 5 + [0.7] * 20)
    assert found.course is not None
    first, second = found.course.breaks
    assert second.line_days == min(70, first.line_days + second.days)
    assert second.level == pytest.approx(first.level, rel=0.01)


def test_a_return_ladder_begins_the_line_with_its_first_run() -> None:
    load = weeks(STEADY + [0.0] * 8 + [0.1] * 4 + rising(0.3, 30))
    ladder = np.zeros(len(load), dtype=bool)
    ladder[START + 56] = True
    plain, stepped = (adapt_load(load, load > 0, SETTINGS, steps) for steps in (None, ladder))
    assert plain.course is not None
    assert stepped.course is not None
    assert stepped.course.breaks[0].end == START + 56
    assert plain.course.breaks[0].end > START + 56
    assert len(stepped.course.breaks) == 1


def test_the_own_year_raises_the_threshold_and_never_lowers_it() -> None:
    rng = np.random.default_rng(3)
    rough = weeks(np.exp(rng.normal(0, 0.6, 150)).tolist())
    found = adapt_load(rough, rough > 0, SETTINGS)
    assert np.nanmin(found.threshold) == 1.3
    assert np.nanmax(found.threshold) > 1.4
    marked = found.high[180:].mean()
    assert marked < 0.2
    assert np.nanmax(follow(STEADY).threshold) == 1.3
    day = 700
    year = found.held_ratio[day - 365 : day][found.counts[day - 365 : day]]
    assert found.threshold[day] == pytest.approx(max(1.3, np.quantile(year, 0.85)))


def test_days_of_an_irregular_runner_are_no_part_of_the_year() -> None:
    found = adapt_load(weeks([1.0, 0.0, 0.0] * 40), weeks([1.0, 0.0, 0.0] * 40) > 0, SETTINGS)
    assert found.course is not None
    assert not found.counts[found.course.is_in("irregular", "way_back")].any()


def test_every_lens_has_its_own_threshold_and_the_state_is_that_of_lens_b(made) -> None:
    load = weeks(STEADY + [0.0] * 4 + [1.0] * 20)
    days = adapt(made.run_days(load.tolist()), made.no_symptoms, SETTINGS).days
    odd = days.with_columns(load_a_tkm=pl.when(pl.col("load_tkm") > 0).then(10.0).otherwise(0.0))
    again = adapt_days(odd, SETTINGS)
    assert again["state"].to_list() == days["state"].to_list()
    assert again["is_high"].to_list() == days["is_high"].to_list()


def test_the_plain_mean_of_twelve_weeks(made) -> None:
    load = weeks([1.0] * 20 + [2.0] * 6)
    days = adapt(made.run_days(load.tolist()), made.no_symptoms, SETTINGS).days
    assert plain_mean(days)[-1] == pytest.approx(load[: days.height][-84:].mean())
    assert np.isnan(plain_mean(days)[40])
