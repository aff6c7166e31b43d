"""Results of tests kept by hand, and their course."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.shared import preferences
from dashboard.strength import clinical_tests, figure, text
from dashboard.strength.clinical_tests import limb_symmetry

FIRST, LATER = date(2026, 3, 2), date(2026, 4, 6)


@pytest.fixture
def tested(store, athlete_id):
    clinical_tests.save_results(
        store,
        athlete_id,
        FIRST,
        {("visa_a", None): 80, ("heel_rise_reps", "left"): 20, ("heel_rise_reps", "right"): 28},
        "therapist",
    )
    return store


def test_a_second_try_takes_the_place_of_the_first_and_undo_brings_it_back(tested, athlete_id):
    before = clinical_tests.test_results(tested, athlete_id)
    change = clinical_tests.save_results(tested, athlete_id, FIRST, {("visa_a", None): 81}, "runner")
    assert clinical_tests.test_results(tested, athlete_id).height == before.height
    change.undo(tested)
    assert clinical_tests.test_results(tested, athlete_id).equals(before)


def test_removed_results_can_be_brought_back(tested, athlete_id):
    before = clinical_tests.test_results(tested, athlete_id)
    change = clinical_tests.remove_results(tested, athlete_id, before.to_dicts())
    assert clinical_tests.test_results(tested, athlete_id).is_empty()
    change.undo(tested)
    assert clinical_tests.test_results(tested, athlete_id).equals(before)


@pytest.mark.parametrize(
    ("value", "said", "counts"), [(66, "worse by at least", True), (67, "within", False)]
)
def test_a_fall_of_fourteen_is_said_and_thirteen_is_not(tested, athlete_id, value, said, counts):
    clinical_tests.save_results(tested, athlete_id, LATER, {("visa_a", None): value}, "runner")
    course = clinical_tests.test_histories(clinical_tests.test_results(tested, athlete_id))[-1]
    told = " ".join(figure.clinical_tests_in_words(course.results))
    assert said in told
    assert ("monthly rule" in told) == counts
    newest = figure.clinical_tests_rows(course.results)[0]
    assert newest["Enough to count"] == ("yes" if counts else "no")
    assert newest["Beyond error"] is None  # none is known of the VISA-A


@pytest.mark.parametrize(("value", "beyond"), [(33, "no"), (38, "yes")])
def test_a_change_that_counts_may_still_lie_within_error(tested, athlete_id, value, beyond):
    clinical_tests.save_results(tested, athlete_id, FIRST, {("tendins_a", None): 20}, "therapist")
    clinical_tests.save_results(tested, athlete_id, LATER, {("tendins_a", None): value}, "therapist")
    courses = clinical_tests.test_histories(clinical_tests.test_results(tested, athlete_id))
    (newest, _) = figure.clinical_tests_rows(
        next(one for one in courses if one.results["measure"][0] == "tendins_a").results
    )
    assert (newest["Enough to count"], newest["Beyond error"]) == ("yes", beyond)


def test_values_before_are_those_of_earlier_days(tested, athlete_id):
    rows = clinical_tests.test_results(tested, athlete_id)
    assert clinical_tests.last_before(rows, FIRST) == {}
    assert clinical_tests.last_before(rows, LATER)["heel_rise_reps", "left"]["value"] == 20


def test_legs_are_compared_where_both_were_tested(tested, athlete_id):
    clinical_tests.save_results(tested, athlete_id, LATER, {("heel_rise_reps", "left"): 24}, "runner")
    (course, *_) = clinical_tests.test_histories(clinical_tests.test_results(tested, athlete_id))
    assert course.symmetry == ((FIRST, limb_symmetry(20, 28)),)
    assert "71 %" in text.symmetry_in_words(course.symmetry[0][1], "2 Mar")[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_total_has_its_least_change_as_a_band_within_the_scale(tested, athlete_id, theme):
    clinical_tests.save_results(tested, athlete_id, LATER, {("visa_a", None): 95}, "runner")
    course = clinical_tests.test_histories(clinical_tests.test_results(tested, athlete_id))[-1]
    band, line = figure.clinical_tests_figure(course.results, "visa_a", theme).to_dict()["data"]
    assert list(line["y"]) == [80, 95]
    assert list(band["y"]) == [66, 81, 100, 94]
    assert "2 results" in figure.clinical_tests_alt(course.results, "visa_a")


def test_heel_rises_have_bars_and_the_usual_of_the_age(tested, athlete_id):
    preferences.save_preference(tested, athlete_id, {"birth_year": "1981", "sex": "female"})
    usual = clinical_tests.usual_value(tested.settings(athlete_id), FIRST)
    assert usual == 25
    (course, *_) = clinical_tests.test_histories(clinical_tests.test_results(tested, athlete_id))
    traces = figure.clinical_tests_figure(course.results, "heel_rise_reps", "light", usual).to_dict()["data"]
    legs = [trace for trace in traces if "error_y" in trace]
    assert [trace["name"] for trace in legs] == ["Left", "Right"]
    assert {trace["marker"]["symbol"] for trace in legs} == {"circle", "square"}
    assert [list(trace["y"]) for trace in traces if trace.get("name") == "Usual at your age"] == [[25, 25]]


def test_what_is_usual_is_only_said_where_it_was_measured():
    assert "25 are usual" in text.usual_in_words(45, "female", 25)
    assert text.usual_in_words(None, "female", None) == text.USUAL_UNKNOWN
    assert text.usual_in_words(17, "male", None) == text.USUAL_NOT_MEASURED
