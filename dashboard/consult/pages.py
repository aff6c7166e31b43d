"""Consult, the cover: whose screen this is in initials, what is on record, and what changed since the last visit."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.frames import OPINIONS
from connectors.plural import count
from connectors.store import Runner
from dashboard.consult import next_visit_section, picture
from dashboard.consult import since_last_visit as consult_since_last_visit
from dashboard.flares import cards, lead_text
from dashboard.shared import consult_mode, coverage, session, text, ui, visits
from dashboard.shared.text import initials
from dashboard.timeline import lanes
from dashboard.timeline import text as timeline_text


def page() -> None:
    """Draw the cover."""
    runner = session.runner()
    analysis = picture.analysis_or_notice()
    if runner is None or analysis is None:
        return
    st.html(ui.STYLE)
    start, end = consult_mode.consult_dates(analysis, None)
    if runner.is_demo and session.is_open():  # elsewhere the page's own notice says it
        st.markdown(text.MADE_UP)
    heel = consult_mode.heel_in_words(session.symptom_rows())
    ui.paragraphs(
        [
            f"{initials(runner.name) or 'Runner'}: the {count((end - start).days // 7 + 1, 'week')} to "
            f"{text.day_in_words(end)}.",
            *([heel] if heel else []),
            f"{text.ESTIMATED} {text.RECORD_AND_DISCUSS}",
        ]
    )
    next_visit_section.render(runner.athlete_id)
    st.header("What is on record")
    st.html(coverage.coverage_html(coverage.coverage_parts(analysis, start, end)))
    st.caption(text.SEEK_CARE)


def cover() -> None:
    """Draw the page."""
    st.title("Consult")
    if not session.is_open():
        st.markdown("For a screen that is shared: large type, light, initials instead of names, and a cover.")
        shown = session.runner()
        st.html(
            f"<a href='{consult_mode.consult_address(shown.athlete_id if shown else None)}' "
            "target='_self'><b>Begin the consult</b></a>"
        )
    page()


OPINION_NAMES = {"likely": "Likely", "possible": "Possible", "no": "No"}


def _save_opinion(runner: Runner, channel: str) -> None:
    opinion, note = (st.session_state.get(f"{kind}_{channel}") for kind in ("opinion", "note"))
    visits.save_note(
        session.store(), runner.athlete_id, session.today(), "driver", channel, opinion=opinion, note=note
    )


def _change_row(
    runner: Runner,
    row: consult_since_last_visit.FirstChange,
    noted: dict[tuple[str, str | None], dict[str, Any]],
) -> None:
    before = noted.get(("driver", row.channel), {})
    with st.container(border=True, key=f"first_{row.channel}"):
        left, right = st.columns([3, 2])
        left.html(ui.card_heading(row.title, level=2) + ui.card_paragraphs(row.sentences))
        with right:
            st.pills(
                "Physical therapist's opinion",
                list(OPINIONS),
                default=before.get("opinion"),
                format_func=OPINION_NAMES.__getitem__,
                key=f"opinion_{row.channel}",
                on_change=_save_opinion,
                args=(runner, row.channel),
            )
            st.text_input(
                "Note",
                before.get("note") or "",
                max_chars=500,
                key=f"note_{row.channel}",
                on_change=_save_opinion,
                args=(runner, row.channel),
            )


def changed_first() -> None:
    """Draw the table: at most six rows, the furthest out first."""
    st.title("What changed first")
    runner, analysis, explanation = session.runner(), picture.analysis_or_notice(), session.explanation()
    if runner is None or analysis is None or explanation is None:
        return
    st.html(ui.STYLE)
    picture.choose_onset()
    onset = picture.chosen_onset()
    rows = consult_since_last_visit.first_change_rows(analysis, explanation, onset, session.units())
    reader = lead_text.Reader(session.units(), session.shoe_names())
    ui.paragraphs(
        [
            *consult_since_last_visit.leading(analysis, explanation, onset, reader),
            consult_since_last_visit.first_changes_in_words(onset, rows),
        ]
    )
    noted = visits.visit_notes(session.store(), runner.athlete_id, session.today())
    for row in rows:
        _change_row(runner, row, noted)
    st.caption(text.ORDER_ONLY)


def symptoms() -> None:
    """Draw the page."""
    st.title("Symptoms")
    analysis = picture.analysis_or_notice()
    if analysis is not None:
        st.html(ui.STYLE)
        start, end = picture.choose_window(analysis)
        picture.draw_lanes(analysis, start, end, ["symptoms"], "consult_symptoms")
        picture.choose_onset()
        explanation = session.explanation()
        if explanation is not None:
            ui.paragraphs([cards.flares_summary(explanation, analysis)])


def timeline() -> None:
    """Draw the page."""
    st.title("Timeline")
    analysis = picture.analysis_or_notice()
    if analysis is not None:
        st.html(ui.STYLE)
        start, end = picture.choose_window(analysis)
        ui.paragraphs(
            timeline_text.timeline_in_words(
                analysis, start, end, session.units(), session.explanation(), session.shoe_names()
            )
        )
        shown = lanes.available_ids(analysis, session.strength())
        picture.draw_lanes(analysis, start, end, shown, "consult_timeline")
        picture.choose_onset()
        st.caption(f"{text.ESTIMATED} {text.ORDER_ONLY}")
