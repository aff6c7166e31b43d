"""What changed before a date, on training whose change is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import SYMPTOM
from dashboard.model.adaptation import dense_days
from dashboard.model.changes import CHANGE_SCHEMA, changes, several_changes, stacked_changes, stacked_index
from dashboard.model.channels import CHANNELS, Novelty, novelty, prior_weeks
from dashboard.model.flares import FLARE_SCHEMA
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2024, 1, 1)
SETTINGS = ModelSettings()
USUAL = {"distance_m": 9000.0, "moving_s": 3000.0, "fast_s": 200.0, "ascent_m": 60.0, "descent_m": 60.0,
         "cadence_deviation_pct": 0.0, "load_tkm": 9.0, "shoe_id": "pair", "drop_mm": 10.0}  # fmt: skip
UNEVEN = ("distance_m", "moving_s", "ascent_m", "descent_m", "fast_s", "load_tkm")
WIGGLE = (0.97, 1.02, 1.0, 1.03, 0.98, 1.01, 0.99)


def training(
    weeks: int, changed: dict[int, dict[str, object]] | None = None, on: tuple[int, ...] = (1, 3, 6)
) -> pl.DataFrame:
    """Three runs a week, a little uneven, some weeks with other facts."""
    rows = []
    for week in range(weeks):
        for weekday in on:
            day = FIRST + timedelta(week * 7 + weekday)
            uneven = {n: v * WIGGLE[week % 7] for n, v in USUAL.items() if n in UNEVEN}
            start = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
            when = {"activity_id": str(day), "local_date": day, "start_utc": start}
            rows.append(USUAL | uneven | when | (changed or {}).get(week, {}))
    return pl.DataFrame({n: pl.Series([r.get(n) for r in rows], dtype=d) for n, d in RUN_SCHEMA.items()})


def asked(
    runs: pl.DataFrame, week: int, onsets: tuple[int, ...] = (), logged: bool = True
) -> dict[str, dict[str, object]]:
    days = dense_days(runs, SYMPTOM.empty(), runs["local_date"].max())
    if logged:
        days = days.with_columns(pain_0_10=pl.lit(0.0))
    dates = pl.Series([FIRST + timedelta(o) for o in onsets], dtype=pl.Date)
    flares = _flares(dates)
    end = FIRST + timedelta(week * 7 + 6)
    span = pl.DataFrame({"from_date": [end], "to_date": [end]})
    found = changes(novelty(runs, days, SETTINGS), span, flares, days, SETTINGS)
    assert found.schema == CHANGE_SCHEMA
    return {row["channel"]: row for row in found.iter_rows(named=True)}


def _flares(onsets: pl.Series) -> pl.DataFrame:
    return (
        onsets.alias("onset")
        .to_frame()
        .select(
            (pl.col(n) if n == "onset" else pl.lit(None)).cast(d).alias(n) for n, d in FLARE_SCHEMA.items()
        )
    )


CASES = {
    "volume": {"distance_m": 12000.0, "moving_s": 4000.0},
    "longest": {"distance_m": 12000.0, "moving_s": 4000.0},
    "fast": {"fast_s": 900.0},
    "speed": {"moving_s": 2700.0},
    "climb": {"ascent_m": 400.0},
    "descent": {"descent_m": 400.0},
    "cadence": {"cadence_deviation_pct": -3.0},
    "shoe_new": {"shoe_id": "another"},
    "drop": {"drop_mm": 4.0},
}


@pytest.mark.parametrize("channel", CASES)
def test_the_channel_that_changed_stands_out_and_was_calm_before(channel: str) -> None:
    runs = training(30, {20: CASES[channel]})
    found = asked(runs, 20)[channel]
    assert found["unusual"] is True
    assert (found["rank"], found["date"]) == (1, FIRST + timedelta(146))
    assert found["since"] > FIRST + timedelta(139)
    assert asked(runs, 18)[channel]["unusual"] is False


def test_a_value_its_usual_and_its_range_are_those_of_the_weeks() -> None:
    found = asked(training(30, {20: CASES["volume"]}), 20)["volume"]
    before = sorted(27000 * WIGGLE[week % 7] for week in range(12, 20))
    assert found["value"] == pytest.approx(36000)
    assert found["usual"] == pytest.approx(np.median(before))
    assert (found["usual_low"], found["usual_high"]) == pytest.approx(tuple(np.quantile(before, [0.1, 0.9])))
    assert found["z"] == pytest.approx(np.log(36 / 27) / 0.05, rel=0.2)
    assert found["of_weeks"] == 25  # of 30: the record begins within the first, and four more are needed


def test_days_with_a_run_and_hard_days_close_together() -> None:
    week = pl.col("local_date").is_between(date(2024, 5, 20), date(2024, 5, 26))
    more = pl.concat([training(30), training(30, on=(2, 4)).filter(week)])
    assert asked(more, 20)["run_days"]["unusual"] is True
    heavy = pl.col("local_date").is_in([date(2024, 5, 20), date(2024, 5, 21)])
    hard = training(30, on=(0, 1, 3, 5)).with_columns(
        load_tkm=pl.when(heavy).then(20.0).otherwise("load_tkm")
    )
    found = asked(hard, 20)["hard_gap"]
    assert (found["value"], found["usual"], found["unusual"]) == (1.0, 14.0, True)


def test_the_other_direction_is_no_change_that_adds_load() -> None:
    found = asked(training(30, {20: {"distance_m": 3000.0, "cadence_deviation_pct": 4.0}}), 20)
    assert found["volume"]["z"] < 0
    assert found["cadence"]["z"] < 0
    assert (found["volume"]["since"], found["volume"]["without_flare"]) == (None, None)


def test_counts_how_often_the_same_came_with_and_without_a_flare() -> None:
    big = CASES["volume"]
    runs = training(60, {14: big, 26: big, 38: big, 50: big})
    found = asked(runs, 50, onsets=(14 * 7 + 12, 50 * 7 + 8))["volume"]
    assert (found["with_flare"], found["without_flare"], found["not_told"]) == (2, 2, 0)
    silent = asked(runs, 50, logged=False)["volume"]
    assert (silent["with_flare"], silent["without_flare"], silent["not_told"]) == (0, 0, 4)


def test_the_first_pair_on_record_is_not_new_and_an_unknown_pair_is_not_an_old_one() -> None:
    assert asked(training(12), 10)["shoe_new"]["value"] == 0.0
    unknown = training(30, {20: {"shoe_id": None, "drop_mm": None}})
    assert asked(unknown, 20)["shoe_new"]["value"] is None
    assert asked(unknown, 20)["drop"]["value"] is None


def test_a_pair_is_new_for_fifty_km() -> None:
    runs = training(30, {week: {"shoe_id": "another"} for week in range(20, 30)})
    assert asked(runs, 20)["shoe_new"]["value"] == pytest.approx(1.0)
    assert asked(runs, 21)["shoe_new"]["value"] == pytest.approx(1.0, abs=0.01)
    assert asked(runs, 22)["shoe_new"]["value"] == 0.0


def test_nothing_is_usual_in_the_first_weeks() -> None:
    found = asked(training(30), 3)
    assert found["volume"]["z"] is None
    assert found["volume"]["date"] is None


def test_unknown_values_give_unknown_changes() -> None:
    runs = training(30).with_columns(
        ascent_m=pl.lit(None, pl.Float64),
        fast_s=pl.lit(None, pl.Float64),
        cadence_deviation_pct=pl.lit(None, pl.Float64),
    )
    found = asked(runs, 20)
    assert [found[n]["z"] for n in ("climb", "fast", "cadence")] == [None] * 3


@given(st.lists(st.floats(0, 100), min_size=1, max_size=90))
def test_prior_weeks_are_the_values_of_those_dates(values: list[float]) -> None:
    back = prior_weeks(np.array(values))
    for week in range(1, 9):
        for day in range(len(values)):
            expected = values[day - 7 * week] if day >= 7 * week else None
            assert (None if np.isnan(back[week - 1, day]) else back[week - 1, day]) == expected


def novelty_of(**z: float) -> Novelty:
    series = {c.id: np.array([z.get(c.id, 0.0)]) for c in CHANNELS}
    return Novelty((FIRST - date(1970, 1, 1)).days, series, series)


ONE_DAY = pl.DataFrame({"from_date": [FIRST], "to_date": [FIRST]})


def test_several_small_changes_get_a_badge_and_one_sentence() -> None:
    found = novelty_of(volume=0.8, speed=0.9, climb=0.7, cadence=1.0)
    assert stacked_index(found).item() == pytest.approx(np.sqrt(0.8**2 + 0.9**2 + 0.7**2 + 1))
    row = stacked_changes(found, ONE_DAY).row(0, named=True)
    assert row["badge"] is True
    assert row["words"] == (
        "Four small changes in the same week: distance, mean speed, climb and cadence at the same speed."
    )


@pytest.mark.parametrize(
    "z", [{"volume": 6.0}, {"volume": 1.4, "speed": 1.4}, {"volume": 0.6, "speed": 0.6, "climb": 0.6},
          {"volume": -2.0, "speed": -2.0, "climb": -2.0}, {"descent": 1.0, "fast": 1.0, "drop": 1.0}],
)  # fmt: skip
def test_one_large_change_few_or_tiny_ones_get_none(z: dict[str, float]) -> None:
    row = stacked_changes(novelty_of(**z), ONE_DAY).row(0, named=True)
    assert (row["badge"], row["words"]) == (False, None)


def test_an_index_of_too_few_channels_is_not_known() -> None:
    found = novelty_of(**{c.id: float("nan") for c in CHANNELS if c.id not in ("volume", "longest", "speed")})
    assert np.isnan(stacked_index(found)).all()
    assert stacked_changes(found, ONE_DAY)["index"].to_list() == [None]


def test_says_when_several_drivers_made_up_a_rise_together() -> None:
    shares = pl.DataFrame(
        {"share_volume": [0.24, 0.8], "share_speed": [0.12, 0.1], "share_hills": [0.18, 0.1],
         "share_cadence": [0.27, 0.0], "share_shoe": [0.19, 0.0]}
    )  # fmt: skip
    together, alone = several_changes(shares)
    assert together == (
        "Five changes together made up the rise, none of them half of it alone: "
        "cadence, volume, shoe, hills and speed."
    )
    assert alone is None


def test_a_driver_that_lowered_the_load_makes_no_other_the_half_of_the_rise() -> None:
    shares = {
        "volume": [-0.3, -0.3], "speed": [0.0, 0.0], "hills": [0.55, 1.0], "cadence": [0.5, 0.2], "shoe": [0.25, 0.1],
    }  # fmt: skip
    together, alone = several_changes(
        pl.DataFrame({f"share_{name}": value for name, value in shares.items()})
    )
    assert together == (
        "Three changes together made up the rise, none of them half of it alone: hills, cadence and shoe."
    )
    assert alone is None


def uneven_then_even(even_weeks: int) -> dict[str, np.ndarray]:
    """A year of weeks that differ by a fifth, then some that happen to be alike, then one a fifth above."""
    rng = np.random.default_rng(5)
    sizes = [*np.exp(0.2 * rng.standard_normal(52)), *[1.0] * even_weeks, 1.2]
    changed = {w: {"distance_m": 9000.0 * size, "moving_s": 3000.0 * size} for w, size in enumerate(sizes)}
    runs = training(len(sizes), changed)
    days = dense_days(runs, SYMPTOM.empty(), runs["local_date"].max())
    return dict(novelty(runs, days, SETTINGS).z)


def test_weeks_that_happened_to_be_even_do_not_make_an_ordinary_week_stand_out() -> None:
    even = uneven_then_even(8)["volume"][-1]
    alone = np.log((1.2 + 0.1) / (1 + 0.1)) / 0.05
    assert 0.7 < even < 0.7 * alone


def test_an_earlier_change_among_the_eight_weeks_does_not_hide_the_next() -> None:
    changed = {w: {"distance_m": 14400.0} for w in (44, 45, 46)} | {51: {"distance_m": 17000.0}}
    runs = training(52, changed)
    days = dense_days(runs, SYMPTOM.empty(), runs["local_date"].max())
    assert novelty(runs, days, SETTINGS).z["longest"][-1] > 2.0


def test_in_the_first_months_the_eight_weeks_stand_alone() -> None:
    runs = training(14, {13: {"distance_m": 18000.0}})
    days = dense_days(runs, SYMPTOM.empty(), runs["local_date"].max())
    z, values = novelty(runs, days, SETTINGS).z["volume"], novelty(runs, days, SETTINGS).values["volume"]
    offset = 0.1 * float(np.median(values[np.isfinite(values) & (values > 0)]))
    back = np.log(values[-1 - 7 * np.arange(1, 9)] + offset)
    want = (np.log(values[-1] + offset) - back.mean()) / max(back.std(ddof=1), 0.05)
    assert z[-1] == pytest.approx(want)
