"""A flag, its remedy, and its numbers ready to be written."""

from __future__ import annotations

from datetime import date

from dashboard.runs.quality.quality_check import (
    LEAVE_OUT,
    FlagNumbers,
    QualityFlag,
    exact_distance,
)
from dashboard.shared.units import Units


def flag(value: float | None = None, limit: float | None = None, **more) -> QualityFlag:
    return QualityFlag("a", "pace", 0, date(2026, 5, 2), None, "Run", value, limit, **more)


def test_a_distance_shows_a_few_per_cent():
    assert exact_distance(Units(), 5_210.0) == "5.21 km"
    assert exact_distance(Units("mi", "ft"), 5_210.0) == "3.24 mi"


def test_the_remedy_is_the_correction_before_leaving_out():
    correction = (("distance_m", 5_000.0),)
    assert flag(correction=correction, leaves_out=True).remedy == correction
    assert flag(leaves_out=True).remedy == LEAVE_OUT
    assert flag().remedy == ()


def test_numbers_that_are_not_known_can_be_written():
    unknown = FlagNumbers(flag(), Units())
    assert (unknown.value, unknown.limit) == (0.0, 0.0)
    assert (unknown.value_time, unknown.limit_time) == ("not known", "not known")
    assert unknown.date == "2 May 2026"
