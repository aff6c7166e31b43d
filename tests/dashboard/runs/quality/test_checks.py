"""Flags: what is planted is found, what is sound is left alone, what a person settled stays settled."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.frames import ACTIVITY, SESSION_EXTRA
from dashboard.runs.quality.checks import QUALITY_CHECKS, quality_flags
from dashboard.runs.quality.facts import FACT_SCHEMA, RECORDS, no_facts, record_mps

TODAY = date(2024, 6, 1)
SOUND = {"distance_m": 10_000.0, "moving_s": 3_400.0, "elapsed_s": 3_500.0, "cadence_spm": 168.0,
         "ascent_m": 60.0, "ascent_device_m": 70.0, "heart_rate_bpm": 150.0}  # fmt: skip
RECORDED = {"rows_s": 3_400.0, "span_s": 3_500.0, "speed_s": 3_400.0, "standing_s": 20.0, "jump_s": 0.0,
            "top_mps": 4.5, "cadence_s": 3_300.0, "running_spm": 168.0, "frozen_s": 0.0, "steps": 0.0,
            "step_m": 0.6, "recorded_m": 10_020.0}  # fmt: skip


def sessions(made, *rows: dict, extra: dict | None = None) -> pl.DataFrame:
    """Ten sound runs, so that the runner has a usual speed, and the rows asked for."""
    sound = [made.activity(100 + n, **SOUND) for n in range(10)]
    frame = made.activities([*sound, *(made.activity(n, **row) for n, row in enumerate(rows))])
    types = {name: column.dtype for name, column in SESSION_EXTRA.items()} | {"edited": pl.String}
    first = pl.col("activity_id") == "0000"
    return frame.with_columns(
        pl.when(first).then(pl.lit((extra or {}).get(name), dtype)).alias(name)
        for name, dtype in types.items()
    )


def facts(**more: float | None) -> pl.DataFrame:
    row = {"samples_id": "0000"} | RECORDED | more
    return pl.DataFrame([row], schema=FACT_SCHEMA)


def rode(frame: pl.DataFrame) -> pl.DataFrame:
    """As where a ride of 600 s at 9 m/s ends a recording of 10 km."""
    return frame.with_columns(
        end_cut_from_s=pl.lit(None, pl.Float64),
        end_cut_to_s=pl.lit(3_400.0),
        end_rode_s=pl.lit(600.0),
        end_rode_mps=pl.lit(9.0),
        end_run_m=pl.lit(10_000.0),
        end_run_s=pl.lit(3_400.0),
    )


def raised(made, row: dict, samples: pl.DataFrame | None = None, **extra) -> dict:
    found = quality_flags(
        sessions(made, SOUND | row, extra=extra), no_facts() if samples is None else samples, TODAY
    )
    assert {flag.activity_id for flag in found} <= {"0000"}
    return {flag.kind: flag for flag in found}


REC = {"samples_id": "0000"}
PLANTED = [
    ("future", {"local_date": date(2024, 7, 1)}, None, {}),
    ("ride_end", {"distance_m": 15_400.0, "moving_s": 4_020.0, **REC},
     rode(facts(rows_s=4_020.0, unstepped_s=600.0, recorded_m=15_400.0)),
     {"cut_to_s": 3_400.0, "distance_m": 10_000.0, "moving_s": 3_400.0}),
    ("pace", {"distance_m": 30_000.0, "moving_s": 3_000.0}, None, {}),
    ("pace", {"distance_m": 21_000_000.0, "moving_s": 9_000.0, **REC}, facts(recorded_m=21_400.0),
     {"distance_m": 21_400.0}),
    ("distance", {"distance_m": 400_000.0, "moving_s": 80_000.0, "cadence_spm": None}, None, {}),
    ("duration", {"moving_s": 791_508.0, "elapsed_s": 791_508.0, **REC}, facts(), {"moving_s": 3_380.0}),
    ("duration", {"moving_s": 40_000.0}, None, {}),
    ("ride", {"distance_m": 30_000.0, "moving_s": 3_500.0, "cadence_spm": None}, None, {"sport": "Ride"}),
    ("ride", {"distance_m": 30_000.0, "moving_s": 5_500.0, "cadence_spm": 80.0}, None, {"sport": "Ride"}),
    ("hike", {"distance_m": 5_000.0, "moving_s": 4_000.0, "cadence_spm": 108.0}, None, {"sport": "Hike"}),
    ("hike", {"distance_m": 15_000.0, "moving_s": 18_000.0, "cadence_spm": None, "ascent_device_m": 1_000.0},
     None, {"sport": "Hike"}),
    ("run_elsewhere", {"sport": "Walk"}, None, {"sport": "Run"}),
    ("run_elsewhere", {"sport": "Unknown", "cadence_spm": None}, None, {"sport": "Run"}),
    ("cadence_double", {"cadence_spm": 336.0}, None, {"cadence_scale": 0.5}),
    ("cadence_half", {"cadence_spm": 84.0}, None, {"cadence_scale": 2.0}),
    ("cadence_half", REC, facts(running_spm=84.0), {"cadence_scale": 2.0}),
    ("gps_jump", REC, facts(jump_s=40.0, top_mps=31.0), {"uses_recording": False}),
    ("altitude_step", REC, facts(steps=4.0, step_m=14.0), {"uses_recording": False}),
    ("altitude_step", REC, facts(steps=1.0, step_m=88.0), {"uses_recording": False}),
    ("ascent_steep", {"ascent_device_m": 9_000.0, "ascent_m": None}, None, {}),
    ("ascent_differs", {"ascent_device_m": 1_165.0, "ascent_m": 39.0, "descent_m": 41.0}, None,
     {"ascent_m": 39.0, "descent_m": 41.0}),
    ("moving", {"moving_s": 5_000.0, **REC}, facts(), {"moving_s": 3_380.0}),
    ("moving", {"moving_s": 4_400.0, **REC}, facts(rows_s=4_400.0, speed_s=4_400.0, standing_s=1_000.0),
     {"moving_s": 3_400.0}),
    ("no_distance", {"distance_m": None, "is_indoor": True}, None, {}),
    ("no_distance", {"distance_m": 0.0, **REC}, facts(), {"distance_m": 10_020.0}),
    ("watch", REC, facts(recorded_m=10_400.0), {"distance_m": 10_400.0}),
    ("watch", REC, facts(recorded_m=5_000.0), {}),
    ("elapsed", {"elapsed_s": 791_508.0}, None, {}),
    ("frozen_heart", REC, facts(frozen_s=1_500.0), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "row", "samples", "correction"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)]
)
def test_what_is_planted_is_found(made, kind, row, samples, correction):
    found = raised(made, row, samples)
    assert kind in found
    assert dict(found[kind].correction) == pytest.approx(correction)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"distance_m": 42_195.0, "moving_s": 9_000.0},  # 2:30 for a marathon
        {"distance_m": 5_000.0, "moving_s": 1_150.0},  # a race far above the usual speed
        {"distance_m": 50_000.0, "moving_s": 39_600.0, "ascent_device_m": 3_000.0, "ascent_m": 2_700.0},
        {"distance_m": 4_800.0, "moving_s": 3_600.0, "cadence_spm": 140.0, "ascent_device_m": 1_000.0,
         "ascent_m": 950.0},
        {"is_indoor": True, "cadence_spm": 165.0, "ascent_m": None, "ascent_device_m": None},
        {"elapsed_s": 30_000.0},
        {"sport": "Ride", "distance_m": 60_000.0, "moving_s": 7_200.0, "cadence_spm": None},
        {"sport": "Walk", "distance_m": 5_000.0, "moving_s": 3_600.0, "cadence_spm": 112.0},
        {"sport": "Workout", "distance_m": 120_000.0, "moving_s": 30_000.0, "cadence_spm": None},
    ],
)  # fmt: skip
def test_what_is_sound_is_left_alone(made, row):
    assert raised(made, row) == {}
    if row.get("distance_m", 10_000.0) == 10_000.0:
        assert raised(made, row | REC, facts()) == {}


def test_every_kind_is_planted_or_comes_from_outside():
    outside = {"overlap", "twice", "rollover", "wrong_day", "night_start"}
    assert {kind.id for kind in QUALITY_CHECKS} == {kind for kind, *_ in PLANTED} | outside


def test_the_calendar_and_the_neighbours_count(made):
    rows = sessions(made, SOUND)
    outside = pl.DataFrame(
        {
            "activity_id": ["0000"],
            "zone_date": [date(2023, 12, 31)],
            "other_id": ["0064"],
            "overlap_s": [3_000.0],
        }
    )
    found = {flag.kind: flag for flag in quality_flags(rows, no_facts(), TODAY, outside)}
    assert found["wrong_day"].correction == (("local_date", date(2023, 12, 31)),)
    assert found["overlap"].remedy == (("is_excluded", True),)
    assert found["overlap"].other_id == "0064"
    night = pl.DataFrame({"activity_id": ["0000"], "unzoned_h": [1.5]})
    (one,) = quality_flags(rows, no_facts(), TODAY, night)
    assert one.correction == (("local_date", made.first - timedelta(days=1)),)


def test_a_persons_word_settles_a_flag(made):
    hike = {"distance_m": 5_000.0, "moving_s": 4_000.0, "cadence_spm": 108.0}
    assert "hike" in raised(made, hike)
    assert raised(made, hike, kept_flags="hike") == {}
    assert raised(made, hike, edited="sport") == {}
    assert raised(made, hike, is_excluded=True) == {}
    assert raised(made, {"cadence_spm": 84.0}, cadence_scale=2.0) == {}


def test_the_gravest_comes_first_and_then_the_newest(made):
    rows = sessions(
        made, SOUND | {"cadence_spm": 84.0}, SOUND | {"cadence_spm": 85.0}, SOUND | {"moving_s": 900.0}
    )
    found = quality_flags(rows, no_facts(), TODAY)
    assert [flag.kind for flag in found] == ["pace", "cadence_half", "cadence_half"]
    assert found[1].local_date > found[2].local_date
    assert found[0].id == "0002:pace"


def test_records_are_those_of_print(made):
    table = made.published("world_records")
    assert list(zip(table["distance_m"], table["time_s"], strict=True)) == [tuple(one) for one in RECORDS]
    speeds = table.select(record_mps(pl.col("distance_m")).alias("speed"))["speed"]
    assert speeds.to_list() == pytest.approx((table["distance_m"] / table["time_s"]).to_list())
    assert speeds.is_sorted(descending=True)


KNOWN = ("distance_m", "moving_s", "elapsed_s", "ascent_m", "ascent_device_m", "cadence_spm", "is_indoor")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(KNOWN)), st.sets(st.sampled_from(list(RECORDED))))
def test_what_is_unknown_raises_nothing_but_itself(made, gone, unseen):
    row = dict.fromkeys(gone) | REC
    found = raised(made, row, facts(**dict.fromkeys(unseen)))
    assert set(found) <= ({"no_distance"} if "distance_m" in gone else set())


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(made, random):
    rows = [SOUND | row for _, row, samples, _ in PLANTED if samples is None]
    frame = sessions(made, *rows)
    order = list(range(frame.height))
    random.shuffle(order)
    assert quality_flags(frame[order], no_facts(), TODAY) == quality_flags(frame, no_facts(), TODAY)


def test_a_runner_without_anything_has_no_flags():
    empty = ACTIVITY.empty().with_columns(samples_id=pl.lit(None, pl.String))
    assert quality_flags(empty, no_facts(), TODAY) == []
