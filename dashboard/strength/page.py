"""The programmes on the Strength page: this week against the ledger, edit, stop, start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import EXERCISE_KINDS, KNEES, SIDES
from connectors.manual_rows import SETS
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.strength import exercise_section, programmes
from dashboard.strength import sets as strength_sets
from dashboard.strength import text as strength_text
from dashboard.strength.progress import programme_progress
from dashboard.strength.templates import EXERCISES, TEMPLATES, Exercise, exercise, find_template

PROGRAMME_SECTION = "programme"


def programme_section(today: date) -> None:
    """Show what is under way, what is over, and the way to start."""
    runner = session.runner()
    by_start = (
        programmes.by_programme(programmes.programme_rows(session.store(), runner.athlete_id))
        if runner
        else {}
    )
    ui.undo_bar(PROGRAMME_SECTION)
    running = {key: rows for key, rows in by_start.items() if programmes.is_running(rows, today)}
    if not running:
        st.caption(strength_text.NO_PROGRAMME)
    for (name, start), rows in running.items():
        with st.container(border=True):
            _programme_card(name, start, rows, today)
    over = {key: rows for key, rows in by_start.items() if key not in running}
    if over:
        with st.expander(f"Earlier programmes ({len(over)})"):
            for (name, start), rows in over.items():
                _programme_card(name, start, rows, today)
    with st.expander("Start a programme", expanded=not by_start):
        _start_form(today)


def _programme_card(name: str, start: date, rows: list[dict[str, Any]], today: date) -> None:
    athlete_id, units = session.logging_runner().athlete_id, session.units()
    progress = programme_progress(
        programmes.programme_frame(rows), strength_sets.load_strength(session.store(), athlete_id), today
    )
    st.markdown(f"**{shared_text.escape_markdown(name)}**, since {shared_text.day_in_words(start)}")
    for sentence in strength_text.progress_in_words(progress, start, programmes.last_week(rows), today):
        st.markdown(sentence)
    st.caption(" ".join(strength_text.programme_about(rows)))
    beside = strength_text.progress_rows(progress, units)
    if beside:
        st.dataframe(
            beside,
            hide_index=True,
            height=min(38 * (len(beside) + 1), 260),
            alt=f"{name}: logged of planned, by week and exercise",
        )
    key = f"{name}_{start}"
    below = st.expander("Edit the plan", on_change="rerun", key=f"edit_{key}")
    if below.open:
        with below:
            _edit(rows, key)
    if programmes.is_running(rows, today):
        st.button("Stop with this week", on_click=_stop, args=(rows, today), key=f"stop_{key}")


def _edit(rows: list[dict[str, Any]], name: str) -> None:
    athlete_id, units = session.logging_runner().athlete_id, session.units()
    key = f"plan_{name}_{session.store().version(athlete_id)}"
    shown = [programmes.rows_shown(row, units) for row in rows]
    changed = ui.edited(
        shown,
        key,
        "The plan, to edit",
        num_rows="dynamic",
        disabled=["certainty"],
        column_config=_programme_columns(),
    )
    decided_by = ui.decided_by_picker("Who sets it", f"who_{name}")
    if st.button("Save the plan", disabled=not any(changed.values()), key=f"save_{name}"):
        try:
            after = programmes.rows_merged(shown, changed, units)
            change = programmes.edit_programme(session.store(), athlete_id, rows, after, decided_by)
        except HeelwiseError as error:
            st.error(shared_text.escape_markdown(str(error)))
            return
        ui.remember_change(PROGRAMME_SECTION, "The plan was changed.", change)
        st.rerun()


def _programme_columns() -> dict:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "exercise": text("Exercise", width="medium"),
        "week_from": number("From week", min_value=1, max_value=520, step=1),
        "week_to": number("To week", min_value=1, max_value=520, step=1),
        "sets": number("Sets", min_value=0, max_value=100, step=1),
        "repetitions": number("Repetitions", min_value=0, max_value=1000, step=1),
        "load": number(f"Weight, {session.units().weight_unit}", min_value=0, max_value=2000),
        "hold_s": number("Hold, s", min_value=0, max_value=3600),
        "tempo": text("Tempo"),
        "times_per_week": number("Times a week", min_value=0, max_value=21),
        "note": text("Note", max_chars=2000),
        "certainty": text("How sure"),
    }


def _start_form(today: date) -> None:
    names = [one.name for one in TEMPLATES]
    with st.form("start_programme", border=False):
        chosen = st.selectbox("From", names, key="template")
        first = st.date_input("First day", value=today, format="YYYY-MM-DD", key="programme_start", width=220)
        decided_by = ui.decided_by_picker("Who sets it", "programme_who")
        st.caption(strength_text.WHO_DECIDES)
        asked = st.form_submit_button("Start", key="begin_programme")
    for one in TEMPLATES:
        st.caption(f"**{one.name}.** {one.about} Source: {one.source}.")
    st.caption(" ".join(strength_text.guideline_in_words()))
    known = find_template(chosen)
    if asked and known and isinstance(first, date):
        athlete_id = session.logging_runner().athlete_id
        try:
            change = programmes.start_programme(session.store(), athlete_id, known, first, decided_by)
        except HeelwiseError as error:
            st.error(shared_text.escape_markdown(str(error)))
            return
        ui.remember_change(
            PROGRAMME_SECTION, f"{known.name} begins on {shared_text.day_in_words(first)}.", change
        )
        st.rerun()


def _stop(rows: list[dict[str, Any]], today: date) -> None:
    change = programmes.stop_programme(session.store(), session.logging_runner().athlete_id, rows, today)
    ui.remember_change(PROGRAMME_SECTION, f"{rows[0]['programme']} ends with this week.", change)


SCALE = list(range(11))
SETS_SECTION = "sets"
MOST_SHOWN = 60


def _runner_id() -> int:
    return session.logging_runner().athlete_id


def _save_sets(sets: list[dict[str, Any]]) -> None:
    change = strength_sets.save_sets(session.store(), _runner_id(), sets)
    ui.remember_change(
        SETS_SECTION, f"Saved: {strength_text.day_lines(change.rows, session.units())[0][1]}.", change
    )
    ui.reset_form(SETS_SECTION)


def _remove(name: str, rows: list[dict[str, Any]]) -> None:
    ui.remember_change(
        SETS_SECTION, f"Removed: {name}.", strength_sets.remove_sets(session.store(), _runner_id(), rows)
    )


def _choices(day: date) -> list[str]:
    """Exercises: this week's of the programme, then those done last, then the catalogue."""
    runner = session.runner()
    rows = programmes.programme_rows(session.store(), runner.athlete_id) if runner else []
    done = (
        strength_sets.load_strength(session.store(), runner.athlete_id)["exercise"].to_list()
        if runner
        else []
    )
    planned = programmes.exercises_on(rows, day)
    return list(dict.fromkeys([*planned, *reversed(done), *(one.name for one in EXERCISES)]))


