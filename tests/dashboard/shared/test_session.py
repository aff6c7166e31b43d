"""What the pages share: computed once, and never out of date."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import streamlit as st

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.diary import entries
from dashboard.shared import crash_log, onset_edits, pipeline, session


@pytest.fixture(autouse=True)
def no_cache_between_tests():
    st.cache_resource.clear()
    st.query_params.clear()
    yield
    st.query_params.clear()
    st.cache_resource.clear()


@pytest.fixture
def counted(monkeypatch):
    """Count how often run loads and days are computed."""
    calls = {"runs": 0, "days": 0}
    runs_of, adapted = pipeline.load_runs_of, pipeline.adapt_runs

    def counting_runs(*given):
        calls["runs"] += 1
        return runs_of(*given)

    def counting_days(*given):
        calls["days"] += 1
        return adapted(*given)

    monkeypatch.setattr(pipeline, "load_runs_of", counting_runs)
    monkeypatch.setattr(pipeline, "adapt_runs", counting_days)
    return calls


def test_a_second_look_computes_nothing(store, counted):
    first = session.analysis()
    assert session.analysis() is first
    assert counted == {"runs": 1, "days": 1}


def test_an_entry_computes_days_again_but_not_the_load_of_runs(store, athlete_id, counted):
    session.analysis()
    entries.save_entry(store, athlete_id, entries.SymptomEntry(date(2026, 4, 1), pain_during_0_10=7.0))
    days = session.analysis().days
    assert counted == {"runs": 1, "days": 2}
    assert days.filter(pl.col("local_date") == date(2026, 4, 1))["pain_0_10"].item() == 7


def test_a_number_of_habit_leaves_the_load_of_runs_alone(store, athlete_id, counted):
    session.analysis()
    store.set_settings(athlete_id, {"tau_days": "30"})
    assert session.analysis().settings.tau_days == 30
    assert counted == {"runs": 1, "days": 2}
    store.set_settings(athlete_id, {"exponent": "4"})
    session.analysis()
    assert counted["runs"] == 2


def test_a_changed_force_opens_no_recording(store, athlete_id, monkeypatch):
    read, ground_of = [], pipeline.recording_data_of

    def counting_reads(*given):
        read.append(given)
        return ground_of(*given)

    monkeypatch.setattr(pipeline, "recording_data_of", counting_reads)
    before = session.analysis().runs["load_tkm"]
    for setting in ({"exponent": "4"}, {"hill_strength": "0.5"}, {"fast_over_easy": "1.3"}):
        store.set_settings(athlete_id, setting)
        assert not session.analysis().runs["load_tkm"].equals(before)
    assert len(read) == 1
    store.set_settings(athlete_id, {"walk_below_mps": "1.2"})
    session.analysis()
    assert len(read) == 2


def test_a_recording_that_is_written_anew_is_read_anew(store, athlete_id):
    run = store.read(ACTIVITY, athlete_id).filter(pl.col("sport") == "Run").tail(1)
    one, metres = run["activity_id"].item(), run["distance_m"].item()

    def record(seconds: int) -> float:
        speed = metres / seconds
        rows = {"second": range(seconds), "speed_mps": [speed] * seconds}
        store.samples.write(athlete_id, one, pl.DataFrame(rows))
        # The same number of rows is told each time, as where a later file of the same session has as many.
        store.write(
            ACTIVITY, run.with_columns(sample_rows=pl.lit(seconds, pl.Int64), moving_s=float(seconds))
        )
        return session.analysis().runs.filter(pl.col("activity_id") == one)["fast_s"].item()

    fast, slow = int(metres / 6.0), int(metres / 2.5)
    assert record(fast) > 0
    assert record(slow) == 0


def test_the_word_of_a_person_on_an_onset_is_seen_and_computes_no_load(store, athlete_id, counted):
    assert session.explanation().flares.is_empty()
    onset_edits.save_onset(store, athlete_id, None, date(2026, 4, 20), "therapist")
    assert session.explanation().flares["onset_person"].to_list() == [date(2026, 4, 20)]
    assert counted == {"runs": 1, "days": 1}


def test_a_write_by_another_process_is_seen(store, home, athlete_id, counted):
    before = session.analysis().runs.height
    with open_store(home) as other:
        rows = other.read(ACTIVITY, athlete_id)
        other.delete(ACTIVITY, athlete_id, "file", [rows["source_id"][0]])
    assert session.analysis().runs.height == before - 1
    assert counted["runs"] == 2


def test_a_model_setting_computes_again(store, athlete_id, counted):
    session.analysis()
    store.set_settings(athlete_id, {"exponent": "2"})
    assert session.analysis().settings.exponent == 2
    assert counted["runs"] == 2


def test_two_runners_are_never_mixed(store, counted):
    other = store.add_runner("Alex")
    st.query_params["runner"] = "1"
    first = session.analysis()
    st.query_params["runner"] = str(other.athlete_id)
    assert session.analysis().runs.height == 0
    st.query_params["runner"] = "1"
    assert session.analysis() is first


def test_the_runner_named_at_the_start_is_shown(store, monkeypatch):
    st.session_state.pop("athlete_id", None)
    store.add_runner("Alex")
    monkeypatch.setenv(session.ATHLETE_VARIABLE, "Alex")
    assert session.runner().name == "Alex"


def test_units_follow_the_settings(store, athlete_id):
    st.session_state.pop("athlete_id", None)
    assert session.units().distance_unit == "km"
    store.set_settings(athlete_id, {"distance_unit": "mi", "height_unit": "ft"})
    assert (session.units().distance_unit, session.units().height_unit) == ("mi", "ft")


def test_a_failure_is_kept_without_what_it_quotes(home):
    home.mkdir()
    with pytest.raises(ValueError, match="note") as failure:
        raise ValueError("a note of mine")
    assert session.page_failed(failure.value)
    log = (home / crash_log.LOG_NAME).read_text()
    assert "ValueError" in log
    assert "test_session.py" in log
    assert "note of mine" not in log
    assert str(home) not in log


def test_the_log_of_failures_does_not_grow_for_ever(home):
    home.mkdir()
    path = home / crash_log.LOG_NAME
    path.write_text("x" * (crash_log.MOST_BYTES + 1))
    crash_log.record_crash(home, ValueError())
    assert path.stat().st_size < 1000


def test_what_a_page_computed_is_computed_anew_once_anything_of_the_runner_changed(store, athlete_id):
    asked = []

    def compute():
        asked.append(1)
        return len(asked)

    assert [session.computed("one", compute) for _ in range(3)] == [1, 1, 1]
    assert session.computed("other", compute) == 2
    assert session.computed("one", compute, date(2026, 4, 1)) == 3
    entries.save_entry(store, athlete_id, entries.SymptomEntry(date(2026, 4, 1), pain_during_0_10=7.0))
    assert session.computed("one", compute) == 4
    store.set_settings(athlete_id, {"units": "miles"})
    assert session.computed("one", compute) == 5
    store.add_runner("Another Placeholder")  # with two runners, the address has to name one
    st.query_params["runner"] = "2"
    assert session.computed("one", compute) == 6
    st.query_params["runner"] = str(athlete_id)
    assert session.computed("one", compute) == 5
