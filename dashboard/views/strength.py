"""Strength: log sets, the same as last time, today's list, and the programme against the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import EXERCISE_KINDS, KNEES, SIDES
from connectors.strength import SETS
from dashboard import programme_rows, programmes, set_rows, state, strength, strength_words, words
from dashboard.model.exercises import CATALOGUE, Exercise, exercise
from dashboard.views import exercise_questions, programme, undoing

SCALE = list(range(11))
PART = "sets"
ROUND = "strength_round"  # a new round empties the form
MOST_SHOWN = 60


def _mine() -> int:
    return state.logging_runner().athlete_id


def _keep(sets: list[dict[str, Any]]) -> None:
    kept = strength.keep(state.store(), _mine(), sets)
    undoing.note(PART, f"Saved: {strength_words.day_lines(kept.rows, state.units())[0][1]}.", kept)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _remove(name: str, rows: list[dict[str, Any]]) -> None:
    undoing.note(PART, f"Removed: {name}.", strength.remove(state.store(), _mine(), rows))


def _choices(day: date) -> list[str]:
    """Exercises: this week's of the programme, then those done last, then the catalogue."""
    mine = state.runner()
    found = programmes.rows(state.store(), mine.athlete_id) if mine else []
    done = strength.ledger(state.store(), mine.athlete_id)["exercise"].to_list() if mine else []
    planned = programme_rows.exercises_on(found, day)
    return list(dict.fromkeys([*planned, *reversed(done), *(one.name for one in CATALOGUE)]))


def _form(day: date, name: str, last: list[dict[str, Any]]) -> None:
    known, before = exercise(name), last[-1] if last else {}
    key = f"{name}_{st.session_state.get(ROUND, 0)}"
    with st.container(key="large_taps"), st.form(f"sets_{key}", border=True):
        st.caption("Filled in from the last time, where there was one. Leave open what you do not know.")
        count, amounts = _amounts(before, len(last) or 3, key)
        side = st.pills(
            "Side",
            SIDES,
            default=before.get("side"),
            format_func=strength_words.SIDES.__getitem__,
            key=f"side_{key}",
        )
        pain = st.pills("Pain during the sets, 0–10", SCALE, key=f"pain_{key}")
        with st.expander("Tempo, knee, kind, note", expanded=known is None):
            manner = _manner(before, known, key)
        if not st.form_submit_button("Save sets", type="primary", key=f"save_{key}"):
            return
    said = {"date": day, "exercise": name, "side": side, **amounts, **manner}
    _keep([{**said, "pain_0_10": None if pain is None else float(pain)}] * count)
    st.rerun()


def _usual(before: Mapping[str, Any], field: str, catalogue: str | None = None) -> Any:
    return before.get(field) if before.get(field) is not None else catalogue


def _amounts(before: Mapping[str, Any], sets: int, key: str) -> tuple[int, dict[str, Any]]:
    """Ask how many sets of what; the weight is stored in kg."""
    units, kg = state.units(), before.get("load_kg")
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
        format_func=strength_words.KNEES.__getitem__,
        key=f"knee_{key}",
    )
    kind = st.pills(
        "How it is done",
        EXERCISE_KINDS,
        default=_usual(before, "kind", known.kind if known else None),
        format_func=strength_words.KINDS.__getitem__,
        key=f"kind_{key}",
    )
    note = st.text_area("Note", key=f"note_{key}", max_chars=2000, height=80)
    return {"tempo": tempo.strip() or None, "kind": kind, "knee": knee, "note": note.strip() or None}


def _log(day: date) -> None:
    mine = state.runner()
    name = st.selectbox(
        "Exercise",
        _choices(day),
        accept_new_options=True,
        key="exercise",
        help="Not in the list? Write its name.",
    )
    if not name:
        return
    st.caption(strength_words.about(name))
    last = strength.last_time(state.store(), mine.athlete_id, name, day) if mine else []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words.plain(strength_words.last_in_words(last, state.units())))
        if last:
            st.button(
                "Same as last time",
                icon=":material/replay:",
                type="primary",
                on_click=_keep,
                args=(set_rows.again(last, day),),
                key="same_sets",
                help="Saves the same sets for this date. Pain stays open, as nobody has said it of this day.",
            )
    undoing.offer(PART)
    _form(day, name, last)


def _day(day: date) -> None:
    mine = state.runner()
    rows = strength.on_day(state.store(), mine.athlete_id, day) if mine else []
    if not rows:
        st.caption(strength_words.NOTHING_ON.format(day=words.day(day)))
    for name, said, sets in strength_words.day_lines(rows, state.units()):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{words.plain(name)}**: {words.plain(said)}")
            st.button("Remove", on_click=_remove, args=(name, sets), key=f"remove_{name}")


def _corrections() -> None:
    mine = state.runner()
    found = strength.ledger(state.store(), mine.athlete_id) if mine else SETS.contract.empty()
    if mine is None or found.is_empty():
        return
    rows, units = found.tail(MOST_SHOWN).reverse().to_dicts(), state.units()
    below = st.expander("Last sets, to correct or to take along", on_change="rerun", key="sets_open")
    if not below.open:
        return
    with below:
        key = f"sets_{state.store().version(mine.athlete_id)}"
        shown = [{**set_rows.shown(row, units), "remove": False} for row in rows]
        st.data_editor(
            shown,
            key=key,
            hide_index=True,
            disabled=["date", "exercise"],
            column_config=_columns(),
            placeholder="–",
            alt="Last sets",
        )
        edited = st.session_state.get(key, {}).get("edited_rows", {})
        if st.button("Save corrections", disabled=not edited, key="save_sets"):
            changes = {int(n): set_rows.as_kept(change, units) for n, change in edited.items()}
            undoing.note(PART, "Corrected.", strength.correct(state.store(), mine.athlete_id, rows, changes))
            st.rerun()
        st.download_button(
            "Download all sets as CSV",
            lambda: SETS.csv(found),
            file_name="heelwise_strength.csv",
            mime="text/csv",
            icon=":material/download:",
            help="Weights are in kilograms. The Data page reads it back.",
        )


def _columns() -> dict:
    number, choice = st.column_config.NumberColumn, st.column_config.SelectboxColumn
    return {
        "date": st.column_config.DateColumn("Date", format="D MMM YYYY"),
        "exercise": st.column_config.TextColumn("Exercise", width="medium"),
        "side": choice("Side", options=list(SIDES), format_func=lambda one: strength_words.SIDES[str(one)]),
        "repetitions": number("Repetitions", min_value=0, max_value=1000, step=1),
        "load": number(f"Weight, {state.units().weight_unit}", min_value=0, max_value=2000),
        "hold_s": number("Hold, s", min_value=0, max_value=3600),
        "tempo": st.column_config.TextColumn("Tempo"),
        "pain_0_10": number("Pain", min_value=0, max_value=10),
        "note": st.column_config.TextColumn("Note", max_chars=2000),
        "remove": st.column_config.CheckboxColumn("Remove", width="small"),
    }


st.title("Strength")
today = state.today()
chosen = st.date_input(
    "Date", value=today, max_value=today, format="YYYY-MM-DD", key="strength_date", width=220
)
chosen_day = chosen if isinstance(chosen, date) else today
_log(chosen_day)
st.header("Today" if chosen_day == today else words.day(chosen_day))
_day(chosen_day)
exercise_questions.show()
_corrections()
st.header("Programme")
programme.show(today)
st.caption(f"{strength_words.APART} {words.RECORD_AND_DISCUSS}")
