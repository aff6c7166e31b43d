"""What was logged against what was planned, in counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.frames import EXERCISE_KINDS, PROGRAMME, STRENGTH, checked
from connectors.manual_rows import strength_rows
from dashboard.strength.progress import PROGRESS_SCHEMA, programme_progress, week_of, weekly_sets
from dashboard.strength.templates import TEMPLATES, template_rows

START = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEAVY = TEMPLATES[0]
NAME = HEAVY.steps[0].exercise


def programme(*changed: dict) -> pl.DataFrame:
    made = [{**row, **(changed[0] if changed else {})} for row in template_rows(HEAVY, START, "runner")]
    more = {"athlete_id": 1, "source": "manual", "fetched_utc": NOW}
    return checked(
        pl.DataFrame(
            [{**row, **more, "source_id": str(n)} for n, row in enumerate(made)], infer_schema_length=None
        ),
        PROGRAMME,
    )


def done(*sets: tuple[int, str | None, int]) -> pl.DataFrame:
    said = [
        {
            "date": START + timedelta(day),
            "exercise": NAME,
            "side": side,
            "repetitions": reps,
            "load_kg": 10.0 + day,
        }
        for day, side, reps in sets
    ]
    return strength_rows(said, 1, NOW)


def week(found: pl.DataFrame, number: int) -> dict:
    return found.filter((pl.col("week") == number) & (pl.col("exercise") == NAME)).row(0, named=True)


def test_weeks_count_from_the_first_day():
    assert [week_of(START, START + timedelta(n)) for n in (-1, 0, 6, 7)] == [0, 1, 1, 2]


def test_counts_stand_beside_the_plan():
    rows = programme_progress(
        programme(),
        done((0, "both", 15), (0, "both", 15), (2, "both", 12), (8, "both", 12)),
        START + timedelta(9),
    )
    assert rows.schema == PROGRESS_SCHEMA
    assert rows["week"].unique().sort().to_list() == [1, 2]
    first = week(rows, 1)
    assert (first["planned_days"], first["planned_sets"], first["planned_repetitions"]) == (3, 9, 135)
    assert (first["logged_days"], first["logged_sets"], first["logged_repetitions"]) == (2, 3, 42)
    assert first["logged_load_kg"] == 12.0
    assert first["planned_load_kg"] is None
    assert week(rows, 2)["logged_sets"] == 1


def test_two_legs_logged_apart_are_not_twice_the_work():
    rows = programme_progress(programme(), done((0, "left", 15), (0, "right", 15), (0, "left", 10)), START)
    assert (week(rows, 1)["logged_sets"], week(rows, 1)["logged_repetitions"]) == (2, 25)


def test_what_nobody_planned_is_null_and_what_is_not_logged_counts_none():
    rows = programme_progress(
        programme({"repetitions": None, "times_per_week": None}), STRENGTH.empty(), START
    )
    first = week(rows, 1)
    assert (first["planned_days"], first["planned_sets"], first["planned_repetitions"]) == (None, None, None)
    assert (first["logged_days"], first["logged_sets"], first["logged_load_kg"]) == (0, 0, None)


def test_nothing_before_the_start_and_nothing_after_the_end():
    assert programme_progress(programme(), done((0, None, 15)), START - timedelta(1)).is_empty()
    assert programme_progress(PROGRAMME.empty(), done((0, None, 15)), START).is_empty()
    assert programme_progress(programme(), STRENGTH.empty(), START + timedelta(400))["week"].max() == 12


days = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["left", "right", "both", None]), st.integers(0, 30)),
    max_size=25,
)


@settings(deadline=None, max_examples=40)
@given(days, st.randoms())
def test_order_does_not_matter_and_no_count_passes_what_was_logged(sets, shuffle):
    strength = done(*sets)
    mixed = (
        strength.sample(fraction=1, shuffle=True, seed=shuffle.randint(0, 999))
        if strength.height
        else strength
    )
    rows = programme_progress(programme(), strength, START + timedelta(45))
    assert rows.equals(programme_progress(programme(), mixed, START + timedelta(45)))
    mine = rows.filter(pl.col("exercise") == NAME)
    assert mine["logged_sets"].sum() <= strength.height
    assert (mine["logged_days"] <= 7).all()
    assert mine["logged_days"].sum() == strength["date"].n_unique()


@settings(deadline=None, max_examples=40)
@given(days)
def test_sets_of_the_last_week_are_those_of_its_seven_days(sets):
    strength = done(*sets).with_columns(kind=pl.lit("isometric"))
    dates = pl.date_range(START - timedelta(3), START + timedelta(50), "1d", eager=True)
    rows = weekly_sets(strength, dates)
    assert rows.columns == ["local_date", *(f"sets_7d_{kind}" for kind in EXERCISE_KINDS), "sets_7d"]
    for day, count in rows.select("local_date", "sets_7d_isometric").iter_rows():
        inside = [d for d in strength["date"] if day - timedelta(6) <= d <= day]
        begun = strength.height and day >= strength["date"].min()
        assert count == (len(inside) if begun else None)


def test_a_set_without_a_kind_is_counted_as_other():
    rows = weekly_sets(done((0, None, 5)), pl.Series([START]))
    assert rows.row(0)[1:] == pytest.approx((0, 0, 0, 0, 1, 1))


def test_nothing_logged_is_unknown():
    rows = weekly_sets(STRENGTH.empty(), pl.Series([START]))
    assert set(rows.row(0)[1:]) == {None}
