"""Tests: heel rises, pain on loading and hopping, questionnaire totals; entry by keypad and the course of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from connectors.results import RESULTS
from dashboard import check_courses, check_words, checks, preferences, state, words
from dashboard.charts import check_lines
from dashboard.model.clinical import MEASURES, Measure
from dashboard.strength_words import DECIDERS
from dashboard.views import figures, undoing

PART = "checks"
ROUND = "checks_round"


def _number(
    where: Any, measure: Measure, side: str | None, before: dict[str, Any] | None, key: str
) -> float | None:
    title = check_words.SIDES[side] or "Total"
    value = where.number_input(
        title,
        0,
        int(measure.high or 1000),
        None,
        step=1,
        placeholder=f"{before['value']:g}" if before else "open",
        key=f"{measure.id}_{side}_{key}",
    )
    if before:
        where.caption(check_words.BEFORE.format(value=before["value"], day=words.day(before["date"])))
    return value


def _form(day: date, before: dict[tuple[str, str | None], dict[str, Any]]) -> None:
    turn = str(st.session_state.get(ROUND, 0))
    entered: dict[tuple[str, str | None], float] = {}
    with st.form(f"checks_{turn}", border=True):
        st.caption(
            "Enter what was tested and skip the rest. The grey numbers are the last ones, not a default."
        )
        for measure in MEASURES:
            st.markdown(f"**{measure.title}**", help=check_words.HOW[measure.id])
            sides = ("left", "right") if measure.has_sides else (None,)
            for where, side in zip(st.columns(2), sides, strict=False):
                value = _number(where, measure, side, before.get((measure.id, side)), turn)
                if value is not None:
                    entered[measure.id, side] = value
        who = st.pills(
            "Who took it down",
            list(DECIDERS),
            default="runner",
            required=True,
            format_func=DECIDERS.__getitem__,
            key=f"who_{turn}",
        )
        if not st.form_submit_button("Save tests", type="primary", key="save_checks"):
            return
    if not entered:
        st.warning(check_words.NOTHING_ENTERED)
        return
    kept = checks.keep(state.store(), state.logging_runner().athlete_id, day, entered, who or "runner")
    count = "1 number" if len(entered) == 1 else f"{len(entered)} numbers"
    undoing.note(PART, f"Saved: {count} of {words.day(day)}.", kept)
    st.session_state[ROUND] = int(turn) + 1
    st.rerun()


def _course(course: check_courses.Course, usual: int | None) -> None:
    measure = course.measure
    st.markdown(f"**{measure.title}**")
    is_heel_rise = measure.id == "heel_rise_reps"
    st.markdown(" ".join(check_lines.in_words(course.found)))
    if is_heel_rise:
        st.markdown(" ".join(_legs(course, usual)))
    figures.draw(
        check_lines.figure(course.found, measure.id, state.theme(), usual if is_heel_rise else None),
        key=f"course_{measure.id}",
        alt=check_lines.alt(course.found, measure.id),
    )
    st.caption(f"{check_words.BANDS[measure.id]} Source: {measure.source}.")
    with st.expander(f"{measure.title} as a table"):
        st.dataframe(check_lines.rows(course.found), hide_index=True, alt=f"{measure.title}, every result")


def _legs(course: check_courses.Course, usual: int | None) -> list[str]:
    settings = state.settings()
    said = [
        check_words.usual_in_words(preferences.age_on(state.today(), settings), settings.get("sex"), usual)
    ]
    for day, found in course.symmetry[:1]:
        said += check_words.symmetry_in_words(found, words.day(day))
    return said


def _take_out(rows: list[dict[str, Any]]) -> None:
    undoing.note(PART, "Removed.", checks.remove(state.store(), state.logging_runner().athlete_id, rows))


st.title("Tests")
mine = state.runner()
today = state.today()
results = checks.results(state.store(), mine.athlete_id) if mine else RESULTS.contract.empty()
chosen = st.date_input(
    "Date", value=today, max_value=today, format="YYYY-MM-DD", key="checks_date", width=220
)
chosen_day = chosen if isinstance(chosen, date) else today
undoing.offer(PART)
_form(chosen_day, check_courses.last_before(results, chosen_day))
that_day = check_courses.on_day(results, chosen_day)
if that_day:
    st.button("Remove all tests of this date", on_click=_take_out, args=(that_day,), key="remove_checks")
st.header("Over time")
courses = check_courses.courses(results)
if not courses:
    st.caption(check_words.NOTHING_YET)
for pair in [courses[:1], courses[1:3], courses[3:]]:
    for where, one in zip(st.columns(max(len(pair), 1)), pair, strict=False):
        with where.container(border=True):
            _course(one, check_courses.usual(state.settings(), today))
if courses:
    st.download_button(
        "Download all tests as CSV",
        lambda: RESULTS.csv(results),
        file_name="heelwise_tests.csv",
        mime="text/csv",
        icon=":material/download:",
    )
st.caption(f"{words.RECORD_AND_DISCUSS} {words.SEEK_CARE}")
