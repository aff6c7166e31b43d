"""The Cadence page: the made-up runner, an experiment set and taken away, and a store without cadence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.store import open_store
from dashboard.cadence import experiment
from dashboard.cadence import text as cadence_text
from dashboard.cadence.experiment import CadenceExperiment


def said(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    return "\n".join(
        [*html, *(str(one.value) for kind in (app.caption, app.info, app.error) for one in kind)]
    )


def choose(app, key, value):
    for one in app.get("button_group"):
        if one.key == key:
            return one.set_value([value]) if isinstance(one.value, list) else one.set_value(value)
    raise AssertionError(f"the page has no choice {key}")


@pytest.fixture
def cadence(demo_copy, open_page):
    return open_page("mechanics")


def test_the_made_up_runner_steps_on_its_own_line(cadence, home):
    text = said(cadence)
    for expected in (
        "At the same speed your cadence was your normal one",
        "Cadence at the same speed at",
        cadence_text.NO_DYNAMICS,
        cadence_text.NO_TREATMENT,
    ):
        assert expected in text, expected
    assert len(cadence.get("plotly_chart")) == 2
    choose(cadence, "measure", "step_length_mm").run()
    assert not cadence.exception
    assert "Step length at" in said(cadence)
    assert cadence_text.STEP_LENGTH in said(cadence)
    cadence.session_state["mechanics_table"] = True
    cadence.run()
    assert "Step length (m)" in cadence.dataframe[0].value.columns
    choose(cadence, "rows", "By run").run()
    assert not cadence.exception
    assert "Date" in cadence.dataframe[0].value.columns


def test_an_experiment_is_set_compared_and_taken_away(cadence, home):
    store, start = open_store(home), date.today() - timedelta(42)
    cadence.session_state["experiment_open"] = True
    cadence.run()
    cadence.date_input(key="experiment_start").set_value(start)
    cadence.date_input(key="experiment_end").set_value(start - timedelta(1))
    cadence.button(key="keep_experiment").click().run()
    assert "cannot end before it starts" in said(cadence)
    assert experiment.load_experiment(store, 1) is None
    cadence.date_input(key="experiment_end").set_value(None)
    cadence.number_input(key="experiment_target").set_value(6.0)
    cadence.button(key="keep_experiment").click().run()
    assert not cadence.exception
    assert experiment.load_experiment(store, 1) == CadenceExperiment(start, 6.0)
    text = said(cadence)
    for expected in (
        "6 % above your own cadence",
        "against the eight weeks before",
        "Two sides:",
        "Load of 1,000 steps",
    ):
        assert expected in text, expected
    assert len(cadence.get("plotly_chart")) == 3
    cadence.session_state["experiment_open"] = True
    cadence.run()
    cadence.button(key="take_away_experiment").click().run()
    assert not cadence.exception
    assert experiment.load_experiment(store, 1) is None
    assert "Two sides:" not in said(cadence)


def test_runs_without_a_recording_are_told_in_one_calm_sentence(store, open_page):
    app = open_page("mechanics")
    assert "No recording here holds cadence on flat running" in said(app)
    assert not app.get("plotly_chart")


def test_an_empty_store_says_what_to_do(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    assert "needs runs with a recording" in said(open_page("mechanics"))
