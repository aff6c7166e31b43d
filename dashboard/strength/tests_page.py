"""Tests: heel rises, pain on loading and hopping, questionnaire totals; entry by keypad and the course of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from connectors.manual_rows import RESULTS
from connectors.plural import count
from dashboard.shared import preferences, session, ui
from dashboard.shared import text as shared_text
from dashboard.strength import clinical_tests, figure, text
from dashboard.strength.clinical_tests import CLINICAL_MEASURES, ClinicalMeasure

TESTS_SECTION = "checks"


def _number(
    where: Any, measure: ClinicalMeasure, side: str | None, before: dict[str, Any] | None, key: str
) -> float | None:
    title = shared_text.SIDE_NAMES.get(side or "", "Total")
    kind = int if measure.step == 1 else float
    value = where.number_input(
        title,
        kind(0),
        kind(measure.high or 1000),
        None,
        step=kind(measure.step),
        format=None if kind is int else "%g",
        placeholder=f"{before['value']:g}" if before else "",
        key=f"{measure.id}_{side}_{key}",
    )
    if before:
        where.caption(
            text.TEST_BEFORE.format(value=before["value"], day=shared_text.day_in_words(before["date"]))
        )
    return value


def _sign(
    where: Any, measure: ClinicalMeasure, side: str | None, before: dict[str, Any] | None, key: str
) -> float | None:
    """Ask whether a sign is there; nothing chosen is not "no"."""
    value = where.pills(
        shared_text.SIDE_NAMES[side or "both"],
        list(text.SIGN_NAMES),
        format_func=lambda one: text.SIGN_NAMES[one].capitalize(),
        key=f"{measure.id}_{side}_{key}",
    )
    if before:
        name = text.SIGN_NAMES[before["value"]]
        where.caption(text.SIGN_BEFORE.format(value=name, day=shared_text.day_in_words(before["date"])))
    return value


Before = dict[tuple[str, str | None], dict[str, Any]]
Entered = dict[tuple[str, str | None], float]


def _measures(measures: Sequence[ClinicalMeasure], before: Before, version: str) -> Entered:
    """Ask for each measure, left beside right, and return what was entered."""
    entered: Entered = {}
    for measure in measures:
        st.markdown(f"**{measure.title}**", help=text.HOW[measure.id])
        sides = ("left", "right") if measure.has_sides else (None,)
        ask = _sign if measure.is_sign else _number
        for where, side in zip(st.columns(2), sides, strict=False):
            value = ask(where, measure, side, before.get((measure.id, side)), version)
            if value is not None:
                entered[measure.id, side] = value
    return entered


def _form(day: date, before: Before) -> None:
    version = ui.form_version(TESTS_SECTION)
    with st.form(f"checks_{version}", border=True):
        st.caption(
            "Enter what was tested and skip the rest. The grey numbers are the last ones, not a default."
        )
        entered = _measures([one for one in CLINICAL_MEASURES if not one.is_exam], before, str(version))
        with st.expander(text.EXAM, expanded=session.is_open()):
            entered |= _measures([one for one in CLINICAL_MEASURES if one.is_exam], before, str(version))
        decided_by = ui.decided_by_picker("Recorded by", f"who_{version}")
        if not st.form_submit_button(ui.act_label("Save tests"), type="primary", key="save_checks"):
            return
    if not entered:
        st.warning(text.NOTHING_ENTERED)
        return
    change = clinical_tests.save_results(
        session.store(), session.logging_runner().athlete_id, day, entered, decided_by
    )
    numbers = count(len(entered), "number")
    ui.remember_change(TESTS_SECTION, f"Saved: {numbers} of {shared_text.day_in_words(day)}.", change)
    ui.reset_form(TESTS_SECTION)
    st.rerun()


def _history(course: clinical_tests.TestHistory, usual: int | None) -> None:
    measure = course.measure
    st.markdown(f"**{measure.title}**")
    is_heel_rise = measure.id == "heel_rise_reps"
    st.markdown(" ".join(figure.clinical_tests_in_words(course.results)))
    if is_heel_rise:
        st.markdown(" ".join(_legs(course, usual)))
    if measure.is_sign:
        st.caption(f"Source: {measure.source}.")
        return
    ui.draw_figure(
        figure.clinical_tests_figure(
            course.results, measure.id, session.theme(), usual if is_heel_rise else None
        ),
        key=f"course_{measure.id}",
        alt=figure.clinical_tests_alt(course.results, measure.id),
    )
    st.caption(" ".join(filter(None, [text.BANDS.get(measure.id), f"Source: {measure.source}."])))
    with st.expander(f"{measure.title} as a table"):
        st.dataframe(
            figure.clinical_tests_rows(course.results), hide_index=True, alt=f"{measure.title}, every result"
        )


def _legs(course: clinical_tests.TestHistory, usual: int | None) -> list[str]:
    settings = session.settings()
    sentences = [
        text.usual_in_words(preferences.age_on(session.today(), settings), settings.get("sex"), usual)
    ]
    for day, symmetry in course.symmetry[:1]:
        sentences += text.symmetry_in_words(symmetry, shared_text.day_in_words(day))
    return sentences


def _remove_result(rows: list[dict[str, Any]]) -> None:
    ui.remember_change(
        TESTS_SECTION,
        "Removed.",
        clinical_tests.remove_results(session.store(), session.logging_runner().athlete_id, rows),
    )


def render() -> None:
    """Draw the page."""
    st.title("Tests")
    runner = session.runner()
    today = session.today()
    results = (
        clinical_tests.test_results(session.store(), runner.athlete_id)
        if runner
        else RESULTS.contract.empty()
    )
    courses = clinical_tests.test_histories(results)
    if not session.is_open():  # a consult has one screen, and opens on the form
        ui.paragraphs(figure.clinical_tests_in_words(courses[0].results) if courses else [text.NOTHING_YET])
    chosen = st.date_input(
        "Date", value=today, max_value=today, format="YYYY-MM-DD", key="checks_date", width=220
    )
    chosen_day = chosen if isinstance(chosen, date) else today
    ui.undo_bar(TESTS_SECTION)
    _form(chosen_day, clinical_tests.last_before(results, chosen_day))
    that_day = clinical_tests.on_day(results, chosen_day)
    if that_day:
        st.button(
            "Remove all tests of this date", on_click=_remove_result, args=(that_day,), key="remove_checks"
        )
    st.header("Over time")
    if not courses:
        st.caption(text.NO_COURSE)
    pairs = [courses[:1], *(courses[at : at + 2] for at in range(1, len(courses), 2))]
    for pair in pairs:
        for where, one in zip(st.columns(max(len(pair), 1)), pair, strict=False):
            with where.container(border=True):
                _history(one, clinical_tests.usual_value(session.settings(), today))
    if courses:
        ui.download_button(
            "Download all tests as CSV",
            lambda: RESULTS.csv(results),
            file_name=session.labelled("heelwise_tests.csv"),
            mime="text/csv",
            icon=":material/download:",
        )
    st.caption(f"{shared_text.RECORD_AND_DISCUSS} {shared_text.SEEK_CARE}")


if __name__ == "__main__":
    render()
