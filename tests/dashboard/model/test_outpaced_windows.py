""""""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.analysis import adapt
from dashboard.model.outpaced_windows import (
    LENS_NOTE,
    NO_COMPARATOR,
    distance_spikes,
    outpaced_windows,
    session_spikes,
    spike_band,
)
from dashboard.model.schemas import DAY_SCHEMA, RUN_SCHEMA
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()


def days_of(made, ratio, ratio_a=None) -> pl.DataFrame:
    """Build days whose load is held against 1 tkm with the least threshold."""
    dates = [made.first + timedelta(days=i) for i in range(len(ratio))]
    other = ratio if ratio_a is None else ratio_a
    values = {
        "local_date": dates, "ratio": ratio, "ratio_a": other, "acute_tkm": ratio, "habitual_tkm": [1.0] * len(ratio),
        "held_against_tkm": [1.0] * len(ratio), "threshold": [1.3] * len(ratio),
        "is_high": [r is not None and r >= 1.3 - 1e-9 for r in ratio],
        "is_high_a": [r is not None and r >= 1.3 - 1e-9 for r in other],
    }  # fmt: skip
    return pl.DataFrame(
        {n: pl.Series(values.get(n, [None] * len(ratio)), dtype=t) for n, t in DAY_SCHEMA.items()}
    )


def found(made, ratio, ratio_a=None) -> list[tuple[int, int]]:
    windows = outpaced_windows(days_of(made, ratio, ratio_a), SETTINGS)
    return [
        ((w["from_date"] - made.first).days, (w["to_date"] - made.first).days) for w in windows.to_dicts()
    ]


def test_three_days_of_seven_make_a_window_from_the_first_to_the_last(made) -> None:
    assert found(made, [1.0, 1.3, 1.0, 1.3, 1.0, 1.0, 1.0, 1.4, 1.0]) == [(1, 7)]
    assert found(made, [1.0, 1.3, 1.0, 1.3, 1.0, 1.0, 1.0, 1.0, 1.4]) == []
    assert found(made, [1.5, 1.5]) == []


def test_windows_up_to_three_days_apart_are_one(made) -> None:
    three, low = [1.4] * 3, [1.0]
    assert found(made, three + low * 3 + three) == [(0, 8)]
    assert found(made, three + low * 4 + three) == [(0, 2), (7, 9)]


def test_exactly_the_ratio_counts_and_unknown_does_not(made) -> None:
    assert found(made, [1.3 - 1e-12] * 3) == [(0, 2)]
    assert found(made, [1.299] * 3) == []
    assert found(made, [1.4, None, 1.4, None, 1.4]) == [(0, 4)]
    assert found(made, [None] * 5) == []
    assert found(made, []) == []


def test_peak_and_robustness(made) -> None:
    ratio = [1.0, 1.3, 1.7, 1.4, 1.0]
    row = outpaced_windows(days_of(made, ratio), SETTINGS).row(0, named=True)
    assert row["peak_date"] == made.first + timedelta(days=2)
    assert row["peak_ratio"] == 1.7
    assert (row["robust"], row["lens_note"]) == (True, None)
    alone = outpaced_windows(days_of(made, ratio, [1.0] * 5), SETTINGS).row(0, named=True)
    assert (alone["robust"], alone["lens_note"]) == (False, LENS_NOTE)


def test_a_stacked_rise_is_found_where_it_was(made) -> None:
    week = [0, 8, 0, 10, 0, 6, 16]
    loads = [x * w for w in [1.0] * 16 + [1.6] * 3 + [1.0] * 8 for x in week]
    windows = adapt(made.run_days(loads), made.no_symptoms, SETTINGS).windows
    assert windows.height == 1
    start = (windows["from_date"].item() - made.first).days
    assert 16 * 7 <= start <= 16 * 7 + 7
    assert windows["robust"].item()


def runs_of(made, kilometres: dict[int, float | list[float]]) -> pl.DataFrame:
    rows = []
    for day, value in kilometres.items():
        for nth, km in enumerate(value if isinstance(value, list) else [value]):
            at = made.first + timedelta(days=day)
            start = datetime(at.year, at.month, at.day, 7 + nth, tzinfo=UTC)
            rows.append(
                {"activity_id": f"{day}-{nth}", "local_date": at, "start_utc": start, "distance_m": km * 1000}
            )
    return pl.DataFrame({n: pl.Series([r.get(n) for r in rows], dtype=t) for n, t in RUN_SCHEMA.items()})


