"""Timeline: load, symptoms and everything that changed, on one clock."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from connectors.source import SOURCES
from dashboard.charts.plotly_figure import DRAG_CHOOSES, PageFigure
from dashboard.charts.style import PlotlyDict
from dashboard.diary import statements_text, written_section
from dashboard.diary import text as diary_text
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.shared import coverage, half_empty_section, session, state_text, text, ui, window_section
from dashboard.shared.glossary import glossary_html
from dashboard.shared.ui import is_narrow
from dashboard.shared.window_section import choose_window
from dashboard.timeline import day_panel_section, figure, hover_strip_section, lanes, lanes_section
from dashboard.timeline import table as timeline_table
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineData, TimelineOptions, timeline_data
from dashboard.timeline.save_picture_section import save_picture

SEEN_KEY = "timeline_seen"
OPEN_SENTENCES = 1
MORE_IN_WORDS = "More in words"
CHART_KEY = "timeline"
BARS = (
    "Bars above the picture: load above what you are used to, and how far at its highest; dotted where our two "
    "ways to estimate it disagree."
)
STYLE = """<style>
.hw-run {margin: 0 0 .5rem !important; font-weight: 600; overflow-wrap: anywhere;}
.st-key-timeline_controls { gap: .5rem; }
.st-key-timeline_controls .st-key-window_row { width: auto; }
@media (max-width: 640px) { .st-key-timeline_controls > :has(.st-key-window_row) { flex: 1 0 100%; } }
</style>"""


def sentences_above(story: list[str]) -> None:
    """Write the first sentence in the open and the others on a tap, so that the picture begins high."""
    words = glossary_html(session.units())
    st.html(ui.STYLE + STYLE + words + _paragraphs(story[:OPEN_SENTENCES]))
    if story[OPEN_SENTENCES:]:
        with st.expander(MORE_IN_WORDS, type="compact"):
            st.html(_paragraphs(story[OPEN_SENTENCES:]))


def _paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in sentences)


def _options(analysis: Analysis, narrow: bool, shown: Sequence[str]) -> TimelineOptions:
    now = lanes_section.current_arrangement(analysis)
    large = lanes_section.enlarged_lane(shown) if narrow else None
    stretch = {large: lanes_section.LARGE} if large else now.stretch
    drawn = [large] if large else shown
    return TimelineOptions(
        session.units(), session.theme(), narrow, drawn, order=tuple(now.order), stretch=stretch
    )


def _data(analysis: Analysis, start: date, end: date, options: TimelineOptions) -> TimelineData:
    beside = (session.explanation(), session.events(), session.strength(), written_section.shown_episodes())
    return session.computed(
        "timeline_data",
        lambda: _fitting(timeline_data(analysis, session.shoe_names(), start, end, options, *beside)),
        *_given(start, end, options),
    )


def _fitting(data: TimelineData) -> TimelineData:
    """Lower the lanes until the picture fits one screen; on a phone one scrolls, or enlarges one lane."""
    return data if data.is_narrow else replace(data, stretch=figure.fitted_stretch(data))


def _given(start: date, end: date, options: TimelineOptions | TimelineData) -> tuple[Hashable, ...]:
    """All that a picture depends on beside the record."""
    look = (options.units, options.theme, options.is_narrow, tuple(options.shown), tuple(options.order))
    return (start, end, *look, *sorted(options.stretch.items()))


def _picture(drawn: TimelineData) -> PageFigure:
    plain = figure.timeline_plain(drawn)
    picture = plain if drawn.is_narrow else _with_drag(plain)
    return hover_strip_section.without_box(picture, drawn.is_narrow, drawn.step_days)


def draw_timeline(drawn: TimelineData, story: list[str], athlete_id: int | None) -> None:
    """Draw the picture; a tapped day is opened beside it, and dragged dates become those shown."""
    names = [name for lane, name in lanes.lane_titles().items() if lane in drawn.shown]
    clicked = hover_strip_section.hover_strip(CHART_KEY, takes_clicks=not drawn.is_narrow)
    if clicked:
        day_panel_section.open_day(date.fromisoformat(clicked))
    event = ui.draw_figure(
        session.computed("timeline_figure", lambda: _picture(drawn), *_given(drawn.start, drawn.end, drawn)),
        key=CHART_KEY,
        on_select="rerun",
        selection_mode="points" if drawn.is_narrow else "box",
        alt=" ".join([timeline_text.timeline_alt(drawn.start, drawn.end, names), *story]),
    )
    _answer(event.get("selection", {}), athlete_id)


def _with_drag(plain: PlotlyDict) -> PlotlyDict:
    """Let a mouse drag dates; never a finger, which scrolls."""
    return {**plain, "layout": {**plain["layout"], "dragmode": DRAG_CHOOSES, "selectdirection": "h"}}


def _answer(selection: Any, athlete_id: int | None) -> None:
    """Take up what was chosen in the picture, once."""
    boxes, points = selection.get("box", []), selection.get("points", [])
    days = [str(one)[:10] for one in (boxes[-1].get("x", []) if boxes else [])]
    chosen = tuple(sorted(days)) if len(days) == 2 else str(points[-1]["x"])[:10] if points else None
    is_new = chosen is not None and chosen != st.session_state.get(SEEN_KEY)
    st.session_state[SEEN_KEY] = chosen
    if not is_new:
        return
    if isinstance(chosen, tuple):
        first, last = (date.fromisoformat(day) for day in chosen)
        if first < last:
            window_section.choose_dates(athlete_id, first, last)
            st.rerun()
    elif chosen is not None:
        day_panel_section.open_day(date.fromisoformat(chosen))


def week_table(analysis: Analysis, start: date, end: date) -> None:
    """Show the same values as rows; worked out only when opened."""
    below = st.expander("Show as table", on_change="rerun", key="table_open")
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
        ui.download_button(
            "Download as CSV",
            lambda: timeline_table.timeline_csv(frame),
            file_name=session.labelled(f"heelwise_{start}_{end}.csv"),
            mime="text/csv",
            icon=":material/download:",
        )


def render() -> None:
    """Lay the page out: what happened in a sentence, the picture with the day that is looked at, the rest below."""
    st.title("Timeline")
    with ui.skeleton("timeline"):
        analysis, runner, _ = session.analysis(), session.runner(), session.explanation()
    if analysis is None or analysis.days.is_empty():
        _empty()
        return
    narrow = is_narrow()
    above = st.container(key="timeline_words")
    with st.container(horizontal=True, vertical_alignment="center", key="timeline_controls"):
        start, end = choose_window(analysis)
        window_section.step_buttons(analysis, start, end)
        shown = lanes_section.lanes_shown(analysis, start, end)
        lanes_section.more_lanes(analysis, shown)
        saving = st.empty()
    story = timeline_text.timeline_in_words(
        analysis, start, end, session.units(), session.explanation(), session.shoe_names()
    )
    with above:
        sentences_above(story)
        if not narrow:
            half_empty_section.beside_running(analysis)
    if not shown:
        st.info("Choose at least one lane to see the picture.")
        return
    drawn = _data(analysis, start, end, _options(analysis, narrow, shown))
    with saving:
        save_picture(replace(drawn, theme="light", is_narrow=False))
    with st.container(horizontal=True, key="picture_row"):
        with st.container(key="picture"):
            draw_timeline(drawn, story, runner.athlete_id if runner else None)
        if day_panel_section.is_open():
            day_panel_section.day_panel(analysis, drawn.step_days)
    if narrow:  # below the picture, which begins as high as it can
        half_empty_section.beside_running(analysis)
    if narrow and len(shown) > 1:
        lanes_section.enlarge_one(shown)
    lanes_section.lanes_not_shown(analysis, shown)
    _below(analysis, start, end)


def _below(analysis: Analysis, start: date, end: date) -> None:
    """Write what is not needed at first sight: what the picture rests on, the events, the table."""
    st.html(coverage.coverage_html(coverage.coverage_parts(analysis, start, end)))
    if ran := state_text.in_span(analysis, start, end):
        st.html(f"<p class='hw-said'>{escape(ran)}</p>")
    if happened := diary_text.events_in_words(session.events(), start, end):
        st.html(f"<p class='hw-said'>{escape(happened)}</p>")
    if remembered := statements_text.episodes_in_words(written_section.shown_episodes(), start, end):
        st.html(f"<p class='hw-said'>{escape(remembered)}</p>")
    st.caption(f"{BARS} {text.USUAL_BAND} {text.ESTIMATED} {text.ORDER_ONLY}")
    week_table(analysis, start, end)
    for one in SOURCES:
        if one.attribution and date_window.has_source(analysis, one.id):
            st.caption(one.attribution)


def _empty() -> None:
    """Describe what will stand here, with what, and the way there."""
    ui.nothing_yet(
        "Your symptoms, tendon load, distance and shoes will stand here, one above another on one clock, so that you "
        "can see what changed before your heel got sore. It needs your runs, or a first morning in the log.",
        ui.IMPORT_RUNS,
        ui.LOG_MORNING,
    )


if __name__ == "__main__":
    render()
