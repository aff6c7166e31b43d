""""""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.analysis import adapt
from dashboard.model.outpaced_windows import LENS_NOTE, outpaced_windows, session_spikes, spike_band
from dashboard.model.schemas import DAY_SCHEMA, RUN_SCHEMA
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()


def days_of(made, ratio, ratio_a=None) -> pl.DataFrame:
    dates = [made.first + timedelta(days=i) for i in range(len(ratio))]
    values = {"local_date": dates, "ratio": ratio, "ratio_a": ratio if ratio_a is None else ratio_a}
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


def test_nothing_to_compare_with_is_not_a_spike(made) -> None:
    assert session_spikes(runs_of(made, {0: 5.0, 60: 15.0})).is_empty()
    assert session_spikes(runs_of(made, {0: 5.0, 20: 15.0})).is_empty()
    assert session_spikes(runs_of(made, {})).is_empty()


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
