"""Averages of a run by band of speed: level running only, nothing made up, on made and on real recordings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.formats.fit.sessions import parse_fit
from connectors.recordings.recording import build_recording
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import MECHANICS_SCHEMA, PLAUSIBLE, SECOND_COLUMNS, band_edges, run_mechanics
from dashboard.model.settings import ModelSettings

OWN = RunnerProfile(3.0, 3.45, 140.0, 10.0, "samples", "samples", 36_000.0)


def averaged(made, *frames: pl.DataFrame, personal: RunnerProfile = OWN, **facts) -> pl.DataFrame:
    recordings = {f"{n:04x}": frame for n, frame in enumerate(frames, 1)}
    rows = [made.recorded(n, frame, **facts) for n, frame in enumerate(frames, 1)]
    return run_mechanics(made.activities(rows), made.scan(recordings), personal, ModelSettings())


def two_speeds(made) -> pl.DataFrame:
    return made.recording(2400, [3.0] * 1800 + [3.6] * 600, [173.4] * 1800 + [176.0] * 600)


def test_each_band_has_its_own_mean_and_its_distance_from_the_line(made) -> None:
    rows = averaged(made, two_speeds(made))
    assert rows.schema == MECHANICS_SCHEMA
    assert rows["band"].to_list() == [0, 2]
    assert rows["seconds"].to_list() == [1800, 600]
    assert rows["speed_mps"].to_list() == pytest.approx([3.0, 3.6])
    assert rows["cadence_spm"].to_list() == pytest.approx([173.4, 176.0])
    assert rows["cadence_deviation_pct"].to_list() == pytest.approx([2.0, 0.0], abs=1e-4)
    assert rows["local_date"].to_list() == [date(2024, 1, 2)] * 2


def test_bands_touch_and_easy_lies_in_the_middle() -> None:
    assert band_edges(OWN, 0) == pytest.approx((2.85, 3.15))
    assert band_edges(OWN, 1)[0] == pytest.approx(band_edges(OWN, 0)[1])


def test_step_length_is_the_devices_own_else_speed_over_cadence(made) -> None:
    plain = two_speeds(made)
    told = plain.with_columns(step_length_mm=pl.lit(1_020.0, pl.Float32))
    assert averaged(made, plain)["step_length_mm"][0] == pytest.approx(3.0 / 173.4 * 60_000, rel=1e-5)
    assert averaged(made, told)["step_length_mm"].to_list() == pytest.approx([1_020.0] * 2)


@pytest.mark.parametrize("name", sorted(set(PLAUSIBLE) - {"step_length_mm"}))
def test_what_a_file_does_not_hold_stays_unknown(made, name: str) -> None:
    rows = averaged(made, two_speeds(made))
    assert rows[name].null_count() == rows.height
    assert rows[SECOND_COLUMNS[name]].to_list() == [0.0, 0.0]


def test_a_reading_that_no_step_has_is_left_out(made) -> None:
    contact = pl.Series(
        "contact_ms", [250.0] * 1000 + [1_400.0, 0.0] * 100 + [260.0] * 1200, dtype=pl.Float32
    )
    rows = averaged(made, two_speeds(made).with_columns(contact))
    assert rows["contact_s"].to_list() == [1600.0, 600.0]
    assert rows["contact_ms"].to_list() == pytest.approx([(250 * 1000 + 260 * 600) / 1600, 260.0])


def test_a_measure_with_less_than_a_minute_behind_it_is_unknown(made) -> None:
    contact = pl.Series("contact_ms", [250.0] * 59 + [None] * 2341, dtype=pl.Float32)
    rows = averaged(made, two_speeds(made).with_columns(contact))
    assert rows["contact_ms"].null_count() == 2
    assert rows["contact_s"][0] == 59


@pytest.mark.parametrize(
    "frame",
    [
        {"cadence": None},
        {"speed": None},
        {"speed": 1.4, "cadence": 115.0},
        {"grade": 5.0},
        {"grade": -4.0},
        {"speed": 7.0},
        {"seconds": 59},
    ],
    ids=str,
)
def test_only_level_running_with_cadence_counts(made, frame: dict) -> None:
    assert averaged(made, made.recording(**{"seconds": 3600, **frame})).is_empty()


def test_an_unknown_slope_counts_as_a_treadmill_has_none(made) -> None:
    assert averaged(made, made.recording(3600, grade=None))["seconds"].to_list() == [3600]


def test_other_sports_and_runs_without_a_recording_are_left_out(made) -> None:
    assert averaged(made, two_speeds(made), sport="Ride").is_empty()
    rows = made.activities([made.activity(1, distance_m=9000.0)])
    empty = run_mechanics(rows, made.scan({}), OWN, ModelSettings())
    assert empty.schema == MECHANICS_SCHEMA
    assert empty.is_empty()


def test_without_an_own_line_there_is_no_distance_from_it(made) -> None:
    flat = RunnerProfile(3.0, 3.45, 165.0, 0.0, "samples", "default")
    rows = averaged(made, two_speeds(made), personal=flat)
    assert rows["own_cadence_spm"].null_count() == rows["cadence_deviation_pct"].null_count() == 2
    assert rows["cadence_spm"].null_count() == 0


def test_the_order_of_seconds_and_runs_changes_nothing(made) -> None:
    frames = [two_speeds(made), made.recording(3600, 3.3, 172.0), made.recording(3000, 2.8, 166.0)]
    shuffled = [frame.sample(fraction=1.0, shuffle=True, seed=4) for frame in frames]
    rows = [made.recorded(n, frame) for n, frame in enumerate(frames, 1)]
    recordings = {f"{n:04x}": frame for n, frame in enumerate(shuffled, 1)}
    turned = run_mechanics(made.activities(rows[::-1]), made.scan(recordings), OWN, ModelSettings())
    assert_frame_equal(turned, averaged(made, *frames))


@pytest.mark.real_data
@pytest.mark.parametrize(
    "name",
    [
        "activities/Runalyze+Runalyze/fit/garmin-runPower-2.fit",
        "activities/Runalyze+Runalyze/fit/FR630-with-lth.fit",
        "activities/thomaschampagne+elevate/specs/integration/file/fixtures/running/portland.fit",
        "activities/thomaschampagne+elevate/specs/integration/file/fixtures/running/trosku.fit",
    ],
)
def test_real_recordings_give_steps_that_fit_their_speed(made, real_data: Path, name: str) -> None:
    (session,) = parse_fit((real_data / name).read_bytes())
    samples = build_recording(session).samples
    told = averaged(made, samples).filter(pl.col("seconds") >= 120)
    derived = averaged(made, samples.with_columns(step_length_mm=pl.lit(None, pl.Float32)))
    assert told.height
    assert told["contact_ms"].is_between(150, 350).all()
    assert told["vertical_oscillation_mm"].is_between(50, 130).all()
    both = told.join(derived, on="band")
    whole = (both["step_length_mm"] * both["seconds"]).sum() / (
        both["step_length_mm_right"] * both["seconds"]
    ).sum()
    assert whole == pytest.approx(1, abs=0.1)  # one step, not two; a pod and a satellite differ by up to 9 %
