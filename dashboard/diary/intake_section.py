"""The intake card on a page: seven lines in one form, and earlier episodes beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import EPISODE_PARTS, SIDES
from dashboard.diary import episodes, intake
from dashboard.diary import intake_text as text
from dashboard.diary.intake import IntakeAnswer
from dashboard.shared import session, ui
from dashboard.shared.text import SIDE_NAMES, escape_markdown

INTAKE_SECTION = "intake"
LONGEST = 300
FIRST_YEAR = 1950
YES_NO = ("no", "yes")


def render(is_open: bool = False) -> None:
    """Show the card as it stands, and its form on a tap."""
    runner = session.runner()
    lines = text.intake_lines(session.store(), runner.athlete_id) if runner else []
    st.html(ui.STYLE)
    if lines:
        ui.paragraphs(lines)
    if runner and text.needs_doctor(intake.load_intake(session.store(), runner.athlete_id)):
        st.info(text.FLUOROQUINOLONE)
    ui.undo_bar(INTAKE_SECTION)
    below = st.expander(text.FILL_IN, expanded=is_open, on_change="rerun", key="intake_open")
    if below.open:
        with below:
            st.caption(text.ABOUT)
            _card(intake.load_intake(session.store(), runner.athlete_id) if runner else {})
            _episodes()


def _card(known: Mapping[str, IntakeAnswer]) -> None:
    version = ui.form_version(INTAKE_SECTION)
    with st.form(f"intake_{version}", border=False):
        answers = {"reason": _words("reason", known, st)}
        left, right = st.columns([3, 1])
        aim = _words("goal", known, left)
        race = right.date_input(
            text.QUESTIONS["race"], _now("goal", known).on_date, format="YYYY-MM-DD", key=f"race_{version}"
        )
        answers["goal"] = IntakeAnswer(aim.answer, race if isinstance(race, date) else None)
        years = st.number_input(
            text.QUESTIONS["training_age"],
            0.0,
            100.0,
            _now("training_age", known).years,
            step=1.0,
            format="%g",
            placeholder="",
            key=f"training_age_{version}",
            width=220,
        )
        answers["training_age"] = IntakeAnswer(years=years)
        drugs = zip(("fluoroquinolone", "steroid"), st.columns(2), strict=True)
        answers |= {topic: _yes_no(topic, known, where) for topic, where in drugs}
        answers |= {topic: _words(topic, known, st) for topic in ("medication", "work", "footwear")}
        decided_by = ui.decided_by_picker("Recorded by", f"intake_who_{version}")
        if st.form_submit_button(ui.act_label("Save the card"), type="primary", key="save_intake"):
            _save(answers, decided_by)


def _now(topic: str, known: Mapping[str, IntakeAnswer]) -> IntakeAnswer:
    return known.get(topic, IntakeAnswer())


def _words(topic: str, known: Mapping[str, IntakeAnswer], where: Any) -> IntakeAnswer:
    key = f"{topic}_{ui.form_version(INTAKE_SECTION)}"
    now = _now(topic, known).answer or ""
    return IntakeAnswer(where.text_input(text.QUESTIONS[topic], now, max_chars=LONGEST, key=key))


def _yes_no(topic: str, known: Mapping[str, IntakeAnswer], where: Any) -> IntakeAnswer:
    now = _now(topic, known).answer
    chosen = where.pills(
        text.QUESTIONS[topic],
        YES_NO,
        default=now if now in YES_NO else None,
        format_func=str.capitalize,
        key=f"{topic}_{ui.form_version(INTAKE_SECTION)}",
    )
    return IntakeAnswer(chosen)


def _save(answers: Mapping[str, IntakeAnswer], decided_by: str) -> None:
    change = intake.save_intake(
        session.store(), session.logging_runner().athlete_id, session.today(), answers, decided_by
    )
    ui.remember_change(INTAKE_SECTION, text.SAVED, change, INTAKE_SECTION)
    ui.reset_form(INTAKE_SECTION)
    st.rerun()


def _episodes() -> None:
    runner = session.runner()
    rows = episodes.load_episodes(session.store(), runner.athlete_id).to_dicts() if runner else []
    st.markdown(f"**{text.EPISODES}**")
    if not rows:
        st.caption(text.NO_EPISODES)
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(escape_markdown(text.episode_in_words(row)))
            st.button(
                "Remove",
                on_click=_remove,
                args=(row,),
                key=f"remove_episode_{row['source']}_{row['source_id']}",
                type="tertiary",
            )
    _episode_form()


def _episode_form() -> None:
    version = ui.form_version("episode")
    with st.form(f"episode_{version}", border=True):
        part = st.pills(
            "Where", EPISODE_PARTS, format_func=text.PART_NAMES.__getitem__, key=f"episode_part_{version}"
        )
        side = st.pills("Side", SIDES, format_func=SIDE_NAMES.__getitem__, key=f"episode_side_{version}")
        begun = _moment("Began", f"began_{version}")
        ended = _moment("Ended", f"ended_{version}")
        st.caption(text.ABOUT_WHEN)
        asked = st.form_submit_button("Add the episode", key="add_episode")
    if not asked:
        return
    if part is None:
        st.warning(text.NEEDS_PART)
        return
    try:
        one = episodes.remembered_episode(part, side, begun, ended, session.today())
        change = episodes.save_episode(
            session.store(), session.logging_runner().athlete_id, one, session.today()
        )
    except HeelwiseError as error:
        st.error(escape_markdown(str(error)))
        return
    sentence = text.ADDED.format(episode=text.episode_in_words(change.rows[0]))
    ui.remember_change(INTAKE_SECTION, sentence, change)
    ui.reset_form("episode")
    st.rerun()


def _moment(title: str, key: str) -> tuple[int, int | None] | None:
    """Ask for a year, and the month where it is remembered."""
    left, right = st.columns(2)
    year = left.number_input(
        f"{title}, year",
        FIRST_YEAR,
        session.today().year,
        None,
        step=1,
        placeholder="",
        key=f"{key}_year",
    )
    month = right.selectbox(
        f"{title}, month",
        range(1, 13),
        index=None,
        format_func=lambda number: text.MONTHS[number - 1],
        placeholder="",
        key=f"{key}_month",
    )
    return None if year is None else (int(year), month)


def _remove(row: Mapping[str, Any]) -> None:
    change = episodes.remove_episode(session.store(), row)
    ui.remember_change(INTAKE_SECTION, text.REMOVED.format(episode=text.episode_in_words(row)), change)
