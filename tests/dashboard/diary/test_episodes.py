"""Earlier episodes: remembered by year or month, kept once, undone, and in the report's JSON."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ContractError
from connectors.frames import EPISODE, EPISODE_PARTS
from dashboard.diary import episodes
from dashboard.diary.episodes import Episode, month_span, remembered_episode, save_episode
from dashboard.diary.statements import episodes_json

TODAY = date(2026, 6, 1)


def test_a_year_is_kept_as_the_span_it_is():
    one = remembered_episode("achilles", "left", (2019, None), (2019, 11), TODAY)
    assert (one.from_earliest_date, one.from_date, one.to_date) == (
        date(2019, 1, 1),
        date(2019, 12, 31),
        date(2019, 11, 30),
    )
    assert one.known_by == "remembers"


def test_february_has_its_own_last_day():
    assert month_span(2024, 2) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month_span(2023, 2)[1] == date(2023, 2, 28)


@given(
    st.none() | st.tuples(st.integers(1990, 2026), st.none() | st.integers(1, 5)),
    st.none() | st.tuples(st.integers(1990, 2026), st.none() | st.integers(1, 12)),
)
def test_what_is_remembered_never_lies_after_today_and_its_start_is_in_order(begun, ended):
    one = remembered_episode("calf", None, begun, ended, TODAY)
    dates = [d for d in (one.from_earliest_date, one.from_date, one.to_date) if d]
    assert all(d <= TODAY for d in dates)
    assert (one.from_date is None) == (begun is None)
    assert (one.to_date is None) == (ended is None)
    if one.from_date and one.from_earliest_date:
        assert one.from_earliest_date <= one.from_date


def test_the_same_episode_twice_is_one_and_two_sides_are_two(store, athlete_id):
    left = Episode("achilles", from_date=date(2020, 3, 1), side="left")
    for one in (left, left, Episode("achilles", from_date=date(2020, 3, 1), side="right")):
        change = save_episode(store, athlete_id, one, TODAY)
    assert store.read(EPISODE, athlete_id)["side"].to_list() == ["left", "right"]
    change.undo(store)
    assert store.read(EPISODE, athlete_id)["side"].to_list() == ["left"]
    (row,) = store.read(EPISODE, athlete_id).to_dicts()
    episodes.remove_episode(store, row).undo(store)
    assert store.read(EPISODE, athlete_id).height == 1


@pytest.mark.parametrize(
    "one",
    [
        Episode("calf", from_date=date(2026, 6, 2)),
        Episode("calf", from_date=date(2020, 3, 1), to_date=date(2020, 2, 1)),
        Episode("elbow", from_date=date(2020, 3, 1)),
        Episode("calf", known_by="guessed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(store, athlete_id, one):
    with pytest.raises(ContractError):
        save_episode(store, athlete_id, one, TODAY)
    assert store.read(EPISODE, athlete_id).is_empty()


def test_the_json_has_the_keys_of_the_contract_and_no_words(store, athlete_id):
    one = Episode("heel", date(2019, 12, 31), date(2019, 1, 1), None, "both", "remembers", "after my move")
    save_episode(store, athlete_id, Episode("knee", to_date=date(2021, 4, 30)), TODAY)
    save_episode(store, athlete_id, one, TODAY)
    assert episodes_json(store, athlete_id) == [
        {
            "from": "2019-12-31",
            "from_earliest": "2019-01-01",
            "to": None,
            "place": "heel",
            "side": "both",
            "known_by": "remembers",
        },
        {
            "from": None,
            "from_earliest": None,
            "to": "2021-04-30",
            "place": "knee",
            "side": None,
            "known_by": "remembers",
        },
    ]


@pytest.mark.parametrize("part", EPISODE_PARTS)
def test_each_part_of_the_body_can_be_kept(store, athlete_id, part):
    assert save_episode(store, athlete_id, Episode(part), TODAY).outcome == "added"
