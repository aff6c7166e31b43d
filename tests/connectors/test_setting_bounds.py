"""Settings that are dates, numbers or words of a fixed set."""

from __future__ import annotations

import pytest

from connectors.setting_bounds import bounded_problems

GOOD = {
    "cadence_experiment_start": "2026-01-01",
    "cadence_experiment_target_pct": "5",
    "cadence_experiment_end": "2026-02-01",
    "drop_change_mm": "4",
    "lifting_weights": "lb",
    "of_another_version": "anything",
}


def test_what_the_pages_write_is_possible():
    assert bounded_problems(GOOD) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cadence_experiment_start", "9999-01-01"),
        ("cadence_experiment_start", "soon"),
        ("cadence_experiment_target_pct", "inf"),
        ("cadence_experiment_target_pct", "0.5"),
        ("cadence_experiment_end", "2025-12-31"),
        ("drop_change_mm", "16"),
        ("lifting_weights", "stone"),
    ],
)
def test_one_that_is_not_possible_is_named(name, text):
    [(wrong, reason)] = bounded_problems({**GOOD, name: text}).items()
    assert wrong == name
    assert name in reason
