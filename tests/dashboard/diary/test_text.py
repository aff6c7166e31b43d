"""The log in words: a band is said as a band, and what was not asked is not said."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.frames import SYMPTOM
from dashboard.diary import text as diary_text
from dashboard.model.next_morning import FollowedBy
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units


def said(**known) -> str:
    return diary_text.entry_in_words({**dict.fromkeys(SYMPTOM.columns), **known})


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (
            {"morning_stiffness_0_10": 3.0, "morning_stiffness_min": 22.5, "morning_stiffness_band": "15-30"},
            "stiffness 3 of 10, stiff for 15 to 30 min",
        ),
        ({"morning_stiffness_min": 12.0, "side": "left"}, "stiff for 12 min (left)"),
        ({"pain_start_0_10": 4.0, "warmed_up": True}, "at the start of the run 4, which warmed up"),
        ({"pain_start_0_10": 4.0, "warmed_up": False}, "at the start of the run 4, which did not warm up"),
        (
            {"morning_stiffness_0_10": 0.0, "morning_stiffness_min": 0.0, "morning_stiffness_band": "0"},
            "no pain and no stiffness where it was asked",
        ),
        (
            {
                **dict.fromkeys(
                    ("morning_stiffness_0_10", "morning_stiffness_min", "morning_pain_0_10"), 0.0
                ),
                "is_same_as_before": True,
            },
            "no stiffness and no pain, same as the day before",
        ),
        ({"note": "x"}, "a note only"),
    ],
)
def test_an_entry(known, text):
    assert said(**known) == text


@pytest.mark.parametrize(
    ("runs", "exercises", "parts"),
    [
        (0, (), ["No run and no exercise"]),
        (1, (), ["the run of Monday 4 May", "8.0 km"]),
        (2, ("calf_raise",), ["2 runs", "calf raise"]),
        (0, ("calf_raise", "bridge"), ["calf raise and bridge"]),
    ],
)
def test_what_a_morning_follows(runs, exercises, parts):
    before = FollowedBy(date(2026, 5, 4), runs, 8000.0 if runs else None, exercises, len(exercises))
    text = diary_text.follows_in_words(before, Units())
    assert all(part in text for part in parts)


def test_a_run_is_named_without_its_title_and_in_the_runners_units():
    row = {"local_date": date(2026, 5, 5), "distance_m": 8200.0, "name": "Secret street"}
    assert diary_text.run_label(row, Units()) == "Tuesday, 8.2 km"
    assert diary_text.run_label(row, Units("mi", "ft")) == "Tuesday, 5.1 mi"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((12, 12), "12 min"),
        ((5, 15), "5 to 15 min"),
        ((0, 5), "under 5 min"),
        ((30, 1440), "over 30 min"),
        ((0, 0), "0 min"),
    ],
)
def test_minutes_are_as_precise_as_they_were_said(ends, text):
    assert shared_text.minutes_in_words(*ends) == text
