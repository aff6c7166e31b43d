""""""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.adaptation import acute, adapt_load, habitual
from dashboard.model.analysis import adapt
from dashboard.model.settings import ModelSettings

WEEK = [0, 8, 0, 10, 0, 6, 16]
STEADY = [1.0] * 16
PATTERNS = {
    "steady": [1.0] * 8,
    "plus_5_pct_a_week": [1.05**i for i in range(1, 9)],
    "plus_10_pct_a_week": [1.1**i for i in range(1, 9)],
    "step_30_pct": [1.3] * 8,
    "step_50_pct": [1.5] * 8,
    "one_double_week": [2.0] + [1.0] * 7,
    "two_weeks_off": [0.0] * 2 + [1.0] * 8,
    "four_weeks_off": [0.0] * 4 + [1.0] * 8,
    "long_run_doubled_once": [1.0] * 8,
}
SETTINGS = ModelSettings()


def pattern(name: str) -> list[float]:
    days = [load * week for week in STEADY + PATTERNS[name] for load in WEEK]
    if name == "long_run_doubled_once":
        days[len(STEADY) * 7 + 6] *= 2
    return days


@pytest.mark.parametrize("name", PATTERNS)
def test_ratio_of_known_patterns(made, name: str) -> None:
    want = made.published("ratio_patterns").filter(pattern=name).row(0, named=True)
    loads = pattern(name)
    until = made.first + np.timedelta64(len(loads) - 1, "D").item()
    ratio = adapt(made.run_days(loads), made.no_symptoms, SETTINGS, until).days["ratio"].to_numpy()
    after = ratio[-len(PATTERNS[name]) * 7 :]
    assert np.nanmax(after) == pytest.approx(want["peak_ratio"], abs=0.02)
    assert int((after >= 1.3 - 1e-9).sum()) == pytest.approx(want["days"], abs=2)


def test_ratio_is_acute_over_habitual_and_hidden_at_first(made) -> None:
    days = adapt(made.run_days(pattern("plus_10_pct_a_week")), made.no_symptoms, SETTINGS).days
    first_run = days["load_tkm"].to_numpy().nonzero()[0][0]
    assert first_run == 0
    assert days["ratio"][:42].null_count() == 42
    assert days["habitual_tkm"][:42].null_count() == 42
    assert days["ratio"][42:].null_count() == 0
    assert days["acute_tkm"].null_count() == 6
    shown = days[42:]
    assert (shown["acute_tkm"] / shown["habitual_tkm"] - shown["ratio"]).abs().max() < 1e-12


loads_of_days = st.lists(st.floats(0, 60), min_size=8, max_size=90)


@given(loads_of_days, st.integers(0, 89), st.floats(0, 50))
def test_more_load_never_lowers_the_acute_mean(loads: list[float], at: int, more: float) -> None:
    before = np.array(loads)
    after = before.copy()
    after[at % len(after)] += more
    assert (np.nan_to_num(acute(after)) >= np.nan_to_num(acute(before)) - 1e-9).all()


@given(loads_of_days, st.floats(0.1, 10))
def test_the_unit_does_not_matter(loads: list[float], scale: float) -> None:
    habit = habitual(np.array(loads), SETTINGS)
    assert habitual(np.array(loads) * scale, SETTINGS) == pytest.approx(habit * scale, rel=1e-9, abs=1e-9)


def test_habit_of_a_runner_of_every_second_week_is_the_mean_of_the_load() -> None:
    load = np.zeros(730)
    for start in range(0, 728, 14):
        load[[start + 1, start + 4]] = 10.0
    found = adapt_load(load, load > 0, SETTINGS)
    assert np.nanmedian(found.habit[365:]) == pytest.approx(1.43, abs=0.03)
    assert np.nanmedian(found.ratio[365:]) == pytest.approx(0.96, abs=0.02)


@given(
    st.integers(1, 28).flatmap(lambda n: st.lists(st.floats(1.0, 20.0), min_size=n, max_size=n)),
    st.sampled_from([28.0, 42.0, 60.0]),
)
def test_habit_has_the_mean_of_any_periodic_load(period: list[float], tau: float) -> None:
    load = np.tile(np.array(period), 900 // len(period) + 2)
    habit, week = habitual(load, ModelSettings(tau_days=tau)), acute(load)
    whole = slice(365, 365 + len(period) * (500 // len(period)))
    assert habit[whole].mean() == pytest.approx(week[whole].mean(), rel=0.02)


def test_an_unknown_day_is_not_rest() -> None:
    load = np.tile(np.array(WEEK, dtype=float), 12)
    holed = load.copy()
    holed[60] = np.nan
    week, habit = acute(holed), habitual(holed, SETTINGS)
    assert np.isfinite(week[60:67]).all()
    assert week[66] == pytest.approx(np.nanmean(holed[60:67]))
    assert np.isfinite(habit).all()
    holed[58:61] = np.nan
    assert np.isnan(acute(holed)[61])
    assert habitual(holed, SETTINGS)[61] == habitual(holed, SETTINGS)[60]


def test_days_beyond_the_record_stay_open() -> None:
    load = np.concatenate([np.full(60, 5.0), np.full(10, np.nan)])
    assert np.isnan(habitual(load, SETTINGS)[60:]).all()
    assert np.isnan(acute(load)[63:]).all()


def test_a_long_break_leaves_a_fifth_of_the_habit() -> None:
    load = np.concatenate([np.full(200, 5.0), np.zeros(500), np.full(30, 5.0)])
    habit = habitual(load, SETTINGS)
    assert habit[699] == pytest.approx(1.0)
    assert habit[250] > 1.0


def test_a_short_record_gives_what_it_can(made) -> None:
    for count in (1, 6, 7, 42):
        days = adapt(made.run_days([5.0] * count), made.no_symptoms, SETTINGS).days
        assert days.height == count
        assert days["ratio"].null_count() == count
    assert adapt(made.run_days([]), made.no_symptoms, SETTINGS).days.is_empty()
    unknown = adapt(made.run_days([None] * 50), made.no_symptoms, SETTINGS).days
    assert unknown["acute_tkm"].null_count() == 50


def test_a_first_try_years_ago_does_not_make_every_later_run_countless_times_the_habit() -> None:
    load = np.array([10.0, *[0.0] * 3_000, *[10.0, 0.0] * 40])
    habit = habitual(load, SETTINGS)
    assert habit[3_000] == pytest.approx(0.2 * 10 / 7)
    assert np.nanmax(acute(load)[7:] / habit[:-7]) < 30
