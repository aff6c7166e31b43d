"""Changes of shoes planted in made-up running are found, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from worn_runs import MONDAY, runs

from dashboard.model.schemas import DAY_SCHEMA
from dashboard.shoes.transitions import drop_change_of, shoe_transitions

FACTS = {
    "old": (10.0, False),
    "lower": (4.0, False),
    "near": (8.0, False),
    "plate": (8.0, True),
    "odd": (None, None),
}


def pairs(**more) -> pl.DataFrame:
    rows = [
        {"shoe_id": shoe, "drop_mm": drop, "is_plated": plated, "first_use": None, "distance_before_m": None,
         "brand": None, "model": None, "catalogue_id": shoe if shoe != "odd" else None, **more.get(shoe, {})}
        for shoe, (drop, plated) in FACTS.items()
    ]  # fmt: skip
    types = {"first_use": pl.Date, "distance_before_m": pl.Float64, "brand": pl.String, "model": pl.String}
    return pl.DataFrame(rows, schema_overrides=types)


def marked(rows, pain: dict[int, float] | None = None, drop_change_mm: float = 4.0, **more) -> list[dict]:
    told = pairs(**more)
    ran = runs(rows).drop("drop_mm").join(told.select("shoe_id", "drop_mm"), on="shoe_id", how="left")
    length = max(day for day, _, _ in rows) + 20
    days = pl.DataFrame(
        {
            "local_date": [MONDAY + timedelta(n) for n in range(length)],
            "pain_0_10": pl.Series([(pain or {}).get(n) for n in range(length)], dtype=pl.Float64),
            "ratio": [1.0 + n / 1000 for n in range(length)],
        }
    )
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in DAY_SCHEMA.items() if name not in days.columns
    ]
    return shoe_transitions(
        ran, days.with_columns(missing).select(list(DAY_SCHEMA)), told, drop_change_mm
    ).to_dicts()


def usual(first: int = 0, last: int = 100, shoe: str | None = "old"):
    return [(day, shoe, 10_000.0) for day in range(first, last, 2)]


def reasons(mark: dict) -> set[str]:
    names = ("is_new_model", "is_drop_change", "is_first_plated", "is_long_unused")
    return {name.removeprefix("is_") for name in names if mark[name]}


def test_one_pair_all_along_has_no_mark():
    assert marked(usual()) == []
    assert shoe_transitions(runs([]), pl.DataFrame(schema=DAY_SCHEMA), pairs()).is_empty()


def test_a_new_lower_pair_is_marked_with_what_stood_around_it():
    rows = [*usual(), (71, "lower", 5_000.0), (75, "lower", 6_000.0), (90, "lower", 9_000.0)]
    (mark,) = marked(rows, pain={60: 1.0, 64: 3.0, 72: 5.0})
    assert mark["date"] == MONDAY + timedelta(71)
    assert reasons(mark) == {"new_model", "drop_change"}
    assert mark["first_14d_m"] == 11_000.0
    assert (mark["drop_before_mm"], mark["drop_after_mm"]) == (pytest.approx(10.0), 4.0)
    assert (mark["pain_0_10_before"], mark["pain_0_10_before_n"]) == (2.0, 2)
    assert (mark["pain_0_10_after"], mark["pain_0_10_after_n"]) == (5.0, 1)
    assert (mark["stiffness_min_before"], mark["stiffness_min_after_n"]) == (None, 0)
    assert mark["ratio_before"] == pytest.approx(1.070)
    assert mark["ratio_after"] == pytest.approx(1.084)


def test_a_small_difference_is_marked_only_where_the_step_is_set_lower():
    rows = [*usual(), (71, "near", 5_000.0)]
    assert [reasons(mark) for mark in marked(rows)] == [{"new_model"}]
    assert [reasons(mark) for mark in marked(rows, drop_change_mm=2.0)] == [{"new_model", "drop_change"}]


def test_a_second_pair_of_one_model_is_no_new_model():
    rows = [*usual(), (71, "near", 5_000.0)]
    assert marked(rows, near={"catalogue_id": "old"}) == []


def test_a_pair_worn_before_the_record_is_not_new():
    rows = [*usual(), (71, "near", 5_000.0)]
    assert marked(rows, near={"distance_before_m": 300_000.0}) == []
    assert marked(rows, near={"first_use": MONDAY}) == []


def test_pairs_of_the_first_weeks_are_not_new():
    assert marked([*usual(), (10, "lower", 5_000.0)]) == []


def test_the_first_plate_is_marked_once():
    rows = [*usual(), (71, "plate", 5_000.0), (73, "plate", 5_000.0)]
    assert [reasons(mark) for mark in marked(rows)] == [{"new_model", "first_plated"}]


def test_a_pair_long_unused_is_marked_when_it_comes_back():
    rows = [*usual(0, 160), (5, "near", 5_000.0), (140, "near", 5_000.0)]
    (mark,) = marked(rows)
    assert (reasons(mark), mark["unused_days"]) == ({"long_unused"}, 135)


def test_a_pair_of_unknown_drop_is_new_and_no_more():
    (mark,) = marked([*usual(), (71, "odd", 5_000.0)])
    assert reasons(mark) == {"new_model"}
    assert (mark["drop_after_mm"], mark["is_model_known"]) == (None, False)


def test_a_step_that_cannot_be_read_is_the_default():
    assert [drop_change_of(text) for text in (None, "", "2.5", "much", "99")] == [4.0, 4.0, 2.5, 4.0, 4.0]
