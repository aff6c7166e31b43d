"""Asking for pairs: the latest runs one by one, the rest in groups, each answer one act that can be undone."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from connectors.frames import ACTIVITY, EDIT, SHOE
from dashboard.shared.pipeline import analysis_of
from dashboard.shoes import assignment_review, assignment_rules
from dashboard.shoes.assignment_rules import ShoeRule


@pytest.fixture
def forgetful(store, athlete_id):
    """Every tenth run names no pair; a second pair is there, not worn yet."""
    kept = store.read(ACTIVITY, athlete_id)
    missing = kept.gather_every(10).with_columns(shoe_id=pl.lit(None, pl.String))
    store.write(ACTIVITY, missing)
    other = store.read(SHOE, athlete_id).with_columns(
        shoe_id=pl.lit("other"), source_id=pl.lit("other"), name=pl.lit("Other")
    )
    store.write(SHOE, other)
    return store


def without(store, athlete_id) -> int:
    return store.activities(athlete_id)["shoe_id"].null_count()


def test_the_latest_runs_are_asked_about_and_all_are_in_a_group(forgetful, athlete_id):
    found = assignment_review.review_assignments(forgetful, athlete_id)
    assert [one["local_date"] for one in found.waiting] == [
        date(2026, 4, 11),
        date(2026, 3, 22),
        date(2026, 3, 2),
    ]
    assert found.waiting[0]["pairs"] == ["pair"]
    assert found.waiting[0]["suggested_id"] == "pair"
    (group,) = found.groups
    assert (group.doubt, len(group.runs), group.first) == ("missing", 6, date(2026, 1, 1))
    assert set(group.changes().values()) == {"pair"}
    assert set(group.changes("other").values()) == {"other"}


def test_one_tap_and_one_click_are_acts_that_survive_an_import_and_are_undone(forgetful, athlete_id):
    store = forgetful
    group = assignment_review.review_assignments(store, athlete_id).groups[0]
    change = assignment_review.assign_pairs(store, athlete_id, group.changes(), "runner", "named no pair")
    assert without(store, athlete_id) == 0
    assert assignment_review.review_assignments(store, athlete_id).groups == ()
    store.write(ACTIVITY, store.read(ACTIVITY, athlete_id))
    assert without(store, athlete_id) == 0
    assert analysis_of(store, athlete_id).runs["shoe_id"].null_count() == 0
    change.undo(store)
    assert without(store, athlete_id) == 6
    assert store.undo_edits(athlete_id, change.batch_id, is_undone=False) == 6
    assert without(store, athlete_id) == 0
    assert store.read(EDIT, athlete_id)["reason"].unique().to_list() == ["named no pair"]


def test_skipping_is_remembered_beside_other_flags_and_undone(forgetful, athlete_id):
    store = forgetful
    first = assignment_review.review_assignments(store, athlete_id).waiting[0]
    change = assignment_review.leave_as_is(
        store, athlete_id, "missing", [{**first, "kept_flags": "odd_time"}], "runner"
    )
    kept = store.activities(athlete_id).filter(pl.col("activity_id") == first["activity_id"])
    assert kept["kept_flags"].item() == "odd_time shoe_missing"
    assert kept["shoe_id"].item() is None
    assert len(assignment_review.review_assignments(store, athlete_id).waiting) == 2
    change.undo(store)
    assert len(assignment_review.review_assignments(store, athlete_id).waiting) == 3


def test_a_rule_suggests_and_changes_nothing(forgetful, athlete_id):
    store = forgetful
    assignment_rules.save_rules(store, athlete_id, [ShoeRule("other", weekdays=(6,))])
    assert assignment_rules.load_rules(store, athlete_id) == (ShoeRule("other", weekdays=(6,)),)
    found = {
        one["local_date"]: one for one in assignment_review.review_assignments(store, athlete_id).waiting
    }
    saturday = found[date(2026, 4, 11)]
    assert (saturday["suggested_id"], saturday["by"], saturday["rule"]) == ("other", "rule", 0)
    assert saturday["pairs"] == ["other", "pair"]
    assert found[date(2026, 3, 22)]["by"] == "habit"
    assert without(store, athlete_id) == 6
    assignment_rules.save_rules(store, athlete_id, [])
    assert assignment_rules.RULES_SETTING not in store.settings(athlete_id)


def test_without_pairs_there_is_nothing_to_ask(store, athlete_id):
    store.delete(SHOE, athlete_id, "file", ["pair"])
    assert assignment_review.review_assignments(store, athlete_id) == assignment_review.AssignmentReview(
        (), ()
    )


def test_of_a_pair_left_on_only_runs_of_another_kind_get_a_suggestion_by_habit(store, athlete_id):
    """Every third run was on the trail in the other pair, until the default stayed on."""
    kept = store.read(ACTIVITY, athlete_id).sort("local_date").with_row_index("n")
    on_trail = pl.col("n") % 3 == 0
    worn = pl.when(on_trail & (pl.col("n") < 30)).then(pl.lit("other")).otherwise(pl.lit("pair"))
    sport = pl.when(on_trail).then(pl.lit("TrailRun")).otherwise(pl.lit("Run"))
    store.write(ACTIVITY, kept.with_columns(shoe_id=worn, sport=sport).drop("n"))
    other = store.read(SHOE, athlete_id).with_columns(
        shoe_id=pl.lit("other"), source_id=pl.lit("other"), name=pl.lit("Other")
    )
    store.write(SHOE, other)
    (group,) = assignment_review.review_assignments(store, athlete_id).groups
    assert (group.doubt, group.shoe_id, len(group.runs)) == ("alone", "pair", 32)
    others = {one["activity_id"] for one in group.runs if one["is_other_kind"]}
    assert len(others) == 10
    assert group.changes() == dict.fromkeys(others, "other")
    assignment_review.leave_as_is(store, athlete_id, "alone", group.runs, "runner")
    assert assignment_review.review_assignments(store, athlete_id).groups == ()


def test_a_suggestion_taken_over_is_no_evidence_for_the_next(forgetful, athlete_id):
    """Trial of the runner, 44: guesses fed the next guesses."""
    store = forgetful
    group = assignment_review.review_assignments(store, athlete_id).groups[0]
    reason = f"named no pair. {assignment_review.AS_SUGGESTED}"
    assignment_review.assign_pairs(store, athlete_id, group.changes(), "runner", reason)
    guessed = assignment_review.suggested_runs(store, athlete_id)
    assert sorted(guessed) == sorted(group.changes())
    own, *_ = guessed
    assignment_review.assign_pairs(store, athlete_id, {own: "other"}, "runner", "I know")
    assert own not in assignment_review.suggested_runs(store, athlete_id)


def test_with_nothing_but_suggestions_nothing_more_is_suggested(forgetful, athlete_id):
    store = forgetful
    runs = store.activities(athlete_id).drop_nulls("shoe_id")["activity_id"].to_list()
    for reason, suggests in (("said so", True), (assignment_review.AS_SUGGESTED, False)):
        changes = dict.fromkeys(runs, "other" if suggests else "pair")
        assignment_review.assign_pairs(store, athlete_id, changes, "runner", reason)
        (group,) = [
            g for g in assignment_review.review_assignments(store, athlete_id).groups if g.doubt == "missing"
        ]
        assert bool(group.changes()) == suggests
