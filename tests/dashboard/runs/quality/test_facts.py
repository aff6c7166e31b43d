"""What the seconds of a recording say of its quality."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from dashboard.runs.quality.facts import FACT_SCHEMA, no_facts, sample_facts


def one(made, frame: pl.DataFrame) -> dict:
    return sample_facts(made.scan({"aa": frame})(["aa"])).row(0, named=True)


@pytest.fixture
def sound(made) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    frame = made.recording(3_600, 3.0, 170.0)
    heart = np.round(150 + 4 * rng.standard_normal(3_600))
    return frame.with_columns(
        distance_m=pl.Series(np.arange(3_600) * 3.0).cast(pl.Float32),
        altitude_m=pl.Series(100 + 20 * np.sin(np.arange(3_600) / 200)).cast(pl.Float32),
        heart_rate_bpm=pl.Series(heart).cast(pl.Float32),
    )


def change(frame: pl.DataFrame, column: str, first: int, last: int, value: object) -> pl.DataFrame:
    inside = pl.col("second").is_between(first, last)
    return frame.with_columns(
        pl.when(inside).then(pl.lit(value)).otherwise(column).cast(pl.Float32).alias(column)
    )


def test_a_sound_recording(made, sound):
    found = one(made, sound)
    assert found["rows_s"] == found["speed_s"] == found["cadence_s"] == 3_600
    assert found["running_spm"] == pytest.approx(170)
    assert found["recorded_m"] == pytest.approx(3_599 * 3)
    assert (found["standing_s"], found["jump_s"], found["frozen_s"], found["steps"]) == (0, 0, 0, 0)


def test_each_fault_is_seen(made, sound):
    assert one(made, change(sound, "speed_mps", 100, 139, 30.0))["jump_s"] == 40
    assert one(made, change(sound, "heart_rate_bpm", 900, 1_799, 142.0))["frozen_s"] == 900
    stepped = one(made, change(sound, "altitude_m", 500, 600, 300.0))
    assert stepped["steps"] == 2
    assert stepped["step_m"] == pytest.approx(200, abs=25)
    standing = change(change(sound, "speed_mps", 0, 599, 0.0), "cadence_spm", 0, 599, None)
    assert one(made, standing)["standing_s"] == 600
    assert one(made, change(sound, "speed_mps", 0, 599, 0.0))["standing_s"] == 0, "steps are counted: a belt"


def test_a_pause_is_no_step_and_counts_in_the_span(made, sound):
    paused = sound.filter(~pl.col("second").is_between(1_000, 1_999))
    jump = pl.when(pl.col("second") >= 2_000).then(80.0).otherwise(0.0)
    paused = paused.with_columns(altitude_m=(pl.col("altitude_m") + jump).cast(pl.Float32))
    found = one(made, paused)
    assert (found["rows_s"], found["span_s"], found["steps"]) == (2_600, 3_600, 0)


def test_two_recordings_do_not_meet(made, sound):
    low = sound.head(1_000)
    high = sound.head(1_000).with_columns(altitude_m=pl.col("altitude_m") + 900)
    both = sample_facts(made.scan({"aa": low, "bb": high})(["aa", "bb"]))
    assert both["samples_id"].to_list() == ["aa", "bb"]
    assert both["steps"].sum() == 0


def test_unknown_stays_unknown(made):
    found = one(made, made.recording(600, None, None, None))
    assert (found["top_mps"], found["running_spm"], found["step_m"], found["recorded_m"]) == (None,) * 4
    assert found["rows_s"] == 600
    assert no_facts().schema == FACT_SCHEMA
    assert sample_facts(made.scan({})([])).is_empty()
