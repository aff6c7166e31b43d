"""Climb and grade: on hills with a known answer, and on real recordings against the table they were chosen by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from connectors.formats.fit.sessions import parse_fit
from connectors.recordings.elevation import climb, elevation_profile, known_altitude, smooth
from connectors.recordings.recording import build_recording

ROWS = 1800
SECOND = np.arange(ROWS)
WAY = SECOND * 3.0
HILLS = 50 + 30 * np.sin(SECOND / ROWS * 2 * np.pi * 3)  # three hills of 60 m
RNG = np.random.default_rng(7)


def read(altitude, second=SECOND, stretch=None, distance=None, speed=3.0, is_foot=True):
    altitude = np.broadcast_to(np.asarray(altitude, float), second.shape).copy()
    stretch = np.r_[0, np.cumsum(np.diff(second) > 1)] if stretch is None else stretch
    distance = np.arange(second.size) * 3.0 if distance is None else distance
    return elevation_profile(
        second, stretch, altitude, distance, np.broadcast_to(speed, second.shape), is_foot
    )


def test_hills_of_known_height():
    hills = read(HILLS)
    assert hills.ascent_m == pytest.approx(180, rel=0.02)
    assert hills.descent_m == pytest.approx(180, rel=0.02)


@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_noise_is_not_climb(noise):
    flat = read(20 + RNG.normal(0, noise, ROWS))
    assert flat.ascent_m < 8 * noise
    hills = read(HILLS + RNG.normal(0, noise, ROWS))
    assert hills.ascent_m == pytest.approx(180, rel=0.06)
    assert np.nanstd(flat.grade_pct) < 1.5 * noise


def test_whole_metres_are_no_climb_of_their_own():
    assert read(np.round(HILLS)).ascent_m == pytest.approx(180, rel=0.03)
    assert read(np.round(20.5 + 0.6 * np.sin(SECOND / 9))).ascent_m == 0


def test_a_rise_below_two_metres_does_not_turn():
    bump = 50 + 1.8 * np.exp(-(((SECOND - 900) / 60) ** 2))
    assert read(bump).ascent_m == 0
    assert read(50 + (bump - 50) * 2).ascent_m == pytest.approx(3.6, abs=0.2)


def test_level_is_zero_and_unknown_is_none():
    level = read(123.4)
    assert (level.ascent_m, level.descent_m) == (0, 0)
    assert np.allclose(level.grade_pct, 0)
    for missing in (0.0, -500.0, np.nan, 12_000.0):
        gone = read(missing)
        assert gone.ascent_m is None
        assert np.isnan(gone.grade_pct).all()
        assert np.isnan(gone.altitude_m).all()


def test_missing_values_between_known_ones():
    altitude = HILLS + 300
    altitude[400:460] = 0
    altitude[900:930] = -500
    hills = read(altitude)
    assert np.isnan(hills.altitude_m[400:460]).all()
    assert np.isnan(hills.grade_pct[410:450]).all()
    assert hills.ascent_m == pytest.approx(180, rel=0.04)


def test_sea_level_is_a_height():
    assert np.isfinite(known_altitude(np.r_[8.0, 0.0, 0.0, -1.0])).all()


def test_a_spike_at_the_start_and_steps_of_calibration_are_no_climb():
    altitude = HILLS + 100
    altitude[:4] = 0
    assert read(altitude).ascent_m == pytest.approx(180, rel=0.02)
    calibrated = HILLS + 100
    calibrated[:20] -= 42
    assert read(calibrated).ascent_m == pytest.approx(180, rel=0.02)
    assert np.nanmax(np.abs(read(calibrated).grade_pct)) < 20
    spike = HILLS.copy()
    spike[700:703] += 120
    assert read(spike).ascent_m == pytest.approx(180, rel=0.03)


def test_a_step_over_a_pause_is_no_climb():
    second = np.r_[0:900, 1500:2400]
    drifted = HILLS + np.where(second > 1000, 25, 0)
    hills = read(drifted, second=second)
    assert hills.ascent_m == pytest.approx(180, rel=0.02)
    assert np.nanmax(np.abs(hills.grade_pct)) < 25


def test_a_climb_through_a_silence_in_which_the_runner_went_on_counts():
    keep = (SECOND < 400) | (SECOND > 1000)
    up = 100 + SECOND * 0.2
    hills = read(up[keep], second=SECOND[keep], distance=WAY[keep])
    assert hills.ascent_m == pytest.approx(360, rel=0.02)


def test_skis_may_drop_faster_than_feet():
    drop = 2000 - SECOND * 1.0 - np.where(SECOND > 900, (SECOND - 900) * 12.0, 0).clip(0, 600)
    assert read(drop, is_foot=False).descent_m == pytest.approx(1800 + 600, rel=0.02)
    assert read(drop).descent_m == pytest.approx(1800, rel=0.05)


@pytest.mark.parametrize("slope", [-20, -5, 0, 3, 12, 40])
def test_a_steady_slope_has_its_grade(slope):
    hills = read(2500 + WAY * slope / 100)
    assert np.allclose(hills.grade_pct[20:-20], slope, atol=0.2)
    assert np.nanmax(np.abs(hills.grade_pct - slope)) < 0.25 * abs(slope) + 0.1


def test_grade_is_held_within_45():
    assert np.nanmax(read(500 + WAY * 0.6).grade_pct) == 45


def test_grade_is_unknown_while_standing_and_keeps_to_its_side_of_a_pause():
    speed = np.where((SECOND > 500) & (SECOND < 560), 0.2, 3.0)
    hills = read(500 + WAY * 0.05, speed=speed)
    assert np.isnan(hills.grade_pct[501:560]).all()
    assert np.isfinite(hills.grade_pct[600:700]).all()
    assert np.isnan(read(HILLS, speed=np.nan).grade_pct).all()
    sides = np.where(SECOND < 900, 500 + WAY * 0.1, 770 - (WAY - 2700) * 0.1)
    parted = read(sides, stretch=(SECOND >= 900).astype(int))
    assert np.allclose(parted.grade_pct[20:890], 10, atol=0.6)
    assert np.allclose(parted.grade_pct[910:-20], -10, atol=0.6)


def test_a_stretch_shorter_than_half_the_window_has_no_grade():
    short = read(np.linspace(10, 12, 7), second=np.arange(7))
    assert np.isnan(short.grade_pct).all()


def test_unknown_distance_leaves_grade_unknown_and_climb_known():
    hills = read(HILLS, distance=np.full(ROWS, np.nan))
    assert np.isnan(hills.grade_pct).all()
    assert hills.ascent_m == pytest.approx(180, rel=0.02)
    late = WAY.copy()
    late[:5] = np.nan
    assert np.isfinite(read(HILLS, distance=late).grade_pct[5:]).all()


def test_smoothing_keeps_to_its_piece():
    piece = np.r_[np.zeros(50, int), np.ones(50, int)]
    calm = smooth(np.arange(100), piece, np.where(piece == 0, 10.0, 90.0))
    assert np.allclose(calm, np.where(piece == 0, 10.0, 90.0))


PROFILES = hnp.arrays(float, st.integers(2, 60), elements=st.floats(-400, 8000))


@given(PROFILES)
def test_climb_minus_descent_is_the_net_rise(profile):
    up, down = climb(profile)
    assert up >= 0
    assert down >= 0
    assert abs((up - down) - (profile[-1] - profile[0])) < 4
    assert climb(profile[::-1]) == pytest.approx((down, up), abs=4)
    assert climb(-profile) == pytest.approx((down, up))


@given(PROFILES, st.floats(-300, 300))
def test_the_sea_level_does_not_matter(profile, shift):
    assert climb(profile + shift) == pytest.approx(climb(profile), abs=4)


# Ascent by this method (Gaussian 5 s, turning points 2 m) as measured before this code was written, on real files.
ELEVATE = "thomaschampagne+elevate/specs/integration/file/fixtures/running/"
MEASURED = {
    ELEVATE + "sloatsburg.fit": 363,
    ELEVATE + "portland.fit": 563,
    ELEVATE + "kaiteriteri.fit": 216,
    ELEVATE + "loup-blanc.fit": 2583,
    ELEVATE + "pyselsky.fit": 521,
    ELEVATE + "trosku.fit": 137,
    ELEVATE + "bloemendaal.fit": 9,
    "polyvertex+fitdecode/activity-small-fenix2-run.fit": 69,
}


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "metres"), MEASURED.items())
def test_ascent_of_real_files(real_data, name, metres):
    """Within 1.5 % or 4 m: the rest is how pauses and the first minute are treated."""
    (session,) = parse_fit((real_data / "activities" / name).read_bytes())
    assert build_recording(session).activity["ascent_m"] == pytest.approx(metres, rel=0.015, abs=4)


@pytest.mark.real_data
def test_grade_of_real_files_is_calm(real_data):
    """A flat coast run has under 1 % of spread, a mountain run keeps its slopes."""

    def spread(name):
        (session,) = parse_fit((real_data / "activities" / ELEVATE / name).read_bytes())
        return build_recording(session).samples["grade_pct"].drop_nulls().std()

    assert spread("bloemendaal.fit") < 1.0
    assert spread("loup-blanc.fit") > 9
