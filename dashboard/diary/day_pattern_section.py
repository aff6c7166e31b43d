"""The 24-hour pattern on a page: the moments of the day side by side, then trend and irritability in words."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard.diary import day_pattern_text as text
from dashboard.model.analysis import Analysis
from dashboard.model.day_pattern import DayPattern, day_pattern
from dashboard.model.explain import FlareExplanation
from dashboard.shared import session, ui

WITHOUT_FLARE_DAYS = 112
"""How far back the most is looked for where no flare is on record: the 16 weeks a consult looks back on."""
STYLE = """<style>
.hw-day {display: grid; gap: .5rem; margin: .25rem 0 .5rem !important; padding: 0 !important;
  grid-template-columns: repeat(auto-fit, minmax(min(8.5rem, 45%), 1fr));}
.hw-day div {border-left: 3px solid currentColor; padding: .1rem .6rem; line-height: 1.3;}
.hw-day dt, .hw-day dd {margin: 0 !important;}
.hw-day .hw-now {font-size: 1.125rem; font-weight: 600;}
</style>"""


def render(level: int = 2, onset: date | None = None) -> None:
    """Draw the pattern since an onset, or since the newest flare."""
    analysis, explanation = session.analysis(), session.explanation()
    if analysis is None or explanation is None:
        return
    today = session.today()
    pattern = pattern_of(analysis, explanation, onset, today)
    st.html(f"{ui.STYLE}{STYLE}<h{level}>{text.TITLE}</h{level}>")
    if not text.is_logged(pattern):
        ui.paragraphs(text.pattern_lines(session.symptom_rows(), (), pattern.since, pattern.until, today))
        return
    st.html(_cells(pattern, today))
    last = text.last_entry(pattern, today)
    ui.paragraphs(
        [
            " ".join(text.trend_sentences(pattern, today)) or text.NO_TREND,
            text.settling_in_words(pattern, today),
            *([last] if last else []),
        ]
    )
    st.caption(text.explained(pattern))


def pattern_of(
    analysis: Analysis, explanation: FlareExplanation, onset: date | None, today: date
) -> DayPattern:
    """Return the pattern of the page's runner up to today."""
    newest = explanation.flares["onset"].max()
    known = onset or (newest if isinstance(newest, date) else None)
    since = known or today - timedelta(days=WITHOUT_FLARE_DAYS - 1)
    run_days = analysis.runs["local_date"].unique().to_list()
    return session.computed(
        "day_pattern",
        lambda: day_pattern(session.symptom_rows(), run_days, min(since, today), today),
        *(since, today),
    )


def course_in_words(analysis: Analysis, explanation: FlareExplanation, today: date) -> list[str]:
    """Return trend and irritability in short sentences; none where no morning and no run was logged lately."""
    pattern = pattern_of(analysis, explanation, None, today)
    if not pattern.run_days:
        return []
    return [*text.trend_sentences(pattern, today, brief=True), text.settling_in_words(pattern, today)]


def _cells(pattern: DayPattern, today: date) -> str:
    cells = [
        f"<div><dt>{escape(one.title)}</dt><dd class='hw-now'>{escape(one.now)}</dd>"
        + "".join(f"<dd>{escape(words)}</dd>" for words in (one.most, one.more) if words)
        + "</div>"
        for one in text.pattern_cells(pattern, today)
    ]
    return f"<dl class='hw-day'>{''.join(cells)}</dl>"
