"""Names that runners use for a model and that no shop prints."""

from __future__ import annotations

import pytest

from connectors.shoes.match import SURE, match_gear


@pytest.mark.parametrize("name", ["Nike PEG 41", "nike peg 41", "Nike Pegasus 41"])
def test_a_nickname_is_the_model_it_stands_for(name):
    (row,) = match_gear([name]).to_dicts()
    assert row["verdict"] == SURE
    assert row["catalogue_id"] == "nike-pegasus-41"


def test_a_name_that_holds_the_nickname_in_a_word_is_not_taken_for_it():
    (row,) = match_gear(["Kipega 3"]).to_dicts()
    assert row["verdict"] != SURE
