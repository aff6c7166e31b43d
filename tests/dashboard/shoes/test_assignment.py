"""Runs without a pair, in a retired or not yet worn one, in the one left on for months, or of another kind."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shoe_histories import FIRST, pairs, real_histories, session, sessions

from dashboard.shoes.assignment import ISSUE_KINDS, assignment_issues

BOTH = pairs("road", "trail")


def day(number: int):
    return FIRST + timedelta(days=number)


def rotated(first: int, last: int, every: int = 3) -> list[dict[str, object]]:
    return [session(n, "trail" if n % every == 0 else "road") for n in range(first, last)]


def told(rows: list[dict[str, object]], shoes: pl.DataFrame = BOTH, **more) -> dict[str, str]:
    return dict(assignment_issues(sessions(rows), shoes, **more).select("activity_id", "doubt").iter_rows())


def test_a_run_without_a_pair_is_missing_one():
    assert told([session(0, "road"), session(1, None)]) == {"r0001": "missing"}


def test_a_run_after_the_last_or_before_the_first_day_of_its_pair_is_doubted():
    shoes = pairs("road", "trail", road={"retired_on": day(3)}, trail={"first_use": day(2)})
    rows = [session(1, "trail"), session(2, "trail"), session(3, "road"), session(4, "road")]
    assert told(rows, shoes) == {"r0001": "unused", "r0004": "retired"}


def test_a_retired_pair_that_comes_back_behind_newer_ones_is_doubted():
    rows = [session(n, "old") for n in range(10)] + [session(n, "new") for n in range(8, 60, 2)]
    shoes = pairs("old", "new", old={"is_retired": True})
    assert told([*rows, session(61, "old")], shoes) == {"r0061": "retired"}
    assert told([*rows, session(61, "old")], pairs("old", "new")) == {}
    assert told([*rows, session(61, "new")], shoes) == {}


def test_one_pair_for_months_after_changing_between_pairs_is_doubted():
    alone = [session(n, "road") for n in range(60, 120, 2)]
    rows = assignment_issues(sessions([*rotated(0, 60), *alone]), BOTH)
    assert set(rows["doubt"]) == {"alone"}
    # The stretch begins with the last run of the rotation that was in the same pair.
    assert rows["since"].unique().to_list() == [day(58)]
    assert rows.height == len(alone) + 2


@pytest.mark.parametrize(
    ("before", "after", "shoes"),
    [
        (rotated(0, 60), range(60, 80, 2), BOTH),  # only three weeks
        ([session(n, "road") for n in range(60)], range(60, 150, 2), BOTH),  # one pair all along
        (
            [session(n, "trail" if n < 30 else "road") for n in range(60)],
            range(60, 150, 2),
            BOTH,
        ),  # one change
        (rotated(0, 60), range(60, 150, 2), pairs("road", "trail", trail={"retired_on": day(58)})),
        (rotated(0, 60), range(60, 150, 2), pairs("road", "trail", trail={"is_retired": True})),
    ],
)
def test_one_pair_is_not_doubted_where_it_is_no_wonder(before, after, shoes):
    assert told([*before, *(session(n, "road") for n in after)], shoes) == {}


def test_a_kind_of_run_that_a_pair_is_not_worn_for_is_doubted():
    trails = [session(n, "trail", sport="TrailRun") for n in range(0, 40, 4)]
    roads = [session(n, "road") for n in range(1, 40, 4)]
    odd = session(42, "road", sport="TrailRun")
    rows = assignment_issues(sessions([*trails, *roads, odd]), BOTH)
    assert rows.select("activity_id", "doubt", "kind", "is_other_kind").rows() == [
        ("r0042", "other_kind", "trail", True)
    ]
    races = [session(n, "trail") for n in range(50, 56)]
    dates = [day(n) for n in (42, *range(50, 56))]
    with_races = [*trails, *roads, *races, session(43, "road")]
    assert told(with_races, race_dates=[*dates, day(43)]) == {"r0043": "other_kind"}


def test_in_a_doubted_stretch_runs_of_another_kind_are_marked():
    before = [
        session(n, "trail" if n % 3 == 0 else "road", sport="TrailRun" if n % 3 == 0 else "Run")
        for n in range(60)
    ]
    after = [session(n, "road", sport="TrailRun" if n % 3 == 0 else "Run") for n in range(60, 120)]
    rows = assignment_issues(sessions([*before, *after]), BOTH)
    assert set(rows["doubt"]) == {"alone"}
    assert rows["is_other_kind"].sum() == 20


def test_what_a_person_said_or_keeps_or_left_out_is_not_asked_again():
    rows = [
        session(0, None, kept_flags="odd_time shoe_missing"),
        session(1, "road", edited="shoe_id"),
        session(2, "road", is_excluded=True),
        session(3, "road"),
        session(4, None, edited="shoe_id"),
        session(5, None, sport="Ride"),
    ]
    shoes = pairs("road", road={"retired_on": FIRST})
    assert told(rows, shoes) == {"r0003": "retired", "r0004": "missing"}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([None, "road", "trail"]), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_every_missing_pair_is_told(worn, random):
    rows = [session(2 * n, one) for n, one in enumerate(worn)]
    found = assignment_issues(sessions(rows), BOTH)
    assert found.equals(assignment_issues(sessions(random.sample(rows, len(rows))), BOTH))
    assert set(found["doubt"]) <= set(ISSUE_KINDS)
    assert (found["doubt"] == "missing").sum() == worn.count(None)
    assert found["activity_id"].is_unique().all()


@pytest.mark.real_data
def test_a_default_left_on_in_a_real_rotation_is_found_and_nothing_else_doubted(real_data, tmp_path):
    """Ninety days of real runs set to the pair worn most before them, every four weeks anew."""
    windows = found = 0
    for name, store, athlete_id in real_histories(real_data, tmp_path, ("Darixxxon", "rodrigomaria")):
        runs, shoes = store.activities(athlete_id), store.shoes(athlete_id)
        store.close()
        assert set(assignment_issues(runs, shoes)["doubt"]) == {"missing"}, name
        mine = [_planted(runs, shoes, first) for first in range(0, 1500, 28)]
        windows += len(mine) - mine.count(None)
        found += mine.count(True)
    assert windows >= 15
    assert found / windows > 0.75


def _planted(runs: pl.DataFrame, shoes: pl.DataFrame, offset: int) -> bool | None:
    worn = runs.filter(pl.col("sport").is_in(["Run", "TrailRun"]), pl.col("shoe_id").is_not_null())
    first = worn["local_date"].min() + timedelta(days=offset)
    inside = pl.col("local_date").is_between(first, first + timedelta(days=90))
    before = worn.filter(pl.col("local_date").is_between(first - timedelta(days=90), first, closed="left"))
    window = worn.filter(inside)
    if window.height < 20 or before.height < 8 or min(f["shoe_id"].n_unique() for f in (window, before)) < 2:
        return None
    top = before["shoe_id"].mode().sort()[0]
    named = pl.when(inside & pl.col("shoe_id").is_not_null()).then(pl.lit(top)).otherwise("shoe_id")
    return "alone" in set(assignment_issues(runs.with_columns(shoe_id=named), shoes)["doubt"])
