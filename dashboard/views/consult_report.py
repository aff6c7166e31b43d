"""Consult, report: what was agreed, and the page to take home."""

from __future__ import annotations

from datetime import date

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard import state, visits, words
from dashboard.report import making


def _made(form: str, mine: Runner, paper: str = "a4") -> bytes:
    found, why = state.analysis(), state.why()
    ready = (found, why) if found is not None and why is not None else None
    return making.made(form, state.store(), mine, paper=paper, ready=ready)


def _agreed(mine: Runner) -> None:
    """Take down the next step and the day of review; the next visit opens on them."""
    today = state.today()
    noted = visits.noted(state.store(), mine.athlete_id, today)
    step, review = noted.get(("agreed", None)), noted.get(("review", None))
    with st.form("agreed", border=True):
        note = st.text_area(
            "Agreed next step",
            (step or {}).get("note") or "",
            max_chars=visits.LONGEST_STEP,
            key="agreed_note",
        )
        day = st.date_input(
            "Review on",
            (review or {}).get("on_date"),
            min_value=today,
            format="YYYY-MM-DD",
            key="review_day",
            width=220,
        )
        if st.form_submit_button("Keep", type="primary", key="keep_agreed"):
            store, me = state.store(), mine.athlete_id
            visits.keep(store, me, today, "agreed", note=note)
            visits.keep(store, me, today, "review", on_date=day if isinstance(day, date) else None)
            st.success("Kept. The next visit opens on it.")


def _take_home(mine: Runner) -> None:
    day = state.today()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paper = st.segmented_control(
            "Paper", ["a4", "letter"], default="a4", required=True, format_func=str.upper
        )
        for form, label in (("html", "Save page (HTML)"), ("pdf", "Save PDF")):
            st.download_button(
                label,
                lambda form=form, paper=paper: _made(form, mine, paper or "a4"),
                file_name=making.file_name(form, day),
                mime=making.KINDS[form],
                icon=":material/download:",
                key=f"save_{form}",
            )
    st.header("To paste into a record")
    st.code(_made("text", mine).decode(), language=None, wrap_lines=True)


st.title("Report")
mine = state.runner()
if mine is None:
    st.info("There is nobody here yet. Bring in runs on the Data page.")
else:
    _agreed(mine)
    try:
        _take_home(mine)
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
