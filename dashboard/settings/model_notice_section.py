"""Model 3: what is different, once for each runner whose record is older than it."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from connectors.frames import SYMPTOM
from connectors.store import Runner
from dashboard.model.settings_migration import DIFFERENT
from dashboard.settings import model_changes, model_settings
from dashboard.shared import session, text
from dashboard.shared.recordings_fill import load_version

IN_SHORT = (
    "Your runs and your diary are as they were; what is worked out from them has changed. This is told once."
)
AGAIN = "It stays on the Method page, with every formula."


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _differences(
    folder: str, athlete_id: int, version: Hashable, texts: tuple[tuple[str, str], ...]
) -> list[str]:
    return model_settings.differences(session.store(), athlete_id)


def show(runner: Runner) -> None:
    """Show the notice until it is answered; a record begun with this model, and the made-up one, see nothing."""
    if runner.is_demo:
        return
    store = session.store()
    texts = tuple(sorted(store.settings(runner.athlete_id).items()))
    version = load_version(store, runner.athlete_id, store.version(runner.athlete_id, SYMPTOM))
    sentences = _differences(session.folder_key(), runner.athlete_id, version, texts)
    if not sentences:
        return
    own = [sentence for sentence in sentences if sentence not in DIFFERENT]
    # One line: what a page is opened for stands right below it.
    with st.container(key="model_notice"), st.expander(f"**{model_changes.TITLE}**", type="compact"):
        st.markdown(IN_SHORT)
        st.markdown("\n".join(f"- {text.escape_markdown(sentence)}" for sentence in [*own, *DIFFERENT]))
        st.caption(AGAIN)
        st.button("I have read it", on_click=_seen, args=(runner.athlete_id,), key="model_notice_read")


def _seen(athlete_id: int) -> None:
    model_settings.mark_differences_seen(session.store(), athlete_id)
