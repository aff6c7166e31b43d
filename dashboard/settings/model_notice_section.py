"""Model 3: what is different, once for each runner whose record is older than it."""

from __future__ import annotations

import streamlit as st

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import Runner
from dashboard.model.settings_migration import DIFFERENT
from dashboard.settings import model_changes, model_settings
from dashboard.shared import session, text

IN_SHORT = (
    "Your runs and your diary are as they were; what is worked out from them has changed. This is told once."
)
READ = "Read what is different"
AGAIN = "It stays on the Method page, with every formula."


@st.cache_resource(max_entries=32, show_spinner=False)
def _differences(folder: str, athlete_id: int, version: int, texts: tuple[tuple[str, str], ...]) -> list[str]:
    return model_settings.differences(session.store(), athlete_id)


def show(runner: Runner) -> None:
    """Show the notice until it is answered; a record begun with this model, and the made-up one, see nothing."""
    if runner.is_demo:
        return
    store = session.store()
    texts = tuple(sorted(store.settings(runner.athlete_id).items()))
    version = store.version(runner.athlete_id, ACTIVITY, SYMPTOM)
    sentences = _differences(session.folder_key(), runner.athlete_id, version, texts)
    if not sentences:
        return
    with st.container(border=True, key="model_notice"):
        st.markdown(f"**{model_changes.TITLE}**  \n{IN_SHORT}")
        own = [sentence for sentence in sentences if sentence not in DIFFERENT]
        if own:
            st.markdown("\n".join(f"- {text.escape_markdown(sentence)}" for sentence in own))
        with st.expander(READ):
            st.markdown("\n".join(f"- {sentence}" for sentence in DIFFERENT))
            st.caption(AGAIN)
        st.button("I have read it", on_click=_seen, args=(runner.athlete_id,), key="model_notice_read")


def _seen(athlete_id: int) -> None:
    model_settings.mark_differences_seen(session.store(), athlete_id)
