"""Start: what an empty store shows instead of empty charts."""

from __future__ import annotations

import streamlit as st

from dashboard.key_links.section import roads
from dashboard.shared import session, text, ui


def render() -> None:
    """Draw the page."""
    st.title("Start with your own runs")
    st.markdown("Which road fits you? The first three bring tomorrow's run by themselves.")
    roads()
    st.markdown(
        """
Your history from Strava without a subscription:

1. On strava.com, open *Settings → My Account → Download or Delete Your Account → Get Started → Request Your
   Archive*. Nothing is deleted; Strava sends a link by e-mail, usually within hours.
2. Download the ZIP. There is no need to unpack it.
3. Drop it on the Data page. FIT, GPX and TCX files and a diary CSV go there too.

You can start the symptom log today, before any run is here.
"""
    )
    with st.container(horizontal=True):
        ui.page_link("data", label="Bring in runs", icon=":material/upload_file:")
        ui.page_link("log", label="Write today's entry", icon=":material/edit_note:")
        st.button("Show the made-up runner again", on_click=session.bring_back_demo, type="tertiary")
    st.caption(
        f"Everything stays in {text.escape_markdown(str(session.home()))}, on this machine. {text.RECORD_AND_DISCUSS}"
    )


if __name__ == "__main__":
    render()
