"""While recordings are being read: what is told, and what a page computes anew."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import streamlit as st
from export_writer import Session, write_export
from fit_writer import fit_run
from page_runner import opened_for, texts

from connectors.frames import ACTIVITY, ONSET
from connectors.source import LOOSE_RECORDINGS, RECORDINGS, SOME_LOOSE_RECORDINGS
from connectors.store import Store, open_store
from connectors.store.jobs import FILL_JOB
from dashboard.commands.import_ import follow_progress
from dashboard.shared import jobs, recordings_fill, session
from dashboard.shared.recordings_fill import RecordingsFill, fill_in_words, fill_under_way

FIRST = datetime(2025, 3, 1, 9, tzinfo=UTC)
MANY = 130


@pytest.fixture
def export(tmp_path):
    runs = [
        Session(
            n + 1,
            FIRST + timedelta(days=n),
            distance_m=600.0,
            moving_s=200.0,
            elapsed_s=200.0,
            file_name=f"activities/{n}.fit.gz",
            recording=fit_run(start=FIRST + timedelta(days=n), seconds=20, place=(52.37, 4.9)),
        )
        for n in range(MANY)
    ]
    return write_export(tmp_path / "export.zip", runs)


@pytest.fixture
def own_store(home):
    st.cache_resource.clear()
    st.query_params.clear()
    opened = open_store(home)
    opened.add_runner("Robin")
    yield opened
    st.session_state.pop(session.SHOWN, None)
    st.query_params.clear()
    st.cache_resource.clear()


def at(store: Store, export, step: int, look) -> None:
    """Import, and look once at a step of the recordings."""

    def bar(done: int, total: int, message: str) -> None:
        if message == RECORDINGS and done == step:
            look()

    follow_progress(store, 1, [export], bar)


@pytest.mark.parametrize(
    ("done", "left_s", "words"),
    [
        (120, 125.0, "120 of 2,000, about 2 min left."),
        (0, None, "0 of 2,000."),
        (1_990, 3.0, "1,990 of 2,000, about 10 s left."),
        (1_500, 41.0, "1,500 of 2,000, about 40 s left."),
        (3, 9_000.0, "3 of 2,000, about 2 hours left."),
    ],
)
def test_the_line_says_how_far_and_how_long(done, left_s, words):
    line = fill_in_words(RecordingsFill(1, done, 2_000, left_s))
    assert line == f"Estimated until the recordings are read: {words}"


def test_where_no_table_lists_the_runs_those_not_read_are_said_to_be_missing():
    some = fill_in_words(RecordingsFill(1, 120, 2_000, 125.0, SOME_LOOSE_RECORDINGS))
    assert some.startswith(
        "Estimated until the recordings are read: 120 of 2,000, about 2 min left. Runs without"
    )
    line = fill_in_words(RecordingsFill(1, 120, 2_000, 125.0, LOOSE_RECORDINGS))
    assert line == (
        "Runs come in newest first: 120 of 2,000 recordings read, about 2 min left. "
        "What is not read yet is missing here."
    )


def test_the_weeks_before_a_stated_date_are_drawn_as_soon_as_they_are_read(own_store, export):
    """They are read first, so what came before is told long before the last recording is in."""
    onset = (FIRST + timedelta(days=40)).date()
    row = {
        "athlete_id": 1,
        "source": "manual",
        "source_id": "one",
        "fetched_utc": FIRST,
        "onset_person_date": onset,
        "decided_by": "runner",
    }
    frame = pl.DataFrame([{name: row.get(name) for name in ONSET.schema}], schema=ONSET.schema)
    own_store.write(ONSET, frame)
    versions = {}

    def bar(done: int, total: int, message: str) -> None:
        if message == RECORDINGS and done in (0, 30, 101, 125):
            versions[done] = session.load_version(own_store.runners()[0])

    follow_progress(own_store, 1, [export], bar)
    assert versions[0] == versions[30] != versions[101] == versions[125]


def test_loose_recordings_are_drawn_as_they_come(own_store, tmp_path):
    """Each page of pictures is drawn anew each time the number of runs has doubled, and says what is missing."""
    for n in range(40):
        start = FIRST + timedelta(days=n)
        (tmp_path / f"{n}.fit").write_bytes(fit_run(start=start, seconds=20, is_dated=True))
    st.query_params["runner"] = "1"
    seen, versions = [], []

    def bar(done: int, total: int, message: str) -> None:
        if message == LOOSE_RECORDINGS and done in (10, 20, 30):
            versions.append(session.load_version(own_store.runners()[0]))
        if message == LOOSE_RECORDINGS and done == 30:
            seen.append(texts(opened_for(1, "data")) + texts(opened_for(1, "timeline")))

    follow_progress(own_store, 1, sorted(tmp_path.glob("*.fit")), bar)
    assert len(set(versions)) == 2
    assert re.search(r"Runs come in newest first: \d+ of 40 recordings read", seen[0])
    assert "by their totals" not in seen[0]


def test_the_pace_so_far_says_how_long_the_rest_takes(own_store, monkeypatch):
    job = own_store.jobs.start(1, FILL_JOB)
    own_store.jobs.step(job, 50, 200)
    first = fill_under_way(own_store, 1)
    assert first == RecordingsFill(job, 50, 200, None)
    later = own_store.jobs.latest(1, FILL_JOB).started_s + 10
    monkeypatch.setattr("time.time_ns", lambda: int(later * 1e9))
    own_store.jobs.step(job, 50, 200)
    monkeypatch.undo()
    monkeypatch.setattr("time.time", lambda: later)
    assert fill_under_way(own_store, 1).left_s == pytest.approx(30, abs=0.1)
    own_store.jobs.finish(job)
    assert fill_under_way(own_store, 1) is None


def test_every_page_tells_that_it_is_estimated_until_the_end(own_store, export):
    seen = []

    def look():
        app = opened_for(1, "timeline")
        assert not app.exception
        seen.append(texts(app))

    at(own_store, export, 110, look)
    assert re.search(rf"Estimated until the recordings are read: \d+ of {MANY}", seen[0])
    assert "Estimated until" not in texts(opened_for(1, "timeline"))


def test_pages_compute_once_while_recordings_come_in_and_anew_at_the_end(own_store, export):
    st.query_params["runner"] = "1"
    session.show_runner(own_store.runners()[0])
    seen = []

    def look():
        seen.append((session.analysis(), session.form_version(own_store.runners()[0])))

    def bar(done: int, total: int, message: str) -> None:
        if message == RECORDINGS and done in (0, 101, 125):
            look()

    follow_progress(own_store, 1, [export], bar)
    look()
    assert own_store.read(ACTIVITY, 1)["sample_rows"].null_count() == 0
    first, *_, last = [analysis for analysis, _ in seen]
    assert [analysis is first for analysis, _ in seen] == [True, True, True, False]
    assert first.runs.height == last.runs.height == MANY
    assert not first.runs["has_samples"].any()
    assert last.runs["has_samples"].all()
    assert len({version for _, version in seen[:3]}) == 1
    assert seen[3][1] != seen[0][1]


def test_what_is_typed_meanwhile_counts_at_once(own_store, export):
    st.query_params["runner"] = "1"
    session.show_runner(own_store.runners()[0])
    seen = []

    def look():
        before = session.analysis()
        run = own_store.read(ACTIVITY, 1).head(1)
        by_hand = run.with_columns(
            activity_id=pl.lit("typed"),
            source=pl.lit("manual"),
            source_id=pl.lit("typed"),
            local_date=run["local_date"] - timedelta(days=3),
            start_utc=run["start_utc"] - timedelta(days=3),
        )
        own_store.write(ACTIVITY, by_hand)
        seen.append((before.runs.height, session.analysis().runs.height))

    at(own_store, export, 50, look)
    assert seen == [(MANY, MANY + 1)]


def test_a_few_recordings_are_no_matter_of_estimates(own_store, tmp_path):
    recording = fit_run(start=FIRST, seconds=20)
    few = [Session(1, FIRST, file_name="activities/1.fit.gz", recording=recording)]
    seen = []
    at(
        own_store,
        write_export(tmp_path / "few.zip", few),
        0,
        lambda: seen.append(fill_under_way(own_store, 1)),
    )
    assert seen == [None]
    assert own_store.jobs.latest(1, FILL_JOB) is None


def test_an_import_that_was_killed_is_no_longer_waited_for(own_store, home, tmp_path):
    job = own_store.jobs.start(1, FILL_JOB)
    own_store.jobs.step(job, 50, 200)
    assert fill_under_way(own_store, 1) is not None
    running = jobs.begin_job(home, "Robin", 1, [tmp_path])
    running.process.kill()
    running.process.wait()
    assert not jobs.running_job(home, 1)
    assert fill_under_way(own_store, 1) is None
    own_store.jobs.step(job, 60, 200)  # another program's import, which goes on
    assert fill_under_way(own_store, 1).done == 60


def test_the_end_of_a_fill_is_written_even_where_the_import_fails(own_store, export):
    def look():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at(own_store, export, 30, look)
    assert own_store.jobs.latest(1, FILL_JOB).finished_s is not None
    assert recordings_fill.fill_under_way(own_store, 1) is None
