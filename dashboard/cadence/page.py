"""The cadence experiment on the page: set it, and see both sides of it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any, Literal

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Store
from dashboard.cadence import experiment as cadence_experiment
from dashboard.cadence import experiment_figure, figures, text
from dashboard.cadence.experiment import (
    DEFAULT_TARGET_PCT,
    TARGET_RANGE,
    CadenceChange,
    CadenceExperiment,
    cadence_change,
    cadence_effect,
    experiment_mornings,
    load_per_km,
)
from dashboard.model.analysis import Analysis
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import in_bands, mechanics_over_time, usual_bands
from dashboard.model.settings import ModelSettings, for_loads
from dashboard.shared import coverage, half_empty_section, pipeline, session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.ui import is_narrow
from dashboard.shared.window_section import choose_window, onset_talked_about
from dashboard.timeline import table as timeline_table


def experiment_section(
    analysis: Analysis, narrow: bool, experiment: CadenceExperiment | None, compared: CadenceChange | None
) -> None:
    """Draw the experiment: what was set, what came of it, and the form."""
    st.header("Cadence experiment", anchor="experiment")
    if experiment is None or compared is None:
        ui.paragraphs(
            ["Try a small change and see both sides of it: less load for each step, and more steps."]
        )
    else:
        ui.paragraphs([text.setting_in_words(experiment)])
        ui.paragraphs(text.experiment_in_words(experiment, compared, session.today()))
        _effects(analysis, narrow, compared)
    _form(experiment)
    st.caption(text.NO_TREATMENT)


def _effects(analysis: Analysis, narrow: bool, compared: CadenceChange) -> None:
    units = session.units()
    sides = cadence_effect(compared, analysis.settings)
    if sides is None:
        return
    distance = units.distance_unit
    sentences = text.both_sides_in_words(sides, distance)
    ui.paragraphs(sentences)
    drawn = experiment_figure.experiment_figure(sides, units, session.theme(), narrow)
    ui.draw_figure(drawn, key="both_sides", alt=" ".join(sentences))
    ran = [load_per_km(analysis.runs, side) for side in (compared.before, compared.since)]
    st.html(experiment_figure.effects_in_html(sides, ran[0], ran[1], units))
    st.caption(text.method_in_words(sides, distance))
    mornings = experiment_mornings(session.symptom_rows(), analysis.runs, compared.before, compared.since)
    rows = experiment_figure.mornings_in_html(mornings)
    if not rows:
        ui.paragraphs([text.NO_MORNINGS])
        return
    st.html(rows)
    st.caption(text.MORNINGS)


def _form(experiment: CadenceExperiment | None) -> None:
    label = "Start an experiment" if experiment is None else "Change the experiment"
    below = st.expander(label, key="experiment_open", on_change="rerun")
    if not below.open:
        return
    low, high = TARGET_RANGE
    with below, st.form("experiment", border=False):
        with st.container(horizontal=True):
            start = st.date_input(
                "First day",
                experiment.start if experiment else session.today(),
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
        is_saved = st.form_submit_button("Keep", type="primary", key="keep_experiment")
    if is_saved and isinstance(start, date):
        _save_experiment(CadenceExperiment(start, float(target), end if isinstance(end, date) else None))
    if experiment is not None:
        below.button("Take it away", on_click=_remove_experiment, key="take_away_experiment")


def _save_experiment(experiment: CadenceExperiment) -> None:
    try:
        change = cadence_experiment.save_experiment(
            session.store(), session.logging_runner().athlete_id, experiment
        )
    except HeelwiseError as error:
        st.error(shared_text.escape_markdown(str(error)))
        return
    ui.remember_change(EXPERIMENT_SECTION, EXPERIMENT_SAVED, change)
    st.rerun()


def _remove_experiment() -> None:
    change = cadence_experiment.remove_experiment(session.store(), session.logging_runner().athlete_id)
    ui.remember_change(EXPERIMENT_SECTION, EXPERIMENT_REMOVED, change)


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner="Working out how you step …")
def _cached_averages(
    folder: str,
    athlete_id: int,
    version: Hashable,
    settings: ModelSettings,
    _store: Store,
    _personal: RunnerProfile,
) -> Any:
    return pipeline.mechanics_of_runs(_store, athlete_id, _personal, settings)


def mechanics_averages(analysis: Analysis) -> Any:
    """Return the averages of the runner being looked at; None where there is no run."""
    now = session.runner()
    if now is None or analysis.personal is None:
        return None
    store = session.store()
    version = session.load_version(now)
    return _cached_averages(
        session.folder_key(), now.athlete_id, version, for_loads(analysis.settings), store, analysis.personal
    )


STEPS: dict[str, Literal["week", "month"]] = {"By week": "week", "By month": "month"}
BY_RUN = "By run"
NOTHING = (
    "How you step at the same speed over time will stand here, and both sides of a cadence experiment. It needs runs "
    "with a recording."
)
EXPERIMENT_SECTION = "cadence_experiment"
EXPERIMENT_SAVED, EXPERIMENT_REMOVED = "The experiment is saved.", "The experiment is removed."
NO_CADENCE = (
    "No recording here holds cadence on flat running, so there is no line to set it against yet. It comes with the "
    "recordings of a watch or foot pod (FIT, GPX or TCX); with them your cadence at each speed will stand here."
)


def over_speed(
    rows: Any,
    personal: RunnerProfile,
    narrow: bool,
    experiment: CadenceExperiment | None,
    change: CadenceChange | None,
    dates: tuple[date, date],
) -> None:
    """Draw the own line and the runs of some dates."""
    first, last = dates
    units = session.units()
    sentences = figures.speed_in_words(rows, personal, first, last, units)
    ui.paragraphs(sentences)
    line = change.line if change else None
    drawn = figures.speed_figure(
        in_bands(rows, first, last), personal, units, session.theme(), narrow, experiment, line
    )
    if drawn is not None:
        ui.draw_figure(drawn, key="over_speed", alt=" ".join(sentences))
    st.caption(f"{figures.SPEED_EXPLAINED} {figures.SINCE if experiment else ''}".strip())


def through_time(
    rows: Any, personal: RunnerProfile, narrow: bool, experiment: CadenceExperiment | None
) -> None:
    """Draw one measure by band over time, with a table."""
    st.header("By speed, over time")
    units, names = session.units(), text.known_measures(rows)
    chosen = st.pills(
        "Measure",
        names,
        default=names[0],
        required=True,
        format_func=lambda name: text.MECHANICS_MEASURES[name].title,
        key="measure",
        label_visibility="collapsed",
        wrap=True,
    )
    by = ui.choice("Steps", list(STEPS), "by", default="By month", label_visibility="collapsed")
    measure, step = text.MECHANICS_MEASURES[chosen], STEPS[by]
    series, bands = mechanics_over_time(rows, step), usual_bands(rows)
    sentence = text.mechanics_in_words(series, measure, bands, personal, units, step)
    ui.paragraphs([sentence])
    began = experiment.start if experiment else None
    drawn = figures.time_figure(series, measure, bands, personal, units, session.theme(), narrow, began)
    if drawn is not None:
        ui.draw_figure(drawn, key=f"over_time_{chosen}", alt=sentence)
    st.caption(text.mechanics_caption(chosen, names))
    runs_table(rows, series, personal)


def runs_table(rows: Any, series: Any, personal: RunnerProfile) -> None:
    """Show every band as rows; worked out only when opened."""
    below = st.expander("Show as table", on_change="rerun", key="mechanics_table")
    if not below.open:
        return
    with below:
        per = ui.choice("Rows", ("As above", BY_RUN), "rows")
        frame = text.mechanics_table(rows if per == BY_RUN else series, personal, session.units())
        st.dataframe(
            frame, hide_index=True, height=420, alt="Every band of speed with its values, newest first"
        )
        ui.download_button(
            "Download as CSV",
            lambda: timeline_table.timeline_csv(frame),
            file_name=session.labelled("heelwise_cadence.csv"),
            mime="text/csv",
            icon=":material/download:",
        )


def render() -> None:
    """Draw the page: the line, the bands over time, the experiment."""
    st.title("Cadence")
    with ui.skeleton("cadence"):
        analysis = session.analysis()
        rows = mechanics_averages(analysis) if analysis is not None else None
    if analysis is None or rows is None or analysis.personal is None:
        ui.nothing_yet(NOTHING, ui.IMPORT_RUNS)
        return
    if rows.is_empty():
        ui.nothing_yet(NO_CADENCE, half_empty_section.RECORDINGS)
        return
    st.html(ui.STYLE)
    dates = choose_window(analysis, onset_talked_about())
    st.html(coverage.coverage_html(coverage.coverage_parts(analysis, *dates)))
    experiment = cadence_experiment.load_experiment(session.store(), session.logging_runner().athlete_id)
    compared = cadence_change(rows, analysis.personal, experiment, session.today()) if experiment else None
    narrow = is_narrow()
    over_speed(rows, analysis.personal, narrow, experiment, compared, dates)
    through_time(rows, analysis.personal, narrow, experiment)
    experiment_section(analysis, narrow, experiment, compared)


if __name__ == "__main__":
    render()
