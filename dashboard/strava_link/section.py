"""The API app behind the link: how to make one, and where its number and secret go."""

from __future__ import annotations

import base64
import os
from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.plural import count
from connectors.source import source_by_id
from connectors.store import Runner
from connectors.store.token_vault import StravaApp, Tokens, Vault
from connectors.strava import retention
from connectors.strava.oauth import app_number
from connectors.sync.status import SyncStatus, ask_to_stop, read_status
from dashboard.access.proxy import PUBLIC
from dashboard.shared import session, text, ui
from dashboard.strava_link import addresses, background_sync, link

APP_FORM = "strava_app"
SETTINGS_URL = "https://www.strava.com/settings/api"


def app_form(vault: Vault) -> None:
    """Explain step by step how to make an app, with the values to paste, and take its number and secret."""
    public = os.environ.get(PUBLIC, "").strip()
    domain = (urlsplit(public).hostname if public else None) or "localhost"
    with st.expander("Set up the Strava connection (2 minutes, once)"):
        st.markdown(
            f"""
1. Log in on strava.com and open [{SETTINGS_URL}]({SETTINGS_URL}). Strava shows the form only with an active
   subscription.
2. Fill it in:

   | field | what to enter |
   |---|---|
   | Application Name | `My running log` |
   | Category | `Other` |
   | Club | leave empty |
   | Website | `http://localhost` |
   | Application Description | `My own log on my own machine` |
   | Authorization Callback Domain | `{domain}` |

3. Agree, create it, and give it any picture as its icon.
4. Copy **Client ID** and **Client Secret** from that page into the two fields below. The tokens shown there are not
   needed: they may read too little.
"""
        )
        _app_form(vault)
    st.caption(
        "Or set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET in the environment or in `.streamlit/secrets.toml`."
    )


def change_app(app: StravaApp, vault: Vault) -> None:
    """Let an app that was typed in here be replaced or forgotten; say where another one comes from."""
    if vault.read_app() != app:
        st.markdown("It comes from the environment or from `.streamlit/secrets.toml`; change it there.")
        return
    _app_form(vault)
    st.button("Forget this app", key="forget_app", on_click=vault.write_app, args=(None,))


def _app_form(vault: Vault) -> None:
    version = ui.form_version(APP_FORM)
    with st.form(f"strava_app_{version}", border=False):
        client_id = st.text_input("Client ID", key=f"client_id_{version}", max_chars=20, placeholder="12345")
        client_secret = st.text_input(
            "Client Secret",
            key=f"client_secret_{version}",
            type="password",
            autocomplete="off",
            max_chars=100,
        )
        if not st.form_submit_button("Save the app", type="primary", key=f"save_app_{version}"):
            return
    if not client_id or not client_secret or not client_id.strip() or not client_secret.strip():
        st.warning("Both are needed: the number and the secret. Nothing was saved.")
        return
    typed = StravaApp(client_id.strip(), client_secret.strip())
    try:
        app_number(typed)
    except HeelwiseError as error:
        st.warning(text.escape_markdown(str(error)))
        return
    vault.write_app(typed)
    # An empty form, so that the secret does not stay in the page.
    del st.session_state[f"client_secret_{version}"]
    ui.reset_form(APP_FORM)
    st.rerun()


OUTCOME, DISCONNECTED, KEEP_CHOICE, KEEP_FORM = (
    "strava_outcome",
    "strava_goodbye",
    "strava_keep",
    "strava_keep",
)
ASSETS = Path(__file__).resolve().parents[1] / "assets"
BUTTON_FILES = ("connect_with_strava.svg", "connect_with_strava.png")
WORDS = "Connect with Strava"
# Strava's orange; white on it is readable only when large and bold.
BUTTON = """<style>.hw-strava {{display: inline-flex; align-items: center; min-height: 48px; padding: 0 1.25rem;
  border-radius: 4px; background: #FC5200; color: #fff !important; font-weight: 700; font-size: 1.1875rem;
  text-decoration: none !important;}} .hw-strava:focus-visible {{outline: 3px solid currentColor; outline-offset: 2px;}}
  .hw-strava-official img {{height: 48px; display: block;}}</style>
<a class="{kind}" href="{href}" target="_self">{face}</a>"""


