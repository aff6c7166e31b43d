"""Templates of programmes, as data with their sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors.demo.diary import demo_programme
from connectors.frames import PROGRAMME, checked
from dashboard.strength.templates import (
    CERTAINTY,
    GUIDELINE,
    ORDER_NOTE,
    RECOMMENDATIONS,
    TEMPLATES,
    certainty,
    exercise,
    find_template,
    template_rows,
)

PUBLISHED = Path(__file__).resolve().parents[2] / "published"
START = date(2026, 3, 2)


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.name)
def test_each_keeps_the_contract_and_knows_its_exercises(one):
    made = template_rows(one, START, "therapist")
    more = {"athlete_id": 1, "source": "manual", "fetched_utc": datetime(2026, 3, 2, tzinfo=UTC)}
    frame = pl.DataFrame(
        [{**row, **more, "source_id": str(n)} for n, row in enumerate(made)], infer_schema_length=None
    )
    assert checked(frame, PROGRAMME).height == len(one.steps)
    assert all(exercise(step.exercise) for step in one.steps)
    assert all(step.week_from <= step.week_to and step.certainty in CERTAINTY for step in one.steps)
    assert one.source
    assert find_template(one.name) is one


def test_heavy_slow_resistance_is_as_printed():
    printed = pl.read_csv(PUBLISHED / "beyer_2015_heavy_slow.csv", comment_prefix="#").rows()
    heavy = find_template("Heavy slow resistance")
    assert heavy
    for step in heavy.steps:
        numbers = (step.week_from, step.week_to, step.sets, step.repetitions)
        assert (numbers in printed) == (step.certainty == "printed")
        assert (step.times_per_week, step.tempo) == (3, "3-0-3")
    by_week = {
        step.week_from: {s.exercise for s in heavy.steps if s.week_from == step.week_from}
        for step in heavy.steps
    }
    assert all(len(names) == 3 for names in by_week.values())
    assert (6, 8, 4, 8) in {(s.week_from, s.week_to, s.sets, s.repetitions) for s in heavy.steps}


def test_eccentric_is_three_of_fifteen_twice_a_day_with_both_knees():
    eccentric = find_template("Eccentric heel drops")
    assert eccentric
    assert {(s.sets, s.repetitions, s.times_per_week, s.week_to) for s in eccentric.steps} == {
        (3, 15, 14, 12)
    }
    assert {exercise(s.exercise).knee for s in eccentric.steps} == {"straight", "bent"}


def test_a_number_that_a_person_set_is_no_longer_the_studys():
    (row, *_) = template_rows(TEMPLATES[0], START, "runner")
    assert certainty(row) == "printed"
    assert certainty({**row, "load_kg": 40.0}) == "printed"
    assert certainty({**row, "repetitions": 14}) is None
    assert certainty({**row, "programme": "My own"}) is None


def test_the_made_up_runner_follows_a_template():
    kept = demo_programme(1, date(2025, 5, 19), date(2026, 11, 22)).to_dicts()
    assert {certainty(row) for row in kept} == {"printed", "passed_on"}
    assert len(kept) == 2 * len(TEMPLATES[0].steps)


def test_short_heavy_holds_stand_beside_the_long_ones() -> None:
    short, long = find_template("Short heavy holds"), find_template("Isometric holds")
    assert short is not None
    assert long is not None
    (step,) = short.steps
    assert (step.sets, step.repetitions, step.hold_s, step.times_per_week) == (5, 4, 3.0, 3)
    assert long.steps[0].hold_s == 45.0


def test_a_programme_kept_under_its_old_name_is_still_known() -> None:
    old, new = find_template("Return to plyometrics"), find_template("Return to plyometrics (Silbernagel)")
    assert old is new is not None
    notes = [step.note or "" for step in new.steps if step.exercise == "Single-leg heel raise"]
    assert any("10 or 15" in note for note in notes)


def test_the_guideline_has_its_grades_and_the_order_is_untested() -> None:
    assert [one.grade for one in RECOMMENDATIONS] == ["A", "B", "E"]
    assert "10.2519/jospt.2024.0302" in GUIDELINE
    assert "no trial" in ORDER_NOTE
