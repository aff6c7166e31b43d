"""A pair is suggested by rule, else by habit; order does not matter, and no pair is never an answer."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shoe_histories import FIRST, pairs, real_histories, session, sessions

from dashboard.shoes.assignment import GUESS_SCHEMA, LEAST_SHARE, assignment_guesses
from dashboard.shoes.assignment_rules import ShoeRule, rule_in_words

BOTH = pairs("road", "trail")


def rotation(days: int = 60) -> list[dict[str, object]]:
    """Road shoes, and every fourth run on the trail in the other pair."""
    return [
        session(n, "trail", sport="TrailRun", ascent_m=300.0)
        if n % 4 == 3
        else session(n, "road", ascent_m=20.0)
        for n in range(days)
    ]


def one(runs: list[dict[str, object]], asked: str, shoes: pl.DataFrame = BOTH, **more: object) -> dict:
    return assignment_guesses(sessions(runs), shoes, [asked], **more).row(0, named=True)


def test_habit_knows_the_trail_pair_from_the_road_pair():
    runs = rotation()
    runs[31] = {**runs[31], "shoe_id": None}
    runs[32] = {**runs[32], "shoe_id": None}
    trail, road = one(runs, "r0031"), one(runs, "r0032")
    assert (trail["suggested_id"], trail["by"]) == ("trail", "habit")
    assert (road["suggested_id"], road["by"]) == ("road", "habit")
    assert min(trail["share"], road["share"]) >= LEAST_SHARE


def test_a_coin_toss_is_no_habit():
    runs = [session(n, "road" if n % 2 else "trail") for n in range(40)]
    found = one([*runs, session(41, None)], "r0041")
    assert (found["suggested_id"], found["by"]) == (None, None)
    assert 0.3 < found["share"] < LEAST_SHARE


def test_one_run_a_month_ago_is_no_habit():
    assert one([session(0, "road"), session(30, None)], "r0030")["suggested_id"] is None


def test_a_rule_comes_before_habit_and_the_first_that_fits_counts():
    runs = [*rotation(), session(60, None)]
    rules = [
        ShoeRule("trail", surface="trail"),
        ShoeRule("trail", most_m=9000.0),
        ShoeRule("road", sport="Run"),
    ]
    found = one(runs, "r0060", rules=rules)
    assert (found["suggested_id"], found["by"], found["rule"]) == ("trail", "rule", 1)


def test_a_pair_is_not_suggested_before_its_first_or_after_its_last_day():
    runs = [*rotation(), session(60, None)]
    day = FIRST + timedelta(days=60)
    later = pairs("road", "trail", road={"first_use": day + timedelta(days=1)})
    assert one(runs, "r0060", later)["suggested_id"] != "road"
    gone = pairs("road", "trail", road={"retired_on": day - timedelta(days=1)})
    rules = [ShoeRule("road", sport="Run")]
    assert one(runs, "r0060", gone, rules=rules)["suggested_id"] != "road"
    assert one(runs, "r0060", BOTH, rules=rules)["suggested_id"] == "road"


def test_runs_in_doubt_have_no_say():
    runs = [*(session(n, "road") for n in range(20)), *(session(n, "trail") for n in range(20, 40))]
    doubted = [f"r{n:04d}" for n in range(20, 40)]
    assert one(runs, "r0039")["suggested_id"] == "trail"
    assert one(runs, "r0039", doubted=doubted)["suggested_id"] == "road"


def test_without_any_labelled_run_there_is_nothing_to_go_by():
    found = one([session(0, None), session(1, "thrown away long ago")], "r0000")
    assert (found["suggested_id"], found["share"]) == (None, None)
    assert assignment_guesses(sessions([]), BOTH, ["r0000"]).schema == GUESS_SCHEMA


def test_a_walk_is_neither_asked_about_nor_listened_to():
    walks = [session(n, "road", sport="Walk") for n in range(20)]
    assert assignment_guesses(sessions([*walks, session(20, None)]), BOTH, ["r0003", "r0020"]).to_dicts() == [
        {"activity_id": "r0020", "suggested_id": None, "by": None, "share": None, "rule": None}
    ]


RUNS = st.lists(
    st.fixed_dictionaries(
        {
            "shoe_id": st.sampled_from([None, "road", "trail", "unlisted"]),
            "sport": st.sampled_from(["Run", "TrailRun", "Walk"]),
            "distance_m": st.sampled_from([None, 0.0, 5000.0, 21_000.0]),
            "moving_s": st.sampled_from([None, 0.0, 1500.0, 6000.0]),
            "ascent_m": st.sampled_from([None, 10.0, 500.0]),
            "is_indoor": st.sampled_from([None, True, False]),
        }
    ),
    min_size=1,
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(RUNS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_no_pair_is_no_answer(facts, random):
    rows = [session(n, **one) for n, one in enumerate(facts)]
    asked = [str(row["activity_id"]) for row in rows]
    found = assignment_guesses(sessions(rows), BOTH, asked)
    shuffled = random.sample(rows, len(rows))
    assert found.equals(assignment_guesses(sessions(shuffled), BOTH, random.sample(asked, len(asked))))
    assert set(found["suggested_id"].drop_nulls()) <= {"road", "trail"}
    assert found["share"].drop_nulls().is_between(0, 1).all()
    suggested = found.filter(pl.col("suggested_id").is_not_null())
    assert (suggested["share"] >= LEAST_SHARE).all()


@pytest.mark.real_data
def test_habit_is_right_on_real_histories_and_silent_where_it_is_not_sure(real_data, tmp_path):
    """Each labelled run left out once, five public exports."""
    runs = suggested = right = 0
    for _, store, athlete_id in real_histories(real_data, tmp_path):
        known = rule_in_words(store.activities(athlete_id)).filter(pl.col("shoe_id").is_not_null())
        asked = known["activity_id"].to_list()
        told = assignment_guesses(store.activities(athlete_id), store.shoes(athlete_id), asked).join(
            known.select("activity_id", "shoe_id"), on="activity_id"
        )
        runs += told.height
        suggested += told["suggested_id"].is_not_null().sum()
        right += (told["suggested_id"] == told["shoe_id"]).sum()
        store.close()
    assert runs == 890
    assert suggested / runs > 0.6
    assert right / suggested > 0.97
