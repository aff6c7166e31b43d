"""Clauses of an import: one row each, with its run and date; updated, taken back and brought again with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from export_writer import Session, write_export, write_members
from store_builders import activity_row

from connectors.backup import backup, restore
from connectors.frames import ACTIVITY, ANSWER, STATEMENT
from connectors.ingest.pipeline import import_paths
from connectors.statements.rows import statement_rows
from connectors.store import open_store

MORNING = datetime(2025, 3, 8, 6, 30, tzinfo=UTC)
HIDDEN = "coffee with Kim at Elm Street"


def session(number: int, **more) -> Session:
    return Session(id=1_000 + number, start=MORNING + timedelta(days=number), **more)


def bring(store, path):
    athlete_id = store.runner(create=True).athlete_id
    return import_paths(store, athlete_id, [path])


def wrote(store):
    rows = store.read(STATEMENT, store.runner().athlete_id)
    return rows.sort("date", "text")


@pytest.fixture
def export(tmp_path):
    runs = [
        session(0, name="Left calf tight"),
        session(1, description=f"{HIDDEN}. Achilles sore, both sides.\n3x1000"),
        session(2, private_note="ankle barely hurt"),
        session(3, sport="Ride", name="Bike instead, calf sore"),
        session(4, sport="Ride", name="Ride to physio"),
        session(5, sport="WeightTraining", name="Sore calf circuit, knee tight"),
    ]
    return write_export(tmp_path / "export.zip", runs)


def test_titles_descriptions_and_notes_are_read(store, export):
    assert bring(store, export).beside["statement"] == {"new": 4, "updated": 0, "unchanged": 0}
    rows = wrote(store)
    assert rows.select("text", "body_part", "side", "kind").rows() == [
        ("Left calf tight", "calf", "left", "complaint"),
        ("Achilles sore", "achilles", None, "complaint"),
        ("ankle barely hurt", "ankle", None, "none"),
        ("calf sore", "calf", None, "complaint"),
    ]
    runs = store.read(ACTIVITY, store.runner().athlete_id)
    known = dict(runs.select("activity_id", "local_date").iter_rows())
    assert [known[one] for one in rows["activity_id"]] == rows["date"].to_list()
    assert rows["date"][0] == date(2025, 3, 8)


def test_nothing_but_the_clause_is_stored(store, export):
    bring(store, export)
    files = [path for path in store.home.rglob("*") if path.is_file()]
    assert files
    assert not [path.name for path in files if HIDDEN.encode() in path.read_bytes()]


def test_the_same_export_again_changes_nothing_and_a_corrected_text_takes_its_place(store, export, tmp_path):
    bring(store, export)
    before = wrote(store)
    bring(store, export)
    assert wrote(store).equals(before)
    changed = [session(0, name="Left calf fine again"), session(1, description="Quiet"), session(2)]
    bring(store, write_export(tmp_path / "later.zip", changed))
    assert wrote(store)["text"].to_list() == ["Left calf fine again", "calf sore"]


def test_taking_the_import_back_takes_its_clauses(store, export):
    result = bring(store, export)
    store.revert_import(result.import_id)
    assert wrote(store).is_empty()


def test_garmins_description_belongs_to_its_run(store, tmp_path):
    entry = {
        "activityId": 77,
        "beginTimestamp": MORNING.timestamp() * 1000,
        "activityType": "running",
        "name": "Elmwood",
        "description": "Right Achilles stiff again. Cold.",
        "distance": 500_000,
        "duration": 1_800_000,
    }
    content = json.dumps([{"summarizedActivitiesExport": [entry]}]).encode()
    member = "DI_CONNECT/DI-Connect-Fitness/x_0_summarizedActivities.json"
    bring(store, write_members(tmp_path / "garmin.zip", {member: content}))
    assert wrote(store).select("text", "source", "side").rows() == [
        ("Right Achilles stiff again", "file", "right")
    ]


def test_clauses_and_answers_travel_in_a_backup(store, export, tmp_path):
    bring(store, export)
    athlete_id = store.runner().athlete_id
    (first, *_) = wrote(store).to_dicts()
    answer = {
        "athlete_id": athlete_id,
        "source": "manual",
        "source_id": "statement/x",
        "fetched_utc": MORNING,
        "question": "statement",
        "question_id": "x",
        "answer": "heel",
    }
    store.write(ANSWER, ANSWER.empty().vstack(_frame(answer)))
    backup(store, tmp_path / "all.zip")
    with open_store(tmp_path / "other") as other:
        other.add_runner("Somebody else")
        (there,) = restore(other, tmp_path / "all.zip")
        rows = other.read(STATEMENT, there.runner.athlete_id).sort("date")
        ids = set(other.read(ACTIVITY, there.runner.athlete_id)["activity_id"].to_list())
        assert rows["text"][0] == first["text"]
        assert set(rows["activity_id"].to_list()) <= ids
        assert other.read(ANSWER, there.runner.athlete_id)["answer"].to_list() == ["heel"]


def test_a_clause_written_twice_of_one_run_is_one_row():
    row = activity_row(1, date(2026, 1, 5), name="Sore calf")
    frame = pl.DataFrame([{n: row.get(n) for n in ACTIVITY.columns}], schema=ACTIVITY.schema)
    twice = statement_rows(frame, {row["activity_id"]: ("Sore calf", "Sore calf.")}, MORNING)
    assert twice.height == 1
    assert statement_rows(frame.clear(), {}, MORNING).equals(STATEMENT.empty())


def _frame(row):
    return pl.DataFrame([{n: row.get(n) for n in ANSWER.columns}], schema=ANSWER.schema)