def _form(day: date, name: str, last: list[dict[str, Any]]) -> None:
    known, before = exercise(name), last[-1] if last else {}
    key = f"{name}_{ui.form_version(SETS_SECTION)}"
    with st.container(key="large_taps"), st.form(f"sets_{key}", border=True):
        st.caption("Filled in from the last time, where there was one. Leave open what you do not know.")
        count, amounts = _amounts(before, len(last) or 3, key)
        side = st.pills(
            "Side",
            SIDES,
            default=before.get("side"),
            format_func=shared_text.SIDE_NAMES.__getitem__,
            key=f"side_{key}",
        )
        pain = st.pills("Pain during the sets, 0–10", SCALE, key=f"pain_{key}")
        with st.expander("Tempo, knee, kind, note", expanded=known is None):
            manner = _manner(before, known, key)
        if not st.form_submit_button("Save sets", type="primary", key=f"save_{key}"):
            return
    one_set = {"date": day, "exercise": name, "side": side, **amounts, **manner}
    _save_sets([{**one_set, "pain_0_10": None if pain is None else float(pain)}] * count)
    st.rerun()


def _usual(before: Mapping[str, Any], field: str, catalogue: str | None = None) -> Any:
    return before.get(field) if before.get(field) is not None else catalogue


def _amounts(before: Mapping[str, Any], sets: int, key: str) -> tuple[int, dict[str, Any]]:
    """Ask how many sets of what; the weight is stored in kg."""
    units, kg = session.units(), before.get("load_kg")
    one, two, three, four = st.columns(4)
    count = one.number_input("Sets", 1, 30, sets, key=f"count_{key}")
    reps = two.number_input(
        "Repetitions", 0, 1000, before.get("repetitions"), placeholder="open", key=f"repetitions_{key}"
    )
    load = three.number_input(
        f"Added weight, {units.weight_unit}",
        0.0,
        2000.0,
        None if kg is None else round(float(units.weight(kg)), 2),
        step=0.5,
        placeholder="open",
        key=f"load_{key}",
    )
    hold = four.number_input(
        "Hold, seconds", 0.0, 3600.0, before.get("hold_s"), step=5.0, placeholder="open", key=f"hold_{key}"
    )
    load_kg = None if load is None else round(float(units.kilograms(load)), 2)
    return int(count), {"repetitions": reps, "load_kg": load_kg, "hold_s": hold}


