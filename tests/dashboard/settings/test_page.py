"""The Settings page: units, runners, backup, restore, forgetting."""

from __future__ import annotations

import pytest
from page_runner import as_reloaded, opened_for

from connectors.backup import backup
from connectors.errors import HeelwiseError
from connectors.store import open_store
from dashboard.shared import preferences


@pytest.fixture
def page(store, open_page):
    return open_page("settings")


def test_units_are_kept_and_used(page, store, athlete_id):
    page.selectbox(key="preference_distance_unit").set_value("mi")
    page.selectbox(key="preference_height_unit").set_value("ft")
    page.button(key="save_preferences").click().run()
    assert not page.exception
    kept = store.settings(athlete_id)
    assert (kept["distance_unit"], kept["height_unit"]) == ("mi", "ft")


def test_one_column_of_a_phone_has_the_settings_in_their_order(page):
    at = [one.key for one in page.main if (getattr(one, "key", None) or "").startswith("preference_")]
    assert at == [f"preference_{one.name}" for one in preferences.PREFERENCES]


def test_a_zone_is_chosen_from_those_there_are(page, store, athlete_id):
    assert page.selectbox(key="preference_timezone").value == ""
    assert {"Europe/Amsterdam", "UTC"} <= set(page.selectbox(key="preference_timezone").options)
    with pytest.raises(HeelwiseError, match="Mars/Olympus"):
        preferences.save_preference(store, athlete_id, {"timezone": "Mars/Olympus"})
    assert not store.settings(athlete_id).get("timezone")


def test_a_weight_must_be_a_weight(page, store, athlete_id):
    page.text_input(key="preference_body_weight_kg").set_value("heavy")
    page.button(key="save_preferences").click().run()
    assert "kg" in page.error[0].value
    page.text_input(key="preference_body_weight_kg").set_value("70,5")
    page.button(key="save_preferences").click().run()
    assert store.settings(athlete_id)["body_weight_kg"] == "70.5"


def test_a_backup_is_saved_and_brought_in_again(page, store, tmp_path, athlete_id):
    (button,) = [one for one in page.get("download_button") if "backup" in one.proto.label]
    assert button.proto.label == "Save a backup"
    backup(store, tmp_path / "b.zip")
    page.file_uploader(key="backup_file_0").upload("b.zip", (tmp_path / "b.zip").read_bytes()).run()
    page.button(key="bring_back").click().run()
    assert "0 rows new, 0 updated" in page.success[0].value


def test_a_file_that_is_no_backup_is_refused_with_a_sentence(page, store, athlete_id):
    page.file_uploader(key="backup_file_0").upload("b.zip", b"PK and nothing else").run()
    page.button(key="bring_back").click().run()
    assert "Nothing was changed" in page.error[0].value


def test_forgetting_needs_the_name(page, store, athlete_id):
    page.text_input(key="forget_name").set_value("Somebody")
    page.button(key="forget_runner").click().run()
    assert "nothing was deleted" in page.warning[0].value
    assert len(store.runners()) == 1
    page.text_input(key="forget_name").set_value("robin placeholder")
    page.button(key="forget_runner").click().run()
    assert "60 activities" in page.success[0].value
    assert store.runners() == [] or all(one.is_demo for one in store.runners())


def test_a_runner_put_away_leaves_the_choice_and_comes_back(store, athlete_id):
    kim = store.add_runner("Kim")
    page = opened_for(athlete_id, "settings")
    assert "Kim" in page.selectbox(key="runner_choice").options
    page.button(key=f"archive_{kim.athlete_id}").click().run()
    assert not [one for one in page.selectbox if one.key == "runner_choice"]
    page.button(key=f"archive_{kim.athlete_id}").click().run()
    assert "Kim" in page.selectbox(key="runner_choice").options


def test_a_runner_can_be_added_and_looked_at(page, home):
    page.text_input(key="new_runner_name").set_value("Alex")
    page.button(key="add_runner").click().run()
    assert not page.exception
    assert "Alex" in [one.name for one in open_store(home).runners()]
    page = as_reloaded(page)
    assert any("**Alex**, current runner" in one.value for one in page.markdown)


def test_a_save_is_answered(page, store, athlete_id):
    page.selectbox(key="preference_timezone").set_value("America/Denver")
    page.button(key="save_preferences").click().run()
    assert page.toast[0].value == "Settings saved."
    assert store.settings(athlete_id)["timezone"] == "America/Denver"


def test_a_runner_is_renamed_and_has_the_old_name_back(page, store, athlete_id):
    before = store.runner()
    page.text_input(key=f"name_{athlete_id}").set_value("Sam Placeholder")
    page.button(key="rename_runner").click().run()
    assert not page.exception
    assert store.runner() == type(before)(athlete_id, "Sam Placeholder", False)
    assert store.runner().label == before.label
    assert page.toast
    page.button(key="undo_runners").click().run()
    assert store.runner() == before


@pytest.mark.parametrize(("name", "sentence"), [("Taken Name", "already a runner"), ("a\tb", "printable")])
def test_a_name_that_cannot_be_is_refused(store, athlete_id, name, sentence):
    store.add_runner("Taken Name")
    page = opened_for(athlete_id, "settings")
    page.text_input(key=f"name_{athlete_id}").set_value(name)
    page.button(key="rename_runner").click().run()
    assert sentence in page.error[0].value
    assert "Nothing was changed" in page.error[0].value
    assert store.runners()[0].name == "Robin Placeholder"
