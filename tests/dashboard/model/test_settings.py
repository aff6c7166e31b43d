""""""

from __future__ import annotations

from dataclasses import fields

import pytest

from connectors.errors import HeelwiseError
from dashboard.model.settings import EVIDENCE, SETTINGS, ModelSettings, from_mapping


def test_every_number_of_the_model_is_described() -> None:
    assert {s.name for s in SETTINGS} == {f.name for f in fields(ModelSettings)}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_default_lies_in_its_range_and_says_where_it_comes_from(setting) -> None:
    assert setting.low <= getattr(ModelSettings(), setting.name) <= setting.high
    assert setting.evidence in EVIDENCE
    assert setting.source


def test_reads_texts_and_leaves_other_settings_alone() -> None:
    settings = from_mapping({"tau_days": "28", "exponent": " 1,5 ", "distance": "mi", "clip": ""})
    assert settings == ModelSettings(tau_days=28, exponent=1.5)
    assert hash(settings) == hash(ModelSettings(tau_days=28, exponent=1.5))


@pytest.mark.parametrize("text", ["a lot", "nan", "inf", "0", "900"])
def test_a_wrong_value_is_said_in_one_sentence_with_the_range(text: str) -> None:
    with pytest.raises(HeelwiseError, match="from 28 to 60"):
        from_mapping({"tau_days": text})
