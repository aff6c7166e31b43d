"""Runners: what a clinic opens on, from stored rows alone, and a way into each consult."""

from __future__ import annotations

import time
from datetime import date

import pytest
from page_runner import opened_for
from streamlit.testing.v1 import AppTest

from connectors.store import open_store
from dashboard.diary import entries
from dashboard.runners import service
from dashboard.shared import session


@pytest.fixture
def clinic(home):
    kept = open_store(home)
    (home / "demo_left").touch()
    for name in ("Nora Vance", "Nils Vogel", "Kim Example"):
        one = kept.add_runner(name)
        entries.save_entry(kept, one.athlete_id, entries.nothing_felt_on(date(2026, 3, 1)))
    service.refresh(kept, session.today())
    return kept


def sent(app: AppTest) -> str:
    return "\n".join(str(one.proto) for one in app._tree if hasattr(one, "proto"))


def test_clinic_mode_opens_on_the_list_and_names_nobody(clinic, open_page):
    app = open_page()
    assert [one.value for one in app.title] == ["Runners"]
    page = sent(app)
    for label in ("NV<", "NV 2<", "KE<"):
        assert label in page
    for word in ("Nora", "Vogel", "Example"):
        assert word not in page
    for number in (1, 2, 3):
        assert f"/consult?embed=true&amp;embed_options=light_theme&amp;runner={number}" in page
    assert "runner" not in app.query_params


def test_outside_clinic_mode_the_address_is_whose(clinic, open_page):
    clinic.set_machine_setting("clinic_mode", "off")
    assert [one.value for one in open_page().title] == ["Whose?"]


def test_the_menu_has_the_list_as_a_door_in_clinic_mode_alone(clinic):
    assert "Runners" in [one.proto.label for one in opened_for(1, "log").get("page_link")]
    clinic.set_machine_setting("clinic_mode", "off")
    assert "Runners" not in [one.proto.label for one in opened_for(1, "log").get("page_link")]


def test_an_entry_made_on_a_page_is_in_the_list_at_once(clinic):
    app = opened_for(2, "log")
    app.button(key="none_today").click().run()
    row = next(one for one in service.list_runners(clinic, session.today()) if one.runner.athlete_id == 2)
    assert row.stale_since is None
    assert row.summary.last_logged == session.today().isoformat()


def test_a_sign_answered_yes_moves_its_runner_up(clinic, open_page):
    assert "doctor was answered" not in sent(open_page())
    clinic.set_bookmarks(3, {"warning_sign": session.today().isoformat()})
    service.refresh(clinic, session.today())
    page = sent(open_page())
    assert page.index("KE<") < page.index("NV<")
    assert "a sign to show a doctor was answered yes" in page


def test_a_runner_is_added_from_the_list(clinic, open_page):
    app = open_page()
    app.text_input(key="new_patient_name").set_value("Ada Sample")
    app.button(key="add_patient").click().run()
    assert [one.label for one in clinic.runners()] == ["NV", "NV 2", "KE", "AS"]


def test_two_hundred_runners_are_listed_cold_in_under_a_second(home):
    kept = open_store(home)
    for number in range(200):
        kept.add_runner(f"Runner Number{number}")
    service.refresh(kept, session.today())
    begun = time.perf_counter()
    with open_store(home) as cold:
        rows = service.list_runners(cold, session.today())
        assert all(row.stale_since is None for row in rows)
    taken = time.perf_counter() - begun
    assert len(rows) == 200
    assert taken < 1, taken
