"""The end of a consult: tomorrow's log as a phone will ask it, and what was agreed as a code to take along."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from connectors.frames import STIFFNESS_BANDS
from dashboard.consult import agreed
from dashboard.diary import text as diary_text
from dashboard.diary.questions import SCALE
from dashboard.shared import session, text, ui

TITLE = "Tomorrow morning"
BEFORE_PHONE = "Two taps a day, before the first run. A phone will ask it like this."
BEFORE_CODE = "What was agreed, as text for any phone's camera. It holds no name, and needs no connection."
NOTHING = "Nothing is agreed yet. Once a next step, a limit or a programme is kept, its code to take along stands here."
PAIR = "Log on a phone: pair one on this machine"
PHONE_ALT = "Tomorrow's log on a phone: {words}"
STYLE = """<style>
.hw-phone { width: min(390px, 100%); box-sizing: border-box; border: 3px solid #566372; border-radius: 2rem;
  padding: 1.4rem 1.1rem; background: #ffffff; color: #1b2530; font-size: 18px; line-height: 1.35; }
.hw-phone div { margin: 0 0 .8rem; }
.hw-phone .hw-day { font-weight: 700; font-size: 22px; }
.hw-phone .hw-taps { display: flex; flex-wrap: wrap; gap: .4rem; }
.hw-phone .hw-taps span { border: 1px solid #566372; border-radius: 1.4rem; min-width: 44px; min-height: 44px;
  padding: 0 .7rem; box-sizing: border-box; display: inline-flex; align-items: center; justify-content: center; }
.hw-code { width: min(360px, 100%); height: auto; display: block; }
.hw-agreed { white-space: pre-line; margin: .5rem 0 0 !important; overflow-wrap: anywhere; }
</style>"""


def render() -> None:
    """Draw both, side by side where there is room."""
    runner = session.runner()
    if runner is None:
        return
    st.header(TITLE)
    left, right = (st.container(), st.container()) if ui.is_narrow() else st.columns(2)
    with left:
        st.markdown(BEFORE_PHONE)
        st.html(STYLE + phone_html())
        if not runner.is_demo:
            ui.page_link("settings", label=PAIR)
    lines = agreed.agreed_lines(session.store(), runner.athlete_id, session.today())
    with right:
        if not lines:
            st.markdown(NOTHING)
            return
        words = agreed.fitting(lines)
        st.markdown(BEFORE_CODE)
        st.html(f"{agreed.code_html(words)}<p class='hw-agreed'>{escape(words)}</p>")


def phone_html() -> str:
    """Draw tomorrow's questions, in the words of the log itself; a picture, with nothing to press."""
    day = session.today() + timedelta(days=1)
    dated = f"{day:%A} {text.day_in_words(day)}"
    how_stiff = diary_text.HOW_STIFF.format(when=diary_text.THIS_MORNING)
    groups = (
        (how_stiff, [str(score) for score in SCALE]),
        (diary_text.HOW_LONG, [text.BANDS[band] for band in STIFFNESS_BANDS]),
        ("", [diary_text.NONE_TODAY, diary_text.SAME_AS_YESTERDAY]),
    )
    parts = "".join(
        (f"<div>{escape(question)}</div>" if question else "")
        + f"<div class='hw-taps'>{_taps(options)}</div>"
        for question, options in groups
    )
    words = " ".join([dated + ".", how_stiff, diary_text.HOW_LONG])
    alt = escape(PHONE_ALT.format(words=words), quote=True)
    return (
        f"<div class='hw-phone' role='img' aria-label='{alt}'><div class='hw-day'>{dated}</div>{parts}</div>"
    )


def _taps(options: list[str]) -> str:
    return "".join(f"<span>{escape(option)}</span>" for option in options)
