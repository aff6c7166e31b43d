"""Order and heights of lanes: what is written is read back, and what is not known any more is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.timeline.arrangement import HEIGHTS, Arrangement, read_arrangement

KNOWN = ("symptoms", "load", "volume", "fast", "hills", "shoes")
heights = some.dictionaries(
    some.sampled_from(KNOWN), some.sampled_from([one for one in HEIGHTS if one != "usual"])
)


@given(some.permutations(KNOWN), heights, some.booleans())
def test_what_is_written_is_read_back(order, high, is_ordered):
    wanted = Arrangement(tuple(order) if is_ordered else (), high)
    assert read_arrangement(wanted.written(), KNOWN) == wanted


@pytest.mark.parametrize(
    "setting", [None, "", "ordered:", "x", "ordered:gone=high,load=enormous", "as they stand:gone=low"]
)
def test_what_is_not_known_is_passed_over(setting):
    assert read_arrangement(setting, KNOWN) == Arrangement()


def test_a_lane_moves_among_those_that_are_there_and_stops_at_the_edges():
    there = ["symptoms", "load", "volume"]
    once = Arrangement().moved("volume", there, -1)
    assert once.sorted(there) == ["symptoms", "volume", "load"]
    twice = once.moved("volume", there, -1).moved("volume", there, -1)
    assert twice.sorted(there) == ["volume", "symptoms", "load"]
    assert twice.sorted(["load", "hills", "volume"]) == ["volume", "load", "hills"]


def test_a_usual_height_is_not_written():
    high = Arrangement().with_height("load", "high")
    assert high.stretch == {"load": HEIGHTS["high"]}
    assert high.with_height("load", "usual").written() is None
