"""The one choice of dates of every page that has a window; the dates stand in the address as `from` and `to`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.model.date_window import ALL_DATES, AROUND_FLARE, OWN_DATES, USUAL_WINDOW, WINDOW_CHOICES
from dashboard.shared import session, ui

FROM, TO, OLD_PARAMETER = "from", "to", "window"
DEMO_WINDOW = "1 year"
CHOICE_KEY, DATES_KEY, ONSET_KEY = "window", "window_dates", "consult_onset"
_PRESSED = (
    "window_pressed"  # a choice was made since the address was written: the address is the older one then
)


@dataclass(frozen=True)
class WindowChoice:
    """What was chosen in this tab, for which runner, and the dates that came of it."""

    athlete_id: int | None
    choice: str
    dates: tuple[date, date] | None = None
    is_pressed: bool = False
    """Whether a person chose it: what a page opens with by itself is not taken along to the next."""


def _key() -> str:
    # A consult begins around its flare, whatever was looked at before it in the same tab.
    return "window_chosen_consult" if session.is_open() else "window_chosen"


def choose_window(
    analysis: Analysis, onset: date | None = None, usual: str = USUAL_WINDOW
) -> tuple[date, date]:
    """Draw the choice and return its dates; with an onset, the dates around it are offered first and hold it.

    `usual` is what the page opens with where nothing was chosen, and no flare is talked about.
    """
    options = [*([AROUND_FLARE] if onset else []), *WINDOW_CHOICES]
    runner = session.runner()
    # The made-up year shows its flare and the load before it; its last weeks are calm.
    opens_with = DEMO_WINDOW if runner is not None and runner.is_demo else usual
    chosen = _chosen(analysis, onset, options, AROUND_FLARE if onset else opens_with)
    st.session_state[CHOICE_KEY] = chosen.choice
    with st.container(horizontal=True, vertical_alignment="center", key="window_row"):
        ui.choice(
            "Window",
            options,
            CHOICE_KEY,
            default=None,  # what is chosen stands in the session
            on_change=_choose,
            args=(chosen.athlete_id,),
            label_visibility="collapsed",
        )
        start, end = window_dates(analysis, chosen, onset)
        if chosen.choice == OWN_DATES:
            _own_dates(analysis, chosen.athlete_id, start, end)
    st.session_state[_key()] = replace(chosen, dates=(start, end))
    _write_address((start, end))
    return start, end


def window_dates(analysis: Analysis, chosen: WindowChoice, onset: date | None) -> tuple[date, date]:
    """Return the dates of a choice; they hold the onset that is talked about, if there is one."""
    if chosen.choice == AROUND_FLARE and onset is not None:
        return date_window.around_onset(analysis, onset)
    return date_window.holding(*date_window.choose_range(analysis, chosen.choice, chosen.dates), onset)


def onset_talked_about() -> date | None:
    """Return the onset a consult talks about: the one chosen, else the newest on record; None outside a consult."""
    runner, explanation = session.runner(), session.explanation()
    if not session.is_open() or runner is None or explanation is None:
        return None
    chosen = st.session_state.get(ONSET_KEY)
    if chosen is not None and chosen[0] == runner.athlete_id:
        return chosen[1]
    newest = explanation.flares["onset"].max()
    return newest if isinstance(newest, date) else None


def choose_dates(athlete_id: int | None, start: date, end: date) -> None:
    """Turn to dates of one's own: dragged in a picture, or a step on or back."""
    st.session_state[_PRESSED] = True
    st.session_state[_key()] = WindowChoice(athlete_id, OWN_DATES, (start, end), True)


def step_buttons(analysis: Analysis, start: date, end: date) -> None:
    """Draw the ways on and back by the length shown, and back to all dates."""
    athlete_id, steps = _runner_id(), date_window.neighbours(analysis, start, end)
    for sign, name, span in zip("‹›", ("Earlier", "Later"), steps, strict=True):
        st.button(
            sign,
            key=f"window_{name.lower()}",
            help=f"{name}, by the length shown",
            disabled=span is None,
            on_click=choose_dates,
            args=(athlete_id, *(span or (start, end))),
        )
    chosen: WindowChoice = st.session_state[_key()]
    if chosen.choice == OWN_DATES:
        st.button("Back to all", key="window_all", type="tertiary", on_click=_all, args=(athlete_id,))


def _all(athlete_id: int | None) -> None:
    st.session_state[_PRESSED] = True
    st.session_state[_key()] = WindowChoice(athlete_id, ALL_DATES, is_pressed=True)


