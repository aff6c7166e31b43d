"""Today: where load stands, what is unusual this fortnight, how far the next long run may go, the last entry."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import lead_words, state, words
from dashboard.charts import coverage_strip, timeline, timeline_words, today_words, window
from dashboard.charts.picture import Look, picture
from dashboard.model.analysis import Analysis
from dashboard.model.care import care
from dashboard.model.standing import standing
from dashboard.views import figures, looks
from dashboard.views.width import is_narrow

WEEKS = 8


def _weeks(found: Analysis) -> tuple[date, date]:
    first, last = window.whole(found)
    return max(first, last - timedelta(weeks=WEEKS)), last


def _lately(found: Analysis) -> None:
    """Draw the Timeline's lane of load over the last weeks."""
    start, last = _weeks(found)
    look = Look(state.units(), state.theme(), is_narrow(), ("load",))
    drawn = timeline.figure(picture(found, state.shoe_names(), start, last, look, state.why()))
    alt = timeline_words.alt(start, last, [words.LANES["load"]])
    figures.draw(drawn, key="lately", alt=alt)


def page() -> None:
    """Lay the short page out."""
    found, why = state.analysis(), state.why()
    if found is None or why is None or found.days.is_empty():
        st.info(
            "There is nothing to show yet. Bring in runs on the Data page, or write a first entry in the Log."
        )
        return
    units, today = state.units(), state.today()
    now = standing(found, today)
    led, told = lead_words.in_fortnight(found, why, lead_words.Reader(units, state.shoe_names()))
    st.html(looks.STYLE)
    looks.story([*led, *today_words.load(now)])
    st.html(looks.facts(today_words.facts(now, units)))
    st.html(coverage_strip.strip(coverage_strip.covered(found, *_weeks(found))))
    _lately(found)
    st.header("This fortnight")
    looks.story(
        today_words.unusual(why, now, units, int(found.settings.before_days), told) or [today_words.NO_HABIT]
    )
    st.header("The next long run")
    said = today_words.limit(now, units)
    looks.story(said[:1])
    for source in said[1:]:
        st.caption(source)
    st.header("Last night and this morning")
    looks.story(today_words.last_log(state.symptoms(), today))
    reason = care(found.days, found.windows, why.flares, today, int(found.settings.before_days))
    if reason is not None:
        looks.story([today_words.CARE[reason]])
    st.page_link("views/log.py", label="Write an entry", icon=":material/edit_note:")
    st.caption(f"{words.ESTIMATED} {words.ORDER_ONLY} {words.SEEK_CARE}")


st.title("Today")
page()
