"""The morning entry: how stiff, how long; saved on the second tap. What may follow is optional."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from connectors.frames import SIDES, SITES, STIFFNESS_BANDS
from dashboard import day_words, entries, half_made, past_entries, recent, state
from dashboard.charts import log_words
from dashboard.entries import Entry, Logged
from dashboard.kept import undo as take_back

SCALE = list(range(11))
SIDE_NAMES = {"left": "Left", "right": "Right", "both": "Both"}
SITE_NAMES = {"midportion": "Mid-tendon", "insertion": "At the heel", "other": "Elsewhere"}
DONE = {"new": "Saved", "updated": "Saved", "unchanged": "Already there"}
UNDO, DAY, CHANGING = "log_undo", "log_day", "log_changing"
TURN = "log_turn"  # a new turn empties the buttons


def chosen_day() -> date:
    """Give the day being filled in: the one tapped, else the day on the phone's clock now."""
    return st.session_state.get(DAY) or state.today()


def mine() -> int:
    """Give whose entry it is."""
    return state.logging_runner().athlete_id


def turn() -> int:
    """Number the fields, so that an answer given does not stand in the next question."""
    return st.session_state.get(TURN, 0)


def kept(done: Logged, is_new_turn: bool = True) -> None:
    """Remember what was stored, for the line that says so and its undo, back to the first answer of that day."""
    before = [one for one in st.session_state.get(UNDO) or [] if one.date == done.date]
    st.session_state[UNDO] = [*before, done]
    st.session_state.pop(CHANGING, None)
    if is_new_turn:
        st.session_state[TURN] = turn() + 1


def _save(*said: Entry) -> None:
    half_made.drop(state.store(), mine())
    kept(entries.keep(state.store(), mine(), *said))


def _side(day: date) -> str | None:
    """Give the side of the day's entry where there is one: a day grows over the day."""
    rows = past_entries.of_day(state.symptoms(), day)
    return rows[0]["side"] if len(rows) == 1 else None


def _stiffness(key: str) -> None:
    day, score = chosen_day(), st.session_state[key]
    if score is None:
        half_made.drop(state.store(), mine())
    elif score == 0:  # no stiffness lasts no minutes: nothing more to ask
        _save(Entry(day, _side(day), None, 0.0, morning_stiffness_band="0", is_same_as_before=False))
    else:
        half_made.keep(state.store(), mine(), day, score)


def _minutes(key: str, score: int) -> None:
    day, band = chosen_day(), st.session_state[key]
    if band is not None:
        score_now = half_made.of(state.store(), mine(), day) or score
        _save(Entry(day, _side(day), None, score_now, morning_stiffness_band=band, is_same_as_before=False))


def _none() -> None:
    day = chosen_day()
    _save(entries.none_on(day, _side(day)))


def _same() -> None:
    before = past_entries.of_day(state.symptoms(), chosen_day() - timedelta(days=1))
    _save(*entries.same_as_before(before))


def undo(done: Logged) -> None:
    """Take back what was stored last."""
    take_back(state.store(), mine(), done.kept)
    st.session_state[UNDO] = [one for one in st.session_state[UNDO] if one is not done]
    st.session_state[TURN] = turn() + 1


def _amend(row: dict[str, Any], column: str, key: str) -> None:
    said = st.session_state[key]
    said = said.strip() or None if isinstance(said, str) else said
    if column.endswith("_0_10") and said is not None:
        said = float(said)
    kept(entries.amend(state.store(), row, **{column: said}), is_new_turn=False)


def latest(day: date) -> Logged | None:
    """Give what was stored last for a day since the page was opened."""
    done = st.session_state.get(UNDO) or []
    return done[-1] if done and done[-1].date == day else None


def _change(day: date) -> None:
    st.session_state[CHANGING] = day


def _leave() -> None:
    half_made.drop(state.store(), mine())
    st.session_state.pop(CHANGING, None)
    st.session_state[TURN] = turn() + 1


