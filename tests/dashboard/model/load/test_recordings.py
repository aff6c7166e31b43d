""""""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.model.load.recordings import FACTS, recording_data
from dashboard.model.settings import SETTINGS, ModelSettings, for_recordings

USUAL = ModelSettings()


def test_counts_what_is_known_of_a_recording(made) -> None:
    frame = made.recording(
        100,
        [3.0] * 40 + [None] * 20 + [1.4] * 20 + [0.0] * 20,
        [172.0] * 50 + [None] * 10 + [110.0] * 20 + [0.0] * 20,
        [1.0] * 30 + [8.0] * 10 + [None] * 60,
    )
    row = recording_data(made.scan({"0001": frame}), ["0001"], USUAL).facts.row(0, named=True)
    assert row == {
        "activity_id": "0001", "seconds": 100, "known_s": 80, "on_feet_s": 60, "cadence_s": 90, "grade_s": 40,
        "span_m": None, "cadence_sum": 50 * 172, "cadence_n": 50, "compared_s": 30,
        "compared_cadence": 30 * 172, "compared_speed": 90,
    }  # fmt: skip
    assert set(row) == {"activity_id", *FACTS}


def test_many_recordings_are_the_sum_of_each(made) -> None:
    rng = np.random.default_rng(1)
    frames = {
        f"{i:04x}": made.recording(
            200,
            3 + rng.standard_normal(200),
            170 + 5 * rng.standard_normal(200),
            3 * rng.standard_normal(200),
        )
        for i in range(40)
    }
    whole = recording_data(made.scan(frames), sorted(frames), USUAL)
    assert whole.facts["activity_id"].to_list() == sorted(frames)
    each = [recording_data(made.scan({i: frame}), [i], USUAL).speeds for i, frame in frames.items()]
    for name in ("seconds", "n", "v", "vv", "c", "vc"):
        assert whole.speeds[name].sum() == pytest.approx(sum(float(one[name].sum()) for one in each))
    assert whole.speeds.select("bin", "level").is_unique().all()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_only_the_walking_limits_change_the_ground(made, setting) -> None:
    rng = np.random.default_rng(6)
    frame = made.recording(400, rng.uniform(0, 4, 400), None, 0.0)
    frames = {"0001": frame, "0002": made.recording(400, 3.0, rng.uniform(90, 190, 400))}
    low, high = (
        recording_data(made.scan(frames), sorted(frames), replace(USUAL, **{setting.name: value}))
        for value in (setting.low, setting.high)
    )
    same = low.facts.equals(high.facts) and low.speeds.equals(high.speeds)
    assert same == (setting.name not in ("walk_below_spm", "walk_below_mps"))
    keys = {for_recordings(replace(USUAL, **{setting.name: v})) for v in (setting.low, setting.high)}
    assert len(keys) == (1 if same else 2)
