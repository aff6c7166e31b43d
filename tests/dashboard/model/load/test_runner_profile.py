""""""

from __future__ import annotations

import numpy as np
import pytest


def test_line_is_the_runners_own(made) -> None:
    rng = np.random.default_rng(1)
    speed = 3 + 0.5 * rng.standard_normal(7200)
    frame = made.recording(7200, speed, 142 + 9 * speed + rng.standard_normal(7200))
    _, personal = made.loads([made.recorded(1, frame)], {"0001": frame})
    assert personal.cadence_from == "samples"
    assert personal.cadence_slope == pytest.approx(9, abs=0.2)
    assert personal.cadence_intercept_spm == pytest.approx(142, abs=0.6)
    assert personal.easy_mps == pytest.approx(3, abs=0.03)
    assert personal.fast_mps == pytest.approx(personal.easy_mps * 1.15)


def test_hills_and_walking_do_not_bend_the_line(made) -> None:
    level = made.recording(3600, 3.0, 170.0)
    steep = made.recording(3600, 2.5, 190.0, 9.0)
    walked = made.recording(3600, 1.4, 115.0)
    frames = {"0001": level, "0002": steep, "0003": walked}
    rows = [made.recorded(i, frames[f"{i:04x}"]) for i in (1, 2, 3)]
    _, personal = made.loads(rows, frames)
    assert personal.cadence_at(3.0) == pytest.approx(170)
    assert personal.cadence_s == 3600
    assert personal.easy_mps == pytest.approx(2.75, abs=0.26)


def test_less_than_half_an_hour_is_not_enough(made) -> None:
    frame = made.recording(1799, 3.0, 180.0)
    _, personal = made.loads([made.recorded(1, frame)], {"0001": frame})
    assert personal.cadence_from == "default"
    assert personal.cadence_at(4.0) == 165


def test_without_altitude_all_seconds_count(made) -> None:
    frame = made.recording(3600, 3.0, 180.0, None)
    _, personal = made.loads([made.recorded(1, frame)], {"0001": frame})
    assert personal.cadence_from == "samples"
    assert personal.cadence_at(3.0) == pytest.approx(180)


def test_without_recordings_summaries_say(made) -> None:
    rows = [made.activity(i, distance_m=10_000.0, moving_s=4000.0, cadence_spm=176.0) for i in range(10)]
    _, personal = made.loads(rows)
    assert personal.easy_from == "summaries"
    assert personal.easy_mps == pytest.approx(2.5)
    assert personal.cadence_from == "summaries"
    assert personal.cadence_at(2.5) == 176


@pytest.mark.parametrize(("speed", "easy"), [(5.5, 4.5), (1.95, 2.0)])
def test_easy_speed_is_held_within_what_people_run(made, speed: float, easy: float) -> None:
    frame = made.recording(3600, speed, 170.0)
    _, personal = made.loads([made.recorded(1, frame)], {"0001": frame})
    assert personal.easy_mps == easy
