"""Which lanes are drawn, in which order and how high: four and what stepped up at first, the rest behind one word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.model.analysis import Analysis
from dashboard.shared import session, ui
from dashboard.timeline import arrangement, lanes
from dashboard.timeline.arrangement import HEIGHTS, USUAL, Arrangement

PARAMETER, PILLS_KEY, CHOSEN_KEY, LARGE_KEY = "lanes", "lanes_shown", "lanes_chosen", "lane_enlarged"
LARGE = 2.4
"""How many times its height a lane has that stands alone on a phone. Design choice."""


def lanes_shown(analysis: Analysis, start: date, end: date) -> list[str]:
    """Return the ids of the lanes to draw: those chosen, in this tab or in the address, else what is usual."""
    there = lanes.available_ids(analysis, session.strength())
    chosen = st.session_state.get(CHOSEN_KEY)
    if chosen is not None and chosen[0] == _runner_id():
        return [lane for lane in there if lane in chosen[1]]
    in_address = st.query_params.get(PARAMETER, "").split(",")
    asked = [lane for lane in there if lane in in_address]
    return asked or usual_lanes(there, start, end)


def usual_lanes(there: Sequence[str], start: date, end: date) -> list[str]:
    """Return what the Timeline opens with: four lanes, and those that stepped up between two dates."""
    explanation = session.explanation()
    up = lanes.stepped_up(explanation.step_ups.rows, start, end) if explanation else set()
    return [lane for lane in there if lane in lanes.USUAL_LANES or lane in up]


def more_lanes(analysis: Analysis, shown: Sequence[str]) -> None:
    """Draw the choice of lanes, of their order and of their heights."""
    there = lanes.available_ids(analysis, session.strength())
    titles = lanes.lane_titles()
    below = st.popover("More lanes", icon=":material/stacks:", on_change="rerun", key="more_lanes")
    if not below.open:
        return
    with below:
        st.session_state[PILLS_KEY] = list(shown)
        st.pills(
            "Lanes",
            there,
            selection_mode="multi",
            format_func=titles.__getitem__,
            key=PILLS_KEY,
            on_change=_choose,
            args=(_runner_id(),),
            wrap=True,
        )
        st.button(
            "Four lanes, and what stepped up", on_click=_choose_usual, type="tertiary", key="lanes_usual"
        )
        st.markdown("**Order and height**")
        now = current_arrangement(analysis)
        for lane in now.sorted(list(shown)):
            _lane_row(lane, titles[lane], list(shown), now)


def lanes_not_shown(analysis: Analysis, shown: Sequence[str]) -> None:
    """Write each lane that is not drawn as one word with a press to draw it."""
    titles = lanes.lane_titles()
    rest = [lane for lane in lanes.available_ids(analysis, session.strength()) if lane not in shown]
    if not rest:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lanes_not_shown"):
        st.caption("Not drawn:", width="content")
        for lane in rest:
            st.button(
                titles[lane],
                key=f"draw_{lane}",
                type="tertiary",
                icon=":material/add:",
                help=f"Draw {titles[lane]}",
                on_click=_remember,
                args=(_runner_id(), [*shown, lane]),
            )


def enlarged_lane(shown: Sequence[str]) -> str | None:
    """Return the lane that is drawn large and alone, as last tapped below the picture."""
    tapped = st.session_state.get(LARGE_KEY)
    return tapped if tapped in shown and len(shown) > 1 else None


def enlarge_one(shown: Sequence[str]) -> None:
    """Ask on a phone which lane is to be drawn large and alone; a second tap brings the others back."""
    titles = lanes.lane_titles()
    with st.container(key="large_taps_enlarge"):
        st.pills("Enlarge one lane", list(shown), format_func=titles.__getitem__, key=LARGE_KEY, wrap=True)


def current_arrangement(analysis: Analysis) -> Arrangement:
    """Read the runner's order and heights."""
    known = lanes.available_ids(analysis, session.strength())
    return arrangement.read_arrangement(session.settings().get(arrangement.SETTING), known)


def _lane_row(lane: str, title: str, there: list[str], now: Arrangement) -> None:
    order, athlete_id = now.sorted(there), _runner_id()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"lane_row_{lane}"):
        st.markdown(title, width=130)
        for sign, name, by, edge in (("↑", "up", -1, order[0]), ("↓", "down", 1, order[-1])):
            st.button(
                sign,
                key=f"lane_{name}_{lane}",
                help=f"Move {title} {name}",
                disabled=lane == edge,
                on_click=_save,
                args=(athlete_id, now.moved(lane, there, by)),
            )
        ui.choice(
            f"Height of {title}",
            list(HEIGHTS),
            f"lane_height_{lane}",
            default=now.heights.get(lane, USUAL),
            label_visibility="collapsed",
            on_change=_save_height,
            args=(athlete_id, lane, now),
        )


def _runner_id() -> int | None:
    runner = session.runner()
    return runner.athlete_id if runner else None


def _choose(athlete_id: int | None) -> None:
    _remember(athlete_id, st.session_state[PILLS_KEY])


def _remember(athlete_id: int | None, chosen: Sequence[str]) -> None:
    st.session_state[CHOSEN_KEY] = (athlete_id, tuple(chosen))
    st.query_params[PARAMETER] = ",".join(chosen)


def _choose_usual() -> None:
    st.session_state.pop(CHOSEN_KEY, None)
    st.query_params.pop(PARAMETER, None)


def _save(athlete_id: int, wanted: Arrangement) -> None:
    session.store().set_settings(athlete_id, {arrangement.SETTING: wanted.written()})


def _save_height(athlete_id: int, lane: str, now: Arrangement) -> None:
    _save(athlete_id, now.with_height(lane, st.session_state[f"lane_height_{lane}"]))
