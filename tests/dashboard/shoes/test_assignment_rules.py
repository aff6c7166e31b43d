"""A rule fits what it asks for, never what is not known, and comes back from the settings as it went in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shoe_histories import session, sessions

from connectors.frames import RUN_SPORTS, SURFACES
from dashboard.shoes.assignment_rules import (
    ShoeRule,
    rule_fits,
    rule_in_words,
    rules_from_text,
    rules_to_text,
)


def fitting(rule: ShoeRule, **facts: object) -> bool:
    return rule_in_words(sessions([session(5, None, **facts)])).select(rule_fits(rule)).item()


@pytest.mark.parametrize(
    ("asked", "yes", "no"),
    [
        ({"sport": "TrailRun"}, {"sport": "TrailRun"}, {}),
        ({"surface": "trail"}, {"sport": "TrailRun"}, {"surface": "road"}),
        ({"surface": "treadmill"}, {"is_indoor": True}, {"is_indoor": None}),
        ({"surface": "treadmill"}, {"surface": "treadmill"}, {"surface": "grass"}),
        ({"surface": "track"}, {"surface": "track"}, {"surface": None}),
        ({"weekdays": (6, 7)}, {}, None),
        ({"least_m": 8000.0, "most_m": 8000.0}, {}, {"distance_m": 8001.0}),
        ({"least_m": 1.0}, {}, {"distance_m": None}),
        ({"least_mps": 2.9}, {}, {"moving_s": 4000.0}),
        ({"most_mps": 2.9}, {"moving_s": 4000.0}, {"moving_s": None}),
        ({"least_climb_m_per_km": 25.0}, {"ascent_m": 200.0}, {"ascent_m": 190.0}),
        ({"least_climb_m_per_km": 25.0}, {"ascent_device_m": 200.0, "ascent_m": 1.0}, {"ascent_m": None}),
    ],
)
def test_a_rule_fits_what_it_asks_for(asked, yes, no):
    rule = ShoeRule("pair", **asked)
    assert fitting(rule, **yes)
    if no is None:
        assert not rule_in_words(sessions([session(1, None)])).select(rule_fits(rule)).item()
    else:
        assert not fitting(rule, **no)


def test_a_rule_that_asks_nothing_fits_nothing():
    assert not fitting(ShoeRule("pair"))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "no json",
        "{}",
        "[1]",
        '[{"shoe_id": 1}]',
        '[{"shoe_id": "a"}]',
        '[{"shoe_id": "a", "x": 1}]',
    ],
)
def test_what_is_not_understood_is_passed_over(text):
    assert rules_from_text(text) == ()


NUMBERS = st.none() | st.floats(0, 50_000)


@settings(deadline=None, max_examples=50)
@given(
    st.builds(
        ShoeRule,
        st.text(min_size=1),
        st.sampled_from([None, *RUN_SPORTS]),
        st.sampled_from([None, *SURFACES]),
        st.lists(st.integers(1, 7), unique=True).map(tuple),
        NUMBERS,
        NUMBERS,
        NUMBERS,
        NUMBERS,
        NUMBERS,
    )
)
def test_a_rule_comes_back_as_it_was_kept(rule):
    assert rules_from_text(rules_to_text([rule])) == (() if rule.asks_nothing else (rule,))
