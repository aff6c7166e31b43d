"""Consult, what changed first: channels by how unusual they were before the onset, with the PT's opinion of each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.frames import OPINIONS
from connectors.store import Runner
from dashboard import lead_words, state, visits, words
from dashboard.charts import first_changes
from dashboard.views import consult_picture, looks

NAMES = {"likely": "Likely", "possible": "Possible", "no": "No"}


def _keep(mine: Runner, channel: str) -> None:
    opinion, note = (st.session_state.get(f"{kind}_{channel}") for kind in ("opinion", "note"))
    visits.keep(state.store(), mine.athlete_id, state.today(), "driver", channel, opinion=opinion, note=note)


def _row(
    mine: Runner, row: first_changes.FirstChange, noted: dict[tuple[str, str | None], dict[str, Any]]
) -> None:
    before = noted.get(("driver", row.channel), {})
    with st.container(border=True, key=f"first_{row.channel}"):
        said, asked = st.columns([3, 2])
        said.html(looks.heading(row.title, level=2) + looks.paragraphs(row.sentences))
        with asked:
            st.pills(
                "PT's opinion",
                list(OPINIONS),
                default=before.get("opinion"),
                format_func=NAMES.__getitem__,
                key=f"opinion_{row.channel}",
                on_change=_keep,
                args=(mine, row.channel),
            )
            st.text_input(
                "Note",
                before.get("note") or "",
                max_chars=500,
                key=f"note_{row.channel}",
                on_change=_keep,
                args=(mine, row.channel),
            )


def page() -> None:
    """Lay the table out: at most six rows, the furthest out first."""
    mine, found, why = state.runner(), consult_picture.found(), state.why()
    if mine is None or found is None or why is None:
        return
    st.html(looks.STYLE)
    consult_picture.choose_onset()
    onset = consult_picture.onset()
    rows = first_changes.rows(found, why, onset, state.units())
    reader = lead_words.Reader(state.units(), state.shoe_names())
    looks.story([*first_changes.leading(found, why, onset, reader), first_changes.summary(onset, rows)])
    noted = visits.noted(state.store(), mine.athlete_id, state.today())
    for row in rows:
        _row(mine, row, noted)
    st.caption(words.ORDER_ONLY)


st.title("What changed first")
page()
