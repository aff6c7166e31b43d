"""*Use it on my phone*: whether phones can reach this machine, pairing one, and the phones that are paired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.devices import Device, DeviceScope, Pairing
from dashboard.access import devices, interfaces, listeners, pairing, phone_address
from dashboard.access.interfaces import Network
from dashboard.access.listeners import PhoneChoice, PhoneState
from dashboard.charts.qr_code import code_image
from dashboard.settings import phone_text
from dashboard.shared import session, text, ui

PAIRING = "phone_pairing"
"""Session: the offer that is on screen, with the runner, the phone it renews, and when it was shown."""
LAST_WORD = "phone_pairing_end"
ASKED_REMOVAL = "phone_to_remove"
JOINING = "phone_code"
PATIENCE = timedelta(minutes=2)
# Never on its own: a style without anything to see is drawn where toasts are, and takes the place of one.
STYLE = """<style>.hw-code { width: min(300px, 100%); height: auto; display: block; }
.hw-number { font-size: 3rem; font-weight: 700; letter-spacing: .12em; line-height: 1.1; margin: 0; }</style>"""


def phone_section(runner: Runner | None) -> None:
    """Draw the section; a paired phone sees only where its like are paired."""
    if not session.is_owner():
        st.markdown(phone_text.ONLY_AT_MACHINE)
        return
    state = listeners.state()
    _switch(state)
    if state.is_open and state.choice is not None:
        if not state.choice.is_tls:
            with st.expander(phone_text.PLAIN_TITLE):
                st.markdown(phone_text.PLAIN)
        _pairing(runner, state.choice)
    _paired_phones(runner, state.choice if state.is_open else None)


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
        st.session_state.pop(PAIRING, None)
        listeners.close_phone(store)
        return
    state = listeners.open_phone(store, st.session_state.get("phone_network") or options[0])
    if not state.is_open:
        st.session_state["phone_problem"] = state.problem


def _pairing(runner: Runner | None, choice: PhoneChoice) -> None:
    if st.session_state.get(PAIRING):
        st.fragment(run_every=1.0)(_follow)(choice)
        return
    if word := st.session_state.pop(LAST_WORD, None):
        st.markdown(text.escape_markdown(word))
    if runner is None:
        st.markdown(phone_text.CHOOSE_RUNNER)
    elif runner.is_demo:
        st.markdown(pairing.NO_DEMO)
    else:
        scope: DeviceScope = "log_only"
        if choice.is_tls:
            scope = ui.choice(
                phone_text.SCOPE,
                list(phone_text.SCOPES),
                "phone_scope",
                format_func=phone_text.SCOPES.__getitem__,
                help=phone_text.SCOPE_HELP,
            )
        st.button(
            ui.act_label("Pair a phone"),
            key="pair_phone",
            type="primary",
            on_click=_offer,
            args=(runner, scope),
        )


def _offer(runner: Runner, scope: DeviceScope, device_id: int | None = None) -> None:
    """Show a code for a new phone, or for one that scans again."""
    try:
        offered = pairing.offer(session.store(), runner.athlete_id, scope, _now(), device_id)
    except HeelwiseError as error:
        st.session_state[LAST_WORD] = str(error)
        return
    st.session_state[PAIRING] = {"offer": offered, "runner": runner, "shown": _now()}
    st.session_state.pop(JOINING, None)


def _follow(choice: PhoneChoice) -> None:
    """Draw how far the pairing on screen is; drawn anew each second while it is under way."""
    shown: dict[str, Any] | None = st.session_state.get(PAIRING)
    if shown is None:
        return
    under_way = pairing.pairing_of(session.machine_store(), shown["offer"].pairing_id, _now())
    with st.container(border=True, key="phone_pairing_box"):
        if under_way is None:
            _end(phone_text.OVER)
        elif under_way.state == "offered":
            _code(choice, shown)
        elif under_way.state == "asked":
            _question(under_way, shown["runner"])
        elif under_way.state == "confirmed":
            st.markdown(phone_text.COLLECTING)
        elif under_way.state == "collected":
            whose = session.name_of(shown["runner"])
            _end(phone_text.PAIRED.format(name=under_way.phone_name, runner=whose))
        else:
            _end(phone_text.REFUSED)
        if under_way is not None and under_way.state in ("offered", "asked"):
            st.button("Stop", key="stop_pairing", on_click=_stop)


def _end(word: str) -> None:
    """Take the code off the screen, and draw the page anew with what came of it."""
    st.session_state.pop(PAIRING, None)
    st.session_state[LAST_WORD] = word
    st.rerun()


def _stop() -> None:
    shown = st.session_state.pop(PAIRING, None)
    if shown is not None:
        pairing.withdraw(session.machine_store(), shown["offer"].pairing_id)


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def _addresses(choice: PhoneChoice) -> list[str]:
    return phone_address.addresses(choice)


def _code(choice: PhoneChoice, shown: dict[str, Any]) -> None:
    offered = shown["offer"]
    addresses = _addresses(choice)
    address = addresses[0]
    if len(addresses) > 1:
        address = ui.choice(phone_text.ADDRESS, addresses, "phone_address", help=phone_text.ADDRESS_HELP)
    image = STYLE + code_image(f"{address}/pair#{offered.secret}", phone_text.CODE_ALT)
    if ui.is_narrow():
        beside = st.container()
        st.html(image)
    else:
        picture, beside = st.columns([2, 3], vertical_alignment="center")
        picture.html(image)
    with beside:
        st.markdown(phone_text.SCAN)
        st.markdown(phone_text.by_hand(address, pairing.shown_code(offered.code)))
    if _now() - shown["shown"] > PATIENCE:
        _checklist(choice, address, len(addresses) > 1)


def _checklist(choice: PhoneChoice, address: str, has_name: bool) -> None:
    st.markdown(phone_text.NOTHING_ARRIVES)
    commands = phone_address.firewall_commands(choice)
    steps = [*phone_text.checklist(address, has_name), phone_text.firewall(choice, bool(commands))]
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))
    if commands:
        st.code("\n".join(commands), language=None, wrap_lines=True)


def _question(asked: Pairing, runner: Runner) -> None:
    name = text.escape_markdown(asked.phone_name or "")
    whose = text.escape_markdown(session.name_of(runner))
    scope = phone_text.SCOPES[asked.scope].lower()
    st.markdown(phone_text.ASKS.format(name=name, runner=whose, scope=scope))
    st.markdown(phone_text.NUMBER)
    st.html(f"{STYLE}<p class='hw-number'>{escape(asked.number or '')}</p>")
    with st.container(horizontal=True, key="large_taps_pairing"):
        given = (asked.pairing_id, asked.number or "")
        st.button(phone_text.YES, key="confirm_phone", type="primary", on_click=_answer, args=(*given, True))
        st.button(phone_text.NO, key="refuse_phone", on_click=_answer, args=(*given, False))


def _answer(pairing_id: int, number: str, is_confirmed: bool) -> None:
    """Answer for the phone as it was drawn: another one that asks meanwhile has another number."""
    pairing.answer(session.machine_store(), pairing_id, number, is_confirmed, _now())


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
        if choice is not None and is_own and (device.scope == "log_only" or choice.is_tls):
            st.button(
                "Scan again",
                key=f"scan_again_{device.device_id}",
                on_click=_offer,
                args=(runner, device.scope, device.device_id),
            )
        if choice is not None and device.ended is None:
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
        st.session_state[LAST_WORD] = str(error)
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
