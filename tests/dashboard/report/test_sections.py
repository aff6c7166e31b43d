"""The picture in numbers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.report.sections import record_facts, table_grid
from dashboard.shared.units import Units


def day(text: str, **known) -> dict:
    empty = dict.fromkeys(("distance_km", "load_tkm", "ratio", "pain_0_10", "stiffness_min"))
    return {"date": text, **empty, "distance_km": 1.0, "load_tkm": 1.0, **known}


def of(*days: dict, units: Units | None = None):
    return SimpleNamespace(document={"days": list(days)}, units=units or Units())


def test_stretches_of_seven_days_count_back_from_the_last():
    days = [day(f"2026-01-{n:02d}") for n in range(1, 15)]
    table = table_grid(of(*days))
    assert table is not None
    assert [row[:3] for row in table.rows] == [["14 Jan 2026", "7.0", "7.0"], ["7 Jan 2026", "7.0", "7.0"]]


def test_a_stretch_with_a_hole_is_left_open_and_unknown_is_not_none():
    days = [day(f"2026-01-{n:02d}") for n in range(1, 8)]
    days[3] = day("2026-01-04", load_tkm=None, pain_0_10=0.0)
    days[4] = day("2026-01-05", pain_0_10=2.0, stiffness_min=5.0, ratio=1.234)
    table = table_grid(of(*days))
    assert table is not None
    assert table.rows == [["7 Jan 2026", "7.0", "–", "1.23", "2", "5", "2"]]


@pytest.mark.parametrize(
    ("years", "first", "rows"), [(1, "Dec 2020", 12), (2, "Dec 2021", 24), (15, "2034", 15)]
)
def test_a_long_period_has_months_or_years(years, first, rows):
    days = [
        day(f"{2020 + y}-{m:02d}-{d:02d}") for y in range(years) for m in range(1, 13) for d in range(1, 29)
    ]
    table = table_grid(of(*days))
    assert table is not None
    assert (table.rows[0][0], len(table.rows)) == (first, rows)


def test_miles_are_miles():
    table = table_grid(
        of(day("2026-01-01", distance_km=1.609344, load_tkm=1.609344), units=Units("mi", "ft"))
    )
    assert table is not None
    assert table.head[1:3] == ["Distance (mi)", "Load (easy mi)"]
    assert table.rows[0][1:3] == ["1.0", "1.0"]


def test_nothing_has_no_table():
    assert table_grid(of()) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "not known"),
        (0.0, "0 s"),
        (20.0, "20 s"),
        (1_500.0, "25 min"),
        (3_590.0, "1 h 00 min"),
        (7_500.0, "2 h 05 min"),
        (36_000.0, "10 h"),
        (4_000_000.0, "1,111 h"),
    ],
)
def test_the_time_of_few_runs_is_in_minutes(seconds, words):
    names = ("distance_km", "ascent_m", "descent_m", "load_tkm")
    totals = {"runs": 1, "moving_s": seconds, **dict.fromkeys(names)}
    document = {"totals": totals, "runs": [], "coverage": {"symptom_days": 0}}
    facts = dict(record_facts(SimpleNamespace(document=document, units=Units()), 7))
    assert facts["Time"] == words
