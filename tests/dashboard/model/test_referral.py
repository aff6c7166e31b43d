"""When someone should have a look: each reason alone, and none on a quiet or a silent diary."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.model.flares import FLARE_SCHEMA
from dashboard.model.referral import CareReason, care_reason
from dashboard.model.schemas import DAY_SCHEMA

TODAY = date(2026, 6, 30)
LONG = 7 * 11
NO_WINDOWS = pl.DataFrame(schema={"from_date": pl.Date, "to_date": pl.Date})
NO_FLARES = FLARE_SCHEMA.to_frame()


def days(pain: float | None, fast_s: float = 600.0, climb_m: float = 100.0, metres: float = 8000.0, **more):
    """Eleven weeks to today: a run a day, the last two weeks as given, pain in the last three."""
    rows = [
        {
            "local_date": TODAY - timedelta(days=back),
            "known": True,
            "runs": 1,
            "distance_m": metres if back < 14 else 8000.0,
            "fast_s": fast_s if back < 14 else 600.0,
            "ascent_m": climb_m if back < 14 else 100.0,
            "descent_m": climb_m if back < 14 else 100.0,
            "pain_0_10": pain if back < 21 else 0.0,
            **more,
        }
        for back in range(LONG)
    ]
    return pl.DataFrame(rows, schema=DAY_SCHEMA)


def reason(of: pl.DataFrame, windows=NO_WINDOWS, flares=NO_FLARES) -> CareReason | None:
    return care_reason(of, windows, flares, TODAY, 28)


@pytest.mark.parametrize("pain", [0.0, 1.0, None])
def test_little_or_nothing_logged_is_no_reason(pain) -> None:
    assert reason(days(pain)) is None


def test_three_weeks_of_symptoms_are_a_reason_and_two_are_not() -> None:
    assert reason(days(3.0)) is CareReason.LASTING
    recent = days(3.0).with_columns(
        pain_0_10=pl.when(pl.col("local_date") <= TODAY - timedelta(14)).then(0.0).otherwise("pain_0_10")
    )
    assert reason(recent) is None


def test_a_week_with_one_entry_says_nothing() -> None:
    thin = days(3.0).with_columns(
        pain_0_10=pl.when(pl.col("local_date").dt.day() % 9 == 0).then("pain_0_10").otherwise(None)
    )
    assert reason(thin) is None


def test_stiffness_in_a_band_counts_by_its_least() -> None:
    under = days(None, stiffness_min=2.5, stiffness_low_min=0.0, stiffness_high_min=5.0)
    over = days(None, stiffness_min=10.0, stiffness_low_min=5.0, stiffness_high_min=15.0)
    assert (reason(under), reason(over)) == (None, CareReason.LASTING)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"fast_s": 200.0}, CareReason.LIMITS_SPEED),
        ({"climb_m": 40.0}, CareReason.LIMITS_HILLS),
        ({"fast_s": 200.0, "climb_m": 40.0}, CareReason.LIMITS_BOTH),
        (
            {"fast_s": 0.0, "climb_m": 0.0, "metres": 1000.0},
            CareReason.LASTING,
        ),  # not running is no limit on speed
    ],
)
def test_less_speed_or_hills_while_running_goes_on_is_a_limit(changed, expected) -> None:
    assert reason(days(3.0, **changed)) is expected
    assert reason(days(0.0, **changed)) is None, "without symptoms it is a choice"


def test_unknown_minutes_are_no_limit() -> None:
    assert reason(days(3.0, fast_s=200.0).with_columns(fast_s=None)) is CareReason.LASTING


def spans(*ends: int) -> pl.DataFrame:
    rows = [(TODAY - timedelta(end + 10), TODAY - timedelta(end)) for end in ends]
    return pl.DataFrame(rows, schema=NO_WINDOWS.schema, orient="row")


def onsets(*back: int) -> pl.DataFrame:
    return pl.DataFrame([{"onset": TODAY - timedelta(one)} for one in back], schema=FLARE_SCHEMA)


def test_a_flare_in_each_of_the_last_three_rises_is_a_reason() -> None:
    assert reason(days(0.0), spans(200, 120, 60, 20), onsets(110, 62, 5)) is CareReason.EVERY_BLOCK
    assert reason(days(0.0), spans(120, 60, 20), onsets(110, 5)) is None
    assert reason(days(0.0), spans(60, 20), onsets(62, 5)) is None
    assert reason(days(0.0), spans(320, 260, 220), onsets(310, 250, 210)) is None, "long ago"
