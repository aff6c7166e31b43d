"""What every page says of rows that are not as they were written, with the ways out of it."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard.shared import session, text, ui
from dashboard.shared.unverified import unverified_sentence


def notice(runner: Runner) -> None:
    """Warn above a page that rows do not verify, with the ways out of it."""
    rows = session.machine_store().unverified(runner.athlete_id)
    if not rows:
        return
    st.warning(
        f"{text.escape_markdown(unverified_sentence(rows))} Nothing is written to these tables until that is settled; "
        "everything else goes on.",
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        ui.page_link(
            "settings/page.py", label="Restore from backup", icon=":material/restore:", runner=runner
        )
        st.button(
            "There is no backup: keep it as it is",
            key="accept_as_it_is",
            on_click=session.machine_store().accept_as_it_is,
            args=(runner.athlete_id,),
        )
