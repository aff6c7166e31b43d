"""What stands beside the runs in the report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from dashboard.cadence import experiment
from dashboard.cadence.experiment import CadenceExperiment
from dashboard.diary import events
from dashboard.diary.episodes import Episode, save_episode
from dashboard.plan import service
from dashboard.plan.ladder import LADDER_TEMPLATE
from dashboard.report import document_extras
from dashboard.strength import clinical_tests, programmes, sets
from dashboard.strength.templates import TEMPLATES

DAY = date(2026, 4, 6)
NAME = TEMPLATES[0].steps[0].exercise


@pytest.fixture
def kept(store, athlete_id):
    programmes.start_programme(store, athlete_id, TEMPLATES[0], DAY, "therapist")
    said = {"date": DAY, "exercise": NAME, "repetitions": 15, "load_kg": 20.0, "note": "a private word"}
    sets.save_sets(store, athlete_id, [said] * 3)
    clinical_tests.save_results(store, athlete_id, DAY, {("visa_a", None): 80}, "runner")
    clinical_tests.save_results(store, athlete_id, date(2026, 5, 4), {("visa_a", None): 66}, "runner")
    return store


def test_sets_weeks_and_tests_are_plain_and_hold_no_note(kept, athlete_id):
    told = document_extras.strength_json(kept, athlete_id, None, None)
    assert [one["set_number"] for one in told["sets"]] == [1, 2, 3]
    (week,) = [one for one in told["programme"] if one["exercise"] == NAME]
    assert (week["week"], week["planned_sets"], week["logged_sets"], week["planned_load_kg"]) == (
        1,
        9,
        3,
        None,
    )
    tested = document_extras.tests_json(kept, athlete_id, None, None)
    assert [(one["change"], one["is_beyond"]) for one in tested] == [(None, None), (-14, True)]
    assert "private" not in json.dumps([told, tested], allow_nan=False)


def test_a_period_cuts_them_and_a_change_keeps_its_past(kept, athlete_id):
    told = document_extras.strength_json(kept, athlete_id, date(2026, 4, 20), date(2026, 4, 30))
    assert told["sets"] == []
    assert {one["week"] for one in told["programme"]} == {3, 4}
    (one,) = document_extras.tests_json(kept, athlete_id, date(2026, 5, 1), None)
    assert one["change"] == -14


def test_nothing_kept_is_empty(store, athlete_id):
    assert document_extras.strength_json(store, athlete_id, None, None) == {"sets": [], "programme": []}
    assert document_extras.tests_json(store, athlete_id, None, None) == []


def test_events_that_reach_into_a_period_are_told_without_their_words(store, athlete_id):
    events.save_event(store, athlete_id, "illness", date(2026, 4, 1), date(2026, 4, 10), "a private word")
    events.save_event(store, athlete_id, "race", date(2026, 4, 20))
    told = document_extras.events_json(store, athlete_id, date(2026, 4, 8), date(2026, 4, 15))
    assert told == [{"date": "2026-04-01", "end_date": "2026-04-10", "kind": "illness"}]
    assert [one["kind"] for one in document_extras.events_json(store, athlete_id, None, None)] == [
        "illness",
        "race",
    ]


def test_the_experiment_and_the_ladder_are_told_as_they_are_set(store, athlete_id):
    assert document_extras.experiment_json(store, athlete_id) is None
    experiment.save_experiment(store, athlete_id, CadenceExperiment(DAY, 4.0))
    assert document_extras.experiment_json(store, athlete_id) == {
        "start": "2026-04-06",
        "target_pct": 4.0,
        "end": None,
    }
    first = replace(LADDER_TEMPLATE[0], done_on=DAY, decided_by="therapist", note="a private word")
    service.save_steps(store, athlete_id, [first])
    told = document_extras.ladder_json(store, athlete_id)
    assert [(one["step"], one["done_on"], one["decided_by"]) for one in told[:2]] == [
        (1, "2026-04-06", "therapist"),
        (2, None, None),
    ]
    assert "private" not in json.dumps(told, allow_nan=False)


def test_earlier_episodes_stand_in_the_report_whatever_its_period(store, athlete_id):
    save_episode(store, athlete_id, Episode("calf", date(2019, 5, 31), date(2019, 5, 1), side="left"), DAY)
    found = document_extras.entered_json(store, athlete_id, date(2026, 1, 1), None)["episodes"]
    assert [(one["from_earliest"], one["place"], one["side"]) for one in found] == [
        ("2019-05-01", "calf", "left")
    ]
