"""The runner's own numbers: checked, kept only where they differ, named, and taken back."""

from __future__ import annotations

import pytest

from connectors.errors import HeelwiseError
from dashboard.model.settings import SETTINGS, ModelSettings
from dashboard.model.settings_migration import DIFFERENT
from dashboard.settings import model_settings
from dashboard.shared import pipeline


def test_every_setting_is_shown_once():
    shown = [one.name for group in model_settings.setting_groups().values() for one in group]
    assert sorted(shown) == sorted(one.name for one in SETTINGS)


def test_a_default_is_not_stored(store, athlete_id):
    assert model_settings.save_choice(store, athlete_id, {"tau_days": 42.0, "exponent": 4.0}) == 1
    assert "tau_days" not in store.settings(athlete_id)
    assert pipeline.model_settings_of(store, athlete_id) == ModelSettings(exponent=4.0)
    assert model_settings.save_choice(store, athlete_id, {"exponent": 3.0}) == 0
    assert "exponent" not in store.settings(athlete_id)


def test_a_number_out_of_range_changes_nothing(store, athlete_id):
    with pytest.raises(HeelwiseError, match="28 to 60"):
        model_settings.save_choice(store, athlete_id, {"exponent": 4.0, "tau_days": 400.0})
    assert pipeline.model_settings_of(store, athlete_id) == ModelSettings()


def test_reset_leaves_other_settings_alone(store, athlete_id):
    store.set_settings(athlete_id, {"distance_unit": "mi"})
    model_settings.save_choice(store, athlete_id, {"tau_days": 50.0})
    model_settings.reset_choices(store, athlete_id)
    assert store.settings(athlete_id) == {"distance_unit": "mi"}


def test_what_is_changed_is_named_with_its_default():
    assert "default" in model_settings.choices_in_words(ModelSettings())
    sentence = model_settings.choices_in_words(ModelSettings(tau_days=50.0))
    assert "50 (default 42)" in sentence
    assert "what you are used to follows load" in sentence


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_steps_are_small_and_positive(one):
    assert 0 < model_settings.step_of(one) <= one.high - one.low


def test_kept_settings_of_an_earlier_model_never_fail(store, athlete_id):
    store.set_settings(athlete_id, {"clip": "1.5", "speed_exponent": "0.5", "tau_days": "much"})
    assert pipeline.model_settings_of(store, athlete_id) == ModelSettings(speed_exponent=0.45)
    assert model_settings.save_choice(store, athlete_id, {"exponent": 4.0}) == 2
    model_settings.reset_choices(store, athlete_id)
    assert store.settings(athlete_id) == {}


def test_what_is_different_is_said_once(store, athlete_id):
    store.set_settings(athlete_id, {"clip": "1.5", "speed_exponent": "0.5"})
    sentences = model_settings.differences(store, athlete_id)
    assert sum("no longer exists" in one for one in sentences) == 1
    model_settings.mark_differences_seen(store, athlete_id)
    assert model_settings.differences(store, athlete_id) == []
    assert store.settings(athlete_id)["speed_exponent"] == "0.45"
    assert "clip" not in store.settings(athlete_id)


def test_only_a_record_from_before_is_told_what_is_different(store, athlete_id):
    assert model_settings.differences(store, athlete_id) == list(DIFFERENT)
    new = store.runner("somebody new", create=True)
    assert model_settings.differences(store, new.athlete_id) == []
