"""Rules for pairs in words, in the runner's units."""

from __future__ import annotations

import pytest

from dashboard.shared.units import Units
from dashboard.shoes.assignment_rules import ShoeRule, rule_line

LABELS = {"a": "Ridgeline 4"}
ALL = ShoeRule("a", "TrailRun", "grass", (6, 7), 10_000.0, 20_000.0, 3.0, 4.0, 30.0)


def test_a_rule_is_written_in_the_runners_units():
    assert rule_line(ALL, LABELS, Units()) == (
        "Trail run, grass, Sat, Sun, at least 10.0 km, at most 20.0 km, 5:33 /km or quicker, 4:10 /km or slower, "
        "climb of at least 30 m/km → Ridgeline 4"
    )
    assert "climb of at least 158 ft/mi" in rule_line(ALL, LABELS, Units("mi", "ft"))


@pytest.mark.parametrize("rule", [ShoeRule("gone", sport="Run")])
def test_a_pair_that_is_gone_has_a_name_too(rule):
    assert rule_line(rule, LABELS, Units()) == "Run → unnamed pair"
