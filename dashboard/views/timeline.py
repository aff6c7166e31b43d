"""Timeline: load, symptoms and everything that changed, on one clock."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from connectors.strava.servers import activity_url
from dashboard import state, state_words, words
from dashboard.charts import (
    coverage_strip,
    day_runs,
    drivers,
    event_words,
    timeline,
    timeline_table,
    timeline_words,
    window,
)
from dashboard.charts.picture import Look, picture
from dashboard.model.analysis import Analysis
from dashboard.model.progression import has_strength
from dashboard.views import figures
from dashboard.views.width import is_narrow

SEEN = "timeline_seen"
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


def choose(found: Analysis) -> tuple[date, date]:
    """Which dates: kept in the address."""
    choice = st.segmented_control(
        "Window",
        window.CHOICES,
        default=window.CHOICES[0],
        required=True,
        key="window",
        bind="query-params",
        label_visibility="collapsed",
    )
    if choice != window.DATES:
        return window.chosen(found, choice)
    first, last = window.whole(found)
    usual = window.chosen(found, None)
    given = st.date_input(
        "From and to", usual, first, last, key="dates", bind="query-params", format="YYYY-MM-DD", width=280
    )
    return window.chosen(found, choice, given)


def known(found: Analysis, start: date, end: date) -> None:
    """Say above the picture what it rests on, in words and counts."""
    st.html(STYLE + coverage_strip.strip(coverage_strip.covered(found, start, end)))


def lanes(found: Analysis) -> list[str]:
    """Which lanes: kept in the address. A lane that needs a session or a set is offered where there is one."""
    empty = {"sports": found.others.is_empty(), "strength": not has_strength(found.others, state.strength())}
    there = [lane for lane in words.LANES if not empty.get(lane)]
    return st.pills(
        "Lanes",
        there,
        selection_mode="multi",
        default=there,
        format_func=words.LANES.__getitem__,
        key="lanes",
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )


def draw(found: Analysis, start: date, end: date, narrow: bool, shown: list[str]) -> int:
    """Draw the picture; a tapped day goes to the date field below. Returns the days each point stands for."""
    if not shown:
        st.info("Choose at least one lane to see the picture.")
        return 1
    look = Look(state.units(), state.theme(), narrow, shown)
    drawn = picture(
        found, state.shoe_names(), start, end, look, state.why(), state.events(), state.strength()
    )
    names = [name for lane, name in words.LANES.items() if lane in shown]
    event = figures.draw(
        timeline.figure(drawn),
        key="timeline",
        on_select="rerun",
        selection_mode="points",
        alt=timeline_words.alt(start, end, names),
    )
    points = event.get("selection", {}).get("points", [])
    tapped = str(points[-1]["x"])[:10] if points else None
    if tapped and tapped != st.session_state.get(SEEN):
        st.session_state["day"] = date.fromisoformat(tapped)
    st.session_state[SEEN] = tapped
    return drawn.step_days


def day(found: Analysis, end: date, step_days: int) -> None:
    """List the runs of one day, chosen in the picture or typed."""
    first, last = window.whole(found)
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
    why = state.why()
    told = drivers.day_in_words(why, found.windows, chosen) if why else []
    told += state_words.on_day(found, chosen)
    for sentence in (*told, *state_words.beside_habit(found, chosen, state.units())):
        st.markdown(sentence)
    runs = day_runs.in_words(
        found.every_run, chosen, state.units(), state.shoe_names(), step_days, found.first_runs
    )
    if not runs:
        st.markdown(day_runs.nothing(day_runs.is_known(found.days, chosen), chosen))
    for run in runs:
        with st.container(border=True):
            facts = "".join(
                f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in run.facts
            )
            said = "".join(f"<p class='hw-said'>{escape(sentence)}</p>" for sentence in run.sentences)
            st.html(f"<p class='hw-run'>{escape(run.title)}</p><dl class='hw-facts'>{facts}</dl>{said}")
            if run.strava_id:
                st.markdown(f"[**{words.VIEW_ON_STRAVA}**]({activity_url(run.strava_id)})")


def table(found: Analysis, start: date, end: date) -> None:
    """Show the same values as rows; worked out only when opened."""
    below = st.expander("The same as a table", on_change="rerun", key="table_open")
    if not below.open:
        return
    with below:
        by = st.segmented_control("Rows", ("Days", "Weeks"), default="Days", key="table_rows", required=True)
        units, first = state.units(), state.settings().get("week_start", "monday")
        frame = (
            timeline_table.weeks(found, start, end, units, first)
            if by == "Weeks"
            else timeline_table.table(found, start, end, units, state.strength())
        )
        st.dataframe(frame, hide_index=True, height=420, alt="The window with its values, newest first")
        st.download_button(
            "Download as CSV",
            lambda: timeline_table.csv(frame),
            file_name=f"heelwise_{start}_{end}.csv",
            mime="text/csv",
            icon=":material/download:",
        )


def page() -> None:
    """Lay the page out, from what is known to the single day."""
    found = state.analysis()
    if found is None or found.days.is_empty():
        st.info(
            "There is nothing to draw yet. Bring in runs on the Data page, or write a first entry in the Log."
        )
        return
    narrow = is_narrow()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        start, end = choose(found)
        shown = lanes(found)
    known(found, start, end)
    story = timeline_words.in_words(found, start, end, state.units(), state.why())
    st.html("".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in story))
    step_days = draw(found, start, end, narrow, shown)
    if ran := state_words.in_span(found, start, end):
        st.html(f"<p class='hw-said'>{escape(ran)}</p>")
    if happened := event_words.in_words(state.events(), start, end):
        st.html(f"<p class='hw-said'>{escape(happened)}</p>")
    st.caption(f"{words.USUAL_BAND} {words.ESTIMATED} {words.ORDER_ONLY}")
    day(found, end, step_days)
    table(found, start, end)
    if window.has_source(found, "strava_api"):
        st.caption(words.POWERED_BY_STRAVA)


st.title("Timeline")
page()