def test_bands_are_those_of_the_study(made) -> None:
    for row in made.published("frandsen_2025_bands").iter_rows(named=True):
        spikes = session_spikes(runs_of(made, {0: 1.0, 20: row["longest_km"], 40: row["distance_km"]}))
        got = spikes.filter(pl.col("activity_id") == "40-0")
        assert got["band"].to_list() == ([row["band"]] if row["band"] else [])


def test_only_the_30_days_before_count(made) -> None:
    assert session_spikes(runs_of(made, {0: 20.0, 15: 10.0, 30: 15.0})).is_empty()
    assert session_spikes(runs_of(made, {0: 20.0, 15: 10.0, 31: 15.0}))["longest_m"].to_list() == [10_000.0]


def test_nothing_to_compare_with_has_no_ratio(made) -> None:
    assert session_spikes(runs_of(made, {0: 5.0, 20: 15.0})).is_empty()
    assert session_spikes(runs_of(made, {})).is_empty()


def test_a_first_run_after_30_days_without_one_stands_by_itself(made) -> None:
    row = session_spikes(runs_of(made, {0: 5.0, 41: 15.0})).row(0, named=True)
    assert (row["band"], row["days_since"], row["activity_id"]) == (NO_COMPARATOR, 41, "41-0")
    assert (row["distance_ratio"], row["longest_m"]) == (None, None)
    assert session_spikes(runs_of(made, {0: 5.0, 30: 5.0})).is_empty()
    assert session_spikes(runs_of(made, {0: 5.0, 31: 5.0})).height == 1
    assert distance_spikes(session_spikes(runs_of(made, {0: 5.0, 41: 15.0}))).is_empty()


def test_a_first_run_of_unknown_distance_is_one_too(made) -> None:
    runs = runs_of(made, {0: 5.0, 50: 7.0, 60: 7.0}).with_columns(
        distance_m=pl.when(pl.col("activity_id") == "50-0").then(None).otherwise(pl.col("distance_m"))
    )
    assert session_spikes(runs)["activity_id"].to_list() == ["50-0"]


def test_only_the_first_run_of_the_day_is_the_first(made) -> None:
    spikes = session_spikes(runs_of(made, {0: 5.0, 50: [7.0, 7.0]}))
    assert spikes["activity_id"].to_list() == ["50-0"]


def test_a_first_run_needs_30_known_days_before_it(made) -> None:
    runs = runs_of(made, {0: 5.0, 41: 5.0})
    days = pl.DataFrame(
        {"local_date": [made.first + timedelta(n) for n in range(42)], "known": [n != 20 for n in range(42)]}
    )
    assert session_spikes(runs, days).is_empty()
    assert session_spikes(runs, days.with_columns(known=pl.lit(True))).height == 1
    assert session_spikes(runs, days.with_columns(known=pl.col("local_date") != made.first)).height == 1


def test_the_own_year_stands_beside_the_peak(made) -> None:
    ratio = [1.0, *[1.0 + n / 1000 for n in range(199)], 1.4, 1.5, 1.4]
    row = outpaced_windows(days_of(made, ratio), SETTINGS).row(0, named=True)
    assert row["threshold"] == 1.3
    assert row["above_share_of_year"] == 1.0
    short = outpaced_windows(days_of(made, [1.0] * 50 + [1.4] * 3), SETTINGS).row(0, named=True)
    assert short["above_share_of_year"] is None


def test_an_earlier_run_of_the_same_day_counts(made) -> None:
    spikes = session_spikes(runs_of(made, {0: 5.0, 25: 10.0, 40: [14.0, 15.0]}))
    assert spikes["activity_id"].to_list() == ["40-0"]


@given(st.floats(0.01, 30))
def test_bands_rise_with_the_ratio(ratio: float) -> None:
    order = [None, "small", "moderate", "large"]
    assert order.index(spike_band(ratio)) <= order.index(spike_band(ratio + 0.5))


def test_kilometres_or_miles_make_no_difference(made) -> None:
    km = runs_of(made, {0: 5.0, 25: 10.0, 40: 14.0})
    miles = km.with_columns(pl.col("distance_m") / 1609.344)
    assert session_spikes(km)["distance_ratio"].to_list() == pytest.approx(
        session_spikes(miles)["distance_ratio"].to_list()
    )
