"""One day beside the picture: symptoms, runs with their shoes, events, and a place for a note."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard.diary import entries, events
from dashboard.diary import text as diary_text
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.shared import session, state_text, text, ui
from dashboard.timeline import text as timeline_text

DAY_KEY, FIELD_KEY, NOTE_SECTION = "day", "day_looked_at", "day_note"
NO_ENTRY = "No symptoms logged on this day."
# Beside the picture where there is room; on a phone a sheet over its lower half, above the bar of doors.
STYLE = """<style>
.st-key-picture_row { flex-wrap: nowrap; align-items: flex-start; gap: 1rem; }
.st-key-picture_row > :first-child { flex: 1 1 auto; min-width: 0; }
.st-key-picture_row > :has(.st-key-day_panel) { flex: 0 0 21rem; width: 21rem; position: sticky; top: 4rem; }
.st-key-day_panel { max-height: calc(100vh - 5rem); overflow-y: auto; gap: .6rem; }
.hw-day { margin: 0 !important; font-size: 1.0625rem !important; padding: 0 !important; }
@media (max-width: 900px) {
  .st-key-picture_row > :has(.st-key-day_panel) { position: fixed; left: 0; right: 0; bottom: 0; top: auto; width: 100%;
    z-index: 999; }
  .st-key-day_panel { max-height: 58vh; background: light-dark(#ffffff, #11161c); padding: .75rem 1rem;
    border-top: 1px solid rgba(128,140,152,.5); box-shadow: 0 -4px 16px rgba(0,0,0,.18); }
  .st-key-day_panel button { min-height: 44px; min-width: 44px; }
}
@media (max-width: 640px) { .st-key-day_panel { padding-bottom: 5rem; } }
</style>"""


def is_open() -> bool:
    """Return whether a day is looked at: tapped, or named in the address."""
    return DAY_KEY in st.query_params


def open_day(day: date) -> None:
    """Look at a day; it stands in the address."""
    st.query_params[DAY_KEY] = str(day)


def _typed() -> None:
    if isinstance(st.session_state[FIELD_KEY], date):
        open_day(st.session_state[FIELD_KEY])


def _looked_at(first: date, last: date) -> date:
    """Return the day of the address, inside the record; the last one where it names none."""
    try:
        asked = date.fromisoformat(st.query_params.get(DAY_KEY, ""))
    except ValueError:
        return last
    return min(max(asked, first), last)


def close_day() -> None:
    """Look at no day any more."""
    st.query_params.pop(DAY_KEY, None)


def day_panel(analysis: Analysis, step_days: int) -> None:
    """Draw the day that is looked at."""
    st.html(ui.STYLE + STYLE)
    first, last = date_window.full_range(analysis)
    with st.container(key="day_panel"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            day = st.session_state[FIELD_KEY] = _looked_at(first, last)
            st.date_input(
                "Day" if step_days == 1 else "7 days to",
                min_value=first,
                max_value=last,
                key=FIELD_KEY,
                on_change=_typed,
                format="YYYY-MM-DD",
                width=140,
            )
            _step("‹", "Earlier day", day, -step_days, first, last)
            _step("›", "Later day", day, step_days, first, last)
            st.button("✕", key="day_close", help="Close the day", type="tertiary", on_click=close_day)
        st.html(f"<h2 class='hw-day'>{escape(text.day_in_words(day))}</h2>")
        _symptoms(day)
        _runs(analysis, day, step_days)
        _events(day)
        _context(analysis, day)


def _step(sign: str, name: str, day: date, days: int, first: date, last: date) -> None:
    there = day + timedelta(days=days)
    shortcut = "Left" if days < 0 else "Right"
    st.button(
        sign,
        key=f"day_{shortcut.lower()}",
        help=name,
        disabled=not first <= there <= last,
        on_click=open_day,
        args=(there,),
        shortcut=shortcut,
    )


def _symptoms(day: date) -> None:
    rows = entries.entries_on(session.symptom_rows(), day)
    ui.paragraphs([f"Symptoms: {diary_text.entry_in_words(row)}." for row in rows] or [NO_ENTRY])


def _runs(analysis: Analysis, day: date, step_days: int) -> None:
    runs = timeline_text.day_runs_in_words(
        analysis.every_run, day, session.units(), session.shoe_names(), step_days, analysis.first_runs
    )
    if not runs:
        st.markdown(timeline_text.no_run_in_words(timeline_text.is_day_known(analysis.days, day), day))
    for run in runs:
        with st.container(border=True):
            st.html(f"<p class='hw-run'>{escape(run.title)}</p>{ui.facts_list(run.facts)}")
            if run.sentences:
                with st.expander("What made up the load", type="compact"):
                    st.html(ui.card_paragraphs(run.sentences))
            if run.url:
                st.markdown(f"[**{text.VIEW_ON_STRAVA}**]({run.url})")


def _events(day: date) -> None:
    for row in diary_text.events_in_view(session.events(), day, day):
        st.text(f"◆ {diary_text.event_in_words(row)}")
    runner = session.runner()
    if runner is not None:
        st.text_input(
            "Add a note",
            key=f"note_{day}_{ui.form_version(NOTE_SECTION)}",
            max_chars=2000,
            placeholder="new job, long drive, cold …",
            on_change=_save_note,
            args=(runner.athlete_id, day, ui.form_version(NOTE_SECTION)),
        )
        ui.undo_bar(NOTE_SECTION)


def _save_note(athlete_id: int, day: date, version: int) -> None:
    """Store what was typed as an event of the day and of the runner that were drawn."""
    note = st.session_state[f"note_{day}_{version}"].strip()
    if note:
        change = events.save_event(session.store(), athlete_id, "other", day, None, note)
        ui.remember_change(NOTE_SECTION, f"Note of {text.day_in_words(day)} saved.", change)
        ui.reset_form(NOTE_SECTION)


def _context(analysis: Analysis, day: date) -> None:
    """Describe the window or flare the day lies in, and where load stood against habit."""
    explanation = session.explanation()
    sentences = timeline_text.day_in_words(explanation, analysis.windows, day) if explanation else []
    sentences += state_text.on_day(analysis, day)
    ui.paragraphs([*sentences, *state_text.beside_habit(analysis, day, session.units())])
