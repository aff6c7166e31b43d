"""Statements: proposed, answered, taken back; episodes that follow; what the report may hold of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_builders import activity_row
from written_words import WROTE, write_titles

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, ANSWER, EPISODE_PARTS, KNOWN_BY, SYMPTOM
from dashboard.diary import statements
from dashboard.diary.episodes import Episode, save_episode
from dashboard.diary.statements import HEEL, NO, NOT_ME, OTHER, Statement, all_episodes, load_statements
from dashboard.report.build import render_report
from dashboard.shared import pipeline

DAY = date(2026, 4, 7)


@pytest.fixture
def wrote(store, athlete_id):
    write_titles(store, athlete_id, WROTE)
    return store


def by_text(store, athlete_id, text) -> Statement:
    return next(one for one in load_statements(store, athlete_id) if text in one.text)


def answer(store, athlete_id, text, state):
    return statements.answer_statement(
        store, athlete_id, by_text(store, athlete_id, text).statement_id, state
    )


def one(day: int, state: str = HEEL, **more) -> Statement:
    values = {"place": "calf", "side": None, "kind": "complaint", **more}
    return Statement(
        f"file/{day}", DAY + timedelta(days=day), None, "file", f"day {day}", state=state, **values
    )


def test_everything_is_proposed_and_makes_no_episode_until_it_is_answered(wrote, athlete_id):
    rows = load_statements(wrote, athlete_id)
    assert [each.date for each in rows] == sorted(WROTE)
    assert {each.state for each in rows} == {"proposed"}
    assert all_episodes(wrote, athlete_id) == []


def test_an_answer_is_stored_once_changed_and_undone(wrote, athlete_id):
    change = answer(wrote, athlete_id, "Left calf", HEEL)
    again = answer(wrote, athlete_id, "Left calf", NO)
    assert wrote.read(ANSWER, athlete_id).height == 1
    assert by_text(wrote, athlete_id, "Left calf").state == NO
    again.undo(wrote)
    assert by_text(wrote, athlete_id, "Left calf").state == HEEL
    change.undo(wrote)
    assert by_text(wrote, athlete_id, "Left calf").state == "proposed"
    answer(wrote, athlete_id, "Left calf", HEEL)
    answer(wrote, athlete_id, "Left calf", None).undo(wrote)
    assert by_text(wrote, athlete_id, "Left calf").state == HEEL


def test_an_answer_to_a_clause_that_is_gone_is_refused(wrote, athlete_id):
    with pytest.raises(StoreError, match="no longer on record"):
        statements.answer_statement(wrote, athlete_id, "file/none", HEEL)


def test_answers_within_four_weeks_are_one_episode_of_the_heel(wrote, athlete_id):
    answer(wrote, athlete_id, "Left calf", HEEL)
    answer(wrote, athlete_id, "Achilles", HEEL)
    answer(wrote, athlete_id, "Shin", OTHER)
    answer(wrote, athlete_id, "no pain", HEEL)
    assert all_episodes(wrote, athlete_id) == [
        Episode("shin", date(2026, 2, 10), None, date(2026, 2, 10), None, "wrote"),
        Episode("achilles", DAY, None, date(2026, 4, 11), "left", "wrote"),
    ]


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ([one(0), one(28)], 1),
        ([one(0), one(29)], 2),
        ([one(0, side="left"), one(3, side="right")], 2),
        ([one(0, side="left"), one(3), one(5, side="left")], 1),
        ([one(0, OTHER, place="shin"), one(3, OTHER, place="knee")], 2),
        ([one(0, kind="none")], 0),
        ([one(0, NO), one(1, NOT_ME), one(2, "proposed")], 0),
    ],
)
def test_how_far_apart_makes_two(rows, spans):
    assert len(statements.written_episodes(rows)) == spans


@given(
    st.lists(
        st.builds(
            one,
            st.integers(0, 400),
            st.sampled_from([HEEL, OTHER, NO, NOT_ME, "proposed"]),
            place=st.sampled_from(EPISODE_PARTS),
            side=st.sampled_from([None, "left", "right", "both"]),
            kind=st.sampled_from(["complaint", "eased", "none"]),
        ),
        max_size=12,
    )
)
def test_every_answered_complaint_lies_in_an_episode_of_its_kind(rows):
    episodes = statements.written_episodes(rows)
    for each in rows:
        counts = each.state in (HEEL, OTHER) and each.kind != "none"
        parts = ("achilles", "heel") if each.state == HEEL else set(EPISODE_PARTS) - {"achilles", "heel"}
        inside = [e for e in episodes if e.body_part in parts and e.from_date <= each.date <= e.to_date]
        assert bool(inside) or not counts
    assert all(e.known_by in KNOWN_BY and e.from_date <= e.to_date for e in episodes)


def test_titles_that_came_through_a_link_are_read_where_they_lie(store, athlete_id):
    row = activity_row(
        athlete_id, date(2026, 5, 2), source="strava_api", source_id="77", name="Right heel sore"
    )
    frame = pl.DataFrame([{n: row.get(n) for n in ACTIVITY.columns}], schema=ACTIVITY.schema)
    store.write(ACTIVITY, frame)
    (found,) = load_statements(store, athlete_id)
    assert (found.place, found.side, found.source) == ("heel", "right", "strava_api")
    statements.answer_statement(store, athlete_id, found.statement_id, HEEL)
    assert all_episodes(store.without("strava_api"), athlete_id) == []
    store.delete(ACTIVITY, athlete_id, "strava_api", ["77"])
    assert load_statements(store, athlete_id) == []


def test_the_same_words_in_two_records_of_one_run_are_asked_once(wrote, athlete_id):
    row = wrote.read(ACTIVITY, athlete_id).filter(pl.col("local_date") == DAY).to_dicts()[0]
    twin = {**row, "source": "strava_api", "source_id": "9", "activity_id": "twin"}
    wrote.write(ACTIVITY, pl.DataFrame([twin], schema=ACTIVITY.schema))
    assert [each.text for each in load_statements(wrote, athlete_id)].count("Left calf tight") == 1


def test_nothing_that_was_written_counts_as_a_logged_day_or_a_flare(wrote, athlete_id):
    before = pipeline.explanation_of(wrote, athlete_id, pipeline.analysis_of(wrote, athlete_id))
    symptoms = wrote.read(SYMPTOM, athlete_id)
    answer(wrote, athlete_id, "Left calf", HEEL)
    answer(wrote, athlete_id, "Shin", OTHER)
    after = pipeline.explanation_of(wrote, athlete_id, pipeline.analysis_of(wrote, athlete_id))
    assert after.flares.equals(before.flares)
    for name in ("enough_data", "why", "flares", "exposed", "expected", "p"):
        assert getattr(after.linkage, name) == getattr(before.linkage, name)
    assert after.responses.equals(before.responses)
    assert wrote.read(SYMPTOM, athlete_id).equals(symptoms)


def test_the_report_with_initials_has_neither_words_nor_what_was_answered_no(wrote, athlete_id):
    answer(wrote, athlete_id, "Left calf", HEEL)
    answer(wrote, athlete_id, "Shin", NO)
    answer(wrote, athlete_id, "no pain", NOT_ME)
    runner = wrote.runner()
    shared = json.loads(render_report("json", wrote, runner))
    own = json.loads(render_report("json", wrote, runner, name=runner.name))
    assert [row["state"] for row in shared["statements"]] == ["heel", "proposed"]
    assert {row["text"] for row in shared["statements"]} == {None}
    assert [row["text"] for row in own["statements"]] == [WROTE[day].split(",")[0] for day in sorted(WROTE)]
    assert {row["run_id"] for row in own["statements"]} <= {row["id"] for row in own["runs"]}
    assert shared["episodes"] == [
        {
            "from": "2026-04-07",
            "from_earliest": None,
            "to": "2026-04-07",
            "place": "achilles",
            "side": "left",
            "known_by": "wrote",
        }
    ]
    for form in ("html", "text"):
        assert b"calf tight" not in render_report(form, wrote, runner)


def test_a_period_holds_its_own_statements_and_what_hangs_on_no_run_has_no_run(wrote, athlete_id):
    ride = activity_row(
        athlete_id,
        date(2026, 5, 2),
        source="strava_api",
        source_id="8",
        sport="Ride",
        name="Heel sore, so I rode",
    )
    wrote.write(ACTIVITY, pl.DataFrame([{n: ride.get(n) for n in ACTIVITY.columns}], schema=ACTIVITY.schema))
    rows = statements.statements_json(wrote, athlete_id, date(2026, 4, 10), None)
    assert [(row["date"], row["run_id"] is None) for row in rows] == [
        ("2026-04-11", False),
        ("2026-05-02", True),
    ]


def test_episodes_are_in_order_and_heels_newest_first(store, athlete_id):
    today = datetime.now(UTC).date()
    for episode in (
        Episode("heel", date(2020, 3, 1)),
        Episode("achilles", date(2022, 3, 1)),
        Episode("knee"),
    ):
        save_episode(store, athlete_id, episode, today)
    every = all_episodes(store, athlete_id)
    assert [each.body_part for each in every] == ["heel", "achilles", "knee"]
    assert [each.body_part for each in statements.heel_episodes(every)] == ["achilles", "heel"]
