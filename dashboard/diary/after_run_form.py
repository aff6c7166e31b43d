"""After a run: how hard, how the heel felt, which pair. Each answer is saved at once; none is required."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from connectors.edits import Edit
from dashboard.diary import entries, morning_form, text
from dashboard.diary.entries import SymptomEntry
from dashboard.diary.questions import Question, checked_answer, questions_of
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.undo import record_edits

NOT_YET = "not_yet"
RUN_SECTION = "run"


def _edit(row: dict[str, Any], field: str, key: str) -> None:
    value = st.session_state[key]
    value = value if field == "shoe_id" else checked_answer(field, value)
    change = record_edits(
        session.store(), morning_form.log_runner(), [Edit("activity", row["activity_id"], field, value)]
    )
    ui.remember_change(RUN_SECTION, "Saved.", change, morning_form.MORNING_FORM)


def _save_pain(day: date, column: str, key: str) -> None:
    """Save one answer in the entry of the day of the run; an answer taken back is unknown again."""
    value = checked_answer(column, st.session_state[key])
    rows = entries.entries_on(session.symptom_rows(), day)
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
        names[NOT_YET] = text.NOT_ON_RECORD
    chosen = st.pills(
        text.WHICH_RUN,
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
    hard, pair = questions_of("run")
    st.pills(
        hard.label,
        hard.options,
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
        pair.label,
        list(pairs),
        format_func=lambda one: shared_text.escape_markdown(pairs[one]),
        key=worn,
        on_change=_edit,
        args=(row, "shoe_id", worn),
    )


def _of_heel(day: date) -> None:
    rows = entries.entries_on(session.symptom_rows(), day)
    row = rows[0] if len(rows) == 1 else {}
    for one in questions_of("heel"):
        if one.follows is None or row.get(one.follows):
            _asked(day, one, row.get(one.field))


def _asked(day: date, one: Question, now: Any) -> None:
    key = f"{one.field}_{day}_{_version()}"
    st.session_state.setdefault(key, int(now) if isinstance(now, float) else now)
    st.pills(
        one.label,
        one.options,
        format_func=one.name_of,
        key=key,
        on_change=_save_pain,
        args=(day, one.field, key),
    )


def after_run_form() -> None:
    """Ask what is known once a run is over."""
    with st.container(key="large_taps_run"):
        row = _run()
        day = row["local_date"] if row else session.today()
        if row:
            _of_run(row)
        else:
            st.caption(text.ONCE_ON_RECORD)
        _of_heel(day)
    ui.undo_bar(RUN_SECTION)
    if morning_form.latest_entry(day) is not None:
        ui.undo_bar(morning_form.ENTRY_SECTION)
    st.caption(text.SKIP)
