"""The morning entry: how stiff, how long; saved on the second tap. What may follow is optional."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard.diary import entries
from dashboard.diary import text as diary_text
from dashboard.diary.entries import SymptomEntry
from dashboard.diary.questions import LONGEST_NOTE, checked_answer, question, questions_of
from dashboard.shared import session, ui
from dashboard.shared.undo import Change

SAVED_ENTRY = {"added": "Saved", "updated": "Saved", "unchanged": "Already there"}
DAY, CHANGING = "log_day", "log_changing"
ENTRY_SECTION, MORNING_FORM = "entry", "log"


def chosen_day() -> date:
    """Return the day being filled in: the one tapped, else the day on the phone's clock now."""
    return st.session_state.get(DAY) or session.today()


def log_runner() -> int:
    """Return whose entry it is."""
    return session.logging_runner().athlete_id


def remember_entry(change: Change, is_new_form: bool = True) -> None:
    """Remember a change of an entry; its undo goes back step by step to the first answer of that day."""
    last = ui.last_change(ENTRY_SECTION)
    is_same_day = last is not None and entry_date(last.change) == entry_date(change)
    ui.remember_change(ENTRY_SECTION, "Saved.", change, MORNING_FORM, after_last=is_same_day)
    st.session_state.pop(CHANGING, None)
    if is_new_form:
        ui.reset_form(MORNING_FORM)


def entry_date(change: Change) -> date:
    """Return the date of the entry that was changed."""
    return change.rows[0]["date"]


def _save(*answers: SymptomEntry) -> None:
    entries.drop_draft(session.store(), log_runner())
    remember_entry(entries.save_entry(session.store(), log_runner(), *answers))


def _place(day: date) -> tuple[str | None, str | None]:
    """Return side and site of the day's entry where there is one, else those of the entry before it."""
    diary = session.symptom_rows()
    rows = entries.entries_on(diary, day)
    if rows:
        return (rows[0]["side"], None) if len(rows) == 1 else (None, None)
    return entries.place_before(diary, day)


def _stiffness(key: str) -> None:
    day, score = chosen_day(), st.session_state[key]
    if score is None:
        entries.drop_draft(session.store(), log_runner())
    elif score == 0:  # no stiffness lasts no minutes: nothing more to ask
        _save(SymptomEntry(day, *_place(day), 0.0, morning_stiffness_band="0", is_same_as_before=False))
    else:
        entries.save_draft(session.store(), log_runner(), day, score)


def _minutes(key: str, score: int) -> None:
    day, band = chosen_day(), st.session_state[key]
    if band is not None:
        score_now = entries.load_draft(session.store(), log_runner(), day) or score
        _save(
            SymptomEntry(day, *_place(day), score_now, morning_stiffness_band=band, is_same_as_before=False)
        )


def _none() -> None:
    day = chosen_day()
    side, site = _place(day)
    _save(replace(entries.nothing_felt_on(day, side), site=site))


def _same() -> None:
    before = entries.entries_on(session.symptom_rows(), chosen_day() - timedelta(days=1))
    _save(*entries.same_as_before(before))


def _amend(row: dict[str, Any], column: str, key: str) -> None:
    value = checked_answer(column, st.session_state[key])
    remember_entry(entries.amend_entry(session.store(), row, **{column: value}), is_new_form=False)


def latest_entry(day: date) -> ui.LastChange | None:
    """Return the last change of an entry, where it is of this day."""
    last = ui.last_change(ENTRY_SECTION)
    return last if last is not None and entry_date(last.change) == day else None


def _change(day: date) -> None:
    st.session_state[CHANGING] = day


def _leave() -> None:
    entries.drop_draft(session.store(), log_runner())
    st.session_state.pop(CHANGING, None)
    ui.reset_form(MORNING_FORM)


def morning_question(day: date, is_today: bool, has_before: bool) -> None:
    """Ask how the morning was."""
    now = session.runner()
    half = entries.load_draft(session.store(), now.athlete_id, day) if now else None
    key, after = (
        f"stiffness_{day}_{ui.form_version(MORNING_FORM)}",
        f"minutes_{day}_{ui.form_version(MORNING_FORM)}",
    )
    when = diary_text.THIS_MORNING if is_today else f"on the morning of {diary_text.weekday(day)}"
    with st.container(key="large_taps_morning"):
        st.session_state.setdefault(key, half)
        stiffness, minutes = questions_of("morning")
        st.pills(
            stiffness.label.format(when=when),
            stiffness.options,
            key=key,
            on_change=_stiffness,
            args=(key,),
        )
        if half is not None:
            st.pills(
                minutes.label,
                minutes.options,
                format_func=minutes.name_of,
                key=after,
                on_change=_minutes,
                args=(after, half),
            )
    _one_tap_answers(day, is_today, has_before)


