"""The Data page: settings, doubles, runners, and what the last import left out."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.frames import ACTIVITY
from connectors.source import ImportResult, Skipped
from dashboard.data import import_report


@pytest.fixture
def data(store, open_page):
    return open_page("data")


def test_a_path_that_is_not_there_starts_nothing(data, store, athlete_id):
    data.text_input(key="path_text_0").set_value("/absent/export.zip")
    data.button(key="import_path_0").click().run()
    assert "no file or folder" in data.warning[0].value
    assert store.jobs.latest(athlete_id, "import") is None


def test_a_double_is_told_and_can_be_undone(store, athlete_id, open_page):
    ids = store.read(ACTIVITY, athlete_id)["activity_id"].to_list()
    store.decide_matches(athlete_id, [(ids[0], ids[1], True, "rule")])
    assert store.activities(athlete_id).height == len(ids) - 1
    app = open_page("data")
    (button,) = [one for one in app.button if one.label == "Keep both"]
    button.click().run()
    assert not app.exception
    assert store.activities(athlete_id).height == len(ids)
    assert [one.label for one in app.button if one.label in ("Keep both", "Merge")] == ["Merge"]


def test_runs_that_may_be_one_are_kept_as_two_or_merged_each_or_all(store, athlete_id, open_page):
    first, second, *_ = store.read(ACTIVITY, athlete_id).sort("start_utc").iter_rows(named=True)
    twins = [
        {
            **one,
            "activity_id": f"{n}" * 16,
            "source_id": f"hand-{n}",
            "distance_m": one["distance_m"] * 0.8,
            "flags": "manual",
        }
        for n, one in enumerate((first, second))
    ]
    store.write(ACTIVITY, pl.DataFrame(twins, schema=store.read(ACTIVITY, athlete_id).schema))
    app = open_page("data")
    labels = ("Merge", "Keep both")
    assert [one.label for one in app.button if one.label in labels] == ["Merge", "Keep both"] * 2
    app.button(key="keep_all_doubles").click().run()
    assert not app.exception
    said = "\n".join(one.value for one in app.markdown)
    assert said.count("counted as two runs, as you said") == 2
    assert [one.label for one in app.button if one.label in labels] == ["Merge"] * 2


def test_the_last_import_is_summed_up(store, athlete_id, open_page):
    job = store.jobs.start(athlete_id, "import")
    store.jobs.finish(
        job,
        result=import_report.import_json(
            ImportResult(
                activities={"new": 3, "updated": 0, "unchanged": 0},
                skipped=[Skipped("x.fit", "Cut off.")],
                unknown_sports={"Quidditch": 2},
            )
        ),
    )
    app = open_page("data")
    said = "\n".join(one.value for one in app.markdown)
    assert app.button(key="first_timeline").label == "See my Timeline"
    assert "3 sessions: 3 new" in said
    assert "Quidditch (2)" in said


def test_an_import_that_went_wrong_is_told(store, athlete_id, open_page):
    store.jobs.finish(store.jobs.start(athlete_id, "import"), error="The disk is full.")
    assert [one.value for one in open_page("data").warning] == ["The disk is full."]


def test_a_file_whose_dates_are_open_is_asked_with_both_readings(data, tmp_path, monkeypatch):
    begun = []
    monkeypatch.setattr("dashboard.shared.jobs.begin_job", lambda *given: begun.append(given))
    file = tmp_path / "open.csv"
    file.write_text("date;side;morning_pain\n04/05/2026;left;3\n")
    data.text_input(key="path_text_0").set_value(str(file))
    data.button(key="import_path_0").click().run()
    assert not data.exception
    assert begun == []
    assert data.radio[0].options == ["4 May 2026", "5 April 2026"]
    assert data.button(key="open_dates_go_0").disabled
    data.radio[0].set_value("day_first").run()
    data.button(key="open_dates_go_0").click().run()
    assert not data.exception
    assert begun[0][3:] == ([file], None, ("--day-first",), None)
    assert len(data.radio) == 0


def test_doubts_are_named_after_an_import(store, athlete_id, open_page):
    rows = store.read(ACTIVITY, athlete_id).sort("start_utc").tail(1)
    store.write(ACTIVITY, rows.with_columns(distance_m=pl.lit(400_000.0), moving_s=pl.lit(80_000.0)))
    store.jobs.finish(
        store.jobs.start(athlete_id, "import"), result=import_report.import_json(ImportResult())
    )
    app = open_page("data")
    assert not app.exception
    assert any("Doubted in the record" in one.value for one in app.markdown)
