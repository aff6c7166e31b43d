"""Whether load came first: counted by hand, and on runners whose flares have nothing to do with load."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from types import SimpleNamespace

import numpy as np
import planted_causes as planted
import polars as pl
import pytest

from dashboard.model.analysis import adapt
from dashboard.model.calendar_shifts import ShiftSpan, channel_test, control_share, exposed_days, shift_test
from dashboard.model.explain import explain_flares
from dashboard.model.flares import FLARE_SCHEMA
from dashboard.model.linkage import Linkage, link_test, needed_flares, unmet_needs
from dashboard.model.outpaced_windows import SPIKE_SCHEMA
from dashboard.model.robustness import lens_ratios
from dashboard.model.schemas import DAY_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2020, 1, 1)
SETTINGS = ModelSettings()
WEEK = np.array([0, 8, 0, 10, 0, 6, 16.0])


def days_of(load: np.ndarray, logged: np.ndarray | None = None) -> pl.DataFrame:
    """Build days with a load, the same in every lens, and a diary without pain."""
    known = {
        "local_date": [FIRST + timedelta(i) for i in range(len(load))],
        "known": [True] * len(load),
        "runs": (load > 0).astype(int),
        **{f"load{lens}_tkm": load for lens in ("", "_a", "_c")},
        "pain_0_10": np.where(np.ones(len(load), bool) if logged is None else logged, 0.0, np.nan),
    }
    frame = pl.DataFrame(
        {
            n: pl.Series(known.get(n, [None] * len(load)), dtype=d, nan_to_null=True)
            for n, d in DAY_SCHEMA.items()
        }
    )
    return frame


def flares_on(positions: list[int], length: int = 10) -> pl.DataFrame:
    onsets = [FIRST + timedelta(p) for p in positions]
    rows = {"onset": onsets, "last_high": [d + timedelta(length) for d in onsets]}
    return pl.DataFrame(
        {n: pl.Series(rows.get(n, [None] * len(onsets)), dtype=d) for n, d in FLARE_SCHEMA.items()}
    )


def asked(
    made: SimpleNamespace, load: np.ndarray, at: list[int], logged: np.ndarray | None = None
) -> Linkage:
    days = days_of(load, logged)
    runs = made.run_days([0.0])
    return link_test(
        flares_on(at), days, runs, SPIKE_SCHEMA.to_frame(), lens_ratios(days, SETTINGS), SETTINGS
    )


def peaks(at: list[int], weeks: int = 90) -> np.ndarray:
    """Steady weeks with three heavy ones now and then."""
    load = np.tile(WEEK, weeks)
    for start in at:
        load[start : start + 21] *= 1.9
    return load


def test_a_day_is_exposed_by_the_days_before_it_alone() -> None:
    high = np.zeros(30, dtype=bool)
    high[10] = True
    exposed = exposed_days(high, np.ones(30, dtype=bool), 3)
    assert np.nonzero(exposed == 1)[0].tolist() == [11, 12, 13]
    assert np.isnan(exposed[:3]).all()
    after = exposed_days(high, np.ones(30, dtype=bool), 3, after=True)
    assert np.nonzero(after == 1)[0].tolist() == [7, 8, 9]


def test_days_of_unknown_load_do_not_count_as_calm() -> None:
    known = np.ones(40, dtype=bool)
    known[15:25] = False
    assert np.isnan(exposed_days(np.zeros(40, dtype=bool), known, 10)[20:28]).all()


def test_every_shift_is_taken_and_the_observed_one_is_counted_in() -> None:
    exposed = np.zeros(200)
    exposed[50:60] = exposed[120:130] = 1
    found = shift_test(exposed, np.array([55, 125]), 0, 199)
    counts = [sum(exposed[(p + s) % 200] for p in (55, 125)) for s in range(28, 173)]
    assert (found.flares, found.exposed) == (2, 2)
    assert found.expected == pytest.approx(np.mean(counts))
    assert found.p == pytest.approx((1 + sum(c >= 2 for c in counts)) / (1 + len(counts)))


def test_load_that_comes_first_every_time_is_said_so(made: SimpleNamespace) -> None:
    starts = [112, 231, 350, 469]
    found = asked(made, peaks(starts), [s + 20 for s in starts])
    assert found.enough_data
    assert (found.flares, found.exposed, found.linked) == (4, 4, True)
    assert found.why.startswith(
        "In the 7 days before 4 of 4 flares, the estimated total load rose above what you were used to"
    )
    assert found.after is not None
    assert found.after.exposed <= 4
    assert found.controls_exposed == 0
    assert found.controls is not None
    assert found.controls > 8
    same = found.sensitivity.filter((pl.col("what") == "lens") & pl.col("p").is_not_null())
    assert same["exposed"].to_list() == [4, 4, 4]


def test_flares_far_from_any_rise_are_not_linked(made: SimpleNamespace) -> None:
    found = asked(made, peaks([112, 231, 350]), [200, 320, 440, 520])
    assert (found.exposed, found.linked) == (0, False)
    assert "no link can be shown or ruled out" in found.why


@pytest.mark.parametrize(
    ("weeks", "at", "every", "words"),
    [
        (90, [200], 1, "With your record, 3 flares would be needed; you have 1."),
        (90, [], 1, "3 flares would be needed; you have none."),
        (20, [60, 90, 120], 1, "180 days with both load and diary are needed; there are 92."),
        (90, [200, 300, 400], 3, "An entry on at least half of the days is needed; 33 % have one."),
    ],
)
def test_says_what_is_missing(
    made: SimpleNamespace, weeks: int, at: list[int], every: int, words: str
) -> None:
    logged = np.arange(weeks * 7) % every == 0
    found = asked(made, np.tile(WEEK, weeks), at, logged)
    assert not found.enough_data
    assert words in found.why
    assert (found.exposed, found.expected, found.p, found.linked) == (None, None, None, None)
    assert found.flares == len(at)


def test_controls_leave_flares_and_the_weeks_after_them_out() -> None:
    exposed = np.zeros(400)
    flares = flares_on([200, 250], length=5)
    _, blocks = control_share(exposed, flares, (FIRST - date(1970, 1, 1)).days, 14)
    ends = [200 + s * o for o in (28, 42, 56, 70, 84) for s in (-1, 1)] + [
        250 + s * o for o in (28, 42, 56, 70, 84) for s in (-1, 1)
    ]
    blocked = set(range(200, 220)) | set(range(250, 270))
    assert blocks == len({e for e in ends if not blocked & set(range(e - 14, e))})


def test_runners_whose_flares_ignore_load_are_seldom_linked(made: SimpleNamespace) -> None:
    """Anchor 18: at most 5 % of null runners, within what chance allows of so many."""
    rng, runners, linked, told = np.random.default_rng(4), 150, 0, 0
    for _ in range(runners):
        weeks = int(rng.integers(60, 110))
        level = np.exp(np.cumsum(rng.normal(0, 0.10, weeks)) * 0.5 + rng.normal(0, 0.12, weeks))
        level[rng.random(weeks) < 0.04] *= 0.1
        load = np.repeat(level, 7) * np.tile(WEEK, weeks) * np.exp(rng.normal(0, 0.2, weeks * 7))
        at = np.sort(
            rng.choice(np.arange(60, weeks * 7 - 10, 40), size=int(rng.integers(3, 9)), replace=False)
        )
        found = asked(made, load, (at + rng.integers(0, 20, len(at))).tolist())
        told += found.enough_data
        linked += bool(found.linked)
    assert told > 0.9 * runners
    assert linked <= 0.05 * told + 2 * sqrt(0.05 * 0.95 * told)


@pytest.mark.parametrize(
    ("base_rate", "needed"),
    [
        (0.0, 3), (0.05, 3), (0.30, 3), (0.45, 4), (0.50, 5), (0.62, 7), (0.73, 10), (0.80, 14), (0.88, 24),
        (0.93, 42), (0.95, 59), (0.951, None), (1.0, None),
    ],
)  # fmt: skip
def test_flares_needed_at_each_base_rate(base_rate: float, needed: int | None) -> None:
    assert needed_flares(base_rate) == needed


def test_with_high_load_most_of_the_time_more_flares_are_needed() -> None:
    seen = ShiftSpan(0, 400, 400, 1.0)
    assert unmet_needs(seen, 4, 0.62) == ["With your record, 7 flares would be needed; you have 4."]
    assert unmet_needs(seen, 7, 0.62) == []
    assert unmet_needs(seen, 3, 0.0) == []
    (always,) = unmet_needs(seen, 50, 0.97)
    assert "97 %" in always
    assert "no number of flares" in always


def test_a_null_result_of_many_flares_is_said_plainly(made: SimpleNamespace) -> None:
    few = asked(made, peaks([112, 231, 350]), [200, 320, 440, 520])
    many = asked(made, peaks([112], 400), list(range(300, 2700, 50)))
    assert "no link can be shown or ruled out" in few.why
    assert many.flares >= 40
    assert "so no link is shown" in many.why


def test_seven_days_are_looked_back_first() -> None:
    assert SETTINGS.lag_days == 7


def test_the_channel_that_comes_first_is_found_among_many() -> None:
    """By hand: one channel before each flare, others at random; a constant one is left out."""
    rng, count = np.random.default_rng(5), 900
    onsets = np.array([100, 260, 430, 610, 790])
    exposed = {name: (rng.random(count) < 0.1).astype(float) for name in ("volume", "speed", "climb")}
    exposed["drop"] = np.isin(np.arange(count), np.add.outer(onsets, np.arange(-2, 3)).ravel()).astype(float)
    exposed["cadence"] = np.zeros(count)
    exposed["shoe_new"] = np.full(count, np.nan)
    found = channel_test(exposed, onsets, 0, count - 1)
    assert set(found) == {"volume", "speed", "climb", "drop"}
    assert (found["drop"].flares, found["drop"].exposed) == (5, 5)
    assert found["drop"].p is not None
    assert found["drop"].p < 0.01
    alone = shift_test(exposed["volume"], onsets, 0, count - 1)
    assert found["volume"].p is not None
    assert alone.p is not None
    assert found["volume"].p >= alone.p


def test_planted_shoe_before_every_flare_is_linked_to_shoes() -> None:
    runner = planted.grow(5, ("shoe", "shoe", "shoe", "shoe"), calm_days=300)
    analysis = adapt(runner.runs, runner.symptoms, SETTINGS, planted.day(runner.days - 1))
    found = explain_flares(analysis, runner.symptoms).linkage
    assert found.channels["channel"][0] in ("shoe_new", "drop")
    assert found.channels["linked"][0]
    assert "hard_gap" not in found.channels["channel"].to_list()


def test_runners_whose_flares_ignore_training_are_seldom_linked_to_a_channel() -> None:
    rng, runners, linked = np.random.default_rng(6), 40, 0
    for seed in range(runners):
        runner = planted.grow(100 + seed, ("hills", "speed", "volume"), with_flare=False, calm_days=250)
        at = np.sort(rng.choice(np.arange(90, runner.days - 20, 45), size=5, replace=False))
        told = [planted.Plant("none", int(day), int(day), int(day)) for day in at]
        diary = planted.write_diary(runner.days, told, rng)
        analysis = adapt(runner.runs, diary, SETTINGS, planted.day(runner.days - 1))
        linked += bool(explain_flares(analysis, diary).linkage.channels["linked"].any())
    assert linked <= 0.05 * runners + 2 * sqrt(0.05 * 0.95 * runners)
