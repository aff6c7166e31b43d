"""Links by the runner's own key on the Data page: asked for, checked, followed and ended."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from connectors.store.token_vault import LinkKey, Vault
from connectors.sync.key_service import KeyService, key_services
from connectors.sync.status import SyncStatus, ask_to_stop, read_status
from dashboard.key_links import text as link_text
from dashboard.key_links.load_change import last_load_change
from dashboard.key_links.service import (
    KeyCheck,
    check_key,
    clean_key,
    key_ends,
    link_key,
    linked_keys,
    parse_days,
    unlink,
)
from dashboard.shared import session, text, ui
from dashboard.strava_link import background_sync

CHECKED, RECEIPT = "key_checked", "key_receipt"
PICTURE = """<img alt="Where the key is made: {label}" src="data:image/svg+xml;base64,{data}"
  style="width:min(100%,480px)">"""


def render() -> None:
    """Draw the links of the runner shown, and how to make one."""
    owner = session.runner()
    if owner is not None and owner.is_demo:
        owner = None
    try:
        vault = session.vault()
        for service in key_services():
            _service(service, owner, vault)
        if owner is not None:
            _load_note(owner)
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))


def comes_first() -> bool:
    """Return whether there is a link to follow."""
    owner = session.runner()
    try:
        vault = session.vault()
        return owner is not None and not owner.is_demo and bool(vault.keyed_services(owner.athlete_id))
    except HeelwiseError:
        return False  # `render` says what is wrong with it


def key_end_notice() -> None:
    """Say a week before that a key ends, where the runner is every day."""
    owner = session.runner()
    if owner is None or owner.is_demo:
        return
    try:
        keys = linked_keys(session.vault(), owner.athlete_id)
    except HeelwiseError:
        return  # the Data page says what is wrong with the vault
    for service, key in keys:
        if ends := key_ends(service, key):
            st.warning(ends)


def _load_note(owner: Runner) -> None:
    note = last_load_change(session.store(), owner.athlete_id)
    if note is not None:
        with st.expander(f"Past load changed by a link on {note.on}"):
            ui.paragraphs(note.sentences)


def roads() -> None:
    """Draw which road of runs fits whom."""
    for pair in (link_text.ROADS[:2], link_text.ROADS[2:]):
        for column, road in zip(st.columns(2), pair, strict=True):
            column.markdown(link_text.road_text(road))
    st.caption(link_text.LINK_BY_ITSELF)


def where_picture(service: KeyService) -> None:
    """Draw the way to the place where a key is made."""
    label = ", then ".join(link_text.WHERE[service.id])
    drawing = Path(__file__).with_name(f"{service.id}.svg").read_bytes()
    st.html(PICTURE.format(label=escape(label), data=b64encode(drawing).decode()))


def _service(service: KeyService, owner: Runner | None, vault: Vault) -> None:
    key = None if owner is None else vault.read_key(owner.athlete_id, service.id)
    st.header(service.title)
    _receipt(service)
    if owner is not None and key is not None:
        _linked(service, owner, key, vault)
        return
    with st.expander(f"Link {service.title}", icon=":material/key:"):
        _ask(service, owner, vault)


def _ask(service: KeyService, owner: Runner | None, vault: Vault) -> None:
    """Explain where the key is made, take it, and ask whose runs they are before it is kept."""
    checked = st.session_state.get(f"{CHECKED}_{service.id}")
    if checked is not None:
        _confirm(service, owner, vault, *checked)
        return
    st.markdown("\n".join(f"{at}. {step}" for at, step in enumerate(service.steps, start=1)))
    where_picture(service)
    version = ui.form_version(f"key_{service.id}")
    with st.form(f"key_{service.id}_{version}", border=False):
        typed = st.text_input(
            f"Key of {service.title}",
            key=f"key_text_{service.id}_{version}",
            type="password",
            autocomplete="off",
            max_chars=5_000,
        )
        days = ""
        if service.ends:
            days = st.text_input(
                "For how many days was it made?",
                key=f"key_days_{service.id}_{version}",
                placeholder="I don't know",
                max_chars=3,
            )
        asked = st.form_submit_button(
            "Check the key", type="primary", key=f"key_check_{service.id}_{version}"
        )
    st.caption(link_text.KEY_SAFETY.format(title=service.title))
    if asked:
        _check(service, owner, typed or "", days or "")


def _check(service: KeyService, owner: Runner | None, typed: str, days: str) -> None:
    try:
        lasts, key = parse_days(days), clean_key(typed)
        with st.spinner(f"Asking {service.title} …"):
            check = check_key(session.store(), service, owner, key)
    except HeelwiseError as error:
        st.warning(text.escape_markdown(str(error)))
        return
    st.session_state[f"{CHECKED}_{service.id}"] = (owner.athlete_id if owner else None, key, lasts, check)
    # An empty form, so that the key does not stay in the page.
    ui.reset_form(f"key_{service.id}")
    st.rerun()


def _confirm(
    service: KeyService,
    owner: Runner | None,
    vault: Vault,
    athlete_id: int | None,
    key: str,
    days: int | None,
    check: KeyCheck,
) -> None:
    shown = owner.athlete_id if owner else None
    if shown != athlete_id:
        # Checked for another runner than the one now shown: asked anew.
        _drop_check(service)
        st.rerun()
    name = text.escape_markdown(session.name_of(owner)) if owner else "a record of your own"
    account = text.escape_markdown(check.account.in_words())
    st.markdown(link_text.confirm_question(account, service.title, f"**{name}**"))
    if check.held is not None:
        st.warning(text.escape_markdown(check.held))
    label = "Import all the same" if check.held is not None else "Yes, import"
    with st.container(horizontal=True):
        if st.button(label, type="primary", key=f"key_yes_{service.id}"):
            runner = owner or session.own_runner()
            link_key(session.store(), vault, service, runner, key, check, days, same_runner=True)
            _drop_check(service)
            background_sync.begin_sync(session.store(), runner.athlete_id)
            st.rerun()
        st.button("No, forget this key", key=f"key_no_{service.id}", on_click=_drop_check, args=(service,))


def _drop_check(service: KeyService) -> None:
    st.session_state.pop(f"{CHECKED}_{service.id}", None)


def _linked(service: KeyService, owner: Runner, key: LinkKey, vault: Vault) -> None:
    account = text.escape_markdown(key.name or key.account or "an account that names nobody yet")
    name = text.escape_markdown(session.name_of(owner))
    st.markdown(f"**{name}** is linked to the account of {account}.")
    ends = key_ends(service, key)
    if ends:
        st.warning(ends)
    going = background_sync.is_syncing(session.store(), owner.athlete_id)
    st.fragment(run_every=2.0 if going else 30.0)(_progress)(service, owner, going)
    with st.expander(f"New key, or unlink {service.title}"):
        if st.session_state.get(f"{CHECKED}_{service.id}") is not None or st.toggle(
            "Use a new key", key=f"key_new_{service.id}"
        ):
            _ask(service, owner, vault)
        _unlink(service, owner, vault)


def _progress(service: KeyService, owner: Runner, was_going: bool) -> None:
    store = session.store()
    going = background_sync.is_syncing(store, owner.athlete_id)
    if going != was_going:
        st.rerun()
    now = read_status(store, owner.athlete_id, service.id)
    if now is None:
        st.markdown(f"Asking {service.title} …" if going else "Nothing has come in yet.")
    else:
        _status(now)
    if going:
        st.button("Stop", key=f"key_stop_{service.id}", on_click=_stop, args=(service, owner))
    else:
        is_part = now is not None and (now.is_incomplete or now.state == "stopped")
        label = "Go on" if is_part else "Sync now"
        st.button(label, key=f"key_go_{service.id}", on_click=_continue, args=(owner,))


def _status(now: SyncStatus) -> None:
    in_all = now.recordings + (now.left or 0)
    if now.left and in_all:
        st.progress(now.recordings / in_all, f"{now.recordings:,} of {in_all:,} recordings")
    st.markdown(now.in_words())
    if now.problem:
        st.warning(text.escape_markdown(now.problem))


def _stop(service: KeyService, owner: Runner) -> None:
    ask_to_stop(session.store(), owner.athlete_id, service.id)


def _continue(owner: Runner) -> None:
    background_sync.begin_sync(session.store(), owner.athlete_id)


def _unlink(service: KeyService, owner: Runner, vault: Vault) -> None:
    choice = st.radio(
        "What came by the link",
        ["delete", "keep"],
        index=None,
        format_func={"delete": "Delete it", "keep": "Keep it on this machine"}.__getitem__,
        key=f"key_data_{service.id}",
    )
    if st.button(f"Unlink {service.title}", key=f"key_unlink_{service.id}", disabled=choice is None):
        lines = unlink(session.store(), vault, service, owner.athlete_id, choice == "delete")
        st.session_state[RECEIPT] = (service.id, lines)
        st.rerun()


def _receipt(service: KeyService) -> None:
    service_id, lines = st.session_state.get(RECEIPT, (None, []))
    if service_id == service.id:
        with st.container(border=True):
            st.markdown("\n".join(f"- {text.escape_markdown(line)}" for line in lines))
