"""Log: opens on this morning's question; below it the missed days, what happened, and what was written before."""

from __future__ import annotations

import streamlit as st

from connectors.frames import SIDES, SITES, STIFFNESS_BANDS
from connectors.ingest.diary_csv import write_diary
from dashboard.diary import (
    after_run_form,
    deliveries_section,
    earlier_day_section,
    entries,
    morning_form,
    run_to_ask,
)
from dashboard.shared import session, text, ui

MORNING_TAB, AFTER_TAB = "Morning", "After a run"
CORRECTIONS_SECTION, FIRST_TAB = "corrections", "log_first_tab"
STYLE = """<style>
.st-key-when button { min-height: 44px; }
.st-key-large_taps_morning button[data-variant="pills"], .st-key-large_taps_run button[data-variant="pills"] {
  min-height: 52px; min-width: 52px; }
.st-key-fortnight { max-width: 34rem; }
.st-key-fortnight button { min-height: 4.25rem; width: calc((100% - 6 * .25rem) / 7); padding: .25rem 0;
  border-radius: .5rem; justify-content: center; }
.st-key-fortnight button p { font-size: .75rem; line-height: 1.3; white-space: normal; text-align: center; }
.st-key-fortnight button p strong { display: block; }
</style>"""


def _start_own() -> None:
    session.own_runner()


def _diary_table() -> None:
    runner = session.runner()
    rows = entries.latest_entries(session.symptom_rows()) if runner else []
    if runner is None or not rows:
        ui.undo_bar(CORRECTIONS_SECTION)
        st.caption("Nothing has been logged yet.")
        return
    shown = ["date", "side", "site", *entries.SCORES, "morning_stiffness_band", "warmed_up", "note"]
    key = f"entries_{session.form_version(runner)}"
    changes = ui.edited(
        [{**{name: row[name] for name in shown}, "remove": False} for row in rows],
        key,
        "The last symptom entries, newest first",
        disabled=["date", "side"],
        column_config=_columns(),
    )["edited_rows"]
    if st.button("Save corrections", disabled=not changes, key="save_corrections"):
        change = entries.correct_entries(session.store(), runner.athlete_id, rows, changes)
        sentence = f"{len(changes)} entries corrected." if len(changes) != 1 else "1 entry corrected."
        ui.remember_change(CORRECTIONS_SECTION, sentence, change)
        st.rerun()
    ui.undo_bar(CORRECTIONS_SECTION)
    ui.download_button(
        "Download the whole diary as CSV",
        lambda: write_diary(session.symptom_rows()),
        file_name=session.labelled("heelwise_diary.csv"),
        mime="text/csv",
        icon=":material/download:",
        key="download_diary",
    )


def _columns() -> dict:
    def score(title: str, most: int = 10):
        return st.column_config.NumberColumn(title, min_value=0, max_value=most, width="small")

    def chosen(title: str, options: tuple[str, ...], names: dict[str, str]):
        return st.column_config.SelectboxColumn(
            title, options=list(options), format_func=lambda one: names[str(one)], width="small"
        )

    return {
        "date": st.column_config.DateColumn("Date", format="D MMM YYYY"),
        "side": chosen("Heel", SIDES, text.SIDE_NAMES),
        "site": chosen("Where", SITES, text.SITE_NAMES),
        "morning_stiffness_0_10": score("Stiffness"),
        "morning_stiffness_min": score("Minutes", 1440),
        "morning_stiffness_band": chosen("Minutes, as tapped", STIFFNESS_BANDS, text.BANDS),
        "morning_pain_0_10": score("Pain, morning"),
        "pain_start_0_10": score("Pain, start"),
        "pain_during_0_10": score("Pain, during"),
        "pain_after_0_10": score("Pain, after"),
        "warmed_up": st.column_config.CheckboxColumn("Warmed up", width="small"),
        "note": st.column_config.TextColumn("Note", max_chars=2000),
        "remove": st.column_config.CheckboxColumn("Remove", width="small"),
    }


def _below() -> None:
    """What is not needed every day stays closed, and costs nothing until it is opened."""
    ui.page_link(
        "events",
        label="Something happened: race, illness, travel",
        icon=":material/event_note:",
    )
    else_ = st.expander(text.SIGNS, on_change="rerun", key="something_else")
    if else_.open:
        with else_:
            ui.red_flag_questions()
    earlier = st.expander("History and export", on_change="rerun", key="earlier_entries")
    if earlier.open:
        with earlier:
            _diary_table()
            deliveries_section.render()
    runner = session.runner()
    if runner is not None and runner.is_demo:
        st.caption("What you write here belongs to the made-up runner and goes when you leave it.")
        if session.has_real_runners():
            st.caption(session.CHOOSE_IN_MENU)
        else:
            st.button("Start my own log", on_click=_start_own, key="start_own_log")
    st.caption(text.SEEK_CARE)


def _first_tab() -> str:
    """Return what a phone is asked first: a run that has just arrived, else the morning; the same while it is open."""
    if FIRST_TAB not in st.session_state:
        now = session.runner()
        is_asked = now is not None and ui.is_known_narrow() and _run_to_ask(now.athlete_id) is not None
        st.session_state[FIRST_TAB] = AFTER_TAB if is_asked else MORNING_TAB
    return st.session_state[FIRST_TAB]


def _run_to_ask(athlete_id: int) -> str | None:
    runs = run_to_ask.runs_to_ask(session.store(), athlete_id, session.today())
    return run_to_ask.first_run(runs, session.symptom_rows(), session.today())


def render() -> None:
    """Draw the page."""
    now = session.runner()
    st.title(f"Log for {text.escape_markdown(session.name_of(now))}" if now else "Log")
    st.html(STYLE)
    part = ui.choice(
        "What to log",
        (MORNING_TAB, AFTER_TAB),
        "when",
        default=_first_tab(),
        bind="query-params",
        label_visibility="collapsed",
    )
    diary = session.symptom_rows()
    if part == AFTER_TAB:
        after_run_form.after_run_form()
    else:
        morning_form.morning_form(diary)
        morning_form.day_strip(diary)
        earlier_day_section.earlier_day()
    _below()


if __name__ == "__main__":
    render()
