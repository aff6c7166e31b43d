"""*Use it on my phone*: whether phones can reach this machine, pairing one, and the phones that are paired."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.devices import Device
from dashboard.access import devices, interfaces, listeners, pairing, phone_address
from dashboard.access.interfaces import Network
from dashboard.access.listeners import PhoneChoice, PhoneState
from dashboard.settings import pairing_section, phone_text
from dashboard.shared import session, text

ASKED_REMOVAL = "phone_to_remove"
JOINING = "phone_code"


def phone_section(runner: Runner | None) -> None:
    """Draw the section; a paired phone sees only where its like are paired."""
    if not session.is_owner():
        st.markdown(phone_text.ONLY_AT_MACHINE)
        return
    state = listeners.state()
    _switch(state)
    choice = state.choice if state.is_open else None
    if choice is not None and not choice.is_tls:
        with st.expander(phone_text.PLAIN_TITLE):
            st.markdown(phone_text.PLAIN)
    if pairing_section.is_reachable("log_only", choice):
        pairing_section.render(runner, choice)
    _paired_phones(runner, choice)


def _now() -> datetime:
    return datetime.now(UTC)


def _switch(state: PhoneState) -> None:
    networks = interfaces.networks()
    wanted = state.choice.network if state.choice else None
    options = networks if wanted is None or wanted in networks else [wanted, *networks]
    if not options:
        st.markdown(phone_text.NO_NETWORK)
        return
    if len(options) > 1:
        st.selectbox(
            phone_text.NETWORK,
            options,
            index=options.index(wanted) if wanted in options else 0,
            format_func=lambda one: one.title,
            key="phone_network",
            disabled=state.choice is not None,
            width=420,
        )
    is_on = state.choice is not None
    st.toggle(phone_text.LET_IN, value=is_on, key=f"phone_on_{is_on}", on_change=_turn, args=(options, is_on))
    if problem := state.problem or st.session_state.pop("phone_problem", None):
        st.error(text.escape_markdown(problem))
    elif state.is_open and state.choice is not None:
        st.markdown(phone_text.opened(state.choice.address))
    else:
        st.markdown(phone_text.CLOSED)


def _turn(options: list[Network], was_on: bool) -> None:
    """Open or close the phone's listener; what did not open is told below the switch."""
    store = session.machine_store()
    if was_on:
        pairing_section.stop()
        listeners.close_phone(store)
        return
    state = listeners.open_phone(store, st.session_state.get("phone_network") or options[0])
    if not state.is_open:
        st.session_state["phone_problem"] = state.problem


def _paired_phones(runner: Runner | None, choice: PhoneChoice | None) -> None:
    paired = session.machine_store().devices.devices()
    if not paired:
        st.markdown(phone_text.NOBODY_PAIRED)
        return
    everyone = {one.athlete_id: one for one in session.machine_store().runners()}
    names = session.names_of(list(everyone.values()))
    now = datetime.now(session.zone())
    for device in paired:
        if device.athlete_id in everyone:
            _phone_row(device, names[device.athlete_id], now, choice, runner)


def _phone_row(
    device: Device, whose: str, now: datetime, choice: PhoneChoice | None, runner: Runner | None
) -> None:
    name = _shown_name(device)
    facts = [whose, phone_text.SCOPES[device.scope].lower(), phone_text.seen(device, now)]
    with st.container(border=True, key=f"phone_{device.device_id}"):
        st.markdown(f"**{text.escape_markdown(name)}** · {text.escape_markdown(' · '.join(facts))}")
        is_lapsed = devices.is_lapsed(device, _now())
        is_elsewhere = choice is not None and phone_address.is_elsewhere(device.address, choice)
        if device.ended is not None:
            st.warning(phone_text.ENDED)
        elif is_lapsed:
            st.markdown(phone_text.lapsed(device))
        elif is_elsewhere and choice is not None:
            st.warning(text.escape_markdown(phone_text.moved(device, choice)))
        if st.session_state.get(ASKED_REMOVAL) == device.device_id:
            _ask_removal(device, name)
        else:
            _phone_buttons(device, choice, runner)
        joining = st.session_state.get(JOINING, {})
        if joining.get("device_id") == device.device_id:
            st.markdown(phone_text.JOIN.format(code=pairing.shown_code(joining["code"])))


def _phone_buttons(device: Device, choice: PhoneChoice | None, runner: Runner | None) -> None:
    is_own = runner is not None and runner.athlete_id == device.athlete_id
    with st.container(horizontal=True):
        if is_own and pairing_section.is_reachable(device.scope, choice):
            st.button(
                "Scan again",
                key=f"scan_again_{device.device_id}",
                on_click=pairing_section.offer,
                args=(runner, device.scope, device.device_id),
            )
        if device.ended is None and pairing_section.is_reachable(device.scope, choice):
            st.button(
                "Code for its home screen",
                key=f"join_{device.device_id}",
                on_click=_show_join_code,
                args=(device.device_id,),
            )
        st.button("Remove", key=f"remove_{device.device_id}", on_click=_set_removal, args=(device.device_id,))


def _shown_name(device: Device) -> str:
    """Return what a phone is called on screen; its own name may hold a person's."""
    return f"Phone {device.device_id}" if session.hides_names() else device.name


def _show_join_code(device_id: int) -> None:
    try:
        offered = pairing.join_code(session.machine_store(), device_id, _now())
    except HeelwiseError as error:
        st.session_state[pairing_section.OUTCOME] = str(error)
        return
    st.session_state[JOINING] = {"device_id": device_id, "code": offered.code}


def _ask_removal(device: Device, name: str) -> None:
    st.markdown(text.escape_markdown(phone_text.REMOVE_ASKED.format(name=name)))
    with st.container(horizontal=True):
        number = device.device_id
        st.button("Remove it", key=f"remove_now_{number}", type="primary", on_click=_remove, args=(number,))
        st.button("Leave it", key=f"leave_{number}", on_click=_set_removal, args=(None,))


def _set_removal(device_id: int | None) -> None:
    st.session_state[ASKED_REMOVAL] = device_id


def _remove(device_id: int) -> None:
    devices.remove(session.machine_store(), device_id)
    st.session_state.pop(ASKED_REMOVAL, None)
