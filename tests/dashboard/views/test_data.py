"""The Data page: settings, doubles, runners, and what the last import left out."""

from __future__ import annotations

import pytest

from connectors.frames import ACTIVITY
from connectors.source import ImportResult, Skipped
from connectors.store import open_store
from dashboard.report import imported


@pytest.fixture
def data(store, open_page):
    return open_page("data")


def test_units_are_kept_and_used(data, store, athlete_id):
    data.selectbox(key="preference_distance_unit").set_value("mi")
    data.selectbox(key="preference_height_unit").set_value("ft")
    data.button(key="save_preferences").click().run()
    assert not data.exception
    kept = store.settings(athlete_id)
    assert (kept["distance_unit"], kept["height_unit"]) == ("mi", "ft")


def test_a_zone_that_does_not_exist_is_refused_with_a_sentence(data, store, athlete_id):
    data.text_input(key="preference_timezone").set_value("Mars/Olympus")
    data.button(key="save_preferences").click().run()
    assert "Mars/Olympus" in data.error[0].value
    assert not store.settings(athlete_id).get("timezone")


def test_a_weight_must_be_a_weight(data, store, athlete_id):
    data.text_input(key="preference_body_weight_kg").set_value("heavy")
    data.button(key="save_preferences").click().run()
    assert "kg" in data.error[0].value
    data.text_input(key="preference_body_weight_kg").set_value("70,5")
    data.button(key="save_preferences").click().run()
    assert store.settings(athlete_id)["body_weight_kg"] == "70.5"


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
    (button,) = [one for one in app.button if one.label == "They are two runs"]
    button.click().run()
    assert not app.exception
    assert store.activities(athlete_id).height == len(ids)
    assert [one.label for one in app.button if one.label.startswith("They are")] == ["They are one run"]


def test_the_last_import_is_summed_up(store, athlete_id, open_page):
    job = store.jobs.start(athlete_id, "import")
    store.jobs.finish(
        job,
        result=imported.as_json(
            ImportResult(
                activities={"new": 3, "updated": 0, "unchanged": 0},
                skipped=[Skipped("x.fit", "Cut off.")],
                unknown_sports={"Quidditch": 2},
            )
        ),
    )
    said = "\n".join(one.value for one in open_page("data").markdown)
    assert "3 sessions: 3 new" in said
    assert "Quidditch (2)" in said


def test_an_import_that_went_wrong_is_told(store, athlete_id, open_page):
    store.jobs.finish(store.jobs.start(athlete_id, "import"), error="The disk is full.")
    assert [one.value for one in open_page("data").warning] == ["The disk is full."]


def test_a_runner_can_be_added_and_looked_at(data, home):
    data.text_input(key="new_runner_name").set_value("Alex")
    data.button(key="add_runner").click().run()
    assert not data.exception
    assert "Alex" in [one.name for one in open_store(home).runners()]
    assert any("**Alex**, shown now" in one.value for one in data.markdown)