def question(day: date, is_today: bool, has_before: bool) -> None:
    """Ask how the morning was."""
    now = state.runner()
    half = half_made.of(state.store(), now.athlete_id, day) if now else None
    key, after = f"stiffness_{day}_{turn()}", f"minutes_{day}_{turn()}"
    when = "this morning" if is_today else f"on the morning of {log_words.weekday(day)}"
    with st.container(key="large_taps_morning"):
        st.session_state.setdefault(key, half)
        st.pills(
            f"How stiff is your heel {when}? 0 is not at all, 10 the worst you can think of.",
            SCALE,
            key=key,
            on_change=_stiffness,
            args=(key,),
        )
        if half is not None:
            st.pills(
                "How many minutes until it eased?",
                STIFFNESS_BANDS,
                format_func=day_words.BANDS.__getitem__,
                key=after,
                on_change=_minutes,
                args=(after, half),
            )
    with st.container(horizontal=True, key="large_taps_whole"):
        if st.session_state.get(CHANGING) == day:
            st.button("Leave it as it was", on_click=_leave, key="leave_entry")
        st.button(
            "None today" if is_today else "None that day",
            icon=":material/check:",
            on_click=_none,
            key="none_today",
            help="No stiffness and no pain this morning: stores zeros, which an empty day is not.",
        )
        if has_before:
            st.button(
                "Same as yesterday" if is_today else "Same as the day before",
                on_click=_same,
                key="same_as_before",
                help="Takes the morning before over, and says so in the entry.",
            )


def said(rows: list[dict[str, Any]], day: date, is_today: bool) -> None:
    """Say what is stored for the day, what it follows, and offer to take it back or change it."""
    done = latest(day)
    when = "today" if is_today else log_words.weekday(day)
    for row in rows:
        text = f"{DONE[done.what] if done else 'Logged'}, {when}: {log_words.entry(row)}."
        st.success(text, icon=":material/check:") if done else st.markdown(f"**{text}**")
    st.caption(log_words.follows(recent.before(state.store(), mine(), day), state.units()))
    with st.container(horizontal=True, key="large_taps_said"):
        if done:
            st.button("Undo", on_click=undo, args=(done,), key="undo_entry")
        st.button("Change", on_click=_change, args=(day,), key="change_entry")


def more(row: dict[str, Any]) -> None:
    """Ask what may follow; each answer is kept as it is given."""
    name = f"{row['source_id']}_{turn()}"
    with st.container(key="large_taps_more"):
        st.caption("If you like, and kept as you tap:")
        pain = row["morning_pain_0_10"]
        _pills(
            "Pain on the first steps, 0–10",
            SCALE,
            row,
            "morning_pain_0_10",
            None if pain is None else int(pain),
        )
        _pills("Which heel", SIDES, row, "side", row["side"], SIDE_NAMES)
        _pills("Where", SITES, row, "site", row["site"], SITE_NAMES)
        key = f"note_{name}"
        st.session_state.setdefault(key, row["note"] or "")
        st.text_input("Note", key=key, max_chars=2000, on_change=_amend, args=(row, "note", key))


def _pills(label: str, options: Any, row: dict[str, Any], column: str, now: Any, names: Any = None) -> None:
    key = f"{column}_{row['source_id']}_{turn()}"
    st.session_state.setdefault(key, now)
    st.pills(
        label,
        options,
        format_func=names.__getitem__ if names else str,
        key=key,
        on_change=_amend,
        args=(row, column, key),
    )


def show(diary: Any) -> None:
    """Ask, or say what was answered."""
    day = chosen_day()
    is_today = day == state.today()
    rows, before = (
        past_entries.with_morning(past_entries.of_day(diary, one)) for one in (day, day - timedelta(days=1))
    )
    if not rows or st.session_state.get(CHANGING) == day:
        question(day, is_today, bool(before))
        return
    said(rows, day, is_today)
    if len(rows) == 1:
        more(rows[0])


def fill_in(key: str) -> None:
    """Go to the day tapped in the strip."""
    tapped = st.session_state[key]
    st.session_state[DAY] = None if tapped == state.today() else tapped
    for name in (UNDO, CHANGING):
        st.session_state.pop(name, None)


def strip(diary: Any) -> None:
    """Show the last fortnight, each day logged or open, to go to with a tap."""
    days = {one.date: one.is_logged for one in past_entries.fortnight(diary, state.today())}
    key, now = f"strip_{state.today()}", chosen_day()
    st.session_state.setdefault(key, now)
    with st.container(key="fortnight"):
        st.pills(
            "The last 14 days: tap an open one to fill it in",
            list(days),
            format_func=lambda day: f"**{day:%a}** {day.day} {'● logged' if days[day] else '○ open'}",
            required=True,
            key=key,
            on_change=fill_in,
            args=(key,),
        )