def _one_tap_answers(day: date, is_today: bool, has_before: bool) -> None:
    with st.container(horizontal=True, key="large_taps_whole"):
        if st.session_state.get(CHANGING) == day:
            st.button("Leave it as it was", on_click=_leave, key="leave_entry")
        st.button(
            diary_text.NONE_TODAY if is_today else diary_text.NONE_THAT_DAY,
            icon=":material/check:",
            on_click=_none,
            key="none_today",
            help="No stiffness and no pain this morning: stores zeros, which an empty day is not.",
        )
        if has_before:
            st.button(
                diary_text.SAME_AS_YESTERDAY if is_today else diary_text.SAME_AS_DAY_BEFORE,
                on_click=_same,
                key="same_as_before",
                help="Takes the morning before over, and says so in the entry.",
            )


def saved_message(rows: list[dict[str, Any]], day: date, is_today: bool) -> None:
    """Describe what is stored for the day, what it follows, and offer to take it back or change it."""
    last = latest_entry(day)
    when = "today" if is_today else diary_text.weekday(day)
    for row in rows:
        text = f"{SAVED_ENTRY[last.change.outcome] if last else 'Logged'}, {when}: {diary_text.entry_in_words(row)}."
        st.success(text, icon=":material/check:") if last else st.markdown(f"**{text}**")
    st.caption(
        diary_text.follows_in_words(
            entries.recent_before(session.store(), log_runner(), day), session.units()
        )
    )
    with st.container(horizontal=True, key="large_taps_said"):
        st.button("Change", on_click=_change, args=(day,), key="change_entry")


def more_questions(row: dict[str, Any]) -> None:
    """Ask what may follow; each answer is kept as it is given."""
    name = f"{row['source_id']}_{ui.form_version(MORNING_FORM)}"
    with st.container(key="large_taps_more"):
        st.caption(diary_text.OPTIONAL)
        for one in questions_of("more"):
            if one.options:
                _pills(one.field, row)
        key = f"note_{name}"
        st.session_state.setdefault(key, row["note"] or "")
        st.text_input(
            question("note").label, key=key, max_chars=LONGEST_NOTE, on_change=_amend, args=(row, "note", key)
        )


def _pills(column: str, row: dict[str, Any]) -> None:
    key, one = f"{column}_{row['source_id']}_{ui.form_version(MORNING_FORM)}", question(column)
    now = row[column]
    st.session_state.setdefault(key, int(now) if isinstance(now, float) else now)
    st.pills(
        one.label,
        one.options,
        format_func=one.name_of,
        key=key,
        on_change=_amend,
        args=(row, column, key),
    )


def morning_form(diary: Any) -> None:
    """Ask, or say what was answered."""
    day = chosen_day()
    is_today = day == session.today()
    rows, before = (
        entries.with_morning_entry(entries.entries_on(diary, one)) for one in (day, day - timedelta(days=1))
    )
    if not rows or st.session_state.get(CHANGING) == day:
        morning_question(day, is_today, bool(before))
        return
    saved_message(rows, day, is_today)
    if len(rows) == 1:
        more_questions(rows[0])


def fill_in_day(key: str) -> None:
    """Go to the day tapped in the strip."""
    tapped = st.session_state[key]
    st.session_state[DAY] = None if tapped == session.today() else tapped
    st.session_state.pop(CHANGING, None)
    ui.forget_change()


def day_strip(diary: Any) -> None:
    """Show the last fortnight, each day logged or open, to go to with a tap."""
    days = {one.date: one.is_logged for one in entries.last_14_days(diary, session.today())}
    key, now = f"strip_{session.today()}", chosen_day()
    st.session_state.setdefault(key, now if now in days else session.today())
    with st.container(key="fortnight"):
        st.pills(
            diary_text.STRIP,
            list(days),
            format_func=lambda day: (
                f"**{day:%a}** {day.day} {diary_text.LOGGED if days[day] else diary_text.OPEN}"
            ),
            required=True,
            key=key,
            on_change=fill_in_day,
            args=(key,),
        )
