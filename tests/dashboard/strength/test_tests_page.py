"""The Tests page: entered numbers are kept, skipped ones are not, and the last ones stand beside."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.shared import preferences
from dashboard.strength import clinical_tests

FIRST = date(2026, 3, 2)


@pytest.fixture
def opened(store, athlete_id, open_page):
    results = {("visa_a", None): 80, ("heel_rise_reps", "left"): 20, ("heel_rise_reps", "right"): 28}
    clinical_tests.save_results(store, athlete_id, FIRST, results, "therapist")
    return open_page("checks")


def said(app) -> str:
    return "\n".join(
        str(one.value) for kind in (app.markdown, app.caption, app.success, app.warning) for one in kind
    )


def test_only_what_was_entered_is_kept_and_undo_takes_it_back(opened, store, athlete_id):
    assert opened.number_input(key="visa_a_None_0").value is None
    assert opened.number_input(key="visa_a_None_0").placeholder == "80"
    assert "Before: 20 on 2 Mar 2026" in said(opened)
    opened.date_input(key="checks_date").set_value(date(2026, 4, 6)).run()
    opened.number_input(key="visa_a_None_0").set_value(66)
    opened.button(key="save_checks").click().run()
    assert not opened.exception
    (row,) = [
        row
        for row in clinical_tests.test_results(store, athlete_id).to_dicts()
        if row["date"] == date(2026, 4, 6)
    ]
    assert (row["measure"], row["side"], row["value"], row["decided_by"]) == ("visa_a", None, 66, "runner")
    assert "worse by at least the smallest change" in said(opened)
    opened.button(key="undo_checks").click().run()
    assert clinical_tests.test_results(store, athlete_id).height == 3


def test_nothing_entered_saves_nothing_and_says_so(opened, store, athlete_id):
    opened.button(key="save_checks").click().run()
    assert "nothing was saved" in said(opened)
    assert clinical_tests.test_results(store, athlete_id).height == 3


def test_what_is_usual_needs_age_and_sex_and_a_chart_has_words(opened, store, athlete_id, open_page):
    assert "Set your year of birth" in said(opened)
    preferences.save_preference(store, athlete_id, {"birth_year": "1981", "sex": "female"})
    app = open_page("checks")
    assert "25 are usual (women)" in said(app)
    assert "71 % of the other" in said(app)
    charts = app.get("plotly_chart")
    assert len(charts) == 2
    assert all("The sentences above" in one.proto.alt for one in charts)


def test_a_first_test_in_an_empty_store_starts_a_record(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("checks")
    app.number_input(key="tendins_a_None_0").set_value(20)
    app.button(key="save_checks").click().run()
    assert not app.exception
    assert "Saved: 1 number" in said(app)


def test_exam_findings_are_entered_in_the_same_form(opened, store, athlete_id):
    opened.number_input(key="knee_to_wall_cm_left_0").set_value(9.5)
    opened.button_group(key="arc_sign_left_0").set_value(1.0)
    opened.button_group(key="arc_sign_right_0").set_value(0.0)
    opened.button(key="save_checks").click().run()
    assert not opened.exception
    rows = {
        (row["measure"], row["side"]): row["value"]
        for row in clinical_tests.test_results(store, athlete_id).to_dicts()
        if row["date"] != FIRST
    }
    assert rows == {
        ("knee_to_wall_cm", "left"): 9.5,
        ("arc_sign", "left"): 1.0,
        ("arc_sign", "right"): 0.0,
    }
    assert "Arc sign, left leg: there" in said(opened)
    assert "Arc sign, right leg: not there" in said(opened)
    assert "sensitivity 42 %" in said(opened)
