"""The picture of the consult: as large as the screen has room for, with the onset through every lane."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from streamlit.components.v2 import component

from dashboard.consult import fit
from dashboard.consult.flare_choice import FlareChoice
from dashboard.diary import written_section
from dashboard.model.analysis import Analysis
from dashboard.shared import consult_mode, session, ui
from dashboard.timeline import figure as timeline_figure
from dashboard.timeline import hover_strip_section
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import ScreenFit, TimelineData, TimelineOptions, timeline_data
from dashboard.timeline.lanes import LANES, lane_titles
from dashboard.timeline.markers import with_onset

NOTHING = (
    "There is nothing to look at yet. Import runs, or open the file the runner brought, on the Data page."
)
# Width and height left for a picture below this element, to ten px: a scroll bar that comes and goes is no news.
SCREEN_SCRIPT = """
export default function({ parentElement, setStateValue }) {
  const host = parentElement.host || parentElement;
  const page = document.querySelector('[data-testid="stMain"]') || document.documentElement;
  let before = "", waiting = 0;
  const measure = () => {
    const top = host.getBoundingClientRect().bottom + page.scrollTop - page.getBoundingClientRect().top;
    const room = Math.round((window.innerHeight - Math.max(0, top)) / 10) * 10;
    const width = Math.round(host.getBoundingClientRect().width / 10) * 10;
    const now = [room, width, window.innerWidth].join(" ");
    if (width > 0 && now !== before) {
      before = now;
      setStateValue("screen", { room, width, page: window.innerWidth });
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(measure, 250); };
  const watch = new ResizeObserver(soon);
  // What stands above may grow after the first look: letters that come late, a line that wraps.
  const drawn = document.querySelector('[data-testid="stMainBlockContainer"]');
  for (const one of [document.body, host, drawn]) if (one) watch.observe(one);
  window.addEventListener("resize", soon);
  soon();
  return () => { watch.disconnect(); clearTimeout(waiting); window.removeEventListener("resize", soon); };
}
"""
ask_screen = component("heelwise_screen", html="<div style='height:1px'></div>", js=SCREEN_SCRIPT)
USUAL_SCREEN = {"room": 700, "width": 1360, "page": 1440}
"""Until the browser answers."""
LEAST_ROOM_PX, BELOW_PX = 360, 16
FLAT_CHARACTER_PX, FLAT_BESIDE_PX = 9, 62
FLAT_LINE_PX, FLAT_GAP_PX = 32, 6
"""A line of text, whose letters are those of what one presses in any size of the type, and the gap below it."""


def analysis_or_notice() -> Analysis | None:
    """Return what there is to look at, or say that there is nothing."""
    analysis = session.analysis()
    if analysis is None or analysis.days.is_empty():
        st.info(NOTHING)
        return None
    return analysis


def screen_room() -> dict[str, int]:
    """Ask the browser for the room there is for a picture here, in px."""
    answer = ask_screen(key="screen", on_screen_change=lambda: None).get("screen")
    now = {**USUAL_SCREEN, **(answer or {})}
    st.session_state[ui.PHONE_KEY] = now["page"] < ui.PHONE_PX
    return now


def draw_fitting(
    analysis: Analysis,
    span: tuple[date, date],
    flare: FlareChoice,
    reaches: Sequence[fit.LaneReach],
    key: str,
) -> None:
    """Draw symptoms and the lanes that moved on one screen, and the rest as a line of text each."""
    room, zoom = screen_room(), consult_mode.zoom(ui.type_px())
    is_narrow = room["page"] < consult_mode.NARROW_PX * ui.type_px()
    base = TimelineOptions(
        session.units(), session.theme(), is_narrow, (), ScreenFit(_plot_px(room, zoom, is_narrow))
    )
    drawn = _data(analysis, span, base)
    head, foot, row = timeline_figure.screen_overhead(drawn)
    symptoms = timeline_figure.symptom_lanes(drawn)
    wanted = st.session_state.get(_wanted_key(key), ())

    def share(flat_px: int) -> fit.Screen:
        height = max(LEAST_ROOM_PX, room["room"] - flat_px - BELOW_PX) / zoom - head - foot
        return fit.fit_lanes(height, symptoms, reaches, wanted, row)

    # How many lines of text there are depends on the height, which depends on them: rows are only ever added.
    flat_px, screen = 0, share(0)
    while (needed_px := _flat_px(screen.flat, room["width"])) > flat_px:
        flat_px, screen = needed_px, share(needed_px)
    options = TimelineOptions(
        base.units,
        base.theme,
        is_narrow,
        screen.shown,
        ScreenFit(_plot_px(room, zoom, is_narrow), screen.heights),
    )
    _draw(analysis, span, flare, options, key)
    _flat_lines(screen, key)


def _flat_px(flat: Sequence[fit.LaneReach], width: int) -> int:
    """Return the height the lines of text will take, wrapped as the browser wraps them."""
    rows, taken = 0, width
    for one in flat:
        line_px = len(one.line) * FLAT_CHARACTER_PX + FLAT_BESIDE_PX
        rows, taken = (rows, taken + line_px) if taken + line_px <= width else (rows + 1, line_px)
    return rows * (FLAT_LINE_PX + FLAT_GAP_PX)


def _plot_px(room: dict[str, int], zoom: float, is_narrow: bool) -> float:
    return max(120.0, room["width"] / zoom - timeline_figure.side_px(is_narrow))


def _data(analysis: Analysis, span: tuple[date, date], options: TimelineOptions) -> TimelineData:
    beside = (session.explanation(), session.events(), session.strength(), written_section.shown_episodes())
    return timeline_data(analysis, session.shoe_names(), *span, options, *beside)


def _draw(
    analysis: Analysis, span: tuple[date, date], flare: FlareChoice, options: TimelineOptions, key: str
) -> None:
    data = _data(analysis, span, options)
    drawn = timeline_figure.timeline_figure(data)
    share = fit.onset_share(*span, flare.onset)
    figure = with_onset(drawn, flare.onset, session.theme(), flare.label, share)
    names = [lane_titles()[lane] for lane in options.shown]
    hover_strip_section.hover_strip(key)
    silent = hover_strip_section.without_box(figure.plain(), options.is_narrow, data.step_days)
    ui.draw_figure(silent, key=key, alt=timeline_text.timeline_alt(*span, names))


def _wanted_key(key: str) -> str:
    return f"{key}_wanted"


def _swap(key: str, lane: str) -> None:
    before = st.session_state.get(_wanted_key(key), ())
    st.session_state[_wanted_key(key)] = (lane, *(one for one in before if one != lane))


def _flat_lines(screen: fit.Screen, key: str) -> None:
    """Write each lane that is not drawn as a line of text: usual → reached, with a press to draw it."""
    with st.container(horizontal=True, key="consult_flat"):
        for one in screen.flat:
            st.button(
                one.line,
                key=f"{key}_show_{one.id}",
                type="tertiary",
                icon=":material/add_chart:",
                help=f"Draw {one.title}",
                on_click=_swap,
                args=(key, one.id),
            )


def draw_symptoms(analysis: Analysis, span: tuple[date, date], flare: FlareChoice, key: str) -> None:
    """Draw the symptoms alone, as high as two of a screen's lanes."""
    room, zoom = screen_room(), consult_mode.zoom(ui.type_px())
    is_narrow = room["page"] < consult_mode.NARROW_PX * ui.type_px()
    heights = {lane.title: 0.0 for lane in LANES if lane.id == fit.SYMPTOMS}
    each = max(fit.LEAST_PX, min(fit.MOST_PX, 0.5 * max(room["room"], LEAST_ROOM_PX) / zoom / 2))
    plot_px = _plot_px(room, zoom, is_narrow)
    place = ScreenFit(plot_px, dict.fromkeys(heights, each))
    options = TimelineOptions(session.units(), session.theme(), is_narrow, [fit.SYMPTOMS], place)
    _draw(analysis, span, flare, options, key)
