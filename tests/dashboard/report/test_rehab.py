"""Strength work and tests in the report."""

from __future__ import annotations

import json
from datetime import date

import pytest

from dashboard import checks, programmes, strength
from dashboard.model.programmes import TEMPLATES
from dashboard.report import rehab

DAY = date(2026, 4, 6)
NAME = TEMPLATES[0].steps[0].exercise


@pytest.fixture
def kept(store, athlete_id):
    programmes.start(store, athlete_id, TEMPLATES[0], DAY, "therapist")
    said = {"date": DAY, "exercise": NAME, "repetitions": 15, "load_kg": 20.0, "note": "a private word"}
    strength.keep(store, athlete_id, [said] * 3)
    checks.keep(store, athlete_id, DAY, {("visa_a", None): 80}, "runner")
    checks.keep(store, athlete_id, date(2026, 5, 4), {("visa_a", None): 66}, "runner")
    return store


def test_sets_weeks_and_tests_are_plain_and_hold_no_note(kept, athlete_id):
    told = rehab.strength(kept, athlete_id, None, None)
    assert [one["set_number"] for one in told["sets"]] == [1, 2, 3]
    (week,) = [one for one in told["programme"] if one["exercise"] == NAME]
    assert (week["week"], week["planned_sets"], week["logged_sets"], week["planned_load_kg"]) == (
        1,
        9,
        3,
        None,
    )
    tested = rehab.tests(kept, athlete_id, None, None)
    assert [(one["change"], one["is_beyond"]) for one in tested] == [(None, None), (-14, True)]
    assert "private" not in json.dumps([told, tested], allow_nan=False)


def test_a_period_cuts_them_and_a_change_keeps_its_past(kept, athlete_id):
    told = rehab.strength(kept, athlete_id, date(2026, 4, 20), date(2026, 4, 30))
    assert told["sets"] == []
    assert {one["week"] for one in told["programme"]} == {3, 4}
    (one,) = rehab.tests(kept, athlete_id, date(2026, 5, 1), None)
    assert one["change"] == -14


def test_nothing_kept_is_empty(store, athlete_id):
    assert rehab.strength(store, athlete_id, None, None) == {"sets": [], "programme": []}
    assert rehab.tests(store, athlete_id, None, None) == []
