"""A run in one line, a duration as watches write it, a name of its own for every pair."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.runs.text import contact_words, feel_words
from dashboard.shared.text import duration_words, rough_duration_words, run_line, shoe_labels
from dashboard.shared.units import Units
from dashboard.shoes.assignment import ISSUE_KINDS
from dashboard.shoes.text import DOUBTED

ROW = {"local_date": date(2026, 5, 12), "distance_m": 8200.0, "moving_s": 2650.0, "sport": "TrailRun"}


def test_a_run_is_named_by_what_is_known():
    assert run_line(ROW, Units()) == "Tue 12 May 2026 · 8.2 km · 44:10 · Trail run"
    assert (
        run_line({**ROW, "distance_m": None, "moving_s": None, "sport": "Run"}, Units()) == "Tue 12 May 2026"
    )


@pytest.mark.parametrize(("seconds", "said"), [(None, "not known"), (59.6, "1:00"), (3900.0, "1:05:00")])
def test_a_duration_is_written_as_watches_do(seconds, said):
    assert duration_words(seconds) == said


def test_a_length_of_time_is_no_finer_than_needed():
    lengths = [rough_duration_words(seconds) for seconds in (None, 600.0, 3_900.0, 791_508.0)]
    assert lengths == ["not known", "10 min", "1 h 05 min", "9 d 3 h"]


def test_two_pairs_of_one_name_are_told_apart():
    assert shoe_labels({"a": "Pacer ", "b": "Pacer", "c": " "}) == {
        "a": "Pacer",
        "b": "Pacer (2)",
        "c": "unnamed pair",
    }


def test_every_doubt_has_words():
    assert set(DOUBTED) == set(ISSUE_KINDS)


def test_feel_and_contact_balance_in_words():
    assert [feel_words(value) for value in (None, 0, 25, 50, 75, 100)] == [
        None, "very poor", "poor", "normal", "good", "very good"
    ]  # fmt: skip
    assert contact_words(48.62) == "48.6 / 51.4 %"
    assert contact_words(None) is None
