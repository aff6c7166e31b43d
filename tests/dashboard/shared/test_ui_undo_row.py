"""The one place of the undo: on every page, for the runner shown, until another act takes its place."""

from __future__ import annotations

from datetime import date

from page_runner import address, as_reloaded, opened_for

from connectors.frames import SYMPTOM
from dashboard.cadence.experiment import (
    CadenceExperiment,
    load_experiment,
    remove_experiment,
    save_experiment,
)
from dashboard.settings import runner_name
from dashboard.shared.undo import save_settings


def undo_buttons(app) -> list[str]:
    return [one.key for one in app.button if one.label == "Undo"]


def test_an_act_can_be_undone_from_another_page(store, athlete_id, open_page):
    logged = store.read(SYMPTOM, athlete_id).height
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert store.read(SYMPTOM, athlete_id).height == logged + 1
    assert undo_buttons(app) == ["undo_entry"]
    address(app, "timeline")
    app.run()
    assert [one.value for one in app.title] == ["Timeline"]
    assert undo_buttons(app) == ["undo_entry"]
    app.button(key="undo_entry").click().run()
    assert not app.exception
    assert undo_buttons(app) == []
    assert store.read(SYMPTOM, athlete_id).height == logged


def test_a_new_tab_offers_nothing(store, open_page):
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert undo_buttons(as_reloaded(app)) == []


def test_who_is_archived_comes_back_by_the_same_bar(store, athlete_id, open_page):
    other = store.add_runner("Kim")
    app = opened_for(athlete_id, "settings")
    app.button(key=f"archive_{other.athlete_id}").click().run()
    assert undo_buttons(app) == ["undo_runners"]
    assert next(one for one in store.runners() if one.athlete_id == other.athlete_id).is_archived
    app.button(key="undo_runners").click().run()
    assert not app.exception
    assert not next(one for one in store.runners() if one.athlete_id == other.athlete_id).is_archived


def test_settings_come_back_as_they_were(store, athlete_id):
    store.set_settings(athlete_id, {"lag_days": "21"})
    change = save_settings(store, athlete_id, {"lag_days": "14", "drop_change_mm": "3"})
    assert change.outcome == "updated"
    change.undo(store)
    assert store.settings(athlete_id)["lag_days"] == "21"
    assert "drop_change_mm" not in store.settings(athlete_id)
    assert save_settings(store, athlete_id, {"lag_days": "21"}).outcome == "unchanged"


def test_an_experiment_saved_or_removed_comes_back(store, athlete_id):
    first = CadenceExperiment(date(2026, 3, 1))
    save_experiment(store, athlete_id, first)
    change = save_experiment(store, athlete_id, CadenceExperiment(date(2026, 4, 1), 7.0, date(2026, 5, 1)))
    change.undo(store)
    assert load_experiment(store, athlete_id) == first
    remove_experiment(store, athlete_id).undo(store)
    assert load_experiment(store, athlete_id) == first


def test_archive_is_undone_both_ways(store):
    other = store.add_runner("Kim").athlete_id

    def is_archived() -> bool:
        return next(one for one in store.runners() if one.athlete_id == other).is_archived

    put_away = runner_name.archive(store, other, is_archived=True)
    assert is_archived()
    put_away.undo(store)
    assert not is_archived()
