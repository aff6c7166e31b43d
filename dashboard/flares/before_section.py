"""What came before an episode that a runner wrote of, remembers, or had to stop for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.diary import statements, statements_text
from dashboard.diary.episodes import Episode
from dashboard.flares import figures, lead_text
from dashboard.flares.lead_text import Reader
from dashboard.model.leading_changes import before_flare
from dashboard.shared import session, text, ui

MOST_OPEN = 3


def episode_key(episode: Episode) -> str:
    """Name an episode on the page."""
    return f"{statements.begun(episode)}_{episode.body_part}_{episode.known_by}"


def before_in_words(episode: Episode) -> list[str]:
    """Describe what rose before an episode began, by the same rule as before a flare."""
    analysis, explanation = session.analysis(), session.explanation()
    day = episode.from_date
    if analysis is None or explanation is None or day is None or analysis.days.is_empty():
        return []
    short = text.day_in_words(day)
    rows = session.changed_before(day)
    if rows is None or not lead_text.is_known(analysis, explanation, *before_flare(day)):
        return [statements_text.NO_LOAD_BEFORE.format(day=short)]
    after = statements_text.AFTER_WROTE if episode.known_by == "wrote" else statements_text.AFTER_BEGAN
    reader = Reader(session.units(), session.shoe_names())
    sentences = lead_text.before_day(analysis, explanation, day, rows.to_dicts(), reader, after_this=after)
    first = statements.begun(episode)
    if first is not None and first != day:
        span = {"first": text.day_in_words(first), "last": short}
        sentences.append(statements_text.SPAN_NOTE.format(**span))
    return sentences


def render(episodes: Sequence[Episode]) -> None:
    """Draw what came before each episode of the heel, newest first; all but the first few on a tap."""
    ours = statements.heel_episodes(episodes)
    if not ours:
        return
    st.html(ui.STYLE)
    for one in ours[:MOST_OPEN]:
        _card(one)
    rest = ours[MOST_OPEN:]
    if rest:
        below = st.expander(f"{len(rest)} earlier", key="earlier_episodes", on_change="rerun")
        if below.open:
            with below:
                for one in rest:
                    _card(one)
    st.caption(f"{text.ORDER_ONLY} {statements_text.NEVER_DAYS}")


def _card(episode: Episode) -> None:
    name = f"before_{episode_key(episode)}"
    with st.container(border=True, key=name):
        sentences = before_in_words(episode)
        title = statements_text.before_title(episode)
        st.html(ui.card_heading(title, level=3) + ui.card_paragraphs(sentences))
        below = st.expander(statements_text.WHAT_CHANGED, key=f"{name}_changes", on_change="rerun")
        if below.open and episode.from_date is not None:
            with below:
                _changes(episode.from_date)


def _changes(day: date) -> None:
    analysis, rows = session.analysis(), session.changed_before(day)
    if analysis is None or rows is None:
        return
    words = figures.changes_in_words(rows.to_dicts(), session.units(), int(analysis.settings.before_days))
    st.html(ui.bullets(words))
