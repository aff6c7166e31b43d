"""Today: where load stands, what is unusual this fortnight, how far the next long run may go, the last entry."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.charts import today_words
from dashboard.model.standing import standing
from dashboard.views import looks


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
    st.html(looks.STYLE + looks.facts(today_words.facts(now, units)))
    looks.story(today_words.load(now))
    st.subheader("This fortnight")
    looks.story(
        today_words.unusual(why, now, units, int(found.settings.before_days)) or [today_words.NO_HABIT]
    )
    st.subheader("The next long run")
    said = today_words.limit(now, units)
    looks.story(said[:1])
    for source in said[1:]:
        st.caption(source)
    st.subheader("Last night and this morning")
    looks.story(today_words.last_log(state.symptoms(), today))
    st.page_link("views/log.py", label="Write an entry", icon=":material/edit_note:")
    st.caption(f"{words.ESTIMATED} {words.ORDER_ONLY} {words.SEEK_CARE}")


st.title("Today")
page()
