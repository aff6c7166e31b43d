"""Who decides: the runner at the desk, the therapist in a consult, without a tap."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.frames import GUARDRAIL
from dashboard.strength import clinical_tests


@pytest.fixture
def consult(home):
    """Run a page as a step of a consult; it must not fail."""
    from page_runner import MAIN
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    def show(page: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.context = {"is_embedded": True}
        app._page_hash = calc_hash(page)
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        return app

    return show


def test_a_result_measured_in_a_consult_is_the_therapists(store, athlete_id, consult):
    app = consult("checks")
    app.date_input(key="checks_date").set_value(date(2026, 4, 6)).run()
    app.number_input(key="visa_a_None_0").set_value(66)
    app.button(key="save_checks").click().run()
    (row,) = clinical_tests.test_results(store, athlete_id).to_dicts()
    assert row["decided_by"] == "therapist"


def test_a_limit_set_in_a_consult_is_the_therapists(store, athlete_id, consult):
    app = consult("plan")
    app.button(key="set_fast").click().run()
    app.button(key="keep_fast").click().run()
    assert not app.exception
    assert store.read(GUARDRAIL, athlete_id)["decided_by"].to_list() == ["therapist"]


def test_the_ladder_asks_the_therapist_first(store, athlete_id, consult):
    assert consult("plan").segmented_control(key="ladder_who").value == "therapist"


def test_at_the_desk_it_is_the_runner(store, open_page):
    assert open_page("plan").segmented_control(key="ladder_who").value == "runner"
