"""One pairing on the screen of the machine: the code, the question whether it is this phone, and what came of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.devices import DeviceScope, Pairing
from dashboard.access import pairing, phone_address
from dashboard.access.listeners import PhoneChoice
from dashboard.charts.qr_code import code_image
from dashboard.settings import phone_text
from dashboard.shared import session, text, ui

SHOWN_PAIRING = "phone_pairing"
OUTCOME = "phone_pairing_outcome"
PATIENCE = timedelta(minutes=2)
# Never on its own: a style without anything to see is drawn where toasts are, and takes the place of one.
STYLE = """<style>.hw-code { width: min(300px, 100%); height: auto; display: block; }
.hw-number { font-size: 3rem; font-weight: 700; letter-spacing: .12em; line-height: 1.1; margin: 0; }</style>"""


@dataclass
class ShownPairing:
    """The pairing on screen, in the session; `secret` and `code` are "" where a reload has lost them."""

    pairing_id: int
    runner: Runner
    scope: DeviceScope
    shown: datetime
    secret: str = ""
    code: str = ""


def render(runner: Runner | None, choice: PhoneChoice | None) -> None:
    """Draw the button that begins a pairing, or the pairing that is under way."""
    shown: ShownPairing | None = st.session_state.get(SHOWN_PAIRING) or _left_behind(runner)
    if shown is not None and (runner is None or shown.runner.athlete_id == runner.athlete_id):
        st.session_state[SHOWN_PAIRING] = shown
        st.fragment(run_every=1.0)(_follow)(choice)
        return
    if outcome := st.session_state.pop(OUTCOME, None):
        st.markdown(text.escape_markdown(outcome))
    if runner is None:
        st.markdown(phone_text.CHOOSE_RUNNER)
    elif runner.is_demo:
        st.markdown(pairing.NO_DEMO)
    else:
        scope = _scope(choice)
        label = ui.act_label("Pair a phone")
        st.button(label, key="pair_phone", type="primary", on_click=offer, args=(runner, scope))


def offer(runner: Runner, scope: DeviceScope, device_id: int | None = None) -> None:
    """Show a code for a new phone, or for one that scans again."""
    try:
        made = pairing.offer(session.store(), runner.athlete_id, scope, _now(), device_id)
    except HeelwiseError as error:
        st.session_state[OUTCOME] = str(error)
        return
    shown = ShownPairing(made.pairing_id, runner, scope, _now(), made.secret, made.code)
    st.session_state[SHOWN_PAIRING] = shown


def stop() -> None:
    """Take the code off the screen; it lets nobody in any more."""
    shown: ShownPairing | None = st.session_state.pop(SHOWN_PAIRING, None)
    if shown is not None:
        pairing.withdraw(session.machine_store(), shown.pairing_id)


def is_reachable(scope: DeviceScope, choice: PhoneChoice | None) -> bool:
    """Return whether there is an address by which a phone of this scope may come."""
    return bool(_addresses(scope, choice))


def _now() -> datetime:
    return datetime.now(UTC)


def _left_behind(runner: Runner | None) -> ShownPairing | None:
    """Return the phone that asks while the page which showed its code was closed or loaded anew."""
    if runner is None:
        return None
    there = session.machine_store().devices.pairings()
    asking = [one for one in there if one.state == "asked" and one.athlete_id == runner.athlete_id]
    young = [one for one in asking if pairing.is_young(one, _now())]
    return ShownPairing(young[-1].pairing_id, runner, young[-1].scope, _now()) if young else None


def _scope(choice: PhoneChoice | None) -> DeviceScope:
    if not is_reachable("everything", choice):
        return "log_only"
    names = phone_text.SCOPES
    return ui.choice(
        phone_text.SCOPE,
        list(names),
        "phone_scope",
        format_func=names.__getitem__,
        help=phone_text.SCOPE_HELP,
    )


def _addresses(scope: DeviceScope, choice: PhoneChoice | None) -> list[str]:
    """Return the addresses by which a phone may come: for *everything* those with TLS alone."""
    public = phone_address.public_address(os.environ)
    there = ([public] if public else []) + (_own_addresses(choice) if choice else [])
    return [one for one in there if scope == "log_only" or one.startswith("https://")]


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def _own_addresses(choice: PhoneChoice) -> list[str]:
    return phone_address.addresses(choice)


def _follow(choice: PhoneChoice | None) -> None:
    """Draw how far the pairing on screen is; drawn anew each second while it is under way."""
    shown: ShownPairing | None = st.session_state.get(SHOWN_PAIRING)
    if shown is None:
        return
    under_way = pairing.pairing_of(session.machine_store(), shown.pairing_id, _now())
    addresses = _addresses(shown.scope, choice)
    if under_way is None or (under_way.state == "offered" and not addresses):
        _end(phone_text.OVER)
    elif under_way.state == "refused":
        _end(phone_text.REFUSED)
    elif under_way.state == "collected":
        whose = session.name_of(shown.runner)
        _end(phone_text.PAIRED.format(name=under_way.phone_name, runner=whose))
    else:
        with st.container(border=True, key="phone_pairing_box"):
            _draw(under_way, shown, addresses, choice)


def _draw(under_way: Pairing, shown: ShownPairing, addresses: list[str], choice: PhoneChoice | None) -> None:
    if under_way.state == "confirmed":
        st.markdown(phone_text.COLLECTING)
        return
    if under_way.state == "asked":
        _question(under_way, shown.runner)
    else:
        _code(shown, addresses, choice)
    st.button("Stop", key="stop_pairing", on_click=stop)


def _end(outcome: str) -> None:
    """Take the code off the screen, and draw the page anew with what came of it."""
    st.session_state.pop(SHOWN_PAIRING, None)
    st.session_state[OUTCOME] = outcome
    st.rerun()


def _code(shown: ShownPairing, addresses: list[str], choice: PhoneChoice | None) -> None:
    address = addresses[0]
    if len(addresses) > 1:
        address = ui.choice(phone_text.ADDRESS, addresses, "phone_address", help=phone_text.ADDRESS_HELP)
    image = STYLE + code_image(f"{address}/pair#{shown.secret}", phone_text.CODE_ALT)
    if ui.is_narrow():
        beside = st.container()
        st.html(image)
    else:
        picture, beside = st.columns([2, 3], vertical_alignment="center")
        picture.html(image)
    with beside:
        st.markdown(phone_text.SCAN)
        st.markdown(phone_text.by_hand(address, pairing.shown_code(shown.code)))
    if _now() - shown.shown > PATIENCE:
        _checklist(choice, address, len(addresses) > 1)


def _checklist(choice: PhoneChoice | None, address: str, has_other: bool) -> None:
    st.markdown(phone_text.NOTHING_ARRIVES)
    steps = phone_text.checklist(address, has_other)
    commands = phone_address.firewall_commands(choice) if choice else []
    if choice is not None:
        steps.append(phone_text.firewall(choice, bool(commands)))
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
