"""Consult, the cover: whose screen this is in initials, what is on record, and what changed since the last visit."""

from __future__ import annotations

import streamlit as st

from connectors.plural import count
from dashboard import consult, lead_words, state, visits, words
from dashboard.charts import coverage_strip, since_words
from dashboard.model.since import since
from dashboard.report.page import initials
from dashboard.views import consult_frame, consult_picture, looks


def _since_last(mine_id: int) -> None:
    now, why = state.analysis(), state.why()
    last = visits.before(state.store(), mine_id, state.today())
    if last is None or now is None or why is None:
        return
    st.header(f"Since the last visit, {words.day(last)}")
    changed = since(now, why.flares, last, state.today())
    noted = visits.noted(state.store(), mine_id, last)
    reader = lead_words.Reader(state.units(), state.shoe_names())
    led = lead_words.of_span(now, why, last, state.today(), reader)
    looks.story(since_words.in_words(changed, noted, state.units(), led))


def page() -> None:
    """Lay the cover out."""
    mine = state.runner()
    now = consult_picture.found()
    if mine is None or now is None:
        return
    st.html(looks.STYLE)
    start, end = consult.dates(now, None)
    if mine.is_demo and consult_frame.is_open():  # elsewhere the page's own notice says it
        st.markdown(words.MADE_UP)
    heel = consult.where(state.symptoms())
    looks.story(
        [
            f"{initials(mine.name) or 'Runner'}: the {count((end - start).days // 7 + 1, 'week')} to {words.day(end)}.",
            *([heel] if heel else []),
            f"{words.ESTIMATED} {words.RECORD_AND_DISCUSS}",
        ]
    )
    _since_last(mine.athlete_id)
    st.header("What is on record")
    st.html(coverage_strip.strip(coverage_strip.covered(now, start, end)))
    st.caption(words.SEEK_CARE)


st.title("Consult")
if not consult_frame.is_open():
    st.markdown("For a screen that is shared: large type, light, initials instead of names, and a cover.")
    shown = state.runner()
    st.html(
        f"<a href='{consult.address(shown.athlete_id if shown else None)}' target='_self'><b>Begin the consult</b></a>"
    )
page()
