"""Log: this morning's entry in a few taps, and the last entries to correct."""

from __future__ import annotations

from datetime import date

import streamlit as st

from connectors.frames import SIDES, SITES
from dashboard import entries, state, words
from dashboard.entries import Entry, Kept

SCALE = list(range(11))
MINUTES = [0, 5, 10, 15, 30, 45, 60, 90]
SIDE_NAMES = {"left": "Left", "right": "Right", "both": "Both"}
SITE_NAMES = {"midportion": "Mid-tendon", "insertion": "At the heel", "other": "Elsewhere"}
UNDO = "log_undo"
ROUND = "log_round"  # a new round empties the form without touching what is half made elsewhere


def _keep(entry: Entry) -> None:
    kept = entries.keep(state.store(), state.logging_runner().athlete_id, entry)
    st.session_state[UNDO] = (entry.date, kept)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _start_own() -> None:
    state.look_at(state.own_runner())


def _undo(kept: Kept) -> None:
    entries.undo(state.store(), state.logging_runner().athlete_id, kept)
    st.session_state.pop(UNDO, None)


def _saved() -> None:
    if UNDO not in st.session_state:
        return
    day, kept = st.session_state[UNDO]
    done = {"new": "Saved", "updated": "Updated", "unchanged": "Already there"}[kept.what]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{done}: {words.day(day)}.")
        st.button("Undo", on_click=_undo, args=(kept,), key="undo_entry")


def _form(day: date) -> None:
    turn = st.session_state.get(ROUND, 0)
    with st.container(key="large_taps"), st.form(f"entry_{turn}", border=True):
        st.caption("Leave open what you do not know. 0 is none, 10 is the worst you can think of.")
        stiffness = st.pills("Morning stiffness, 0–10", SCALE, key=f"stiffness_{turn}")
        minutes = st.pills("Minutes until it eased", MINUTES, key=f"minutes_{turn}")
        morning = st.pills("Pain this morning, 0–10", SCALE, key=f"morning_{turn}")
        during = st.pills("Pain during the run, 0–10", SCALE, key=f"during_{turn}")
        after = st.pills("Pain after the run, 0–10", SCALE, key=f"after_{turn}")
        side = st.pills("Which heel", SIDES, format_func=SIDE_NAMES.__getitem__, key=f"side_{turn}")
        site = st.pills("Where", SITES, format_func=SITE_NAMES.__getitem__, key=f"site_{turn}")
        note = st.text_area("Note", key=f"note_{turn}", max_chars=2000, height=80)
        if not st.form_submit_button("Save", type="primary", key=f"save_{turn}"):
            return
    scores = [
        None if score is None else float(score) for score in (stiffness, minutes, morning, during, after)
    ]
    if all(score is None for score in scores) and not note.strip():
        st.warning(
            "Nothing was chosen, so nothing was saved. “None today” says that there is nothing to report."
        )
        return
    _keep(Entry(day, side, site, *scores, note=note.strip() or None))
    st.rerun()


def _table() -> None:
    mine = state.runner()
    rows = entries.latest(state.store(), mine.athlete_id) if mine else []
    if not rows:
        st.caption("Nothing has been logged yet.")
        return
    shown = ["date", "side", "site", *entries.SCORES, "note"]
    version = state.store().version(mine.athlete_id) if mine else 0
    key = f"entries_{version}"
    st.data_editor(
        [{**{name: row[name] for name in shown}, "remove": False} for row in rows],
        key=key,
        hide_index=True,
        disabled=["date", "side"],
        column_config=_columns(),
        placeholder="–",
        alt="The last symptom entries, newest first",
    )
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    if st.button("Save corrections", disabled=not edited, key="save_corrections"):
        changes = {int(number): change for number, change in edited.items()}
        done = entries.correct(state.store(), mine.athlete_id if mine else 0, rows, changes)
        st.toast(f"{done} entries corrected." if done != 1 else "1 entry corrected.")
        st.rerun()


def _columns() -> dict:
    def score(title: str, most: int = 10):
        return st.column_config.NumberColumn(title, min_value=0, max_value=most, width="small")

    return {
        "date": st.column_config.DateColumn("Date", format="D MMM YYYY"),
        "side": st.column_config.SelectboxColumn(
            "Heel", options=list(SIDES), format_func=lambda side: SIDE_NAMES[str(side)], width="small"
        ),
        "site": st.column_config.SelectboxColumn(
            "Where", options=list(SITES), format_func=lambda site: SITE_NAMES[str(site)]
        ),
        "morning_stiffness_0_10": score("Stiffness"),
        "morning_stiffness_min": score("Minutes", 1440),
        "morning_pain_0_10": score("Pain, morning"),
        "pain_during_0_10": score("Pain, during"),
        "pain_after_0_10": score("Pain, after"),
        "note": st.column_config.TextColumn("Note", max_chars=2000),
        "remove": st.column_config.CheckboxColumn("Remove", width="small"),
    }


st.title("Log")
mine = state.runner()
if mine is not None and mine.is_demo:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("What you write here belongs to the made-up runner and goes when you leave it.")
        st.button("Start my own log", on_click=_start_own, key="start_own_log")
today = state.today()
chosen = st.date_input("Date", value=today, max_value=today, format="YYYY-MM-DD", key="log_date", width=220)
chosen_day = chosen if isinstance(chosen, date) else today
st.button(
    "None today" if chosen_day == today else "None that day",
    icon=":material/check:",
    on_click=_keep,
    args=(entries.none_on(chosen_day),),
    key="none_today",
    help="No stiffness and no pain: stores zeros, which is not the same as an empty day.",
)
_saved()
_form(chosen_day)
st.subheader("Last entries")
_table()
st.caption(words.SEEK_CARE)
