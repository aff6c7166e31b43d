"""Shares of a rise in load, against sums worked by hand and against a rise that is known."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.model import attribution
from dashboard.model.adaptation import adapt_days
from dashboard.model.attribution import (
    NO_BASELINE,
    NO_RISE,
    NO_RUNNING,
    NOT_KNOWN,
    before_flares,
    before_windows,
    drivers,
    weighted_steps_by_day,
)
from dashboard.model.day_table import dense_days
from dashboard.model.load.factor import DRIVERS
from dashboard.model.outpaced_windows import outpaced_windows
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()
SHARES = [f"share_{name}" for name in DRIVERS]
STACKED = {
    "volume": 1.08,
    "speed": (3.1 / 3) ** 1.11,
    "hills": 1.02**3,
    "cadence": 0.98**-4.35,
    "shoe": 1.02**3,
}


def multiplied(
    made: SimpleNamespace, steps: list[float | None], parts: list[dict[str, float]]
) -> pl.DataFrame:
    """Build runs of which every step has the same multipliers."""
    runs = made.run_days(steps)
    rows = [parts[(d - made.first).days] for d in runs["local_date"]]
    part = {n: np.array([r.get(n, 1.0) for r in rows]) for n in DRIVERS[1:]}
    count = runs["load_tkm"].to_numpy()
    sums = {
        f"w_{s}{h}{c}": count * part["speed"] ** s * part["hills"] ** h * part["cadence"] ** c
        for s in (0, 1)
        for h in (0, 1)
        for c in (0, 1)
        if s + h + c
    }
    up = count * (part["hills"] - 1)
    return runs.with_columns(
        steps=pl.Series(count), x_shoe=pl.Series(part["shoe"]), w_climb=pl.Series(np.maximum(up, 0)),
        w_descent=pl.Series(np.maximum(-up, 0)), **{n: pl.Series(v) for n, v in sums.items()},
    )  # fmt: skip


def last_weeks(made: SimpleNamespace, runs: pl.DataFrame, from_day: int, to_day: int) -> dict[str, object]:
    days = dense_days(runs, made.no_symptoms)
    stretch = pl.DataFrame(
        {"from_date": [made.first + timedelta(from_day)], "to_date": [made.first + timedelta(to_day)]}
    )
    return drivers(weighted_steps_by_day(runs, days, SETTINGS), stretch).row(0, named=True)


def test_several_small_changes_multiply_as_printed(made: SimpleNamespace) -> None:
    """Anchor 17: x1.377, shares .24 .11 .19 .27 .19."""
    later = {k: v for k, v in STACKED.items() if k != "volume"}
    runs = multiplied(made, [1.0] * 63 + [1.08] * 14, [{}] * 63 + [later] * 14)
    found = last_weeks(made, runs, 63, 76)
    assert found["rise"] == pytest.approx(1.377, abs=0.001)
    assert [found[name] for name in SHARES] == pytest.approx([0.24, 0.114, 0.186, 0.275, 0.186], abs=0.002)
    assert sum(found[name] for name in SHARES) == pytest.approx(1.0)
    assert (found["leading"], found["why"]) == ("cadence", None)
    assert found["x_climb"] == pytest.approx(1.02**3)
    assert found["x_descent"] == pytest.approx(1.0)


def test_climb_and_descent_multiply_to_the_hills(made: SimpleNamespace) -> None:
    runs = multiplied(made, [1.0] * 91, [{}] * 63 + [{"hills": 1.6}, {"hills": 0.8}] * 14)
    found = last_weeks(made, runs, 63, 90)
    assert found["x_hills"] == pytest.approx(1.2)
    assert found["x_climb"] * found["x_descent"] == pytest.approx(found["x_hills"])
    assert found["x_climb"] > 1.2
    assert found["x_descent"] < 1


def test_what_always_goes_together_is_no_change(made: SimpleNamespace) -> None:
    """Slower where it is steep, before and during: only the steps rose."""
    both = [{"speed": 0.8, "hills": 1.3}, {"speed": 1.1}]
    runs = multiplied(made, [1.0] * 70 + [1.5] * 14, both * 42)
    found = last_weeks(made, runs, 70, 83)
    assert found["share_volume"] == pytest.approx(1.0)
    assert found["rise"] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([1.0] * 91, NO_RISE),
        ([1.0] * 63 + [0.5] * 28, NO_RISE),
        ([1.0] * 63 + [None] * 14 + [2.0] * 14, NOT_KNOWN),
        ([None] * 40 + [1.0] * 23 + [2.0] * 28, NO_BASELINE),
        ([1.0] + [0.0] * 62 + [2.0] * 28, NO_RUNNING),
    ],
)
def test_says_why_there_are_no_shares(made: SimpleNamespace, steps: list[float | None], reason: str) -> None:
    runs = multiplied(made, steps, [{}] * 91)
    found = last_weeks(made, runs, 63, 90)
    assert found["why"] == reason
    assert [found[name] for name in SHARES] == [None] * 5
    assert (found["rise"] is None) == (reason != NO_RISE)


def test_runs_without_known_multipliers_give_none(made: SimpleNamespace) -> None:
    found = last_weeks(made, made.run_days([1.0] * 63 + [2.0] * 28), 63, 90)
    assert found["why"] == NOT_KNOWN


def test_no_stretch_gives_the_empty_table(made: SimpleNamespace) -> None:
    runs = multiplied(made, [1.0] * 70, [{}] * 70)
    kept = weighted_steps_by_day(runs, dense_days(runs, made.no_symptoms), SETTINGS)
    none = pl.DataFrame(schema={"from_date": pl.Date, "to_date": pl.Date})
    assert drivers(kept, none).schema == attribution.DRIVER_SCHEMA


part = st.fixed_dictionaries({n: st.floats(0.6, 1.8) for n in DRIVERS[1:]})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks=st.lists(st.tuples(st.floats(0.2, 3), part), min_size=13, max_size=13), seed=st.integers(0, 99))
def test_shares_sum_to_one_and_order_does_not_matter(
    made: SimpleNamespace, weeks: list[tuple[float, dict[str, float]]], seed: int
) -> None:
    runs = multiplied(made, [weeks[i // 7][0] for i in range(91)], [weeks[i // 7][1] for i in range(91)])
    found = last_weeks(made, runs, 63, 90)
    assert np.prod([found[f"x_{name}"] for name in DRIVERS]) == pytest.approx(found["rise"])
    if found["why"] is None:
        assert sum(found[name] for name in SHARES) == pytest.approx(1.0)
        assert found["leading"] == DRIVERS[int(np.argmax([found[name] for name in SHARES]))]
    again = last_weeks(made, runs.sample(fraction=1.0, shuffle=True, seed=seed), 63, 90)
    for name in SHARES:
        assert again[name] == (None if found[name] is None else pytest.approx(found[name]))


def test_the_rise_is_that_of_the_load(made: SimpleNamespace) -> None:
    """From seconds to shares: a third more of the same running, a little faster."""
    frames = {
        f"{n:04x}": made.recording(1800 if n < 70 else 2400, 2.9 if n < 70 else 3.0, 168.0, 0.0)
        for n in range(84)
    }
    runs, _ = made.loads([made.recorded(n, frames[f"{n:04x}"]) for n in range(84)], frames)
    found = last_weeks(made, runs, 70, 83)
    load = runs["load_tkm"]
    assert found["rise"] == pytest.approx(load[-1] / load[0], rel=1e-6)
    assert found["share_volume"] + found["share_speed"] + found["share_cadence"] == pytest.approx(1.0)
    assert found["leading"] == "volume"


def window_of_one_long_run(made: SimpleNamespace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Steady weeks, then one run that adds half a week in one day, and steady weeks again."""
    steps = [10.0, 0.0, 10.0, 0.0, 10.0, 10.0, 10.0] * 24
    steps[20 * 7 + 6] += 30.0
    runs = multiplied(made, list(steps), [{}] * len(steps))
    return runs, adapt_days(dense_days(runs, made.no_symptoms), SETTINGS)


