"""Settings: units, who is on this machine, backup, and forgetting."""

from __future__ import annotations

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard import preferences, state, words
from dashboard.views import keeping, runners


def _set_preferences(mine: Runner) -> None:
    now = state.settings()
    with st.form("preferences"):
        left, right = st.columns(2)
        texts = {
            one.name: one.widget(left if number % 2 == 0 else right, now.get(one.name))
            for number, one in enumerate(preferences.PREFERENCES)
        }
        if st.form_submit_button("Save settings", type="primary", key="save_preferences"):
            try:
                preferences.keep(state.store(), mine.athlete_id, texts)
            except HeelwiseError as error:
                st.error(words.plain(str(error)))
            else:
                st.rerun()


st.title("Settings")
mine = state.runner()
if mine is not None:
    st.header("Units and calendar")
    _set_preferences(mine)
st.header("Runners")
runners.show(mine)
st.header("Backup")
keeping.save()
st.header("Restore")
keeping.bring_back()
st.header("Forget")
keeping.forget_runner(mine)
st.caption(
    f"Everything is kept in {words.plain(str(state.home()))}, on this machine. `heelwise doctor` checks it."
)
