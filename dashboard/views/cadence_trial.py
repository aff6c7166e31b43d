"""The cadence experiment on the page: set it, and see both sides of it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard import cadence_experiment, state, words
from dashboard.charts import experiment as drawing
from dashboard.charts import experiment_words
from dashboard.model.analysis import Analysis
from dashboard.model.experiment import DEFAULT_TARGET_PCT, TARGET_RANGE, Experiment
from dashboard.model.experiment_effects import alone, mornings, per_km
from dashboard.model.experiment_steps import Stepped
from dashboard.views import figures, looks


def show(found: Analysis, narrow: bool, experiment: Experiment | None, compared: Stepped | None) -> None:
    """Lay the experiment out: what was set, what came of it, and the form."""
    st.header("Cadence experiment", anchor="experiment")
    if experiment is None or compared is None:
        looks.story(["Try a small change and see both sides of it: less load for each step, and more steps."])
    else:
        looks.story([experiment_words.setting(experiment)])
        looks.story(experiment_words.in_words(experiment, compared, state.today()))
        _effects(found, narrow, compared)
    _form(experiment)
    st.caption(experiment_words.NO_TREATMENT)


def _effects(found: Analysis, narrow: bool, compared: Stepped) -> None:
    units = state.units()
    sides = alone(compared, found.settings)
    if sides is None:
        return
    distance = units.distance_unit
    said = experiment_words.both_sides(sides, distance)
    looks.story(said)
    drawn = drawing.figure(sides, units, state.theme(), narrow)
    figures.draw(drawn, key="both_sides", alt=" ".join(said))
    ran = [per_km(found.runs, side) for side in (compared.before, compared.since)]
    st.html(drawing.in_html(sides, ran[0], ran[1], units))
    st.caption(experiment_words.method(sides, distance))
    told = mornings(state.symptoms(), found.runs, compared.before, compared.since)
    rows = drawing.mornings_in_html(told)
    if not rows:
        looks.story([experiment_words.NO_MORNINGS])
        return
    st.html(rows)
    st.caption(experiment_words.MORNINGS)


def _form(experiment: Experiment | None) -> None:
    label = "Start an experiment" if experiment is None else "Change the experiment"
    below = st.expander(label, key="experiment_open", on_change="rerun")
    if not below.open:
        return
    low, high = TARGET_RANGE
    with below, st.form("experiment", border=False):
        with st.container(horizontal=True):
            start = st.date_input(
                "First day",
                experiment.start if experiment else state.today(),
                format="YYYY-MM-DD",
                key="experiment_start",
                width=170,
            )
            target = st.number_input(
                "Above your own cadence, %",
                low,
                high,
                experiment.target_pct if experiment else DEFAULT_TARGET_PCT,
                0.5,
                format="%g",
                key="experiment_target",
                width=220,
            )
            end = st.date_input(
                "Last day, if it has ended",
                experiment.end if experiment else None,
                format="YYYY-MM-DD",
                key="experiment_end",
                width=190,
            )
        kept = st.form_submit_button("Keep", type="primary", key="keep_experiment")
    if kept and isinstance(start, date):
        _keep(Experiment(start, float(target), end if isinstance(end, date) else None))
    if experiment is not None:
        below.button("Take it away", on_click=_take_away, key="take_away_experiment")


def _keep(experiment: Experiment) -> None:
    try:
        cadence_experiment.keep(state.store(), state.logging_runner().athlete_id, experiment)
    except HeelwiseError as error:
        st.error(words.plain(str(error)))
        return
    st.rerun()


def _take_away() -> None:
    cadence_experiment.take_away(state.store(), state.logging_runner().athlete_id)