def _manner(before: Mapping[str, Any], known: Exercise | None, key: str) -> dict[str, Any]:
    tempo = st.text_input(
        "Tempo: seconds up, hold, down", before.get("tempo") or "", placeholder="3-0-3", key=f"tempo_{key}"
    )
    knee = st.pills(
        "Knee",
        KNEES,
        default=_usual(before, "knee", known.knee if known else None),
        format_func=shared_text.KNEE_NAMES.__getitem__,
        key=f"knee_{key}",
    )
    kind = st.pills(
        "How it is done",
        EXERCISE_KINDS,
        default=_usual(before, "kind", known.kind if known else None),
        format_func=strength_text.EXERCISE_KIND_NAMES.__getitem__,
        key=f"kind_{key}",
    )
    note = st.text_area("Note", key=f"note_{key}", max_chars=2000, height=80)
    return {"tempo": tempo.strip() or None, "kind": kind, "knee": knee, "note": note.strip() or None}


def _log(day: date) -> None:
    runner = session.runner()
    name = st.selectbox(
        "Exercise",
        _choices(day),
        accept_new_options=True,
        key="exercise",
        help="Not in the list? Write its name.",
    )
    if not name:
        return
    st.caption(strength_text.exercise_about(name))
    last = strength_sets.sets_last_time(session.store(), runner.athlete_id, name, day) if runner else []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(shared_text.escape_markdown(strength_text.last_in_words(last, session.units())))
        if last:
            st.button(
                "Same as last time",
                icon=":material/replay:",
                type="primary",
                on_click=_save_sets,
                args=(strength_sets.sets_again(last, day),),
                key="same_sets",
                help="Saves the same sets for this date. Pain stays open, as nobody has said it of this day.",
            )
    ui.undo_bar(SETS_SECTION)
    _form(day, name, last)


def _day(day: date) -> None:
    runner = session.runner()
    rows = strength_sets.sets_on_day(session.store(), runner.athlete_id, day) if runner else []
    if not rows:
        st.caption(strength_text.NOTHING_ON.format(day=shared_text.day_in_words(day)))
    for name, sentence, sets in strength_text.day_lines(rows, session.units()):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{shared_text.escape_markdown(name)}**: {shared_text.escape_markdown(sentence)}")
            st.button("Remove", on_click=_remove, args=(name, sets), key=f"remove_{name}")


def _corrections() -> None:
    runner = session.runner()
    logged = (
        strength_sets.load_strength(session.store(), runner.athlete_id) if runner else SETS.contract.empty()
    )
    if runner is None or logged.is_empty():
        return
    rows, units = logged.tail(MOST_SHOWN).reverse().to_dicts(), session.units()
    below = st.expander("Last sets, to correct or to take along", on_change="rerun", key="sets_open")
    if not below.open:
        return
    with below:
        key = f"sets_{session.store().version(runner.athlete_id)}"
        shown = [{**strength_sets.set_rows_shown(row, units), "remove": False} for row in rows]
        typed = ui.edited(
            shown, key, "Last sets", disabled=["date", "exercise"], column_config=_sets_columns()
        )["edited_rows"]
        if st.button("Save corrections", disabled=not typed, key="save_sets"):
            changes = {number: strength_sets.as_stored(values, units) for number, values in typed.items()}
            ui.remember_change(
                SETS_SECTION,
                "Corrected.",
                strength_sets.correct_sets(session.store(), runner.athlete_id, rows, changes),
            )
            st.rerun()
        st.download_button(
            "Download all sets as CSV",
            lambda: SETS.csv(logged),
            file_name=session.labelled("heelwise_strength.csv"),
            mime="text/csv",
            icon=":material/download:",
            help="Weights are in kilograms. The Data page reads it back.",
        )


def _sets_columns() -> dict:
    number, choice = st.column_config.NumberColumn, st.column_config.SelectboxColumn
    return {
        "date": st.column_config.DateColumn("Date", format="D MMM YYYY"),
        "exercise": st.column_config.TextColumn("Exercise", width="medium"),
        "side": choice("Side", options=list(SIDES), format_func=lambda one: shared_text.SIDE_NAMES[str(one)]),
        "repetitions": number("Repetitions", min_value=0, max_value=1000, step=1),
        "load": number(f"Weight, {session.units().weight_unit}", min_value=0, max_value=2000),
        "hold_s": number("Hold, s", min_value=0, max_value=3600),
        "tempo": st.column_config.TextColumn("Tempo"),
        "pain_0_10": number("Pain", min_value=0, max_value=10),
        "note": st.column_config.TextColumn("Note", max_chars=2000),
        "remove": st.column_config.CheckboxColumn("Remove", width="small"),
    }


def render() -> None:
    """Draw the page."""
    st.title("Strength")
    today = session.today()
    chosen = st.date_input(
        "Date", value=today, max_value=today, format="YYYY-MM-DD", key="strength_date", width=220
    )
    chosen_day = chosen if isinstance(chosen, date) else today
    _log(chosen_day)
    st.header("Today" if chosen_day == today else shared_text.day_in_words(chosen_day))
    _day(chosen_day)
    exercise_section.render()
    _corrections()
    st.header("Programme")
    programme_section(today)
    st.caption(f"{strength_text.APART} {shared_text.RECORD_AND_DISCUSS}")


if __name__ == "__main__":
    render()
