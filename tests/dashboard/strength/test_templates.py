"""The catalogue of exercises."""

from __future__ import annotations

import pytest

from connectors.frames import EXERCISE_KINDS, KNEES
from dashboard.strength.templates import BODY_PARTS, EXERCISES, exercise


@pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.name)
def test_each_is_described_in_the_words_of_the_contract(one):
    assert one.part in BODY_PARTS
    assert one.kind in EXERCISE_KINDS
    assert one.knee in (*KNEES, None)
    assert one.peak_bw is None or one.peak_bw > 0
    assert exercise(f"  {one.name.upper()} ") is one


def test_names_are_there_once_and_every_part_and_way_of_loading_has_one():
    assert len({one.name.casefold() for one in EXERCISES}) == len(EXERCISES)
    assert {one.part for one in EXERCISES} == set(BODY_PARTS)
    calf = {(one.kind, one.knee) for one in EXERCISES if one.part == "calf"}
    assert {(kind, knee) for kind in ("isometric", "slow_heavy", "eccentric") for knee in KNEES} <= calf
    assert "plyometric" in {kind for kind, _ in calf}


def test_only_what_the_abstract_gives_has_a_peak():
    assert {one.name: one.peak_bw for one in EXERCISES if one.peak_bw} == {
        "Seated heel raise": 0.5,
        "Single-leg forward hop": 7.3,
    }


def test_an_exercise_of_the_runners_own_is_not_guessed():
    assert exercise("Stair bounce") is None
