"""Settings of a backup against the limits of the pages that set them."""

from __future__ import annotations

import pytest

from dashboard.data.setting_checks import setting_problems
from dashboard.model.settings import SETTINGS, ModelSettings
from dashboard.shared.preferences import PREFERENCES

DEFAULTS = {
    one.name: f"{getattr(ModelSettings(), one.name)}"
    for one in SETTINGS
    if hasattr(ModelSettings(), one.name)
}


def test_defaults_and_every_choice_are_possible():
    assert setting_problems(DEFAULTS) == {}
    for one in PREFERENCES:
        for text in one.choices:
            assert setting_problems({one.name: text}) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tau_days", "1e9"),
        ("tau_days", "nan"),
        ("exponent", "much"),
        ("timezone", "Nowhere/At_All"),
        ("birth_year", "²"),
        ("birth_year", "3000"),
        ("body_weight_kg", "inf"),
        ("distance_unit", "parsec"),
    ],
)
def test_a_value_outside_its_limits_is_named(name, text):
    problems = setting_problems({**DEFAULTS, name: text})
    assert list(problems) == [name]
    assert not problems[name].endswith(".")