def arrival_message() -> None:
    """Move the outcome of a sign-in from the address, which names its runner, to the session."""
    flag = st.query_params.get("connected")
    if flag is None:
        return
    del st.query_params["connected"]
    st.session_state[OUTCOME] = flag if flag in link.OUTCOMES else "troubled"
    st.rerun()


def comes_first() -> bool:
    """Return whether there is news about the link, or a link to follow."""
    owner = _owner()
    return bool({OUTCOME, DISCONNECTED} & set(st.session_state)) or (
        owner is not None and _tokens(owner) is not None
    )


def strava_section() -> None:
    """Draw the section."""
    st.header("Strava")
    owner = _owner()
    try:
        vault = session.vault()
        tokens = None if owner is None else vault.read(owner.athlete_id)
        _news(tokens)
        if owner is not None and tokens is not None:
            _linked(owner, tokens, vault)
        else:
            _unlinked(owner, vault)
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))


def _owner() -> Runner | None:
    """Whose link this is: the runner being looked at; none for the made-up one, and where nobody is shown."""
    now = session.runner()
    return None if now is None or now.is_demo else now


def _tokens(owner: Runner) -> Tokens | None:
    try:
        return session.vault().read(owner.athlete_id)
    except HeelwiseError:
        return None  # `show` says what is wrong with it


def _forget_news() -> None:
    for key in (OUTCOME, DISCONNECTED):
        st.session_state.pop(key, None)


def _news(tokens: Tokens | None) -> None:
    flag = st.session_state.get(OUTCOME)
    if flag in link.GOOD_OUTCOMES and tokens is not None:
        st.success(link.OUTCOMES[flag])
    elif flag is not None and flag not in link.GOOD_OUTCOMES:
        st.warning(link.OUTCOMES[flag])
    if DISCONNECTED in st.session_state and tokens is None:
        _receipt(st.session_state[DISCONNECTED])


def _unlinked(owner: Runner | None, vault: Vault) -> None:
    st.markdown(
        "Link Strava, and runs come in by themselves, old ones and new ones. It takes an API app of your own, and "
        "since June 2026 a Strava subscription. Without one, a Strava export brings the same runs."
    )
    app = link.known_app(vault)
    if app is None:
        app_form(vault)
        return
    keep = _choose_keeping(owner)
    if keep is not None:
        _button(owner, keep=keep)
        st.caption(
            "Heelwise asks to read your activities, your shoes and your zones, and never to write. "
            "Leave every box ticked on the page that opens."
        )
    with st.expander(f"The API app: client id {app.client_id}"):
        change_app(app, vault)


def _choose_keeping(owner: Runner | None) -> str | None:
    """Ask how long data stays; nothing is preselected, and None is given until something is chosen."""
    chosen = (
        session.store().settings(owner.athlete_id).get(retention.RETENTION) if owner is not None else None
    )
    texts = list(retention.CHOICES)
    choice = st.radio(
        "How long shall what comes through the link stay on this machine?",
        texts,
        index=texts.index(chosen) if chosen in texts else None,
        format_func=retention.CHOICES.__getitem__,
        key=f"{KEEP_CHOICE}_{ui.form_version(KEEP_FORM)}",
    )
    with st.expander("What is known of Strava's rules"):
        st.markdown(retention.POLICY_TEXT)
    if choice is None:
        st.caption("Choose first; it can be changed later.")
    elif choice != chosen and owner is not None:
        session.store().set_settings(owner.athlete_id, {retention.RETENTION: choice})
    return choice


