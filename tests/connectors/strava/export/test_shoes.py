"""Pairs of shoes: one pair however an export numbers it, and never a bike."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from export_writer import Shoe, shoes_csv

from connectors.errors import UnreadableFile
from connectors.frames import SHOE, checked
from connectors.strava.export.shoes import assign_shoes, parse_shoes, shoe_frame

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Gear = tuple[str, str | None, int | None, int | None]


def worn(*gear: Gear) -> pl.DataFrame:
    kinds = {"sport": pl.String, "gear_name": pl.String, "gear_id": pl.Int64, "bike_id": pl.Int64}
    return pl.DataFrame(list(gear), schema=kinds, orient="row")


def pairs(*gear: Gear, listed=()) -> dict[str, str]:
    return assign_shoes(worn(*gear), listed).names


def test_a_pair_is_called_by_its_name_else_by_brand_and_model():
    data = shoes_csv(
        [Shoe("Feet", "Barefoot", "Feet"), Shoe("", "La Sportiva", "Bushido "), Shoe("", "Nike", "")]
    )
    shoes, notes = parse_shoes(data.encode())
    assert [s.name for s in shoes] == ["Feet", "La Sportiva Bushido", "Nike"]
    assert [s.brand for s in shoes] == ["Barefoot", "La Sportiva", "Nike"]
    assert shoes[2].model is None
    assert notes == []


def test_escaped_text_is_plain_text():
    shoes, _ = parse_shoes(shoes_csv([Shoe("Tom &amp; Jerry")]).encode())
    assert shoes[0].name == "Tom & Jerry"


def test_two_pairs_of_one_name_are_one_and_it_is_said():
    shoes, notes = parse_shoes(shoes_csv([Shoe("", "A", "B"), Shoe("a  b", "A", "B")]).encode())
    assert len(shoes) == 1
    assert "told apart by their number" in notes[0].reason


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0"])
def test_an_empty_list_file_is_told_in_words(data):
    with pytest.raises(UnreadableFile):
        parse_shoes(data)


def test_pairs_never_worn_are_kept_and_worn_ones_join_them():
    listed, _ = parse_shoes(shoes_csv([Shoe("", "ASICS", "GT 2000 I"), Shoe("New")]).encode())
    assignments = assign_shoes(worn(("Run", "ASICS  GT 2000 I ", 7, None)), listed)
    assert sorted(assignments.names) == ["asics gt 2000 i", "new"]
    assert assignments.key("ASICS  GT 2000 I ", 7, None) == "asics gt 2000 i"
    frame = checked(shoe_frame(assignments, 1, NOW), SHOE)
    assert frame["brand"].to_list() == ["ASICS", None]
    assert frame["is_retired"].to_list() == [None, None]


def test_one_pair_with_two_numbers_is_one_pair():
    assignments = assign_shoes(worn(("Run", "GT", 20_828_548, None), ("Run", "GT", 20_828_549, None)), [])
    assert assignments.names == {"gt": "GT"}
    assert assignments.by_id == {20_828_548: "gt", 20_828_549: "gt"}


def test_a_number_without_a_name_finds_its_name_exactly_or_rounded():
    assignments = assign_shoes(
        worn(
            ("Run", "GT", 20_828_549, None), ("Run", None, 20_828_548, None), ("Run", None, 20_828_549, None)
        ),
        [],
    )
    assert assignments.names == {"gt": "GT"}
    assert assignments.key(None, 20_828_548, None) == "gt"
    assert assignments.key(None, 20_828_549, None) == "gt"


def test_a_number_that_may_round_to_two_names_is_not_given_to_either():
    assignments = assign_shoes(
        worn(
            ("Run", "A", 33_554_433, None),
            ("Run", "B", 33_554_434, None),
            ("Run", None, 33_554_432, None),
        ),
        [],
    )
    named = {assignments.by_id[33_554_433], assignments.by_id[33_554_434]}
    assert named == {"a", "b"}
    assert assignments.key(None, 33_554_433, None) == "a"


def test_a_pair_nobody_names_any_more_keeps_its_number():
    assignments = assign_shoes(worn(("Run", None, 4_778_236, None), ("Walk", None, 4_778_236, None)), [])
    assert assignments.names == {"4778236": "Unnamed pair 4778236"}
    assert assignments.key(None, 4_778_236, None) == "4778236"


def test_an_unnamed_pair_has_one_key_however_its_number_is_rounded():
    assert list(pairs(("Run", None, 20_828_549, None))) == list(pairs(("Run", None, 20_828_548, None)))


def test_bikes_are_no_shoes():
    ride: Gear = ("Ride", "Merida", None, 13_172_574)
    assert pairs(ride) == {}
    assert pairs(("Ride", "Merida", None, None)) == {}
    assert pairs(("Run", "Merida", None, 13_172_574)) == {}
    assert assign_shoes(worn(ride), []).key("Merida", None, 13_172_574) is None


def test_gear_counts_in_the_gym_when_it_is_a_known_pair():
    assignments = assign_shoes(
        worn(("Run", "GT", 7, None), ("Workout", None, 7, None), ("Workout", "Mat", 8, None)), []
    )
    assert assignments.names == {"gt": "GT"}
    assert assignments.key(None, 7, None) == "gt"
    assert assignments.key("Mat", 8, None) is None


def test_early_tables_without_numbers_join_by_name():
    assert pairs(("Run", "GT", None, None), ("Walk", "gt ", None, None)) == {"gt": "GT"}


@pytest.mark.parametrize(
    ("first", "second"), [(20_000_001, 20_000_099), (1_111, 2_222), (33_554_433, 33_554_500)]
)
def test_numbers_far_apart_under_one_name_are_two_pairs(first, second):
    listed, _ = parse_shoes(
        shoes_csv([Shoe("", "Nike", "Pegasus 40"), Shoe("", "Nike", "Pegasus 40")]).encode()
    )
    name = "Nike Pegasus 40"
    assignments = assign_shoes(worn(*[("Run", name, one, None) for one in (second, first)]), listed)
    keys = [assignments.key(name, one, None) for one in (first, second)]
    assert keys[0] == "nike pegasus 40"
    assert len(set(keys)) == 2
    assert sorted(assignments.names.values()) == [name, f"{name} (2)"]
    frame = checked(shoe_frame(assignments, 1, NOW), SHOE)
    assert frame["brand"].to_list() == ["Nike", "Nike"]
    assert frame["shoe_id"].n_unique() == 2


def test_a_row_without_a_number_names_neither_of_two_pairs():
    gear: list[Gear] = [("Run", "GT", 1_111, None), ("Run", "GT", 2_222, None), ("Run", "GT", None, None)]
    assignments = assign_shoes(worn(*gear), [])
    assert assignments.key("GT", None, None) is None
    assert assignments.key(None, 2_222, None) == assignments.key("gt", 2_222, None) != "gt"


@pytest.mark.parametrize(
    "numbers", [(1_111, 1_112), (20_000_001, 20_000_000), (20_000_001, 20_000_002), (40_000_001, 40_000_004)]
)
def test_numbers_as_far_apart_as_rounding_moves_them_are_one_pair(numbers):
    assignments = assign_shoes(worn(*[("Run", "GT", one, None) for one in numbers]), [])
    assert assignments.names == {"gt": "GT"}
    assert {assignments.key("GT", one, None) for one in numbers} == {"gt"}


def test_the_key_of_a_second_pair_is_the_same_however_its_number_is_rounded():
    exact, rounded = (
        assign_shoes(worn(("Run", "GT", 1_111, None), ("Run", "GT", one, None)), [])
        for one in (20_000_099, 20_000_100)
    )
    assert exact.key("GT", 20_000_099, None) == rounded.key("GT", 20_000_100, None)
