"""The API app behind the link: how to make one, and where its number and secret go."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store.vault import App, Vault
from connectors.strava.credentials import app_number
from dashboard import words
from dashboard.connect import PUBLIC

ROUND = "strava_app_round"
SETTINGS_URL = "https://www.strava.com/settings/api"


def make(vault: Vault) -> None:
    """Explain step by step how to make an app, with the values to paste, and take its number and secret."""
    public = os.environ.get(PUBLIC, "").strip()
    domain = (urlsplit(public).hostname if public else None) or "localhost"
    with st.expander("Make an API app, once; it takes two minutes", expanded=True):
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


def change(app: App, vault: Vault) -> None:
    """Let an app that was typed in here be replaced or forgotten; say where another one comes from."""
    if vault.read_app() != app:
        st.markdown("It comes from the environment or from `.streamlit/secrets.toml`; change it there.")
        return
    _app_form(vault)
    st.button("Forget this app", key="forget_app", on_click=vault.write_app, args=(None,))


def _app_form(vault: Vault) -> None:
    turn = st.session_state.get(ROUND, 0)
    with st.form(f"strava_app_{turn}", border=False):
        client_id = st.text_input("Client ID", key=f"client_id_{turn}", max_chars=20, placeholder="12345")
        client_secret = st.text_input(
            "Client Secret", key=f"client_secret_{turn}", type="password", autocomplete="off", max_chars=100
        )
        if not st.form_submit_button("Save the app", type="primary", key=f"save_app_{turn}"):
            return
    if not client_id or not client_secret or not client_id.strip() or not client_secret.strip():
        st.warning("Both are needed: the number and the secret. Nothing was saved.")
        return
    typed = App(client_id.strip(), client_secret.strip())
    try:
        app_number(typed)
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
        return
    vault.write_app(typed)
    # A new round empties the form, so that the secret does not stay in the page.
    del st.session_state[f"client_secret_{turn}"]
    st.session_state[ROUND] = turn + 1
    st.rerun()
