"""The latest runs in a table: shoe, surface, incline, effort, distance, sport, leave out; one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import SURFACES
from connectors.plural import count
from connectors.sports import sport_names
from connectors.store import Runner
from dashboard.model.date_window import last_days
from dashboard.runs import run_form, table
from dashboard.runs.quality import section
from dashboard.runs.text import contact_words, feel_words, impact_words
from dashboard.shared import edit_history_section, half_empty_section, session, text, ui
from dashboard.shared.text import SURFACE_NAMES, YES_NO, duration_words
from dashboard.shoes import assignment_page

TABLE_SECTION = "run_table"
PERIODS = {"4 weeks": 28, "3 months": 91, "1 year": 365, "Own dates": None}
OF_ALL = ("shoe_id", "surface", "perceived_exertion_0_10", "is_excluded", "sport")
NOTHING = (
    "Your runs, what looks odd in them and every edit will stand here. Import your runs, or add one by hand."
)


def run_table_section(runner: Runner, labels: Mapping[str, str]) -> None:
    """Show the table and save what was typed."""
    st.header("The latest runs")
    ui.undo_bar(TABLE_SECTION)
    reach = table.date_range(session.store(), runner.athlete_id)
    if reach is None:
        half_empty_section.missing("There is no run yet.", ui.IMPORT_RUNS)
        return
    first, last, kind = _choose(*reach)
    listed = table.list_runs(session.store(), runner.athlete_id, first, last, kind)
    if not listed.rows:
        st.caption("No run of this choice.")
        return
    _table(runner, listed, labels, f"{first}_{last}_{kind}")
    if listed.more:
        st.caption(
            f"{count(listed.more, 'older run')} of this choice {'is' if listed.more == 1 else 'are'} not listed; "
            "choose an earlier period to see more."
        )
    _for_all(runner, listed, labels)


def _choose(earliest: date, latest: date) -> tuple[date, date, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = ui.choice("Back from the last one", list(PERIODS), "runs_period")
        kind = ui.choice("Which", table.COLUMN_KINDS, "runs_kind")
        days = PERIODS[period]
        if days is not None:
            return *last_days(earliest, latest, days), kind
        start, _ = last_days(earliest, latest, PERIODS["4 weeks"])
        chosen = st.date_input("Dates", (start, latest), format="YYYY-MM-DD", key="runs_dates", width=240)
    first, last = chosen if isinstance(chosen, tuple) and len(chosen) == 2 else (start, latest)
    return first, last, kind


def _table(runner: Runner, listed: table.ListedRuns, labels: Mapping[str, str], choice: str) -> None:
    units = session.units()
    key = f"runs_{session.form_version(runner)}_{choice}"
    changes = ui.edited(
        [_shown(row) for row in listed.rows],
        key,
        "The latest runs, newest first, and what may be said of each",
        disabled=["local_date", "name", "time", "pace", "climb", "feel", "contact", "impact", "edited"],
        column_config=_columns(labels, listed.rows),
    )["edited_rows"]
    label = f"Save {count(len(changes), 'run')}" if changes else "Save"
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
        "feel": feel_words(row["feel_0_100"]),
        "contact": contact_words(row["contact_left_pct"]),
        "impact": impact_words(row["impact_m"]),
        "name": session.title_of(row["name"]),
        "edited": ", ".join(table.COLUMN_TITLES.get(field, field.replace("_", " ")) for field in fields)
        or None,
    }


def _columns(labels: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
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
        "feel": "Felt" if any(row["feel_0_100"] is not None for row in rows) else None,
        "contact": "Contact L/R" if any(row["contact_left_pct"] is not None for row in rows) else None,
        "impact": "Impact (Garmin)" if any(row["impact_m"] is not None for row in rows) else None,
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
        change = table.save_edits(
            session.store(),
            runner.athlete_id,
            rows,
            changes,
            session.units(),
            ui.decided_by(),
        )
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    ui.remember_change(TABLE_SECTION, None, change)
    st.rerun()


# A thumb needs 44 px; the names of pairs may take two lines.
STYLE = """<style>
.st-key-which_shoe .stButton button { min-height: 44px; min-width: 44px; }
.hw-parts { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.hw-parts a { color: inherit !important; display: inline-flex; align-items: center; min-height: 44px; }
.st-key-which_shoe .stSelectbox [role="group"] { min-height: 44px; }
</style>"""


def _parts(waiting: str) -> None:
    """Link to the parts of a long page: the runs stand first, what waits for an answer below them."""
    links = {
        "the-latest-runs": "Runs",
        "which-shoe": f"Which shoe? ({waiting} of late)",
        "data-quality": "What looks odd",
        "add-a-run-by-hand": "Add a run",
        "edits": "Edits",
    }
    row = " ".join(f"<a href='#{anchor}'>{escape(title)}</a>" for anchor, title in links.items())
    st.html(f"<nav class='hw-parts' aria-label='Parts of this page'>{row}</nav>")


def render() -> None:
    """Draw the page."""
    st.title("Runs")
    st.html(STYLE)
    runner = session.runner()
    labels = text.shoe_labels(session.shoe_names())
    if runner is not None:
        if runner.is_demo:
            st.caption("What you change here belongs to the made-up runner and goes when you leave it.")
        review = assignment_page.current_review(runner)
        _parts(count(len(review.waiting), "run"))
        ui.decided_by_picker()
        run_table_section(runner, labels)
        assignment_page.which_shoe_section(runner, review, labels)
        assignment_page.issue_groups_section(runner, review, labels)
        assignment_page.rules_section(runner, labels)
        section.quality_section()
    else:
        ui.nothing_yet(NOTHING, ui.IMPORT_RUNS)
    run_form.add_run_section(runner, labels)
    if runner is not None:
        st.header("Edits")
        edit_history_section.history_section(runner)


if __name__ == "__main__":
    render()
