"""Timeline: load, symptoms and everything that changed, on one clock."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from connectors.source import SOURCES
from dashboard.diary import statements_text, written_section
from dashboard.diary import text as diary_text
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.shared import coverage, session, state_text, text, ui
from dashboard.shared.ui import is_narrow
from dashboard.shared.window_section import choose_window
from dashboard.timeline import figure, lanes
from dashboard.timeline import table as timeline_table
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data

SEEN_KEY = "timeline_seen"
OPEN_SENTENCES = 2
MORE_IN_WORDS = "More in words"
STYLE = """<style>
.hw-facts {display: grid; gap: .35rem 1.5rem; margin: 0 !important; padding: 0 !important; list-style: none;
  grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 45%), 1fr));}
.hw-facts div {line-height: 1.3; font-size: .875rem; margin: 0 !important; padding: 0 !important;}
.hw-facts dt {font-weight: 400; margin: 0 !important;}
.hw-facts dd {display: block; font-size: 1.0625rem; font-weight: 600; margin: 0 !important;}
.hw-run {margin: 0 0 .5rem !important; font-weight: 600; font-size: 1.0625rem; overflow-wrap: anywhere;}
.hw-said {margin: .35rem 0 0 !important; line-height: 1.45; overflow-wrap: anywhere; max-width: 60rem;}
.hw-story {margin: .25rem 0 0 !important; line-height: 1.45; font-size: 1.0625rem; max-width: 60rem;}
</style>"""


def coverage_line(analysis: Analysis, start: date, end: date) -> None:
    """Say above the picture what it rests on, in words and counts."""
    st.html(STYLE + coverage.coverage_html(coverage.coverage_parts(analysis, start, end)))


def choose_lanes(analysis: Analysis) -> list[str]:
    """Return the lanes chosen, from the address. A lane that needs a session or a set is offered where there is one."""
    there = lanes.available_ids(analysis, session.strength())
    return st.pills(
        "Lanes",
        there,
        selection_mode="multi",
        default=there,
        format_func=lanes.lane_titles().__getitem__,
        key="lanes",
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )


def sentences_above(story: list[str]) -> None:
    """Write the first sentences in the open and the others on a tap, so that the picture begins high."""
    st.html(_paragraphs(story[:OPEN_SENTENCES]))
    if story[OPEN_SENTENCES:]:
        with st.expander(MORE_IN_WORDS, type="compact"):
            st.html(_paragraphs(story[OPEN_SENTENCES:]))


def _paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in sentences)


def draw_timeline(
    analysis: Analysis, start: date, end: date, narrow: bool, shown: list[str], story: list[str]
) -> int:
    """Draw the picture; a tapped day goes to the date field below. Returns the days each point stands for."""
    if not shown:
        st.info("Choose at least one lane to see the picture.")
        return 1
    look = TimelineOptions(session.units(), session.theme(), narrow, shown)
    drawn = timeline_data(
        analysis,
        session.shoe_names(),
        start,
        end,
        look,
        session.explanation(),
        session.events(),
        session.strength(),
        written_section.shown_episodes(),
    )
    names = [name for lane, name in lanes.lane_titles().items() if lane in shown]
    event = ui.draw_figure(
        figure.timeline_figure(drawn),
        key="timeline",
        on_select="rerun",
        selection_mode="points",
        alt=" ".join([timeline_text.timeline_alt(start, end, names), *story]),
    )
    points = event.get("selection", {}).get("points", [])
    tapped = str(points[-1]["x"])[:10] if points else None
    if tapped and tapped != st.session_state.get(SEEN_KEY):
        st.session_state["day"] = date.fromisoformat(tapped)
    st.session_state[SEEN_KEY] = tapped
    return drawn.step_days


def day_section(analysis: Analysis, end: date, step_days: int) -> None:
    """List the runs of one day, chosen in the picture or typed."""
    first, last = date_window.full_range(analysis)
    st.session_state.setdefault("day", end)
    chosen = st.date_input(
        "Runs of this day" if step_days == 1 else "Runs of the 7 days to",
        min_value=first,
        max_value=last,
        key="day",
        bind="query-params",
        format="YYYY-MM-DD",
        width=220,
        help="Tap a day in the picture, or type it here.",
    )
    if not isinstance(chosen, date):
        return
    explanation = session.explanation()
    sentences = timeline_text.day_in_words(explanation, analysis.windows, chosen) if explanation else []
    sentences += state_text.on_day(analysis, chosen)
    for sentence in (*sentences, *state_text.beside_habit(analysis, chosen, session.units())):
        st.markdown(sentence)
    runs = timeline_text.day_runs_in_words(
        analysis.every_run, chosen, session.units(), session.shoe_names(), step_days, analysis.first_runs
    )
    if not runs:
        st.markdown(timeline_text.no_run_in_words(timeline_text.is_day_known(analysis.days, chosen), chosen))
    for run in runs:
        with st.container(border=True):
            facts = "".join(
                f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in run.facts
            )
            sentences_html = "".join(
                f"<p class='hw-said'>{escape(sentence)}</p>" for sentence in run.sentences
            )
            st.html(
                f"<p class='hw-run'>{escape(run.title)}</p><dl class='hw-facts'>{facts}</dl>{sentences_html}"
            )
            if run.url:
                st.markdown(f"[**{text.VIEW_ON_STRAVA}**]({run.url})")


def week_table(analysis: Analysis, start: date, end: date) -> None:
    """Show the same values as rows; worked out only when opened."""
    below = st.expander("The same as a table", on_change="rerun", key="table_open")
    if not below.open:
        return
    with below:
        by = ui.choice("Rows", ("Days", "Weeks"), "table_rows")
        units, first = session.units(), session.settings().get("week_start", "monday")
        frame = (
            timeline_table.timeline_weeks(analysis, start, end, units, first)
            if by == "Weeks"
            else timeline_table.timeline_table(analysis, start, end, units, session.strength())
        )
        st.dataframe(frame, hide_index=True, height=420, alt="The window with its values, newest first")
        st.download_button(
            "Download as CSV",
            lambda: timeline_table.timeline_csv(frame),
            file_name=session.labelled(f"heelwise_{start}_{end}.csv"),
            mime="text/csv",
            icon=":material/download:",
        )


def render() -> None:
    """Lay the page out, from what is known to the single day."""
    st.title("Timeline")
    analysis = session.analysis()
    if analysis is None or analysis.days.is_empty():
        st.info(
            "There is nothing to draw yet. Bring in runs on the Data page, or write a first entry in the Log."
        )
        return
    narrow = is_narrow()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        start, end = choose_window(analysis)
        shown = choose_lanes(analysis)
    coverage_line(analysis, start, end)
    story = timeline_text.timeline_in_words(
        analysis, start, end, session.units(), session.explanation(), session.shoe_names()
    )
    sentences_above(story)
    step_days = draw_timeline(analysis, start, end, narrow, shown, story)
    if ran := state_text.in_span(analysis, start, end):
        st.html(f"<p class='hw-said'>{escape(ran)}</p>")
    if happened := diary_text.events_in_words(session.events(), start, end):
        st.html(f"<p class='hw-said'>{escape(happened)}</p>")
    if remembered := statements_text.episodes_in_words(written_section.shown_episodes(), start, end):
        st.html(f"<p class='hw-said'>{escape(remembered)}</p>")
    st.caption(f"{text.USUAL_BAND} {text.ESTIMATED} {text.ORDER_ONLY}")
    day_section(analysis, end, step_days)
    week_table(analysis, start, end)
    for one in SOURCES:
        if one.attribution and date_window.has_source(analysis, one.id):
            st.caption(one.attribution)


if __name__ == "__main__":
    render()
