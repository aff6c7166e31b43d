"""After a run: how hard, how the heel felt, which pair. Each answer is saved at once; none is required."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from connectors.edits import Edit
from dashboard.diary import entries, morning_form, text
from dashboard.diary.entries import SymptomEntry
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.undo import record_edits

NOT_YET = "not_yet"
RUN_SECTION = "run"
PAINS = {
    "pain_start_0_10": "Pain in the first minutes, 0–10",
    "pain_during_0_10": "Pain during the rest of the run, 0–10",
    "pain_after_0_10": "Pain within an hour after it, 0–10",
}
WARMED = {True: "Yes", False: "No"}


def _edit(row: dict[str, Any], field: str, key: str) -> None:
    value = st.session_state[key]
    value = float(value) if isinstance(value, int) else value
    change = record_edits(
        session.store(), morning_form.log_runner(), [Edit("activity", row["activity_id"], field, value)]
    )
    ui.remember_change(RUN_SECTION, "Saved.", change, morning_form.MORNING_FORM)


def _save_pain(day: date, column: str, key: str) -> None:
    """Save one answer in the entry of the day of the run; an answer taken back is unknown again."""
    value, rows = st.session_state[key], entries.entries_on(session.symptom_rows(), day)
    value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if len(rows) == 1:
        change = entries.amend_entry(session.store(), rows[0], **{column: value})
    elif value is not None:
        entry = replace(SymptomEntry(day), **{column: value})
        change = entries.save_entry(session.store(), morning_form.log_runner(), entry)
    else:
        ui.forget_change()
        return
    morning_form.remember_entry(change, is_new_form=False)


def _version() -> int:
    return ui.form_version(morning_form.MORNING_FORM)


def _run() -> dict[str, Any] | None:
    """Choose among the last runs; None is a run of today that is not on record yet."""
    today = session.today()
    rows = {
        row["activity_id"]: row
        for row in entries.recent_runs(session.store(), morning_form.log_runner(), today)
    }
    names = {name: text.run_label(row, session.units()) for name, row in rows.items()}
    if not any(row["local_date"] == today for row in rows.values()):
        names[NOT_YET] = "Today, not on record yet"
    chosen = st.pills(
        "Which run",
        list(names),
        default=next(iter(names)),
        required=True,
        format_func=names.__getitem__,
        key="which_run",
    )
    return rows.get(chosen)


def _of_run(row: dict[str, Any]) -> None:
    """Ask what belongs to the session itself."""
    effort, version = row["perceived_exertion_0_10"], _version()
    key = f"effort_{row['activity_id']}_{version}"
    st.session_state.setdefault(key, None if effort is None else round(effort))
    st.pills(
        "How hard was it? 0 is rest, 10 all you had.",
        morning_form.SCALE,
        key=key,
        on_change=_edit,
        args=(row, "perceived_exertion_0_10", key),
    )
    pairs = entries.recent_pairs(session.store(), morning_form.log_runner())
    if row["shoe_id"] not in pairs and (name := session.shoe_names().get(row["shoe_id"] or "")):
        pairs[row["shoe_id"]] = name
    if not pairs:
        return
    worn = f"worn_{row['activity_id']}_{version}"
    st.session_state.setdefault(worn, row["shoe_id"] if row["shoe_id"] in pairs else None)
    st.pills(
        "Which pair",
        list(pairs),
        format_func=lambda one: shared_text.escape_markdown(pairs[one]),
        key=worn,
        on_change=_edit,
        args=(row, "shoe_id", worn),
    )


def _of_heel(day: date) -> None:
    rows = entries.entries_on(session.symptom_rows(), day)
    row = rows[0] if len(rows) == 1 else {}
    for column, label in PAINS.items():
        now = row.get(column)
        _asked(day, column, label, morning_form.SCALE, None if now is None else int(now))
        if column == "pain_start_0_10" and now:
            _asked(day, "warmed_up", "Did it ease as you warmed up?", list(WARMED), row["warmed_up"])


def _asked(day: date, column: str, label: str, options: list, now: Any) -> None:
    key = f"{column}_{day}_{_version()}"
    st.session_state.setdefault(key, now)
    names = WARMED.__getitem__ if column == "warmed_up" else str
    st.pills(label, options, format_func=names, key=key, on_change=_save_pain, args=(day, column, key))


def after_run_form() -> None:
    """Ask what is known once a run is over."""
    with st.container(key="large_taps_run"):
        row = _run()
        day = row["local_date"] if row else session.today()
        if row:
            _of_run(row)
        else:
            st.caption("How hard it was, and the pair, can be said once the run has come in.")
        _of_heel(day)
    ui.undo_bar(RUN_SECTION)
    if morning_form.latest_entry(day) is not None:
        ui.undo_bar(morning_form.ENTRY_SECTION)
    st.caption("Skip what you like. The next morning's entry says which run it follows.")
