"""The client id and secret of the API app: where they may stand, and what they must look like."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.errors import AppUnknown
from connectors.store.vault import App, Vault

CLIENT_ID, CLIENT_SECRET = "STRAVA_CLIENT_ID", "STRAVA_CLIENT_SECRET"
SECRETS = Path(".streamlit") / "secrets.toml"
ROOT = Path(__file__).resolve().parents[2]


def app_credentials(
    vault: Vault, environment: Mapping[str, str], secrets: Mapping[str, Any] | None = None
) -> App | None:
    """Find the client id and secret of the API app.

    Parameters
    ----------
    vault : Vault
        Holds what was typed into the settings page; asked last.
    environment : Mapping
        STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET; asked first.
    secrets : Mapping or None
        The same names, as in `.streamlit/secrets.toml`; asked second.

    Returns
    -------
    App or None
        From the first place that has both; None where none has.

    Raises
    ------
    VaultUnreadable
        When the vault is there but does not open.

    Source
    ------
    ours: what is set for this start goes before what was typed once.
    """
    for place in (environment, secrets or {}):
        client_id = str(place.get(CLIENT_ID) or "").strip()
        client_secret = str(place.get(CLIENT_SECRET) or "").strip()
        if client_id and client_secret:
            return App(client_id, client_secret)
    return vault.read_app()


def secrets_on_disk(folders: tuple[Path, ...] | None = None) -> dict[str, str]:
    """Read the client id and secret from `.streamlit/secrets.toml`.

    Parameters
    ----------
    folders : tuple of Path or None
        Where to look, the first one found counts; None is the current folder, this project's, one's own.

    Returns
    -------
    dict of str to str
        The two names, as far as they are there; empty without a file or with one that is not TOML.

    Source
    ------
    ours: read here and not through the server, so that `heelwise sync` finds the same.
    """
    for folder in folders or (Path.cwd(), ROOT, Path.home()):
        try:
            found = tomllib.loads((folder / SECRETS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return {name: str(found[name]) for name in (CLIENT_ID, CLIENT_SECRET) if name in found}
    return {}


def app_number(app: App) -> int:
    """Give the client id as the number it is.

    Parameters
    ----------
    app : App
        As it was typed.

    Returns
    -------
    int
        Above 0.

    Raises
    ------
    AppUnknown
        When it is no number.

    Source
    ------
    Strava's settings page shows digits.
    """
    text = app.client_id.strip()
    if not (text.isascii() and text.isdigit()):
        raise AppUnknown(
            "The client id is not a number. Nothing was changed. Copy it again from strava.com/settings/api."
        )
    return int(text)
