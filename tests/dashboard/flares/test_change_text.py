"""How often the same change came with a flare after it, and how often that is not known."""

from __future__ import annotations

import pytest

from dashboard.flares.change_text import amount, count_in_words, ordinal
from dashboard.shared.units import Units


@pytest.mark.parametrize(
    ("came", "without", "untold", "said"),
    [
        (
            1,
            2,
            0,
            "Happened 3 times on record, this time included: 1 with a flare begun within 28 days, 2 without.",
        ),
        (0, 1, 3, "0 with a flare begun within 28 days, 1 without, 3 with too little logged to tell."),
        (
            0,
            0,
            4,
            "Happened 4 times on record. With mornings logged, Heelwise can tell whether a flare tends to follow.",
        ),
        (1, 0, 0, "Happened once on record, and a flare began within 28 days."),
        (0, 1, 0, "Happened once on record, and no flare began within 28 days."),
        (
            0,
            0,
            1,
            "Happened once on record. With mornings logged, Heelwise can tell whether a flare tends to follow.",
        ),
    ],
)
def test_a_count_says_what_is_not_known(came, without, untold, said) -> None:
    row = {"with_flare": came, "without_flare": without, "not_told": untold}
    assert count_in_words(row, 28).endswith(said)


def test_a_rank_is_written_as_people_say_it() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 46, 101, 111)
    assert [ordinal(number) for number in numbers] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "46th", "101st", "111th",
    ]  # fmt: skip


def test_hard_days_far_apart_are_two_weeks_or_more() -> None:
    assert [amount("hard_gap", days, Units()) for days in (1, 4, 14, 30)] == [
        "1 day", "4 days", "two weeks or more", "two weeks or more",
    ]  # fmt: skip