def test_one_long_run_is_a_rise_over_the_whole_window_it_makes(made: SimpleNamespace) -> None:
    runs, days = window_of_one_long_run(made)
    windows = outpaced_windows(days, SETTINGS)
    assert windows["from_date"].to_list() == [made.first + timedelta(20 * 7 + 6)]
    stretches = before_windows(windows)
    book = weighted_steps_by_day(runs, days, SETTINGS)
    row = drivers(book, stretches).row(0, named=True)
    inside = days.filter(pl.col("local_date").is_between(*windows.row(0)[:2]))
    assert row["rise"] == pytest.approx(float(inside["acute_tkm"].sum()) / inside.height / (50 / 7))
    assert row["rise"] > 1.5
    assert (row["leading"], row["share_volume"]) == ("volume", pytest.approx(1.0))
    thinned = drivers(book, stretches.select("from_date", "to_date")).row(0, named=True)
    assert thinned["rise"] < 1.35


def flare_on(day: date) -> pl.DataFrame:
    return pl.DataFrame({"onset": [day]}, schema={"onset": pl.Date})


def test_before_a_flare_the_outpaced_days_are_taken_apart_and_without_them_all_days(
    made: SimpleNamespace,
) -> None:
    runs, days = window_of_one_long_run(made)
    windows = outpaced_windows(days, SETTINGS)
    start, end = windows.row(0)[:2]
    soon = before_flares(flare_on(start + timedelta(3)), SETTINGS, windows).row(0, named=True)
    assert (soon["week_from"], soon["week_to"]) == (start, start + timedelta(2))
    later = before_flares(flare_on(end + timedelta(20)), SETTINGS, windows)
    assert later.row(0, named=True)["week_to"] == end
    calm = before_flares(flare_on(start - timedelta(20)), SETTINGS, windows)
    assert calm.row(0, named=True)["week_from"] is None
    book = weighted_steps_by_day(runs, days, SETTINGS)
    assert drivers(book, later)["rise"][0] > 1.5
    both = pl.concat([calm, later])
    assert drivers(book, both).equals(pl.concat([drivers(book, calm), drivers(book, later)]))
    plain = calm.select("from_date", "to_date")
    assert drivers(book, calm).equals(drivers(book, plain))


def test_of_several_windows_before_a_flare_the_highest_is_taken() -> None:
    day = date(2024, 5, 1)
    windows = pl.DataFrame(
        {
            "from_date": [day, day + timedelta(10), day + timedelta(60)],
            "to_date": [day + timedelta(3), day + timedelta(14), day + timedelta(70)],
            "peak_ratio": [1.9, 1.5, 2.5],
        }
    )
    row = before_flares(flare_on(day + timedelta(20)), SETTINGS, windows).row(0, named=True)
    assert (row["week_from"], row["week_to"]) == (day, day + timedelta(3))
