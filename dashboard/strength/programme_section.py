"""The programmes: as prescribed beside this week's sets, what must be true to move on, hold, change, start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import TEST_RESULT
from dashboard.charts.axes import html_table
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.undo import Change
from dashboard.strength import criteria, prescription, programmes
from dashboard.strength import prescription_text as text
from dashboard.strength import sets as strength_sets
from dashboard.strength import text as strength_text
from dashboard.strength.progress import programme_progress, week_of
from dashboard.strength.templates import TEMPLATES, ProgrammeTemplate, find_template, template_rows

PROGRAMME_SECTION = "programme"
REFUSED = "programme_refused"
Rows = list[dict[str, Any]]
Programmes = dict[tuple[str, date], Rows]


def render(today: date) -> None:
    """Show what is under way, the way to start or change, and what is over."""
    runner = session.runner()
    rows = programmes.programme_rows(session.store(), runner.athlete_id) if runner else []
    by_start = programmes.by_programme(rows)
    running = {key: rows for key, rows in by_start.items() if programmes.is_running(rows, today)}
    st.html(ui.STYLE)
    ui.undo_bar(PROGRAMME_SECTION)
    if refused := st.session_state.pop(REFUSED, None):
        st.error(shared_text.escape_markdown(refused))
    insertional = prescription.is_insertional(session.symptom_rows())
    if insertional:
        ui.paragraphs([text.INSERTIONAL, text.HEEL_LIFT])
    if not running:
        st.caption(strength_text.NO_PROGRAMME)
    for (name, start), own in running.items():
        with st.container(border=True, key=f"programme_{name}_{start}"):
            _under_way(name, start, own, today, insertional)
    _two_at_once(running)
    below = st.expander(
        text.START_OR_CHANGE if running else text.START,
        expanded=not running,
        on_change="rerun",
        key="start_open",
    )
    if below.open:
        with below:
            _start_form(today, running, insertional)
    over = {key: rows for key, rows in by_start.items() if key not in running}
    if over:
        with st.expander(f"Earlier programmes ({len(over)})"):
            for (name, start), own in over.items():
                _over(name, start, own, today)


def _two_at_once(running: Programmes) -> None:
    names = [name for (name, _), rows in running.items() if prescription.loads_calf(rows)]
    if len(names) > 1:
        st.info(shared_text.escape_markdown(text.TWO_AT_ONCE.format(names=" and ".join(names))))


def _label(name: str) -> str:
    known = find_template(name)
    return known.label if known else name


def _heading(name: str, start: date) -> None:
    level = 2 if session.is_open() else 3  # in a consult the programmes stand right below the page's title
    st.html(ui.card_heading(f"{_label(name)}, since {shared_text.day_in_words(start)}", level=level))


def _under_way(name: str, start: date, rows: Rows, today: date, insertional: bool) -> None:
    athlete_id, units = session.logging_runner().athlete_id, session.units()
    strength = strength_sets.load_strength(session.store(), athlete_id)
    progress = programme_progress(programmes.programme_frame(rows), strength, today)
    _heading(name, start)
    ui.paragraphs(strength_text.progress_in_words(progress, start, programmes.last_week(rows), today))
    table = text.week_table(rows, progress, strength, today, units)
    if table:
        st.html(html_table(text.HEAD, table, text.CAPTION))
    rest = text.rest_in_words(name)
    if rest:
        st.caption(rest)
    if week_of(start, today) >= 1:
        _next_step(rows, today)
    _buttons(name, start, rows, today, insertional)
    st.caption(" ".join(strength_text.programme_about(rows)))
    _all_weeks(name, start, rows, today)


def _next_step(rows: Rows, today: date) -> None:
    athlete_id, units = session.logging_runner().athlete_id, session.units()
    week = week_of(rows[0]["start_date"], today)
    coming = text.coming_in_words(rows, today, units)
    now = prescription.rows_in_week(rows, week)
    after: Rows = [row for row in rows if row["week_from"] == prescription.next_week(rows, week)]
    if coming is None:
        kind = criteria.following_kind(now)
        coming = text.LAST_BEFORE[kind] if kind else text.LAST_STEP
        after = [{"kind": kind}] if kind else []
    ui.paragraphs([coming])
    if not after:
        return
    facts = criteria.programme_facts(
        now,
        programmes.programme_frame(rows),
        strength_sets.load_strength(session.store(), athlete_id),
        session.symptom_rows(),
        session.store().read(TEST_RESULT, athlete_id),
        today,
    )
    results = criteria.judged(criteria.criteria_for(now, after), facts)
    st.html(html_table(text.CRITERIA_HEAD, text.criteria_table(results, facts), text.CRITERIA_CAPTION))
    st.caption(text.CRITERIA_NOTE)


def _buttons(name: str, start: date, rows: Rows, today: date, insertional: bool) -> None:
    week, key = week_of(start, today), f"{name}_{start}"
    with st.container(horizontal=True, key=f"large_taps_{key}"):
        if week >= 1:
            st.button(ui.act_label("Hold this week"), on_click=_hold, args=(rows, today), key=f"hold_{key}")
        coming = prescription.next_week(rows, week)
        if week >= 1 and coming is not None and coming > week + 1:
            st.button(
                ui.act_label("Move on next week"), on_click=_move_on, args=(rows, today), key=f"move_{key}"
            )
        if insertional and not programmes.is_on_floor(rows):
            st.button("Keep it on the floor", on_click=_put_on_floor, args=(rows,), key=f"floor_{key}")
        st.button(ui.act_label("Stop with this week"), on_click=_stop, args=(rows, today), key=f"stop_{key}")


def _changed(sentence: str, write: Callable[[], Change]) -> None:
    """Write a change and remember it; what cannot be done is told on the page that follows."""
    try:
        change = write()
    except HeelwiseError as error:
        st.session_state[REFUSED] = str(error)
        return
    ui.remember_change(PROGRAMME_SECTION, sentence, change)


def _hold(rows: Rows, today: date) -> None:
    name, athlete_id = _label(rows[0]["programme"]), rows[0]["athlete_id"]
    _changed(
        text.HELD.format(name=name),
        lambda: programmes.hold_programme(session.store(), athlete_id, rows, today),
    )


def _move_on(rows: Rows, today: date) -> None:
    name, athlete_id = _label(rows[0]["programme"]), rows[0]["athlete_id"]
    _changed(
        text.MOVED_ON.format(name=name),
        lambda: programmes.move_programme_on(session.store(), athlete_id, rows, today),
    )


def _put_on_floor(rows: Rows) -> None:
    name, athlete_id = _label(rows[0]["programme"]), rows[0]["athlete_id"]
    _changed(
        text.ON_FLOOR.format(name=name), lambda: programmes.put_on_floor(session.store(), athlete_id, rows)
    )


def _stop(rows: Rows, today: date) -> None:
    name, athlete_id = _label(rows[0]["programme"]), rows[0]["athlete_id"]
    _changed(
        f"{name} ends with this week.",
        lambda: programmes.stop_programme(session.store(), athlete_id, rows, today),
    )


def _all_weeks(name: str, start: date, rows: Rows, today: date) -> None:
    """Show every week so far against the plan, and the plan to edit; each costs nothing until it is opened."""
    key = f"{name}_{start}"
    weeks = st.expander("All weeks, planned and logged", on_change="rerun", key=f"weeks_{key}")
    if weeks.open:
        with weeks:
            _weeks(name, rows, today)
    below = st.expander("Edit the plan", on_change="rerun", key=f"edit_{key}")
    if below.open:
        with below:
            _edit(rows, key)


def _weeks(name: str, rows: Rows, today: date) -> None:
    strength = strength_sets.load_strength(session.store(), rows[0]["athlete_id"])
    progress = programme_progress(programmes.programme_frame(rows), strength, today)
    beside = strength_text.progress_rows(progress, session.units())
    if beside:
        st.dataframe(
            beside,
            hide_index=True,
            height=min(38 * (len(beside) + 1), 260),
            alt=f"{name}: logged of planned, by week and exercise",
        )


def _over(name: str, start: date, rows: Rows, today: date) -> None:
    _heading(name, start)
    st.caption(" ".join(strength_text.programme_about(rows)))
    _weeks(name, rows, today)


def _edit(rows: Rows, name: str) -> None:
    runner, units = session.logging_runner(), session.units()
    athlete_id = runner.athlete_id
    key = f"plan_{name}_{session.form_version(runner)}"
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
    if st.button(ui.act_label("Save the plan"), disabled=not any(changed.values()), key=f"save_{name}"):
        try:
            after = programmes.rows_merged(shown, changed, units)
            change = programmes.edit_programme(session.store(), athlete_id, rows, after, decided_by)
        except HeelwiseError as error:
            st.error(shared_text.escape_markdown(str(error)))
            return
        ui.remember_change(PROGRAMME_SECTION, "The plan was changed.", change)
        st.rerun()


def _programme_columns() -> dict:
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "exercise": words("Exercise", width="medium"),
        "week_from": number("From week", min_value=1, max_value=520, step=1),
        "week_to": number("To week", min_value=1, max_value=520, step=1),
        "sets": number("Sets", min_value=0, max_value=100, step=1),
        "repetitions": number("Repetitions", min_value=0, max_value=1000, step=1),
        "load": number(f"Weight, {session.units().weight_unit}", min_value=0, max_value=2000),
        "hold_s": number("Hold, s", min_value=0, max_value=3600),
        "tempo": words("Tempo"),
        "times_per_week": number("Times a week", min_value=0, max_value=21),
        "note": words("Note", max_chars=2000),
        "certainty": words("How sure"),
    }


def _start_form(today: date, running: Programmes, insertional: bool) -> None:
    """Choose a programme, see it as prescribed, start it: alone, beside, or in place of one under way."""
    chosen = st.pills(
        "Programme",
        [one.name for one in TEMPLATES],
        default=TEMPLATES[0].name,
        required=True,
        format_func=_label,
        key="template",
    )
    known = find_template(chosen or "") or TEMPLATES[0]
    preview = template_rows(known, today, "runner", insertional)
    rest = text.rest_in_words(known.name)
    lines = [*text.outline(preview, session.units()), *([rest] if rest else []), *text.phase_lines(preview)]
    st.html(ui.STYLE + ui.bullets([[line] for line in lines]))
    st.caption(f"{known.about} Source: {known.source}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input("First day", today, format="YYYY-MM-DD", key="programme_start", width=220)
        decided_by = ui.decided_by_picker("Who sets it", "programme_who")
    with st.container(horizontal=True, key="large_taps_start"):
        asked = st.button(ui.act_label("Start"), type="primary", key="begin_programme")
        for name, start in running:
            label = shared_text.escape_markdown(f"Start in place of {_label(name)}")
            if st.button(label, key=f"replace_{name}_{start}"):
                _start(known, first, decided_by, insertional, running[name, start])
    st.caption(strength_text.WHO_DECIDES)
    st.caption(" ".join(strength_text.guideline_in_words()))
    if asked:
        _start(known, first, decided_by, insertional, None)


def _start(
    chosen: ProgrammeTemplate, first: Any, decided_by: str, insertional: bool, instead: Rows | None
) -> None:
    if not isinstance(first, date):
        return
    store, athlete_id = session.store(), session.logging_runner().athlete_id
    day = shared_text.day_in_words(first)
    try:
        if instead is None:
            change = programmes.start_programme(store, athlete_id, chosen, first, decided_by, insertional)
            sentence = f"{chosen.label} begins on {day}."
        else:
            change = programmes.change_programme(
                store, athlete_id, instead, chosen, first, decided_by, insertional
            )
            before = _label(instead[0]["programme"])
            sentence = text.CHANGED.format(name=chosen.label, day=day, before=before)
    except HeelwiseError as error:
        st.error(shared_text.escape_markdown(str(error)))
        return
    ui.remember_change(PROGRAMME_SECTION, sentence, change)
    st.rerun()
