"""Pages that are half empty: each names what is missing, and has a link to get it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from page_runner import opened_for, texts
from store_builders import FIRST_STORED_DAY, activity_row

from connectors.frames import ACTIVITY
from dashboard.diary import entries
from dashboard.shared import half_empty_section

DAYS = [FIRST_STORED_DAY + timedelta(days=n) for n in range(0, 120, 2)]


def links(app) -> list[str]:
    return [one.proto.label for one in app.get("page_link")]


def html_of(app) -> list[str]:
    return [one.value for one in app.get("html")]


@pytest.fixture
def runs_alone(store) -> int:
    """A runner with runs from their totals: no recording, no pair, no diary."""
    runner = store.add_runner("Halina Half")
    rows = [activity_row(runner.athlete_id, day, shoe_id=None) for day in DAYS]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    return runner.athlete_id


@pytest.fixture
def diary_alone(store) -> int:
    """A runner who logs mornings and has no run."""
    runner = store.add_runner("Dina Diary")
    for day in DAYS[:10]:
        entry = entries.SymptomEntry(day, "left", morning_pain_0_10=2.0)
        entries.save_entry(store, runner.athlete_id, entry)
    return runner.athlete_id


@pytest.fixture
def nothing(store) -> int:
    return store.add_runner("Emil Empty").athlete_id


@pytest.mark.parametrize("page", ["today", "timeline"])
def test_without_a_diary_the_ways_to_one_stand_beside_the_running(runs_alone, page):
    app = opened_for(runs_alone, page)
    assert half_empty_section.NOTHING_LOGGED in texts(app)
    assert {"Log this morning", "When did it start hurting?"} <= set(links(app))


@pytest.mark.parametrize("page", ["today", "timeline", "flares"])
def test_without_runs_the_way_to_them_stands_beside_the_diary(diary_alone, page):
    app = opened_for(diary_alone, page)
    assert half_empty_section.NO_RUNS in texts(app)
    assert "Import my runs" in links(app)


def test_with_runs_and_diary_only_the_recordings_are_asked_for(store, athlete_id):
    app = opened_for(athlete_id, "timeline")
    assert half_empty_section.NO_RECORDINGS in texts(app)
    assert half_empty_section.NOTHING_LOGGED not in texts(app)
    assert "Bring recordings" in links(app)


def test_runs_without_a_pair_are_no_chart_of_the_unknown(runs_alone, athlete_id):
    app = opened_for(runs_alone, "shoes")
    assert half_empty_section.NO_PAIRS in texts(app)
    assert "Plated pairs took" not in texts(app)
    assert "Import my runs" in links(app)
    assert half_empty_section.NO_PAIRS not in texts(opened_for(athlete_id, "shoes"))


@pytest.mark.parametrize("page", ["today", "timeline", "flares", "shoes", "plan", "mechanics", "runs"])
def test_an_empty_page_has_one_press_to_fill_it(nothing, page):
    app = opened_for(nothing, page)
    assert not app.exception
    ways = {"Import my runs", "Log this morning", "Bring recordings"} & set(links(app))
    assert ways


def test_cadence_without_recordings_says_with_what_it_will_stand_here(runs_alone):
    app = opened_for(runs_alone, "mechanics")
    assert "your cadence at each speed will stand here" in "".join(str(one.value) for one in app.info)
    assert "Bring recordings" in links(app)


def test_tests_open_on_what_was_measured_last(demo, open_page):
    first = next(one for one in html_of(open_page("checks")) if "hw-story" in one)
    assert "heel rises" in first.lower()


def test_tests_without_a_result_say_so_first(nothing):
    assert any("No test is on record yet." in one for one in html_of(opened_for(nothing, "checks")))
