"""Cadence: how the runner steps at the same speed, over weeks and years, and the cadence experiment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import streamlit as st

from dashboard import cadence_experiment, state
from dashboard.charts import (
    coverage_strip,
    mechanics,
    mechanics_measures,
    mechanics_table,
    mechanics_time,
    mechanics_words,
    timeline_table,
)
from dashboard.charts import window as timeline_window
from dashboard.model.analysis import Analysis, Personal
from dashboard.model.experiment import Experiment
from dashboard.model.experiment_steps import Stepped, stepped
from dashboard.model.mechanics_time import inside, over_time, usual_bands
from dashboard.views import cadence_trial, figures, looks
from dashboard.views.mechanics_kept import averages
from dashboard.views.width import is_narrow

WEEKS = {"4 weeks": 4, "12 weeks": 12, "26 weeks": 26, "All": None}
STEPS: dict[str, Literal["week", "month"]] = {"By week": "week", "By month": "month"}
BY_RUN = "By run"
NOTHING = "There is nothing to look at yet. Bring in runs with a recording on the Data page."
NO_CADENCE = (
    "No recording here holds cadence on level running, so there is nothing to set against a line yet."
)


def window(rows: Any) -> tuple[date, date]:
    """Which weeks: kept in the address."""
    choice = st.segmented_control(
        "Weeks",
        list(WEEKS),
        default="12 weeks",
        required=True,
        key="weeks",
        bind="query-params",
        label_visibility="collapsed",
    )
    first, last = rows["local_date"].min(), rows["local_date"].max()
    weeks = WEEKS[choice]
    return (first if weeks is None else max(first, last - timedelta(days=7 * weeks - 1))), last


def over_speed(
    rows: Any, personal: Personal, narrow: bool, experiment: Experiment | None, found: Stepped | None
) -> None:
    """Draw the own line and the runs of some weeks."""
    first, last = window(rows)
    units = state.units()
    said = mechanics.in_words(rows, personal, first, last, units)
    looks.story(said)
    line = found.line if found else None
    drawn = mechanics.figure(
        inside(rows, first, last), personal, units, state.theme(), narrow, experiment, line
    )
    if drawn is not None:
        figures.draw(drawn, key="over_speed", alt=" ".join(said))
    st.caption(f"{mechanics.EXPLAINED} {mechanics.SINCE if experiment else ''}".strip())


def through_time(rows: Any, personal: Personal, narrow: bool, experiment: Experiment | None) -> None:
    """Draw one measure by band over time, with a table."""
    st.header("By speed, over time")
    units, names = state.units(), mechanics_measures.known(rows)
    chosen = st.pills(
        "Measure",
        names,
        default=names[0],
        required=True,
        format_func=lambda name: mechanics_measures.MEASURES[name].title,
        key="measure",
        label_visibility="collapsed",
        wrap=True,
    )
    by = st.segmented_control(
        "Steps", list(STEPS), default="By month", required=True, key="by", label_visibility="collapsed"
    )
    measure, step = mechanics_measures.MEASURES[chosen], STEPS[by]
    series, bands = over_time(rows, step), usual_bands(rows)
    said = mechanics_words.in_words(series, measure, bands, personal, units, step)
    looks.story([said])
    began = experiment.start if experiment else None
    drawn = mechanics_time.figure(series, measure, bands, personal, units, state.theme(), narrow, began)
    if drawn is not None:
        figures.draw(drawn, key=f"over_time_{chosen}", alt=said)
    st.caption(mechanics_words.caption(chosen, names))
    table(rows, series, personal)


def table(rows: Any, series: Any, personal: Personal) -> None:
    """Show every band as rows; worked out only when opened."""
    below = st.expander("The same as a table", on_change="rerun", key="mechanics_table")
    if not below.open:
        return
    with below:
        per = st.segmented_control(
            "Rows", ("As above", BY_RUN), default="As above", required=True, key="rows"
        )
        frame = mechanics_table.table(rows if per == BY_RUN else series, personal, state.units())
        st.dataframe(
            frame, hide_index=True, height=420, alt="Every band of speed with its values, newest first"
        )
        st.download_button(
            "Download as CSV",
            lambda: timeline_table.csv(frame),
            file_name="heelwise_cadence.csv",
            mime="text/csv",
            icon=":material/download:",
        )


def page(found: Analysis | None) -> None:
    """Lay the page out: the line, the bands over time, the experiment."""
    rows = averages(found) if found is not None else None
    if found is None or rows is None or found.personal is None:
        st.info(NOTHING)
        return
    if rows.is_empty():
        st.info(NO_CADENCE)
        return
    st.html(looks.STYLE)
    st.html(coverage_strip.strip(coverage_strip.covered(found, *timeline_window.chosen(found, None))))
    experiment = cadence_experiment.of_runner(state.store(), state.logging_runner().athlete_id)
    compared = stepped(rows, found.personal, experiment, state.today()) if experiment else None
    narrow = is_narrow()
    over_speed(rows, found.personal, narrow, experiment, compared)
    through_time(rows, found.personal, narrow, experiment)
    cadence_trial.show(found, narrow, experiment, compared)


st.title("Cadence")
page(state.analysis())
