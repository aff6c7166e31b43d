"""Today's answers: what is not known is never told as calm, and each number is the one of the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from connectors.frames import SYMPTOM
from dashboard.diary import entries
from dashboard.model.explain import explain_flares
from dashboard.plan import service
from dashboard.plan.planned_runs import PlannedRun
from dashboard.shared.pipeline import analysis_of
from dashboard.shared.text import HABIT_UNKNOWN
from dashboard.shared.units import Units
from dashboard.today import answers
from dashboard.today.status import current_load

UNITS, LAST = Units(), date(2025, 6, 23)


def test_the_headline_follows_the_ratio_and_an_unknown_habit_is_named(jumping):
    now = current_load(jumping, LAST)
    told = [answers.headline(replace(now, ratio=ratio)) for ratio in (1.3, 1.0, 0.7)]
    assert told == [answers.HEADLINES[one] for one in ("more", "near", "less")]
    old = replace(now, ratio=1.3, as_of=date(2025, 9, 21), days_ago=435)
    assert answers.headline(old).startswith(
        "In the week to 21 Sep 2025, your last on record, tendon load was above"
    )
    assert answers.headline(replace(now, ratio=None)) == HABIT_UNKNOWN
    assert answers.headline(replace(now, as_of=None)) == answers.NO_LOAD


def test_the_week_stands_beside_the_mean_of_the_eight_weeks_before(jumping):
    now = current_load(jumping, LAST)
    runs = jumping.runs.select("local_date", "distance_m")
    until = now.as_of
    assert until is not None
    week = runs.filter(pl.col("local_date") > until - timedelta(days=7))["distance_m"].sum()
    before = runs.filter(
        pl.col("local_date").is_between(until - timedelta(days=62), until - timedelta(days=7))
    )["distance_m"].sum()
    words = " ".join(answers.week_answer(jumping, now, UNITS).sentences)
    assert f"{UNITS.distance_words(week)} in the same days" in words
    assert f"{UNITS.distance_words(before / 8)} a week" in words


def test_a_short_record_has_no_mean_and_no_calm(jumping):
    now = current_load(jumping, LAST)
    unknown = jumping.days.with_columns(known=pl.lit(False))
    short = type(jumping)(**{**jumping.__dict__, "days": unknown})
    assert "on average" not in " ".join(answers.week_answer(short, now, UNITS).sentences)
    nothing = explain_flares(jumping, SYMPTOM.empty())
    empty = explain_flares(replace(jumping, days=jumping.days.clear()), SYMPTOM.empty())
    assert answers.step_up_answer(jumping, empty, []).sentences == (answers.STEP_UP_UNKNOWN,)
    assert answers.step_up_answer(jumping, nothing, ["a", "b"]).sentences == ("a",)


def test_a_morning_without_an_answer_is_not_a_calm_one(store, athlete_id):
    today = date(2026, 5, 2)
    assert answers.morning_answer(SYMPTOM.empty(), today).sentences == (answers.NOT_LOGGED,)
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(today - timedelta(days=1), "left"))
    first, last = answers.morning_answer(store.read(SYMPTOM, athlete_id), today).sentences
    assert first == answers.NOT_LOGGED
    assert "1 May" in last
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(today, "left"))
    (now,) = answers.morning_answer(store.read(SYMPTOM, athlete_id), today).sentences
    assert now.startswith("No stiffness and no pain")


def test_tomorrow_names_the_run_and_the_limit_it_crosses(store, athlete_id):
    analysis = analysis_of(store, athlete_id)
    today = analysis.days["local_date"].max()
    tomorrow = today + timedelta(days=1)

    def told(metres: float | None) -> tuple[str, ...]:
        runs = [] if metres is None else [PlannedRun(tomorrow, metres)]
        service.save_runs(store, athlete_id, [service.monday(tomorrow)], runs)
        seen = service.project_plan(store, athlete_id, analysis, tomorrow, today)
        return answers.tomorrow_answer(seen, today, UNITS, {}).sentences

    assert told(None) == (answers.NOTHING_PLANNED,)
    long = told(90_000)
    assert "90" in long[0]
    assert long[1].startswith("Crosses: ")
    assert "Longest run" in long[1]
