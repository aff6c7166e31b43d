"""Settings kept under model 2 go on, and what became of each is named."""

from __future__ import annotations

import pytest

from dashboard.model.settings import SETTINGS, ModelSettings
from dashboard.model.settings_migration import DIFFERENT, read_saved_settings, what_is_different


def test_the_clip_is_dropped_and_named_once() -> None:
    settings, changes = read_saved_settings({"clip": "1.8", "tau_days": "50"})
    assert settings == ModelSettings(tau_days=50)
    assert [change.name for change in changes] == ["clip"]
    assert "no longer exists" in changes[0].sentence
    assert read_saved_settings({"clip": ""})[1] == ()


@pytest.mark.parametrize(
    ("name", "text", "now"),
    [
        ("speed_exponent", "0.5", 0.45), ("speed_exponent", "0,5", 0.45), ("walking_force_bw", "3.1", 4.2),
        ("tau_days", "900", 60.0), ("tau_days", "inf", 60.0), ("exponent", "much", 3.0), ("exponent", "nan", 3.0),
    ],
)  # fmt: skip
def test_a_value_outside_goes_to_the_nearer_end_and_is_named(name: str, text: str, now: float) -> None:
    settings, changes = read_saved_settings({name: text})
    assert getattr(settings, name) == now
    assert [(change.name, change.before, change.now) for change in changes] == [(name, text, now)]
    assert text in changes[0].sentence


def test_what_is_inside_stays_without_a_word() -> None:
    kept = {one.name: f"{one.high:g}" for one in SETTINGS} | {"distance_unit": "mi", "lag_days": "14"}
    settings, changes = read_saved_settings(kept)
    assert changes == ()
    assert settings.lag_days == 14


def test_the_list_begins_with_the_model_and_ends_with_the_settings() -> None:
    sentences = what_is_different({"clip": "2", "speed_exponent": "0.5"})
    assert sentences[: len(DIFFERENT)] == list(DIFFERENT)
    assert len(sentences) == len(DIFFERENT) + 2
    assert all(sentence.endswith(".") for sentence in sentences)
