"""What a person said of a session changes its load, and only as told."""

from __future__ import annotations

import polars as pl
import pytest
from model_builders import analyse

from connectors.frames import SHOE_FACT
from dashboard.model.analysis import coverage
from dashboard.model.load.run_inputs import with_corrected_cadence, with_edit_columns
from dashboard.model.load.run_load import load_runs
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()
SAID = {"incline_pct": pl.Float64, "is_excluded": pl.Boolean, "uses_recording": pl.Boolean,
        "cadence_scale": pl.Float64, "cut_from_s": pl.Float64, "cut_to_s": pl.Float64, "surface": pl.String,
        "edited": pl.String}  # fmt: skip


def frame(made, rows: list[dict]) -> pl.DataFrame:
    told = {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in SAID.items()}
    return made.activities(rows).with_columns(**told)


def loads(made, rows: list[dict], recordings: dict | None = None):
    scan = made.scan(recordings or {})
    return load_runs(frame(made, rows), scan, SHOE_FACT.empty(), SETTINGS)


def analysed(made, rows: list[dict], recordings: dict | None = None):
    scan = made.scan(recordings or {})
    facts = (SHOE_FACT.empty(), made.no_symptoms)
    return analyse(frame(made, rows), scan, *facts, SETTINGS)


BELT = {"is_indoor": True, "distance_m": 8_000.0, "moving_s": 2_700.0}


def test_a_belt_that_rises_counts_as_that_hill(made):
    """Six degrees, as in print: the force of a step is 1.392 of the flat."""
    six_degrees = 10.510
    published = made.published("van_hooren_2024_grade").filter(pl.col("slope_deg") == 6)
    runs, _ = loads(made, [made.activity(0, **BELT), made.activity(1, **BELT, incline_pct=six_degrees)])
    flat, steep = runs.rows(named=True)
    assert steep["x_hills"] / flat["x_hills"] == pytest.approx(
        published["weighted_impulse_per_km"][0] ** SETTINGS.exponent, rel=2e-3
    )
    assert (steep["ascent_m"], steep["descent_m"]) == (pytest.approx(840.8), 0.0)
    assert flat["ascent_m"] is None
    assert "treadmill" in flat["flags"].split()
    assert "treadmill" not in steep["flags"].split()
    assert "incline" in steep["flags"].split()
    assert steep["load_high_tkm"] / steep["load_tkm"] < flat["load_high_tkm"] / flat["load_tkm"]


def test_a_belt_counts_alike_with_a_recording(made):
    frames = {f"{n:04x}": made.recording(2_700, 8_000 / 2_700, 168.0, None) for n in range(2)}
    rows = [
        made.activity(0, **BELT, samples_id="0000"),
        made.activity(1, **BELT, samples_id="0001", incline_pct=5.0),
    ]
    runs, _ = loads(made, rows, frames)
    flat, steep = runs.rows(named=True)
    ratio = steep["load_tkm"] / flat["load_tkm"]
    bare, _ = loads(made, [made.activity(0, **BELT), made.activity(1, **BELT, incline_pct=5.0)])
    assert ratio == pytest.approx(bare["load_tkm"][1] / bare["load_tkm"][0], rel=1e-6)
    assert ratio > 1.4


def test_downhill_belt_and_outdoor_incline(made):
    rows = [
        made.activity(0, **BELT, incline_pct=-3.0),
        made.activity(1, **BELT | {"is_indoor": False}, incline_pct=9.0),
    ]
    runs, _ = loads(made, rows)
    down, outside = runs.rows(named=True)
    assert (down["ascent_m"], down["descent_m"]) == (0.0, pytest.approx(240.0))
    assert down["x_hills"] < 1
    assert outside["ascent_m"] is None, "an incline is that of a belt"


def test_a_surface_told_as_treadmill_is_one(made):
    runs, _ = loads(made, [made.activity(0, **BELT | {"is_indoor": None}, surface="treadmill")])
    assert runs["is_indoor"][0]
    assert runs["x_shoe"][0] > 1


def test_a_persons_climb_comes_before_the_devices(made):
    row = {"distance_m": 10_000.0, "moving_s": 3_400.0, "ascent_device_m": 1_165.0, "ascent_m": 39.0}
    runs, _ = loads(made, [made.activity(0, **row), made.activity(1, **row, edited="ascent_m descent_m")])
    assert runs["ascent_m"].to_list() == [1_165.0, 39.0]


def test_cadence_said_to_be_half_is_doubled_in_every_second(made):
    whole, half = made.recording(3_600, 3.0, 170.0), made.recording(3_600, 3.0, 85.0)
    others = {f"{n:04x}": whole for n in range(2, 14)}
    rows = [made.recorded(n, whole) for n in range(2, 14)]
    sound, _ = loads(made, [made.recorded(0, whole, cadence_spm=170.0), *rows], {"0000": whole, **others})
    told, _ = loads(
        made, [made.recorded(0, half, cadence_spm=85.0, cadence_scale=2.0), *rows], {"0000": half, **others}
    )
    for name in ("load_tkm", "cadence_spm", "steps", "x_cadence", "cadence_deviation_pct"):
        assert told[name][0] == pytest.approx(sound[name][0]), name


def test_where_nothing_is_said_nothing_is_joined(made):
    scan = made.scan({})
    rows = with_edit_columns(frame(made, [made.activity(0, samples_id="0000", cadence_scale=None)]))
    assert with_corrected_cadence(scan, rows) is scan


def test_what_is_left_out_is_in_no_sum_and_says_nothing_of_what_is_usual(made):
    sound = {"distance_m": 9_000.0, "moving_s": 3_000.0, "cadence_spm": 168.0}
    rows = [made.activity(n, **sound) for n in range(60)]
    odd = made.activity(30, activity_id="odd", distance_m=400_000.0, moving_s=80_000.0, is_excluded=True)
    with_odd, without = analysed(made, [*rows, odd]), analysed(made, rows)
    assert with_odd.days.equals(without.days)
    assert with_odd.windows.equals(without.windows)
    assert with_odd.spikes.equals(without.spikes)
    assert with_odd.personal == without.personal
    assert with_odd.excluded["activity_id"].to_list() == ["odd"]
    assert with_odd.excluded["load_tkm"][0] > 100, "it keeps its estimate, to be drawn"
    assert with_odd.every_run.height == 61
    assert coverage(with_odd.runs, with_odd.days, 1).left_out == 1


def test_a_recording_left_out_does_not_move_the_line(made):
    frames = {f"{n:04x}": made.recording(1_800, 3.0, 170.0) for n in range(12)}
    frames["00ff"] = made.recording(36_000, 5.5, 120.0)
    rows = [made.recorded(n, frames[f"{n:04x}"]) for n in range(12)]
    odd = made.recorded(255, frames["00ff"], is_excluded=True)
    assert analysed(made, [*rows, odd], frames).personal == analysed(made, rows, frames).personal


def test_a_summary_chosen_is_not_a_recording_missed(made):
    runs, _ = loads(made, [made.activity(0, distance_m=8_000.0, moving_s=2_700.0, uses_recording=False)])
    assert "summary_chosen" in runs["flags"][0].split()
    assert "no_samples" not in runs["flags"][0].split()


def test_frames_without_these_columns_still_count(made):
    runs, _ = made.loads([made.activity(0, distance_m=8_000.0, moving_s=2_700.0)])
    assert runs["is_excluded"].to_list() == [False]
