"""Today: where load stands, what is unusual this fortnight, how far the next long run may go, the last entry."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard.diary import day_pattern_section
from dashboard.flares import lead_text
from dashboard.key_links.section import key_end_notice
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.model.referral import care_reason
from dashboard.shared import coverage, session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.ui import is_narrow
from dashboard.timeline import figure, text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.lanes import lane_titles
from dashboard.today import text as today_text
from dashboard.today.status import current_load

WEEKS = 8


def _weeks(analysis: Analysis) -> tuple[date, date]:
    first, last = date_window.full_range(analysis)
    return max(first, last - timedelta(weeks=WEEKS)), last


def _lately(analysis: Analysis) -> None:
    """Draw the Timeline's lane of load over the last weeks."""
    start, last = _weeks(analysis)
    options = TimelineOptions(session.units(), session.theme(), is_narrow(), ("load",))
    drawn = figure.timeline_figure(
        timeline_data(analysis, session.shoe_names(), start, last, options, session.explanation())
    )
    alt = text.timeline_alt(start, last, [lane_titles()["load"]])
    ui.draw_figure(drawn, key="lately", alt=alt)


def _last_log(analysis: Analysis, explanation: FlareExplanation, today: date) -> None:
    st.header("Last night and this morning")
    ui.paragraphs(
        [
            *today_text.last_log_in_words(session.symptom_rows(), today),
            *day_pattern_section.course_in_words(analysis, explanation, today),
        ]
    )


def render() -> None:
    """Draw the short page."""
    st.title("Today")
    key_end_notice()
    analysis, explanation = session.analysis(), session.explanation()
    if analysis is None or explanation is None or analysis.days.is_empty():
        st.info(
            "There is nothing to show yet. Bring in runs on the Data page, or write a first entry in the Log."
        )
        return
    units, today = session.units(), session.today()
    now = current_load(analysis, today)
    led, named_drivers = lead_text.in_fortnight(
        analysis, explanation, lead_text.Reader(units, session.shoe_names())
    )
    st.html(ui.STYLE)
    ui.paragraphs([*led, *today_text.load_in_words(now)])
    st.html(ui.facts_list(today_text.today_facts(now, units)))
    st.html(coverage.coverage_html(coverage.coverage_parts(analysis, *_weeks(analysis))))
    _lately(analysis)
    st.header("This fortnight")
    ui.paragraphs(
        today_text.unusual_in_words(
            explanation, now, units, int(analysis.settings.before_days), named_drivers
        )
        or [today_text.NO_HABIT]
    )
    st.header("The next long run")
    limit_sentence = today_text.limit_in_words(now, units)
    ui.paragraphs(limit_sentence[:1])
    for source in limit_sentence[1:]:
        st.caption(source)
    _last_log(analysis, explanation, today)
    reason = care_reason(
        analysis.days, analysis.windows, explanation.flares, today, int(analysis.settings.before_days)
    )
    if reason is not None:
        ui.paragraphs([today_text.CARE[reason]])
    ui.page_link("log", label="Write an entry", icon=":material/edit_note:")
    st.caption(f"{shared_text.ESTIMATED} {shared_text.ORDER_ONLY} {shared_text.SEEK_CARE}")


if __name__ == "__main__":
    render()