def look_around_flare() -> None:
    """Turn to the dates around the flare, after another one was chosen."""
    st.session_state[_key()] = WindowChoice(_runner_id(), AROUND_FLARE, is_pressed=True)
    st.session_state[_PRESSED] = True


def window_parameters() -> dict[str, str]:
    """Return the dates chosen as a link carries them; empty where none were."""
    chosen: WindowChoice | None = st.session_state.get(_key())
    if chosen is None or chosen.dates is None or not chosen.is_pressed or chosen.athlete_id != _runner_id():
        return {}
    return _parameters(chosen.dates)


def hold_in_address() -> None:
    """Write the dates chosen into the address, for a page without the choice as well."""
    if OLD_PARAMETER not in st.query_params and FROM not in st.query_params:
        st.query_params.update(window_parameters())


def shown_dates() -> tuple[date, date] | None:
    """Return the dates last shown to this runner in this tab; None where none were."""
    chosen: WindowChoice | None = st.session_state.get(_key())
    return chosen.dates if chosen is not None and chosen.athlete_id == _runner_id() else None


def dates_in_address(first: date, last: date) -> dict[str, str]:
    """Return how a link carries dates of its own."""
    return _parameters((first, last))


def _parameters(dates: tuple[date, date]) -> dict[str, str]:
    return {FROM: str(dates[0]), TO: str(dates[1])}


def _write_address(dates: tuple[date, date]) -> None:
    for name, value in _parameters(dates).items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    st.query_params.pop(OLD_PARAMETER, None)


def _runner_id() -> int | None:
    runner = session.runner()
    return runner.athlete_id if runner else None


def _chosen(analysis: Analysis, onset: date | None, options: list[str], usual: str) -> WindowChoice:
    """Return what holds: the choice of this tab, else the address, else what the page opens with."""
    runner = _runner_id()
    before: WindowChoice | None = st.session_state.get(_key())
    chosen = before if before is not None and before.athlete_id == runner else None
    asked, is_pressed = _address_dates(), st.session_state.pop(_PRESSED, False)
    if asked and not is_pressed and (chosen is None or asked != chosen.dates):
        return _named(analysis, onset, options, WindowChoice(runner, OWN_DATES, asked, True))
    if chosen is not None and chosen.is_pressed and chosen.choice in options:
        return chosen
    old = st.query_params.get(OLD_PARAMETER, "").replace("+", " ")
    is_old = old in options and old != OWN_DATES
    return WindowChoice(runner, old if is_old else usual, is_pressed=is_old)


def _named(analysis: Analysis, onset: date | None, options: list[str], asked: WindowChoice) -> WindowChoice:
    """Return the choice that has the dates asked for, so that a reload shows the same button pressed."""
    for option in options:
        one = WindowChoice(asked.athlete_id, option, is_pressed=True)
        if option != OWN_DATES and window_dates(analysis, one, onset) == asked.dates:
            return one
    return asked


def _address_dates() -> tuple[date, date] | None:
    given = [st.query_params.get(name, "") for name in (FROM, TO)]
    try:
        start, end = (date.fromisoformat(text) for text in given)
    except ValueError:
        return None  # no dates, or none that can be read: the page opens as usual
    return (start, end) if start < end else None


def _choose(athlete_id: int | None) -> None:
    before = st.session_state.get(_key())
    st.session_state[_PRESSED] = True
    dates = before.dates if before and before.athlete_id == athlete_id else None
    st.session_state[_key()] = WindowChoice(athlete_id, st.session_state[CHOICE_KEY], dates, True)


def _own_dates(analysis: Analysis, athlete_id: int | None, start: date, end: date) -> None:
    first, last = date_window.full_range(analysis)
    first, last = min(first, start), max(last, end)
    typed = st.session_state.get(DATES_KEY)
    if (
        not isinstance(typed, tuple) or len(typed) != 1
    ):  # with one of two dates chosen, the second is waited for
        st.session_state[DATES_KEY] = (start, end)
    st.date_input(
        "From and to",
        min_value=first,
        max_value=last,
        key=DATES_KEY,
        on_change=_date,
        args=(athlete_id,),
        format="YYYY-MM-DD",
        width=280,
        label_visibility="collapsed",
    )


def _date(athlete_id: int | None) -> None:
    given = st.session_state[DATES_KEY]
    if isinstance(given, tuple) and len(given) == 2:
        st.session_state[_PRESSED] = True
        st.session_state[_key()] = WindowChoice(athlete_id, OWN_DATES, given, True)
