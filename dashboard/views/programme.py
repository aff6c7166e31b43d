"""The programmes on the Strength page: this week against the ledger, edit, stop, start."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard import programme_rows as rows_of
from dashboard import programmes, state, strength, strength_words, words
from dashboard.charts import progression
from dashboard.model.programmes import TEMPLATES, template
from dashboard.model.progression import progress
from dashboard.views import undoing

PART = "programme"


def show(today: date) -> None:
    """Show what is under way, what is over, and the way to start."""
    mine = state.runner()
    found = rows_of.by_programme(programmes.rows(state.store(), mine.athlete_id)) if mine else {}
    undoing.offer(PART)
    running = {key: rows for key, rows in found.items() if rows_of.is_running(rows, today)}
    if not running:
        st.caption(strength_words.NO_PROGRAMME)
    for (name, start), rows in running.items():
        with st.container(border=True):
            _one(name, start, rows, today)
    over = {key: rows for key, rows in found.items() if key not in running}
    if over:
        with st.expander(f"Earlier programmes ({len(over)})"):
            for (name, start), rows in over.items():
                _one(name, start, rows, today)
    with st.expander("Start a programme", expanded=not found):
        _begin(today)


def _one(name: str, start: date, rows: list[dict[str, Any]], today: date) -> None:
    mine, units = state.logging_runner().athlete_id, state.units()
    found = progress(rows_of.frame(rows), strength.ledger(state.store(), mine), today)
    st.markdown(f"**{words.plain(name)}**, since {words.day(start)}")
    for sentence in progression.in_words(found, start, rows_of.last_week(rows), today):
        st.markdown(sentence)
    st.caption(" ".join(strength_words.programme_about(rows)))
    beside = progression.rows(found, units)
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
    if rows_of.is_running(rows, today):
        st.button("Stop with this week", on_click=_stop, args=(rows, today), key=f"stop_{key}")


def _edit(rows: list[dict[str, Any]], name: str) -> None:
    mine, units = state.logging_runner().athlete_id, state.units()
    key = f"plan_{name}_{state.store().version(mine)}"
    shown = [rows_of.shown(row, units) for row in rows]
    st.data_editor(
        shown,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        disabled=["certainty"],
        column_config=_columns(),
        placeholder="–",
        alt="The plan, to edit",
    )
    who = st.pills(
        "Who sets it",
        list(strength_words.DECIDERS),
        default="runner",
        required=True,
        format_func=strength_words.DECIDERS.__getitem__,
        key=f"who_{name}",
    )
    changed = st.session_state.get(key, {})
    if st.button("Save the plan", disabled=not any(changed.values()), key=f"save_{name}"):
        try:
            after = rows_of.merged(shown, changed, units)
            kept = programmes.edit(state.store(), mine, rows, after, who or "runner")
        except HeelwiseError as error:
            st.error(words.plain(str(error)))
            return
        undoing.note(PART, "The plan was changed.", kept)
        st.rerun()


def _columns() -> dict:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "exercise": text("Exercise", width="medium"),
        "week_from": number("From week", min_value=1, max_value=520, step=1),
        "week_to": number("To week", min_value=1, max_value=520, step=1),
        "sets": number("Sets", min_value=0, max_value=100, step=1),
        "repetitions": number("Repetitions", min_value=0, max_value=1000, step=1),
        "load": number(f"Weight, {state.units().weight_unit}", min_value=0, max_value=2000),
        "hold_s": number("Hold, s", min_value=0, max_value=3600),
        "tempo": text("Tempo"),
        "times_per_week": number("Times a week", min_value=0, max_value=21),
        "note": text("Note", max_chars=2000),
        "certainty": text("How sure"),
    }


def _begin(today: date) -> None:
    names = [one.name for one in TEMPLATES]
    with st.form("start_programme", border=False):
        chosen = st.selectbox("From", names, key="template")
        first = st.date_input("First day", value=today, format="YYYY-MM-DD", key="programme_start", width=220)
        who = st.pills(
            "Who sets it",
            list(strength_words.DECIDERS),
            default="runner",
            required=True,
            format_func=strength_words.DECIDERS.__getitem__,
            key="programme_who",
        )
        st.caption(strength_words.DECIDES)
        asked = st.form_submit_button("Start", key="begin_programme")
    for one in TEMPLATES:
        st.caption(f"**{one.name}.** {one.about} Source: {one.source}.")
    known = template(chosen)
    if asked and known and isinstance(first, date):
        mine = state.logging_runner().athlete_id
        try:
            kept = programmes.start(state.store(), mine, known, first, who or "runner")
        except HeelwiseError as error:
            st.error(words.plain(str(error)))
            return
        undoing.note(PART, f"{known.name} begins on {words.day(first)}.", kept)
        st.rerun()


def _stop(rows: list[dict[str, Any]], today: date) -> None:
    kept = programmes.stop(state.store(), state.logging_runner().athlete_id, rows, today)
    undoing.note(PART, f"{rows[0]['programme']} ends with this week.", kept)
