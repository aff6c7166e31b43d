"""Races, spans, hard days and comments of intervals.icu: events and proposals, never diary days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from intervals_stand_in import IntervalsStandIn
from key_world import KeyWorld
from strava_world import START, Clock

from connectors.frames import EVENT, STATEMENT, SYMPTOM
from connectors.intervals.beside import remarks
from dashboard.diary.statements import load_statements


@pytest.fixture
def world(tmp_path, monkeypatch):
    clock = Clock()
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    with IntervalsStandIn(clock) as server:
        monkeypatch.setenv("HEELWISE_INTERVALS_URL", server.url)
        server.add_runs(100)
        made = KeyWorld(tmp_path / "home", server, clock, "intervals", "i900")
        yield made
        made.store.close()


def day(back: int) -> str:
    return (START - timedelta(days=back)).date().isoformat()


def test_stubs_of_strava_are_counted_once_and_never_runs(world):
    world.server.add_stubs(214)
    first, second = world.sync(), world.sync()
    assert len(world.rows()) == 100
    assert [one.reason for one in first.notes] == [
        "214 activities came to intervals.icu from Strava, which does not let it pass them on. Link Strava or import "
        "your export for them; connect your watch to intervals.icu directly for the next ones."
    ]
    assert second.notes == []
    world.server.add_stubs(1)
    assert "215 activities" in world.sync().notes[0].reason


def test_races_become_events_and_go_when_they_go_there(world):
    race = {
        "id": 41,
        "category": "RACE_A",
        "type": "Run",
        "name": "Spring 10",
        "start_date_local": f"{day(5)}T00:00:00",
    }
    world.server.events.append(race)
    world.server.events.append({**race, "id": 42, "start_date_local": f"{day(-30)}T00:00:00"})
    world.sync()
    events = world.store.read(EVENT, world.athlete)
    assert events.select("kind", "note", "source").rows() == [("race", "Spring 10", "intervals_api")]
    world.server.events.clear()
    world.sync()
    assert world.store.read(EVENT, world.athlete).is_empty()


def test_what_was_noted_is_proposed_and_never_a_diary_day(world):
    world.server.wellness += [
        {"id": day(3), "injury": 2, "comments": "left heel stiff"},
        {"id": day(4), "injury": 1, "comments": None},
        {"id": day(6), "injury": 0},
        {"id": day(7), "injury": None, "comments": ""},
    ]
    world.server.events += [
        {"id": 1, "category": "INJURED", "name": "KNEE", "start_date_local": f"{day(20)}T00:00:00",
         "end_date_local": f"{day(17)}T00:00:00"},
        {"id": 2, "category": "SICK", "name": None, "start_date_local": f"{day(30)}T00:00:00"},
    ]  # fmt: skip
    world.sync()
    world.sync()
    known = [(one.date, one.end_date, one.kind, one.text) for one in remarks(world.store, world.athlete)]
    assert known == [
        (day(30), None, "sick", "Sick"),
        (day(20), day(18), "injured", "KNEE"),
        (day(3), None, "comment", "left heel stiff"),
        (day(3), None, "injury", "Injury: niggle"),
    ]
    assert world.store.read(SYMPTOM, world.athlete).is_empty()
    proposed = world.store.read(STATEMENT, world.athlete).sort("date")
    assert proposed.select("text", "body_part", "side", "activity_id", "source").rows() == [
        ("injured: KNEE", "knee", None, None, "intervals_api"),
        ("left heel stiff", "heel", "left", None, "intervals_api"),
        ("Injury", "other", None, None, "intervals_api"),
    ]
    assert {one.state for one in load_statements(world.store, world.athlete)} == {"proposed"}
    world.server.wellness.clear()
    world.sync()
    assert world.store.read(STATEMENT, world.athlete)["text"].to_list() == ["injured: KNEE"]
