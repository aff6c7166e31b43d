"""How often the same change came with a flare after it, and how often that is not known."""

from __future__ import annotations

import pytest

from dashboard.flares.change_text import count_in_words


@pytest.mark.parametrize(
    ("came", "without", "untold", "said"),
    [
        (1, 2, 0, "came 3 times, this time counted: 1 with a flare begun within 28 days, 2 without."),
        (0, 1, 3, "0 with a flare begun within 28 days, 1 without, 3 with too little logged to tell."),
        (
            0,
            0,
            4,
            "came 4 times, this time counted, with too little logged to tell whether a flare followed.",
        ),
    ],
)
def test_a_count_says_what_is_not_known(came, without, untold, said) -> None:
    row = {"with_flare": came, "without_flare": without, "not_told": untold}
    assert count_in_words(row, 28).endswith(said)
