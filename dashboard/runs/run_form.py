"""Add a run by hand; correct or remove one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectors.errors import HeelwiseError
from connectors.frames import RUN_SPORTS
from connectors.source import source_titles
from connectors.store import Runner
from dashboard.runs import manual_runs
from dashboard.runs.manual_runs import NOON, ManualRun
from dashboard.shared import session, text, ui
from dashboard.shared.text import duration_words, run_line
from dashboard.shared.units import duration_s

RUN_FORM = "run_by_hand"
CORRECTED = "run_corrected"
ASKED = "run_asked"
RUN_SECTION = "run"
ANSWERS = {
    "added": "The run was added.",
    "updated": "The run was corrected.",
    "unchanged": "The run was already there, as you said it.",
    "removed": "The run was removed.",
}


def add_run_section(runner: Runner | None, labels: Mapping[str, str]) -> None:
    """Show the form, the question where one is open, and the runs entered before."""
    st.header("Add a run by hand")
    ui.undo_bar(RUN_SECTION)
    _question()
    _form(labels)
    if runner is not None:
        _before(runner)


def _question() -> None:
    asked = st.session_state.get(ASKED)
    if asked is None:
        return
    run, same_run = asked
    line = text.escape_markdown(run_line(same_run, session.units()))
    by_hand = same_run["source"] == "manual"
    with st.container(border=True, key="run_question"):
        st.markdown(
            f"You already entered a run at that time: {line}."
            if by_hand
            else f"There is already a session at that time ({source_titles()[same_run['source']]}): {line}."
        )
        with st.container(horizontal=True):
            if by_hand:
                args = (run, same_run["source_id"])
                st.button(
                    "Correct that one", type="primary", on_click=_save_run, args=args, key="run_replace"
                )
            st.button("Add it all the same", on_click=_save_run, args=(run, None), key="run_add_anyway")
            st.button("Leave it", on_click=st.session_state.pop, args=(ASKED, None), key="run_leave")


def _form(labels: Mapping[str, str]) -> None:
    version = ui.form_version(RUN_FORM)
    old = st.session_state.get(CORRECTED) or {}
    if old:
        st.info(f"You are correcting the run of {text.day_in_words(old['local_date'])}.")
    with st.form(f"run_{version}"):
        values = {**_when_and_what(old, version), **_how(old, version, labels)}
        asked = st.form_submit_button(
            "Save the correction" if old else "Add run", type="primary", key=f"add_run_{version}"
        )
    if old:
        st.button("Do not correct it", on_click=_again, key="run_stop")
    if asked:
        try:
            _add(ManualRun(**{**values, "moving_s": duration_s(values["moving_s"])}), old.get("source_id"))
        except HeelwiseError as error:
            st.error(text.escape_markdown(str(error)))


def _when_and_what(old: Mapping[str, Any], version: int) -> dict[str, Any]:
    one, two, three = st.columns(3)
    day = one.date_input(
        "Date",
        value=old.get("local_date", session.today()),
        max_value=session.today(),
        format="YYYY-MM-DD",
        key=f"run_day_{version}",
    )
    start = two.time_input(
        "Local time of the start",
        value=_start(old),
        help="Leave it empty if you do not remember; noon stands in.",
        key=f"run_start_{version}",
    )
    sport = three.selectbox(
        "Sport",
        RUN_SPORTS,
        index=RUN_SPORTS.index(old["sport"]) if old.get("sport") in RUN_SPORTS else 0,
        format_func=text.SPORTS.__getitem__,
        key=f"run_sport_{version}",
    )
    return {
        "day": day if isinstance(day, date) else session.today(),
        "start": start,
        "sport": sport,
        **_distance_and_duration(old, version, one, two),
    }


def _distance_and_duration(
    old: Mapping[str, Any], version: int, one: DeltaGenerator, two: DeltaGenerator
) -> dict[str, Any]:
    units, metres, seconds = session.units(), old.get("distance_m"), old.get("moving_s")
    distance = one.number_input(
        f"Distance, {units.distance_unit}",
        0.0,
        value=None if metres is None else round(units.distance(metres), 2),
        key=f"run_distance_{version}",
    )
    duration = two.text_input(
        "Duration",
        value="" if seconds is None else duration_words(seconds),
        placeholder="44:10, 1:05:00, or minutes",
        key=f"run_duration_{version}",
    )
    return {
        "distance_m": None if distance is None else units.metres(distance),
        "moving_s": duration,
    }


def _how(old: Mapping[str, Any], version: int, labels: Mapping[str, str]) -> dict[str, Any]:
    units, climbed, known = session.units(), old.get("ascent_m"), list(labels)
    one, two, three = st.columns(3)
    climb = one.number_input(
        f"Climb, {units.height_unit}",
        0.0,
        value=None if climbed is None else float(round(units.height(climbed))),
        step=10.0,
        key=f"run_climb_{version}",
    )
    effort = two.number_input(
        "Effort, 0–10",
        0.0,
        10.0,
        value=old.get("perceived_exertion_0_10"),
        step=0.5,
        key=f"run_effort_{version}",
    )
    shoe = three.selectbox(
        "Shoe",
        known,
        index=known.index(old["shoe_id"]) if old.get("shoe_id") in known else None,
        format_func=labels.__getitem__,
        placeholder="Not known",
        key=f"run_shoe_{version}",
    )
    name = st.text_input("Note", value=old.get("name") or "", max_chars=200, key=f"run_name_{version}")
    indoor = st.checkbox(
        "Indoors, on a treadmill", value=bool(old.get("is_indoor")), key=f"run_indoor_{version}"
    )
    return {
        "ascent_m": None if climb is None else climb / units.height(1.0),
        "perceived_exertion_0_10": effort,
        "shoe_id": shoe,
        "name": name.strip() or None,
        "is_indoor": indoor,
    }


def _start(old: Mapping[str, Any]) -> time | None:
    """Return the local time a run was entered with; noon is what stands in for none."""
    if not old:
        return None
    local = old["start_utc"].astimezone(ZoneInfo(old["timezone"])).time()
    return None if local == NOON else local


def _add(run: ManualRun, replaces: str | None) -> None:
    runner = session.logging_runner()
    same_run = (
        None
        if replaces
        else manual_runs.find_same_run(session.store(), runner.athlete_id, run, str(session.zone()))
    )
    if same_run is not None:
        st.session_state[ASKED] = (run, same_run)
    else:
        _save_run(run, replaces)
    st.rerun()


def _save_run(run: ManualRun, replaces: str | None) -> None:
    runner = session.logging_runner()
    change = manual_runs.add_run(
        session.store(),
        runner.athlete_id,
        run,
        str(session.zone()),
        replaces,
        ui.decided_by(),
    )
    ui.remember_change(RUN_SECTION, ANSWERS[change.outcome], change)
    _again()


def _again() -> None:
    """Empty the form."""
    ui.reset_form(RUN_FORM)
    st.session_state.pop(CORRECTED, None)
    st.session_state.pop(ASKED, None)


def _before(runner: Runner) -> None:
    listed = manual_runs.list_manual_runs(session.store(), runner.athlete_id)
    if not listed:
        return
    with st.expander(f"Entered by hand ({len(listed)})", key="by_hand"):
        for row in listed:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(text.escape_markdown(run_line(row, session.units())))
                st.button("Correct", on_click=_correct, args=(row,), key=f"correct_{row['source_id']}")
                st.button(
                    "Remove", on_click=_remove, args=(row["source_id"],), key=f"remove_{row['source_id']}"
                )


def _correct(row: dict[str, Any]) -> None:
    _again()
    st.session_state[CORRECTED] = row


def _remove(source_id: str) -> None:
    _again()
    change = manual_runs.remove_run(session.store(), session.logging_runner().athlete_id, source_id)
    ui.remember_change(RUN_SECTION, ANSWERS[change.outcome], change)
