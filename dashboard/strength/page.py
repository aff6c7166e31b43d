"""The programmes on the Strength page: this week against the ledger, edit, stop, start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import EXERCISE_KINDS, KNEES, SIDES
from connectors.manual_rows import SETS
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.strength import exercise_section, programme_section, programmes
from dashboard.strength import sets as strength_sets
from dashboard.strength import text as strength_text
from dashboard.strength.templates import EXERCISES, Exercise, exercise

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


def _repeat_sets(name: str) -> None:
    """Save the last sets of an exercise once more, on the date that stands in the field now."""
    day, runner = st.session_state.get("strength_date"), session.runner()
    if runner is None or day is None:
        return
    if last := strength_sets.sets_last_time(session.store(), runner.athlete_id, name, day):
        _save_sets(strength_sets.sets_again(last, day))


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
    alike, side_before = strength_sets.sets_to_repeat(last)
    known, before = exercise(name), alike[-1] if alike else {}
    key = f"{name}_{ui.form_version(SETS_SECTION)}"
    with st.container(key="large_taps"), st.form(f"sets_{key}", border=True):
        st.caption("Filled in from the last time, where there was one. Leave open what you do not know.")
        count, amounts = _amounts(before, len(alike) or 3, key)
        side = st.pills(
            "Side",
            SIDES,
            default=side_before,
            format_func=shared_text.SIDE_NAMES.__getitem__,
            key=f"side_{key}",
        )
        pain = st.pills("Pain during the sets, 0–10", SCALE, key=f"pain_{key}")
        with st.expander("Tempo, knee, kind, note", expanded=known is None):
            manner = _manner(before, known, key)
        if not st.form_submit_button(ui.act_label("Save sets"), type="primary", key=f"save_{key}"):
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
        "Repetitions", 0, 1000, before.get("repetitions"), placeholder="", key=f"repetitions_{key}"
    )
    load = three.number_input(
        f"Added weight, {units.weight_unit}",
        0.0,
        2000.0,
        None if kg is None else round(float(units.weight(kg)), 2),
        step=0.5,
        placeholder="",
        key=f"load_{key}",
    )
    hold = four.number_input(
        "Hold, seconds", 0.0, 3600.0, before.get("hold_s"), step=5.0, placeholder="", key=f"hold_{key}"
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
                ui.act_label("Same as last time"),
                icon=":material/replay:",
                type="primary",
                on_click=_repeat_sets,
                args=(name,),
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
        key = f"sets_{session.form_version(runner)}"
        shown = [{**strength_sets.set_rows_shown(row, units), "remove": False} for row in rows]
        typed = ui.edited(
            shown, key, "Last sets", disabled=["date", "exercise"], column_config=_sets_columns()
        )["edited_rows"]
        if st.button(ui.act_label("Save corrections"), disabled=not typed, key="save_sets"):
            changes = {number: strength_sets.as_stored(values, units) for number, values in typed.items()}
            ui.remember_change(
                SETS_SECTION,
                "Corrected.",
                strength_sets.correct_sets(session.store(), runner.athlete_id, rows, changes),
            )
            st.rerun()
        ui.download_button(
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


def _log_sets(today: date) -> None:
    chosen = st.date_input(
        "Date", value=today, max_value=today, format="YYYY-MM-DD", key="strength_date", width=220
    )
    chosen_day = chosen if isinstance(chosen, date) else today
    _log(chosen_day)
    st.header("Today" if chosen_day == today else shared_text.day_in_words(chosen_day))
    _day(chosen_day)
    exercise_section.render()
    _corrections()


def render() -> None:
    """Draw the page: the sets first, in a consult the programme first."""
    st.title("Strength")
    today = session.today()
    if session.is_open():
        programme_section.render(today)
        below = st.expander("Log sets", on_change="rerun", key="log_sets")
        if below.open:
            with below:
                _log_sets(today)
    else:
        _log_sets(today)
        st.header("Programme")
        programme_section.render(today)
    st.caption(f"{strength_text.APART} {shared_text.RECORD_AND_DISCUSS}")


if __name__ == "__main__":
    render()
