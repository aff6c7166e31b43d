""""""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from dashboard.model.analysis import adapt, coverage
from dashboard.model.rolling_week import rolling_weeks, shoe_shares
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()


def analysed(made, loads, until=None, **columns):
    runs = made.run_days(loads).with_columns(**columns)
    return adapt(runs, made.no_symptoms, SETTINGS, until)


def test_a_week_is_the_sum_of_its_seven_days(made) -> None:
    found = analysed(made, [float(i % 5) for i in range(60)], ascent_m=pl.lit(10.0))
    rows = rolling_weeks(found.days, SETTINGS)
    assert rows["local_date"].to_list() == found.days["local_date"].to_list()
    assert rows["distance_7d_m"][:6].null_count() == 6
    last = found.days.tail(7)
    assert rows["distance_7d_m"][-1] == pytest.approx(last["distance_m"].sum())
    assert rows["load_7d_tkm"][-1] == pytest.approx(last["load_tkm"].sum())
    assert rows["load_low_7d_tkm"][-1] == pytest.approx(last["load_low_tkm"].sum())
    assert rows["ascent_7d_m"][-1] == pytest.approx(10.0 * int((last["load_tkm"] > 0).sum()))
    habit = rows["habitual_7d_tkm"][-1]
    assert habit == pytest.approx(7 * found.days["habitual_tkm"][-1])
    assert rows["habitual_high_7d_tkm"][-1] == pytest.approx(1.3 * habit)
    assert rows["habitual_low_7d_tkm"][-1] == pytest.approx(habit / 1.3)


def test_what_is_mostly_unknown_is_not_drawn_as_none(made) -> None:
    found = analysed(made, [5.0] * 20)
    rows = rolling_weeks(found.days, SETTINGS)
    assert rows["fast_7d_s"].null_count() == 20
    runs = made.run_days([5.0] * 20).with_columns(
        fast_s=pl.when(pl.int_range(pl.len()) == 15).then(None).otherwise(60.0)
    )
    mostly = rolling_weeks(adapt(runs, made.no_symptoms, SETTINGS).days, SETTINGS)
    assert mostly["fast_7d_s"][-1] == pytest.approx(360.0)


def test_beyond_the_record_nothing_is_drawn(made) -> None:
    found = analysed(made, [5.0] * 20)
    later = found.days.vstack(
        found.days.tail(1).with_columns(
            local_date=pl.col("local_date") + pl.duration(days=1),
            known=pl.lit(False),
            load_tkm=pl.lit(None, pl.Float64),
            distance_m=pl.lit(None, pl.Float64),
            runs=pl.lit(None, pl.Int64),
        )
    )
    assert rolling_weeks(later, SETTINGS)["distance_7d_m"][-1] is None


def test_weekly_steps_end_on_the_last_day_and_keep_the_worst_of_each_week(made) -> None:
    found = analysed(made, [5.0] * 50)
    pains = [0.0] * 50
    pains[-3] = 6.0
    days = found.days.with_columns(pain_0_10=pl.Series(pains))
    daily, weekly = rolling_weeks(days, SETTINGS), rolling_weeks(days, SETTINGS, 7)
    dates = weekly["local_date"]
    assert dates[-1] == daily["local_date"][-1]
    assert set(dates.diff().drop_nulls().to_list()) == {timedelta(days=7)}
    assert weekly["distance_7d_m"][-1] == daily["distance_7d_m"][-1]
    assert weekly["pain_0_10"][-1] == 6.0
    assert weekly["pain_0_10"][-2] == 0.0


def test_no_days(made) -> None:
    empty = adapt(made.run_days([]), made.no_symptoms, SETTINGS)
    assert rolling_weeks(empty.days, SETTINGS).is_empty()
    assert shoe_shares(empty.runs, empty.days["local_date"]).is_empty()


def test_shares_of_shoes_sum_to_one_and_name_the_unknown(made) -> None:
    runs = made.run_days([5.0, 5.0, 10.0] + [0.0] * 9 + [4.0]).with_columns(
        shoe_id=pl.Series(["a", "b", None, "b"], dtype=pl.String)
    )
    dates = adapt(runs, made.no_symptoms, SETTINGS).days["local_date"]
    shares = shoe_shares(runs, dates)
    third = shares.filter(pl.col("local_date") == dates[2]).sort("shoe_id", nulls_last=True)
    assert third["shoe_id"].to_list() == ["a", "b", None]
    assert third["share"].to_list() == pytest.approx([0.25, 0.25, 0.5])
    assert shares.filter(pl.col("local_date") == dates[7])["shoe_id"].to_list() == ["b", None]
    assert shares.filter(pl.col("local_date") == dates[10]).is_empty()
    assert shares.filter(pl.col("local_date") == dates[12])["share"].to_list() == [1.0]
    sums = shares.group_by("local_date").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


def test_coverage_counts(made) -> None:
    found = analysed(made, [5.0, 0, 5.0], has_samples=pl.Series([True, False]), has_cadence=pl.lit(True))
    days = found.days.with_columns(stiffness_min=pl.Series([None, 0.0, None]))
    seen = coverage(found.runs, days)
    assert (seen.runs, seen.with_samples, seen.with_cadence, seen.with_altitude) == (2, 1, 2, 0)
    assert (seen.with_shoe, seen.symptom_days) == (2, 1)