def _button(owner: Runner | None, again: bool = False, keep: str | None = None) -> None:
    asked = {
        "runner": owner.athlete_id if owner is not None else None,
        "again": 1 if again else None,
        # The runner may still have to be made: then the choice travels along.
        "keep": keep,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    href = escape(f"{addresses.START}?{query}")
    official = next((ASSETS / name for name in BUTTON_FILES if (ASSETS / name).exists()), None)
    if official is None:
        st.html(BUTTON.format(kind="hw-strava", href=href, face=WORDS))
        return
    kind = "image/svg+xml" if official.suffix == ".svg" else "image/png"
    data = base64.b64encode(official.read_bytes()).decode()
    face = f'<img src="data:{kind};base64,{data}" alt="{WORDS}">'
    st.html(BUTTON.format(kind="hw-strava-official", href=href, face=face))


def _linked(owner: Runner, tokens: Tokens, vault: Vault) -> None:
    account = f" to account {tokens.strava_athlete_id}" if tokens.strava_athlete_id else ""
    st.markdown(f"**{text.escape_markdown(session.name_of(owner))}** is linked{account}.")
    missing = link.unticked_scopes(tokens.scopes)
    if missing:
        st.warning("Not ticked on Strava:\n" + "\n".join(f"- {sentence}" for sentence in missing))
        _button(owner, again=True)
    if link.may_read(tokens.scopes):
        _follow(owner)
    with st.expander("How long it stays"):
        _choose_keeping(owner)
    with st.expander("Disconnect Strava"):
        _disconnect(owner, vault)
    st.caption(source_by_id("strava_api").attribution)


def _follow(owner: Runner) -> None:
    going = background_sync.is_syncing(session.store(), owner.athlete_id)
    st.fragment(run_every=2.0 if going else 30.0)(_progress)(owner, going)


def _progress(owner: Runner, was_going: bool) -> None:
    store = session.store()
    going = background_sync.is_syncing(store, owner.athlete_id)
    if going != was_going:
        st.rerun()
    now = read_status(store, owner.athlete_id)
    if now is None:
        st.markdown("Asking Strava …" if going else "Nothing has come in yet.")
    else:
        _status(owner, now, going)
    if going:
        st.button("Stop", key="strava_stop", on_click=_stop, args=(owner,))
    else:
        is_part = now is not None and (now.is_incomplete or now.state == "stopped")
        label = "Go on" if is_part else "Sync now"
        st.button(label, key="strava_go", on_click=_continue, args=(owner,))


def _status(owner: Runner, now: SyncStatus, going: bool) -> None:
    in_all = now.recordings + (now.left or 0)
    if now.left and in_all:
        st.progress(now.recordings / in_all, f"{now.recordings:,} of {count(in_all, 'recording')}")
    st.markdown(now.in_words())
    if now.state == "stopped" and not going:
        st.markdown("It was stopped, and what is in stays.")
    if now.problem:
        st.warning(now.problem)
    if now.state == "failed" and not going:
        _button(owner, again=True)


def _stop(owner: Runner) -> None:
    _forget_news()
    ask_to_stop(session.store(), owner.athlete_id)


def _continue(owner: Runner) -> None:
    _forget_news()
    background_sync.begin_sync(session.store(), owner.athlete_id)


def _disconnect(owner: Runner, vault: Vault) -> None:
    st.markdown(
        "Strava is told that the access ends, and the tokens here are deleted. What came from files and exports, and "
        "what you wrote, stays in any case."
    )
    choice = st.radio(
        "What came through the link",
        ["delete", "keep"],
        index=None,
        format_func={"delete": "Delete it", "keep": "Keep it on this machine"}.__getitem__,
        key="strava_data_choice",
    )
    if st.button("Disconnect", key="strava_disconnect", disabled=choice is None):
        with st.spinner("Telling Strava …"):
            goodbye = link.disconnect(session.store(), vault, owner.athlete_id, choice == "delete")
        _forget_news()
        if choice == "delete":
            # The next link asks anew, with nothing chosen.
            ui.reset_form(KEEP_FORM)
        st.session_state[DISCONNECTED] = link.receipt_in_words(goodbye)
        st.rerun()


def _receipt(lines: list[str]) -> None:
    with st.container(border=True, key="strava_receipt"):
        st.markdown("**Strava is disconnected**\n\n" + "\n".join(f"- {line}" for line in lines))
        st.download_button(
            "Save the receipt",
            "Strava is disconnected\n" + "\n".join(lines) + "\n",
            file_name="strava_disconnected.txt",
            mime="text/plain",
            key="strava_receipt_file",
        )
