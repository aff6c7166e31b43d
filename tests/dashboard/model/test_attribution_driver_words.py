"""The sentence on a rise."""

from __future__ import annotations

from dashboard.model.attribution import NO_RISE, list_drivers, rise_in_words

ROW = {
    "rise": 1.37, "why": None, "x_volume": 1.42, "x_speed": 1.0, "x_hills": 1.05, "x_cadence": 1.0, "x_shoe": 0.93,
    "share_volume": 1.11, "share_speed": 0.0, "share_hills": 0.15, "share_cadence": 0.0, "share_shoe": -0.24,
}  # fmt: skip


def test_names_what_rose_first_and_what_took_some_back() -> None:
    assert rise_in_words(ROW) == (
        "The estimated load of a week was ×1.37 of that of the eight weeks before, associated with more running "
        "(×1.42) and more climbing (×1.05). Other shoes or less treadmill (×0.93) softened it a little."
    )


def test_says_why_there_is_nothing_to_share_out() -> None:
    assert rise_in_words(ROW | {"why": NO_RISE, "rise": 1.01}) == "Total load hardly rose (+1 %)."
    assert rise_in_words(ROW | {"why": NO_RISE, "rise": 0.7}) == (
        "Total load was lower than in the eight weeks before (−30 %)."
    )
    assert rise_in_words(ROW | {"why": NO_RISE, "rise": None}) == NO_RISE


def test_lists_as_a_reader_does() -> None:
    assert [list_drivers(p) for p in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
