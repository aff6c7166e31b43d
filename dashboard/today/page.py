"""Today: one answer in a sentence and a bar, five short ones below it, and the rest behind them."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard.diary import day_pattern_section
from dashboard.flares import lead_text
from dashboard.key_links.section import key_end_notice
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.model.referral import care_reason
from dashboard.plan import service
from dashboard.shared import coverage, half_empty_section, session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.glossary import STEP_UP, USED_TO, glossary_html
from dashboard.timeline import figure, text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.lanes import lane_titles
from dashboard.today import answers
from dashboard.today import text as today_text
from dashboard.today.answers import Answer
from dashboard.today.status import CurrentLoad, current_load

WEEKS = 8
SCALE_END = 2.0
"""Where the bar ends, in load over habit; a load beyond it stands at its end, and the sentence has the number."""
STYLE = """<style>
.hw-answer {font-size: 1.5rem !important; font-weight: 650; margin: 0 !important; padding: .25rem 0 0 !important;
  line-height: 1.25; max-width: 44rem;}
.hw-gauge {position: relative; height: 12px; border-radius: 6px; max-width: 44rem; margin: .7rem 0 1.5rem;
  background: rgba(128,140,152,.22);}
.hw-gauge i {position: absolute; top: 0; bottom: 0; left: 0; border-radius: 6px 0 0 6px;
  background: light-dark(rgba(0,104,166,.22), rgba(95,182,234,.3));}
.hw-gauge b {position: absolute; top: -4px; width: 6px; height: 20px; border-radius: 3px; margin-left: -3px;
  background: currentColor;}
.hw-gauge s {position: absolute; top: 14px; font-size: .75rem; text-decoration: none; transform: translateX(-50%);
  white-space: nowrap; color: light-dark(#566372, #a3afbc);}
.hw-cards {display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(min(14.5rem, 100%), 1fr));}
.hw-card {border: 1px solid rgba(128,140,152,.35); border-radius: .5rem; padding: .6rem .8rem;}
.hw-card h2 {font-size: .875rem !important; font-weight: 600; margin: 0 !important; padding: 0 !important;
  color: light-dark(#566372, #a3afbc);}
.hw-card p {margin: .2rem 0 0 !important; line-height: 1.4;}
.hw-card details {font-size: .8125rem; margin-top: .3rem;}
</style>"""
EMPTY = (
    "How your week stands against what you are used to, what stepped up, this morning's heel and tomorrow's run will "
    "stand here. It needs your runs, or a first morning in the log."
)


def _weeks(analysis: Analysis) -> tuple[date, date]:
    first, last = date_window.full_range(analysis)
    return max(first, last - timedelta(weeks=WEEKS)), last


def _gauge(now: CurrentLoad, threshold: float | None) -> str:
    """Draw where load stands on the way from none to twice habit; the sentences below it hold the same numbers."""
    if now.ratio is None:
        return ""
    at, habit = (f"{100 * min(value, SCALE_END) / SCALE_END:.1f}%" for value in (now.ratio, 1.0))
    edge = f"{100 * min(threshold or 1.0, SCALE_END) / SCALE_END:.1f}%"
    return (
        f"<div class='hw-gauge' aria-hidden='true'><i style='width:{edge}'></i><b style='left:{at}'></b>"
        f"<s style='left:{habit}'>what you are used to</s></div>"
    )


def _card(answer: Answer) -> str:
    words = "".join(f"<p>{escape(sentence)}</p>" for sentence in answer.sentences)
    source = f"<details><summary>Source</summary>{escape(answer.source)}</details>" if answer.source else ""
    return f"<section class='hw-card'><h2>{escape(answer.title)}</h2>{words}{source}</section>"


def _lately(analysis: Analysis, narrow: bool) -> None:
    """Draw the Timeline's lane of load over the last weeks."""
    start, last = _weeks(analysis)
    options = TimelineOptions(session.units(), session.theme(), narrow, ("load",))
    drawn = session.computed(
        "load_lately",
        lambda: figure.timeline_figure(
            timeline_data(analysis, session.shoe_names(), start, last, options, session.explanation())
        ),
        *(start, last, options.units, options.theme, narrow),
    )
    alt = text.timeline_alt(start, last, [lane_titles()["load"]])
    ui.draw_figure(drawn, key="lately", alt=alt)


def _answers(analysis: Analysis, explanation: FlareExplanation, now: CurrentLoad, led: list[str]) -> None:
    """Draw one card for each question of the day."""
    runner, units, today = session.runner(), session.units(), session.today()
    cards = [
        answers.week_answer(analysis, now, units),
        answers.step_up_answer(analysis, explanation, led),
        answers.morning_answer(session.symptom_rows(), today),
    ]
    if runner is not None and not analysis.runs.is_empty():
        until = today + timedelta(days=7)
        projection = session.computed(
            "plan_of_the_week",
            lambda: service.project_plan(session.store(), runner.athlete_id, analysis, until, today),
        )
        cards.append(answers.tomorrow_answer(projection, today, units, session.shoe_names()))
    cards.append(answers.long_run_answer(now, units))
    st.html(f"<div class='hw-cards'>{''.join(map(_card, cards))}</div>")


def _fortnight(
    analysis: Analysis,
    explanation: FlareExplanation,
    now: CurrentLoad,
    led: list[str],
    channels: frozenset[str],
) -> None:
    """Write what else stood out, and how the heel took the last weeks."""
    today = session.today()
    with st.expander("More about this fortnight"):
        before = int(analysis.settings.before_days)
        unknown = shared_text.HABIT_WITHHELD if now.is_withheld else shared_text.HABIT_UNKNOWN
        unusual = today_text.unusual_in_words(explanation, now, session.units(), before, channels)
        ui.paragraphs([*led, *today_text.load_in_words(now)[1:], *(unusual or [unknown])])
        if course := day_pattern_section.course_in_words(analysis, explanation, today):
            ui.paragraphs(course)


def render() -> None:
    """Draw the page."""
    st.title("Today")
    narrow = ui.is_narrow()
    key_end_notice()
    with ui.skeleton("today"):
        analysis, explanation = session.analysis(), session.explanation()
    if analysis is None or explanation is None or analysis.days.is_empty():
        ui.nothing_yet(EMPTY, ui.IMPORT_RUNS, ui.LOG_MORNING)
        return
    today = session.today()
    now = current_load(analysis, today)
    reader = lead_text.Reader(session.units(), session.shoe_names())
    led, channels = lead_text.in_fortnight(analysis, explanation, reader)
    head = f"<p class='hw-answer'>{escape(answers.headline(now))}</p>"
    words = glossary_html(session.units(), USED_TO, STEP_UP)
    st.html(f"{ui.STYLE}{STYLE}{words}{head}{_gauge(now, now.threshold)}")
    reason = care_reason(
        analysis.days, analysis.windows, explanation.flares, today, int(analysis.settings.before_days)
    )
    if reason is not None:
        ui.paragraphs([today_text.CARE[reason]])
    if analysis.runs.is_empty():
        half_empty_section.beside_running(analysis)
    _answers(analysis, explanation, now, led)
    ui.page_link("log", label="Write an entry", icon=":material/edit_note:")
    if not analysis.runs.is_empty():
        half_empty_section.beside_running(analysis)
    _lately(analysis, narrow)
    _fortnight(analysis, explanation, now, led, channels)
    st.html(coverage.coverage_html(coverage.coverage_parts(analysis, *_weeks(analysis))))
    st.caption(f"{shared_text.ESTIMATED} {shared_text.ORDER_ONLY} {shared_text.SEEK_CARE}")


if __name__ == "__main__":
    render()
