"""A change of shoes in words: whether a flare came after it, and where that is not known."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.shoes.match import match_gear
from dashboard.shoes import text

FIRST, DAYS = date(2026, 1, 1), 200
MARK = {"date": FIRST + timedelta(days=20)}


def logged(*spans: tuple[int, int]) -> pl.DataFrame:
    pain = [0.0 if any(a <= n <= b for a, b in spans) else None for n in range(DAYS)]
    return pl.DataFrame(
        {
            "local_date": [FIRST + timedelta(days=n) for n in range(DAYS)],
            "pain_0_10": pl.Series(pain, dtype=pl.Float64),
            "stiffness_min": pl.Series([None] * DAYS, dtype=pl.Float64),
            "stiffness_0_10": pl.Series([None] * DAYS, dtype=pl.Float64),
        }
    )


def followed(days: pl.DataFrame, marks: tuple[int, ...] = (20,), onset: int = 150) -> list[str]:
    dates = [FIRST + timedelta(days=n) for n in marks]
    flares = pl.DataFrame({"onset": [FIRST + timedelta(days=onset)]})
    return text.followed(pl.DataFrame({"date": dates}), flares, days, MARK, FIRST + timedelta(days=DAYS - 1))


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ((), text.AFTER_UNKNOWN),
        (((20, 30),), text.AFTER_UNKNOWN),
        (((20, 33),), text.NO_FLARE_AFTER),
        (((0, 199),), text.NO_FLARE_AFTER),
    ],
)
def test_no_flare_is_said_only_where_enough_was_logged(spans, said) -> None:
    assert followed(logged(*spans)) == [said]


def test_a_flare_after_the_change_is_said_with_its_days() -> None:
    assert followed(logged(), onset=34) == ["A flare began 14 days later."]
    assert followed(logged(), onset=21) == ["A flare began 1 day later."]


def test_other_changes_are_counted_with_those_of_which_nothing_is_known() -> None:
    assert followed(logged((0, 50)), (20, 60))[1] == text.ONE_ELSEWHERE[None]
    assert followed(logged((0, 199)), (20, 60))[1] == text.ONE_ELSEWHERE[False]
    assert followed(logged(), (20, 130))[1] == text.ONE_ELSEWHERE[True]
    assert followed(logged((0, 50)), (20, 60, 130))[1:] == [
        "Of 2 other changes of shoes on record, 1 came with a flare in the 28 days after.",
        "After 1 of them too little was logged to tell.",
    ]


def test_a_change_whose_28_days_are_not_over_is_left_open() -> None:
    flares = pl.DataFrame({"onset": [FIRST]})
    marks = pl.DataFrame({"date": [MARK["date"]]})
    assert text.followed(marks, flares, logged((0, 199)), MARK, MARK["date"] + timedelta(days=10)) == []


def test_models_on_sale_when_a_pair_was_first_worn_come_first_behind_the_best_guess():
    guesses = match_gear(["ASICS GT 2000 II"])["candidates"].item().to_list()
    pair = {"candidates": guesses, "first_run": date(2024, 12, 18)}
    asked = text.likely_models(pair)
    assert asked[:4] == ["asics-gt-2000-2", "asics-gt-2000-13", "asics-gt-2000-12", "asics-gt-2000-11"]
    assert set(guesses) <= set(asked)
    assert asked.index("asics-gt-2000-14") > asked.index("asics-gt-2000-1"), "it was not on sale yet"


def test_models_of_a_pair_never_worn_stay_as_guessed():
    guesses = match_gear(["ASICS GT 2000 II"])["candidates"].item().to_list()
    assert text.likely_models({"candidates": guesses, "first_run": None})[: len(guesses)] == guesses


@pytest.mark.parametrize(
    ("low", "high", "lift", "doubted"),
    [
        (8.0, 8.0, None, False),
        (7.0, 7.0, None, False),
        (10.0, 10.0, None, True),
        (8.0, 10.0, None, False),
        (None, None, None, False),
        (14.0, 14.0, 6.0, False),
        (8.0, 8.0, 6.0, True),
    ],
)
def test_heights_that_do_not_make_the_drop_are_doubted(low, high, lift, doubted):
    pair = {"stack_heel_mm": 35.0, "stack_forefoot_mm": 27.0, "heel_lift_mm": lift}
    said = text.stack_of_pair(pair | {"drop_low_mm": low, "drop_high_mm": high})
    assert said.startswith("35 and 27 mm")
    assert ("8 mm between them" in said and "differ" in said) == doubted
