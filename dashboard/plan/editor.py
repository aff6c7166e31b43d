"""The plan itself, to be changed: as a table, or in fields, one week or one run at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import PLAN
from dashboard.plan import editor_rows, service
from dashboard.plan import text as plan_text
from dashboard.plan.planned_runs import Plan, monday
from dashboard.shared import session, text, ui
from dashboard.shared.undo import Change
from dashboard.shared.units import Units

SavePlan = Callable[[Callable[[], Change], str], None]
PLAN_SAVED = "The plan was saved."
OF_WEEK = ("distance", "longest", "fast", "climb", "runs", "shoe")
OF_RUN = ("distance", "fast", "climb", "shoe")
NOTHING, NOT_SET = "nothing planned", "not said"
FIELD_PX = 138
"""Two beside each other on most phones."""
SHOE_PX = 2 * FIELD_PX
"""A pair is read by its name."""
NEW = -1
"""Stands for the run that is still to be written."""


def _amounts(units: Units) -> dict[str, tuple[str, int, float]]:
    """What each amount is called, how large it may be, and its step."""
    return {
        "distance": (f"Distance ({units.distance_unit})", 1000, 0.1),
        "longest": (f"Longest run ({units.distance_unit})", 1000, 0.1),
        "fast": ("Fast (min)", 1000, 1.0),
        "climb": (f"Climb ({units.height_unit})", 100_000, 1.0),
        "runs": ("Runs", 50, 1.0),
        "step": ("Ladder step", 1000, 1.0),
    }


def _columns() -> dict[str, Any]:
    shoes = session.shoe_names()
    numbers = {
        name: st.column_config.NumberColumn(title, min_value=0, max_value=most, step=step, width="small")
        for name, (title, most, step) in _amounts(session.units()).items()
    }
    return {
        **numbers,
        "week": st.column_config.DateColumn("Week from", format="ddd D MMM", width="small"),
        "date": st.column_config.DateColumn("Date", format="ddd D MMM", width="small", required=True),
        "shoe": st.column_config.SelectboxColumn(
            "Shoe", options=list(shoes), format_func=lambda shoe: shoes.get(str(shoe), text.SHOE_NAMELESS)
        ),
    }


def weeks_editor(athlete_id: int, plan: Plan, weeks: list[date], keep: SavePlan, in_fields: bool) -> None:
    """Edit whole weeks, all in a table or one at a time in fields."""
    units, rows = session.units(), service.load_plan(session.store(), athlete_id, weeks)
    week_rows = editor_rows.week_rows(rows, plan, weeks)
    cells = [editor_rows.plan_rows(row, units) for row in week_rows]
    key = f"{session.store().version(athlete_id, PLAN)}_{len(weeks)}"
    edits = (_one_week if in_fields else _all_weeks)(weeks, cells, key)
    if edits:
        changes = editor_rows.changed_weeks(week_rows, edits, units)
        keep(lambda: service.save_weeks(session.store(), athlete_id, changes), PLAN_SAVED)


def _all_weeks(
    weeks: Sequence[date], cells: Sequence[Mapping[str, Any]], key: str
) -> dict[int, dict[str, Any]]:
    edits = ui.edited(
        [{"week": week, **row} for week, row in zip(weeks, cells, strict=True)],
        f"plan_weeks_{key}",
        "Planned weeks, one row for each",
        disabled=["week"],
        column_order=["week", *OF_WEEK],
        column_config=_columns(),
    )["edited_rows"]
    return edits if _keep_button(not edits) else {}


def _one_week(
    weeks: Sequence[date], cells: Sequence[Mapping[str, Any]], key: str
) -> dict[int, dict[str, Any]]:
    units = session.units()

    def label(n: int) -> str:
        planned = cells[n]["distance"]
        amount = NOTHING if planned is None else f"{planned:.1f} {units.distance_unit}"
        return f"{text.day_in_words(weeks[n])}: {amount}"

    chosen = st.selectbox("Week from", range(len(weeks)), format_func=label, key=f"plan_week_{len(weeks)}")
    with st.form(f"plan_week_{key}_{chosen}"):
        changed = _fields(cells[chosen], OF_WEEK, f"{key}_{chosen}")
        asked = st.form_submit_button(
            ui.act_label("Save plan"), type="primary", key=f"keep_week_{key}_{chosen}"
        )
    return {chosen: changed} if asked and changed else {}


def runs_editor(athlete_id: int, plan: Plan, weeks: list[date], keep: SavePlan, in_fields: bool) -> None:
    """Edit single runs, all in a table or one at a time in fields."""
    units = session.units()
    runs = tuple(run for run in plan if monday(run.date) in weeks)
    key = f"{session.store().version(athlete_id, PLAN)}_{len(weeks)}"
    edited, added, deleted = (_one_run(runs, weeks[0], key) if in_fields else _all_runs(runs, key)) or (
        {},
        [],
        [],
    )
    if edited or added or deleted:
        beside = tuple(run for run in plan if monday(run.date) not in weeks)
        touched, changed = editor_rows.changed_runs(runs, edited, added, deleted, units, beside)
        keep(lambda: service.save_runs(session.store(), athlete_id, sorted(touched), changed), PLAN_SAVED)


Changes = tuple[dict[int, dict[str, Any]], list[dict[str, Any]], list[int]]
"""Changed cells by row, new rows, and rows that were taken out."""


def _all_runs(runs: Plan, key: str) -> Changes | None:
    units = session.units()
    names = ["date", *OF_RUN, *(["step"] if any(run.ladder_step for run in runs) else [])]
    cells = [{"date": run.date, **editor_rows.plan_rows(vars(run), units)} for run in runs]
    edits = ui.edited(
        [{name: row[name] for name in names} for row in cells] or [dict.fromkeys(names)],
        f"plan_runs_{key}",
        "Planned runs, one row for each",
        num_rows="dynamic",
        disabled=["step"],
        column_order=names,
        column_config=_columns(),
    )
    edited, added, deleted = edits["edited_rows"], edits["added_rows"], edits["deleted_rows"]
    if not runs:  # the one empty row is a place to write in
        added, edited, deleted = [*edited.values(), *added], {}, []
    return (edited, added, deleted) if _keep_button(not (edited or added or deleted)) else None


def _one_run(runs: Plan, first: date, key: str) -> Changes | None:
    units, names = session.units(), session.shoe_names()

    def label(n: int) -> str:
        if n == NEW:
            return "A new run"
        return f"{text.day_in_words(runs[n].date)}: {plan_text.run_in_words(runs[n], units, names)}"

    chosen = st.selectbox("Run", [*range(len(runs)), NEW], format_func=label, key=f"plan_run_{len(runs)}")
    run = None if chosen == NEW else runs[chosen]
    key = f"{key}_{chosen}"
    with st.form(f"plan_run_{key}"):
        day = st.date_input("Date", run.date if run else first, format="YYYY-MM-DD", key=f"plan_date_{key}")
        changed = _fields(editor_rows.plan_rows(vars(run), units) if run else {}, OF_RUN, key)
        with st.container(horizontal=True):
            asked = st.form_submit_button(ui.act_label("Save plan"), type="primary", key=f"keep_run_{key}")
            gone = run is not None and st.form_submit_button("Remove this run", key=f"drop_run_{key}")
    moved = {"date": day} if run is None or day != run.date else {}
    if gone:
        return {}, [], [chosen]
    if not asked or not (changed or moved):
        return None
    return ({}, [{**changed, **moved}], []) if run is None else ({chosen: {**changed, **moved}}, [], [])


def _keep_button(disabled: bool) -> bool:
    return st.button(ui.act_label("Save plan"), type="primary", disabled=disabled, key="keep_plan")


def _fields(cells: Mapping[str, Any], names: Sequence[str], key: str) -> dict[str, Any]:
    """Draw a field for each amount; return those that were changed."""
    amounts, shoes = _amounts(session.units()), session.shoe_names()
    fields: dict[str, Any] = {}
    where = st.container(horizontal=True, vertical_alignment="bottom")
    for name in names:
        before, own = cells.get(name), f"plan_{name}_{key}"
        if name == "shoe":
            options = list(dict.fromkeys([None, *shoes, before]))
            fields[name] = where.selectbox(
                "Shoe", options, options.index(before), key=own, width=ui.field_px(SHOE_PX),
                format_func=lambda shoe: shoes.get(shoe, text.SHOE_NAMELESS) if shoe else NOT_SET,
            )  # fmt: skip
            continue
        title, most, step = amounts[name]
        fields[name] = where.number_input(
            title, 0.0, float(most), None if before is None else float(before), step=step,
            format="%.1f" if step < 1 else "%.0f", placeholder="", key=own, width=ui.field_px(FIELD_PX),
        )  # fmt: skip
    return {name: value for name, value in fields.items() if value != cells.get(name)}
