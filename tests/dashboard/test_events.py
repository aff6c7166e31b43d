"""Events: kept once, taken back, put back."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import ContractError
from connectors.frames import EVENT
from dashboard import events

DAY, LATER = date(2026, 5, 1), date(2026, 5, 9)


def test_the_same_event_twice_is_one_and_another_note_is_another(store, athlete_id):
    for note in ("island", "island", "home"):
        events.keep(store, athlete_id, "travel", DAY, LATER, note)
    rows = events.latest(store.read(EVENT, athlete_id), 5)
    assert sorted(row["note"] for row in rows) == ["home", "island"]
    assert {row["end_date"] for row in rows} == {LATER}


def test_an_event_goes_and_comes_back(store, athlete_id):
    row = events.keep(store, athlete_id, "race", DAY, DAY)
    assert row["end_date"] is None
    events.remove(store, row)
    assert store.read(EVENT, athlete_id).is_empty()
    events.put_back(store, row)
    assert store.read(EVENT, athlete_id).height == 1


@pytest.mark.parametrize(("kind", "last"), [("race", date(2026, 4, 1)), ("party", None)])
def test_an_event_that_cannot_be_is_refused(store, athlete_id, kind, last):
    with pytest.raises(ContractError):
        events.keep(store, athlete_id, kind, DAY, last)
    assert store.read(EVENT, athlete_id).is_empty()
