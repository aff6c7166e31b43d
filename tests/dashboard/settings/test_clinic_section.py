"""Clinic mode: on every page a label, no name and no title; it can be turned off and stays off."""

from __future__ import annotations

import pytest
from page_list import WITH_DATA
from page_runner import opened_for, texts
from streamlit.testing.v1 import AppTest

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.shared import session


@pytest.fixture
def clinic(store):
    """Three real runners, two of equal initials; each has the runs of the first."""
    runs = store.read(ACTIVITY, store.runner().athlete_id)
    for name in ("Rosa Plain", "Kim Example"):
        one = store.add_runner(name)
        store.write(ACTIVITY, runs.with_columns(athlete_id=one.athlete_id).cast(ACTIVITY.schema))
    return store


def everything(app: AppTest) -> str:
    """All that the server sent to the browser, but for the name that a held button uncovers."""
    sent = [str(one.proto) for one in app._tree if hasattr(one, "proto")]
    return "\n".join(one for one in sent if "heelwise_uncover" not in one)


def test_no_page_holds_a_name_or_a_title(clinic):
    labels = [one.label for one in clinic.runners()]
    assert labels == ["RP", "RP 2", "KE"]
    for page in WITH_DATA:
        app = opened_for(2, "" if page == "timeline" else page)
        assert not app.exception, page
        sent = everything(app)
        for word in ("Robin", "Placeholder", "Rosa", "Plain P", "Kim", "Example", "Secret street"):
            assert word not in sent.replace("Plain Pacer", "").replace("America/Rosario", ""), (page, word)


ACTS = {
    "strength": ("same_sets", "begin_programme"),
    "checks": ("save_checks",),
    "plan": ("copy_usual", "keep_ladder"),
    "events": ("save_event",),
}


@pytest.mark.parametrize("page", ACTS)
def test_each_act_names_the_runner_it_writes_for(clinic, page):
    app = opened_for(2, page)
    named = {one.key: one.label for one in app.button}
    there = [key for key in ACTS[page] if key in named]
    assert there
    assert all(named[key].endswith(" for RP 2") for key in there), named


def test_a_held_button_uncovers_the_full_name_beside_an_import(clinic):
    clinic.set_settings(2, {"birth_year": "1988"})
    sent = [str(one.proto) for one in opened_for(2, "data")._tree if hasattr(one, "proto")]
    held = [one for one in sent if "heelwise_uncover" in one]
    assert held
    assert all("Rosa Plain, born 1988" in one for one in held)


def test_outside_clinic_mode_names_stand_there(clinic):
    clinic.set_machine_setting("clinic_mode", "off")
    assert "Rosa Plain" in everything(opened_for(2, "log"))
    assert "Secret street loop" in everything(opened_for(2, "runs"))


def test_it_is_proposed_once_and_stays_off(clinic):
    app = opened_for(1, "log")
    app.button(key="clinic_off").click().run()
    assert not [one for one in app.button if one.key == "clinic_off"]
    assert not session.is_clinic()
    clinic.add_runner("Dora Sample")
    assert not session.is_clinic()
    app = opened_for(1, "settings")
    app.toggle(key="clinic_mode").set_value(True).run()
    assert session.is_clinic()
    assert not [one for one in app.button if one.key == "clinic_off"]


def test_downloads_of_unlike_runners_have_unlike_names(clinic):
    one, other = sorted(clinic.runners(), key=lambda runner: runner.athlete_id)[:2]
    assert session.labelled("heelwise_2026-11-28.html", one) == "heelwise_RP_2026-11-28.html"
    assert session.labelled("heelwise_2026-11-28.html", other) == "heelwise_RP-2_2026-11-28.html"


def test_a_label_is_set_and_a_taken_one_refused_with_a_sentence(clinic):
    app = opened_for(3, "settings")
    app.text_input(key="label_3").set_value("rp 2")
    app.button(key="save_label").click().run()
    assert "Another runner has the label" in texts(app)
    app.text_input(key="label_3").set_value("K7")
    app.button(key="save_label").click().run()
    assert [one.label for one in open_store(clinic.home).runners()] == ["RP", "RP 2", "K7"]


def test_the_cover_takes_2_to_30_minutes_or_never(clinic):
    app = opened_for(1, "settings")
    assert "data-hw-cover=\\'5\\'" in everything(app)
    box = app.selectbox(key="cover_minutes")
    assert box.options[:2] == ["off", "2"]
    assert box.options[-1] == "30"
    box.set_value(12).run()
    assert "data-hw-cover=\\'12\\'" in everything(opened_for(1, "log"))
    app.selectbox(key="cover_minutes").set_value("off").run()
    assert "data-hw-cover" not in everything(opened_for(1, "log"))


def test_forgetting_in_clinic_mode_asks_for_the_label(clinic):
    app = opened_for(2, "settings")
    app.text_input(key="forget_name").set_value("rp 2")
    app.button(key="forget_runner").click().run()
    assert [one.athlete_id for one in clinic.runners()] == [1, 3]
    assert [one.value for one in app.title] == ["Whose?"]
    assert app.success
