"""Events: kept once, taken back, put back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from connectors.errors import ContractError
from connectors.frames import EVENT
from connectors.ingest.diary_csv import parse_diary
from dashboard.diary import events

DAY, LATER = date(2026, 5, 1), date(2026, 5, 9)


def test_the_same_event_twice_is_one_and_another_note_is_another(store, athlete_id):
    for note in ("island", "island", "home"):
        events.save_event(store, athlete_id, "travel", DAY, LATER, note)
    rows = events.latest_events(store.read(EVENT, athlete_id), 5)
    assert sorted(row["note"] for row in rows) == ["home", "island"]
    assert {row["end_date"] for row in rows} == {LATER}


def test_an_event_goes_and_comes_back(store, athlete_id):
    (row,) = events.save_event(store, athlete_id, "race", DAY, DAY).rows
    assert row["end_date"] is None
    change = events.remove_event(store, row)
    assert store.read(EVENT, athlete_id).is_empty()
    change.undo(store)
    assert store.read(EVENT, athlete_id).height == 1


@pytest.mark.parametrize(("kind", "last"), [("race", date(2026, 4, 1)), ("party", None)])
def test_an_event_that_cannot_be_is_refused(store, athlete_id, kind, last):
    with pytest.raises(ContractError):
        events.save_event(store, athlete_id, kind, DAY, last)
    assert store.read(EVENT, athlete_id).is_empty()


def test_an_event_of_the_page_and_of_a_diary_are_one(store, athlete_id):
    events.save_event(store, athlete_id, "travel", date(2026, 3, 1), date(2026, 3, 4), "by train")
    head, now = "date,event,end_date,note\n", datetime(2026, 3, 20, tzinfo=UTC)
    diary = parse_diary(f"{head}2026-03-01,travel,2026-03-04,by train\n".encode(), athlete_id, now)
    assert store.write(EVENT, diary.beside["event"]).unchanged == 1
    backwards = parse_diary(f"{head}2026-03-04,travel,2026-03-01,\n".encode(), athlete_id, now)
    assert "before its date" in backwards.skipped[0].reason
