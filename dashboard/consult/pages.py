"""Consult, the cover: whose screen this is in initials, what is on record, and what changed since the last visit."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import OPINIONS
from connectors.plural import count
from dashboard.consult import (
    figure,
    fit,
    flare_choice,
    flare_section,
    next_visit_section,
    picture,
    tomorrow_section,
)
from dashboard.consult import since_last_visit as consult_since_last_visit
from dashboard.consult.flare_choice import FlareChoice
from dashboard.consult.since_last_visit import FirstChange
from dashboard.diary import day_pattern_section, intake_section, intake_text
from dashboard.flares import cards, lead_text
from dashboard.flares.page import next_mornings_section
from dashboard.model import date_window
from dashboard.model.leading_changes import before_flare, composite
from dashboard.report import take_home_page
from dashboard.shared import consult_mode, coverage, opinions, session, text, ui
from dashboard.shared.glossary import FLARE, STEP_UP, USED_TO, USUAL, glossary_html
from dashboard.shared.opinions import Opinion
from dashboard.shared.text import initials
from dashboard.shared.window_section import choose_window
from dashboard.timeline import lanes
from dashboard.timeline import text as timeline_text


def page() -> None:
    """Draw the cover."""
    runner = session.runner()
    analysis = picture.analysis_or_notice()
    if runner is None or analysis is None:
        return
    st.html(ui.STYLE)
    start, end = date_window.choose_range(analysis, None)
    if runner.is_demo and session.is_open():  # elsewhere the page's own notice says it
        st.markdown(text.MADE_UP)
    heel = consult_mode.heel_in_words(session.symptom_rows())
    ui.paragraphs(
        [
            f"{initials(runner.name) or 'Runner'}: the {count((end - start).days // 7 + 1, 'week')} to "
            f"{text.day_in_words(end)}.",
            *_ended(end),
            *([heel] if heel else []),
            f"{text.ESTIMATED} {text.RECORD_AND_DISCUSS}",
        ]
    )
    next_visit_section.render(runner.athlete_id)
    st.header(intake_text.TITLE)
    intake_section.render()
    st.header("What is on record")
    st.html(coverage.coverage_html(coverage.lacking_parts(coverage.coverage_parts(analysis, start, end))))
    st.caption(text.SEEK_CARE)


ENDED = "The record ends on {day}, {ago} ago: newer runs are not here yet."
OLD_WEEKS = 4
"""A record that ended longer ago is named as that, so that nobody takes it for today. Design choice."""


def _ended(end: date) -> list[str]:
    weeks = (session.today() - end).days // 7
    return [ENDED.format(day=text.day_in_words(end), ago=count(weeks, "week"))] if weeks >= OLD_WEEKS else []


def cover() -> None:
    """Draw the page."""
    st.title("Consult")
    if not session.is_open():
        st.markdown(
            "Big text, no names and a button that hides the screen: for showing your physical therapist."
        )
        shown = session.runner()
        st.html(
            f"<a href='{consult_mode.consult_address(shown.athlete_id if shown else None)}' "
            "target='_self'><b>Begin the consult</b></a>"
        )
    page()


OPINION_NAMES = {"likely": "Likely", "possible": "Possible", "no": "No"}
NO_FLARE_NO_OPINION = "An opinion belongs to a flare. Press its date, or type the onset."
OPINION_LABEL = "Physical therapist's opinion"


def _save_opinion(athlete_id: int, onset: date, channel: str, keys: tuple[str, str]) -> None:
    explanation = session.explanation()
    if explanation is not None:
        opinion, note = (st.session_state.get(key) for key in keys)
        store, day = session.store(), session.today()
        opinions.save_opinion(store, athlete_id, day, onset, explanation.flares, channel, opinion, note)


def _opinion(athlete_id: int, onset: date, channel: str, now: Opinion | None, before: Opinion | None) -> None:
    """Ask for the opinion on one channel for this flare; what the last visit held stands in grey with its date."""
    end = f"{channel}_{athlete_id}_{onset}"
    keys = f"opinion_{end}", f"note_{end}"
    asked = {"on_change": _save_opinion, "args": (athlete_id, onset, channel, keys)}
    st.pills(
        OPINION_LABEL,
        list(OPINIONS),
        default=now.opinion if now else None,
        format_func=OPINION_NAMES.__getitem__,
        key=keys[0],
        **asked,
    )
    st.text_input("Note", (now.note if now else None) or "", max_chars=500, key=keys[1], **asked)
    if before is not None:
        st.caption(text.escape_markdown(before.dated))


def _change_row(athlete_id: int, onset: date | None, row: FirstChange, noted: list[Opinion]) -> None:
    today = session.today()
    of_channel = [one for one in noted if one.channel == row.channel]
    now = next((one for one in of_channel if one.visit == today), None)
    before = next((one for one in of_channel if one.visit < today), None)
    with st.container(border=True, key=f"first_{row.channel}"):
        st.html(ui.card_heading(row.title, level=2) + ui.card_paragraphs(row.sentences))
        if onset is not None and row.channel != "unknown":
            _opinion(athlete_id, onset, row.channel, now, before)


def _clock_picture(flare: FlareChoice, changed: Any, step_ups: Any) -> None:
    bars = figure.change_bars(changed, step_ups, flare.day)
    words = figure.changes_clock_in_words(bars)
    room, zoom = picture.screen_room(), consult_mode.zoom(ui.type_px())
    drawn = figure.changes_clock_figure(
        bars, flare.day, flare.onset is not None, room["width"] / zoom, session.units(), session.theme()
    )
    if drawn is None:
        st.markdown(words)
    else:
        ui.draw_figure(drawn, key="first_clock", alt=words)
        st.caption(FILLED_BAR)


FILLED_BAR = "Filled: a step-up. Outlined: out of usual, short of a step-up."
STICKY = "<style>.st-key-first_picture { position: sticky; top: .5rem; }</style>"


def changed_first() -> None:
    """Draw the table, at most six rows, the furthest out first, with a picture in order of date beside it."""
    st.title("What changed first")
    runner, analysis, explanation = session.runner(), picture.analysis_or_notice(), session.explanation()
    if runner is None or analysis is None or explanation is None:
        return
    st.html(ui.STYLE + STICKY)
    flare = flare_section.choose_flare(analysis, explanation)
    changed = session.changed_before(flare.day)
    reader = lead_text.Reader(session.units(), session.shoe_names())
    rows = consult_since_last_visit.first_change_rows(
        analysis, explanation, flare.day, session.units(), changed
    )
    noted = opinions.opinions_of(session.store(), runner.athlete_id, explanation.flares, flare.onset)
    right, left = (
        (st.container(), st.container()) if ui.is_narrow() else st.columns([1, 1], gap="medium")[::-1]
    )
    with right, st.container(key="first_picture"):
        _clock_picture(flare, changed, explanation.step_ups.rows)
    with left:
        sentences = [
            *consult_since_last_visit.leading(analysis, explanation, flare.day, reader, changed),
            *flare_choice.other_onsets(flare),
        ]
        st.html(glossary_html(session.units(), STEP_UP, USUAL, USED_TO) + ui.story(sentences))
        if flare.onset is None:
            st.caption(NO_FLARE_NO_OPINION)
        for row in rows:
            _change_row(runner.athlete_id, flare.onset, row, noted)
    st.caption(f"{consult_since_last_visit.first_changes_in_words(flare.day, rows)} {text.ORDER_ONLY}")
    lost = opinions.lost_opinions(session.store(), runner.athlete_id, explanation.flares)
    if lost:
        st.html(ui.bullets(opinions.lost_in_words(lost)))


def symptoms() -> None:
    """Draw the symptoms of the dates chosen, and what else is logged of them."""
    st.title("Symptoms")
    analysis, explanation = picture.analysis_or_notice(), session.explanation()
    if analysis is None or explanation is None:
        return
    st.html(ui.STYLE)
    flare = flare_section.choose_flare(analysis, explanation)
    span = choose_window(analysis, flare.onset)
    picture.draw_symptoms(analysis, span, flare, "consult_symptoms")
    sentences = [*flare_choice.other_onsets(flare), cards.flares_summary(explanation, analysis)]
    st.html(glossary_html(session.units(), FLARE) + ui.story(sentences))
    day_pattern_section.render(onset=flare.onset)
    next_mornings_section(explanation)


def timeline() -> None:
    """Draw symptoms and what moved before the flare on one screen; the words stand below."""
    st.title("Timeline")
    analysis, explanation = picture.analysis_or_notice(), session.explanation()
    if analysis is None or explanation is None:
        return
    st.html(ui.STYLE)
    flare = flare_section.choose_flare(analysis, explanation)
    start, end = choose_window(analysis, flare.onset)
    changed = session.changed_before(flare.day)
    titles = lanes.lane_titles()
    there = [(lane, titles[lane]) for lane in lanes.available_ids(analysis, session.strength())]
    load = composite(analysis, *before_flare(flare.day))
    reaches = [] if changed is None else fit.reach_of_lanes(there, changed, load, session.units())
    picture.draw_fitting(analysis, (start, end), flare, reaches, "consult_timeline")
    story = timeline_text.timeline_in_words(
        analysis, start, end, session.units(), explanation, session.shoe_names()
    )
    st.html(glossary_html(session.units()) + ui.story([*flare_choice.other_onsets(flare), *story]))
    st.caption(f"{text.ESTIMATED} {text.ORDER_ONLY}")


def report() -> None:
    """Draw the last step: what was agreed, the page to take home, and tomorrow's log."""
    take_home_page.render()
    tomorrow_section.render()
