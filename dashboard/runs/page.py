"""The latest runs in a table: shoe, surface, incline, effort, distance, sport, leave out; one or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import SURFACES
from connectors.sports import sport_names
from connectors.store import Runner
from dashboard.runs import run_form, table
from dashboard.runs.quality import section
from dashboard.shared import edit_history_section, session, text
from dashboard.shared.text import SURFACE_NAMES, YES_NO, duration_words
from dashboard.shoes import assignment_page

TABLE_SECTION = "run_table"
PERIODS = {"4 weeks": 28, "3 months": 91, "1 year": 365, "Own dates": None}
OF_ALL = ("shoe_id", "surface", "perceived_exertion_0_10", "is_excluded", "sport")


def run_table_section(runner: Runner, labels: Mapping[str, str]) -> None:
    """Show the table and save what was typed."""
    st.header("The latest runs")
    edit_history_section.last_edit_bar(runner, TABLE_SECTION)
    reach = table.date_range(session.store(), runner.athlete_id)
    if reach is None:
        st.caption("There is no run yet.")
        return
    first, last, kind = _choose(*reach)
    listed = table.list_runs(session.store(), runner.athlete_id, first, last, kind)
    if not listed.rows:
        st.caption("No run of this choice.")
        return
    _table(runner, listed, labels, f"{first}_{last}_{kind}")
    if listed.more:
        st.caption(
            f"{listed.more} older runs of this choice are not listed; choose an earlier period for them."
        )
    _for_all(runner, listed, labels)


def _choose(earliest: date, latest: date) -> tuple[date, date, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = st.segmented_control(
            "Back from the last one", list(PERIODS), default="4 weeks", required=True, key="runs_period"
        )
        kind = st.segmented_control(
            "Which", table.COLUMN_KINDS, default=table.COLUMN_KINDS[0], required=True, key="runs_kind"
        )
        days = PERIODS[period]
        if days is not None:
            return max(earliest, latest - timedelta(days=days - 1)), latest, kind
        start = max(earliest, latest - timedelta(days=27))
        chosen = st.date_input("Dates", (start, latest), format="YYYY-MM-DD", key="runs_dates", width=240)
    first, last = chosen if isinstance(chosen, tuple) and len(chosen) == 2 else (start, latest)
    return first, last, kind


def _table(runner: Runner, listed: table.ListedRuns, labels: Mapping[str, str], choice: str) -> None:
    units = session.units()
    key = f"runs_{session.store().version(runner.athlete_id)}_{choice}"
    st.data_editor(
        [_shown(row) for row in listed.rows],
        key=key,
        hide_index=True,
        disabled=["local_date", "name", "time", "pace", "climb", "edited"],
        column_config=_columns(labels),
        placeholder="–",
        alt="The latest runs, newest first, and what may be said of each",
    )
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    changes = {int(number): change for number, change in edited.items()}
    label = f"Save {len(changes)} runs" if len(changes) > 1 else "Save 1 run" if changes else "Save"
    if st.button(label, type="primary", disabled=not changes, key="save_runs"):
        _save(runner, listed.rows, changes)
    st.caption(
        f"Distance is in {units.distance_unit}. An incline says that the run was on a treadmill. A run left out stays "
        "in the record and is in no sum. An emptied cell is not known."
    )


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    units, metres, seconds = session.units(), row["distance_m"], row["moving_s"]
    climb = row["ascent_device_m"] if row["ascent_device_m"] is not None else row["ascent_m"]
    fields = (row["edited"] or "").split()
    return {
        "local_date": row["local_date"],
        "shoe_id": row["shoe_id"],
        "surface": row["surface"],
        "perceived_exertion_0_10": row["perceived_exertion_0_10"],
        "incline_pct": row["incline_pct"],
        "is_excluded": bool(row["is_excluded"]),
        "sport": row["sport"],
        "distance_m": None if metres is None else round(units.distance(metres), 2),
        "time": None if seconds is None else duration_words(seconds),
        "pace": units.pace(metres / seconds if metres and seconds else None),
        "climb": None if climb is None else units.height_words(climb),
        "name": row["name"],
        "edited": ", ".join(table.COLUMN_TITLES.get(field, field.replace("_", " ")) for field in fields)
        or None,
    }


def _columns(labels: Mapping[str, str]) -> dict[str, Any]:
    titles, column = table.COLUMN_TITLES, st.column_config
    return {
        "local_date": column.DateColumn("Date", format="ddd D MMM YYYY", pinned=True),
        "shoe_id": column.SelectboxColumn(
            titles["shoe_id"],
            options=list(labels),
            format_func=lambda one: labels.get(one, text.SHOE_NAMELESS),
        ),
        "surface": column.SelectboxColumn(
            titles["surface"], options=list(SURFACES), format_func=lambda one: SURFACE_NAMES.get(one, one)
        ),
        "perceived_exertion_0_10": column.NumberColumn(
            titles["perceived_exertion_0_10"], min_value=0, max_value=10, step=0.5
        ),
        "incline_pct": column.NumberColumn(titles["incline_pct"], min_value=-10, max_value=40, step=0.5),
        "is_excluded": column.CheckboxColumn(titles["is_excluded"]),
        "sport": column.SelectboxColumn(
            titles["sport"],
            options=list(sport_names()),
            format_func=lambda one: text.SPORTS.get(one, one),
            required=True,
        ),
        "distance_m": column.NumberColumn(
            f"{titles['distance_m']}, {session.units().distance_unit}", min_value=0, format="%.2f"
        ),
        "time": "Time",
        "pace": "Pace",
        "climb": "Climb",
        "name": column.TextColumn("Title", width="medium"),
        "edited": column.TextColumn("Edited"),
    }


def _for_all(runner: Runner, listed: table.ListedRuns, labels: Mapping[str, str]) -> None:
    """Set one value for every run listed."""
    count = len(listed.rows)
    title = f"One value for all {count} runs listed" if count > 1 else "One value for the run listed"
    with st.expander(title, key="for_all"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            field = st.selectbox(
                "What", OF_ALL, format_func=table.COLUMN_TITLES.__getitem__, key="all_field", width=180
            )
            value = _value(field, labels)
        if value is None:
            return
        changes = {number: {field: value} for number in range(count)}
        try:
            differing = len(
                {edit.record_id for edit in table.typed_edits(listed.rows, changes, session.units())}
            )
        except HeelwiseError as error:
            st.error(text.escape_markdown(str(error)))
            return
        st.caption(f"{differing} of {count} would change.")
        if st.button("Set for all of them", disabled=not differing, key="save_all"):
            _save(runner, listed.rows, changes)


def _value(field: str, labels: Mapping[str, str]) -> Any:
    if field == "perceived_exertion_0_10":
        return st.number_input("Value", 0.0, 10.0, value=None, step=0.5, key="all_effort", width=180)
    options, names = {
        "shoe_id": (list(labels), labels),
        "surface": (list(SURFACES), SURFACE_NAMES),
        "is_excluded": ([True, False], YES_NO),
        "sport": (list(sport_names()), text.SPORTS),
    }[field]
    return st.selectbox(
        "Value",
        options,
        index=None,
        format_func=lambda one: names.get(one, one),
        key=f"all_{field}",
        width=260,
    )


def _save(runner: Runner, rows: Any, changes: Mapping[int, Mapping[str, Any]]) -> None:
    try:
        done = table.save_edits(
            session.store(),
            runner.athlete_id,
            rows,
            changes,
            session.units(),
            edit_history_section.decided_by(),
        )
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    edit_history_section.remember(TABLE_SECTION, done)
    st.rerun()


# A thumb needs 44 px; the names of pairs may take two lines.
STYLE = """<style>
.st-key-which_shoe .stButton button { min-height: 44px; min-width: 44px; }
.st-key-which_shoe .stSelectbox [role="group"] { min-height: 44px; }
</style>"""


def render() -> None:
    """Draw the page."""
    st.title("Runs")
    st.html(STYLE)
    mine = session.runner()
    labels = text.shoe_labels(session.shoe_names())
    if mine is not None:
        if mine.is_demo:
            st.caption("What you change here belongs to the made-up runner and goes when you leave it.")
        edit_history_section.decided_by_picker()
        found = assignment_page.current_review(mine)
        assignment_page.which_shoe_section(mine, found, labels)
        assignment_page.issue_groups_section(mine, found, labels)
        assignment_page.rules_section(mine, labels)
        section.quality_section()
        run_table_section(mine, labels)
    else:
        st.info("There is nothing to show yet. Bring in runs on the Data page, or add one by hand.")
    run_form.add_run_section(mine, labels)
    if mine is not None:
        st.header("Edits")
        edit_history_section.history_section(mine)


if __name__ == "__main__":
    render()
