"""The daily reminder: a calendar file with an alarm, an address to subscribe to, and where messages are told."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

import streamlit as st

from connectors.store import Runner
from dashboard.access import listeners, phone_address
from dashboard.access.proxy import PUBLIC
from dashboard.access.web_security import is_loopback
from dashboard.phone import calendar_routes, reminder
from dashboard.phone.reminder import ReminderPlan
from dashboard.shared import session, text, ui

ABOUT = (
    f"On the lock screen it says “{reminder.WORDS}” and nothing else. {reminder.CANNOT_KNOW} What ends for the day by "
    "itself is a message: `heelwise remind` sends one only while this morning is not logged (docs/phone.md)."
)
SUBSCRIBE = (
    "The downloaded file is the plain way. Calendars ask an address like this rarely, some once a week, and many drop "
    "its alert. Whoever has the address can read the reminder and nothing else; a new one ends the one before."
)
SHOWN_ONCE = "Copy it now: only its hash is stored, so it is not shown again."
HERE_ALONE = (
    "This address is good on this machine alone. For the phone's calendar, switch *Use it on my phone* on first, and "
    "make an address then."
)
NEW_ADDRESS, NEW_UID = "reminder_new_address", "reminder_new_uid"


def reminder_section(runner: Runner) -> None:
    """Draw the time, the file, and the address of a subscription."""
    plan = _plan(runner)
    st.caption(ABOUT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at = st.time_input("Remind me at", plan.at, key=f"reminder_at_{runner.athlete_id}", width=160)
        chosen = at if isinstance(at, time) else plan.at
        st.download_button(
            "Download the reminder (.ics)",
            # Made here and not when it is pressed: that would be outside the run of the page, where no runner is shown.
            reminder.reminder_calendar(replace(plan, at=chosen), datetime.now(UTC)),
            on_click=_save,
            args=(runner, chosen, plan.uid),
            file_name=session.labelled("heelwise_reminder.ics"),
            mime="text/calendar",
            icon=":material/alarm:",
            key="reminder_ics",
        )
    st.caption(
        f"On the clock of {text.escape_markdown(plan.zone)}. Open the file on the phone and add it to the calendar; a "
        "later file takes the place of the earlier one. To end it, delete the entry there."
    )
    with st.expander("Subscribe to it instead"):
        _subscription(runner, chosen, plan.uid)


def _plan(runner: Runner) -> ReminderPlan:
    """Return the plan; the entry's name is held in the session until the first file or address stores it."""
    plan = reminder.load_plan(session.store(), runner.athlete_id, st.context.timezone)
    if not plan.uid:
        new = st.session_state.setdefault(f"{NEW_UID}_{runner.athlete_id}", reminder.with_uid(plan).uid)
        plan = replace(plan, uid=new)
    return plan


def _save(runner: Runner, at: time, uid: str) -> None:
    reminder.save_plan(session.store(), runner.athlete_id, at, st.context.timezone, uid)


def _subscription(runner: Runner, at: time, uid: str) -> None:
    st.markdown(SUBSCRIBE)
    is_there = reminder.has_address(session.store(), runner.athlete_id)
    with st.container(horizontal=True):
        st.button(
            "Make a new address" if is_there else "Make an address",
            key="reminder_make",
            on_click=_make,
            args=(runner, at, uid),
        )
        if is_there:
            st.button("End the address", key="reminder_end", on_click=_end, args=(runner,))
    shown = st.session_state.get(NEW_ADDRESS)
    if is_there and shown and shown[0] == runner.athlete_id:
        address = _address(shown[1])
        st.code(address, language=None, wrap_lines=True)
        st.caption(SHOWN_ONCE)
        if is_loopback(urlsplit(address).hostname):
            st.caption(HERE_ALONE)


def _make(runner: Runner, at: time, uid: str) -> None:
    _save(runner, at, uid)
    token = reminder.new_address(session.store(), runner.athlete_id)
    st.session_state[NEW_ADDRESS] = (runner.athlete_id, token)


def _end(runner: Runner) -> None:
    reminder.end_address(session.store(), runner.athlete_id)
    st.session_state.pop(NEW_ADDRESS, None)
    ui.say_saved("The address is ended; calendars that subscribed find nothing there any more.")


def _address(token: str) -> str:
    """Return the whole address: at the proxy's name, else where the phone's listener is open, else here."""
    state = listeners.state()
    page = urlsplit(st.context.url or "http://localhost:8501")
    base = os.environ.get(PUBLIC, "").strip().rstrip("/")
    if not base and state.is_open and state.choice is not None:
        base = phone_address.addresses(state.choice)[0]
    return (base or f"{page.scheme}://{page.netloc}") + calendar_routes.PATH.format(token=token)
