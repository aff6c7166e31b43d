"""Signing in with Strava: the address to open, the tokens that come of it, their renewal, and the way out."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from connectors.errors import AppUnknown, LinkEnded, NotLinked, StravaError
from connectors.store.token_vault import StravaApp, Tokens, Vault
from connectors.strava.client import strava_servers, stravalib_protocol
from connectors.strava.http import call_strava, token_session

CLIENT_ID, CLIENT_SECRET = "STRAVA_CLIENT_ID", "STRAVA_CLIENT_SECRET"
SECRETS = Path(".streamlit") / "secrets.toml"
ROOT = Path(__file__).resolve().parents[2]


def app_credentials(
    vault: Vault, environment: Mapping[str, str], secrets: Mapping[str, Any] | None = None
) -> StravaApp | None:
    """Find the client id and secret of the API app.

    What is set for this start goes before what was typed once.
    """
    for place in (environment, secrets or {}):
        client_id = str(place.get(CLIENT_ID) or "").strip()
        client_secret = str(place.get(CLIENT_SECRET) or "").strip()
        if client_id and client_secret:
            return StravaApp(client_id, client_secret)
    return vault.read_app()


def secrets_on_disk(folders: tuple[Path, ...] | None = None) -> dict[str, str]:
    """Read the client id and secret from `.streamlit/secrets.toml`.

    Read here and not through the server, so that `heelwise sync` finds the same.
    """
    for folder in folders or (Path.cwd(), ROOT, Path.home()):
        try:
            secrets = tomllib.loads((folder / SECRETS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return {name: str(secrets[name]) for name in (CLIENT_ID, CLIENT_SECRET) if name in secrets}
    return {}


def app_number(app: StravaApp) -> int:
    """Return the client id as the number it is.

    Strava's settings page shows digits.
    """
    text = app.client_id.strip()
    if not (text.isascii() and text.isdigit()):
        raise AppUnknown(
            "The client id is not a number. Nothing was changed. Copy it again from strava.com/settings/api."
        )
    return int(text)


SCOPES = ("read", "activity:read_all", "profile:read_all")
LEEWAY_S = 300


@dataclass(frozen=True)
class RevocationReceipt:
    """What came of ending a link."""

    ended_utc: datetime
    had_link: bool
    is_revoked: bool
    problem: str | None = None


def authorise_url(app: StravaApp, redirect_uri: str, state: str, ask_again: bool = False) -> str:
    """Return the address at which the runner says yes or no.

    Strava, "Authentication" (developers.strava.com/docs/authentication).
    """
    query = {
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "approval_prompt": "force" if ask_again else "auto",
        "scope": ",".join(SCOPES),
        "state": state,
    }
    return f"{strava_servers().site}/oauth/authorize?{urlencode(query)}"


def exchange_code(app: StravaApp, code: str, scopes: Iterable[str] = SCOPES) -> Tokens:
    """Turn the code of one yes into tokens.

    References
    ----------
    RFC 6749, 4.1.3.
    """
    asked = stravalib_protocol(strava_servers(), token_session())
    info, athlete = call_strava(
        lambda: asked.exchange_code_for_token(app_number(app), app.client_secret, code, return_athlete=True)
    )
    number = (athlete or {}).get("id") or 0
    return _tokens(info, tuple(scopes), int(number))


def fresh_tokens(
    vault: Vault, app: StravaApp | None, athlete_id: int, now: float | None = None, spent: str | None = None
) -> Tokens:
    """Return tokens that are good for the next minutes, renewing them where needed.

    Two at once make one renewal, since the second reads again under the lock.
    """
    tokens = _stored_tokens(vault, athlete_id)
    if _is_good(tokens, now, spent):
        return tokens
    with vault.locked():
        tokens = _stored_tokens(vault, athlete_id)
        if _is_good(tokens, now, spent):
            return tokens
        renewed = _renewed(_known(app), tokens)
        vault.write(athlete_id, renewed)
        return renewed


def revoke(vault: Vault, app: StravaApp | None, athlete_id: int) -> RevocationReceipt:
    """End a link: tell Strava, and delete the tokens in any case.

    References
    ----------
    Strava's changelog: `oauth/revoke` since 2026-06-01 (stravalib #738); `oauth/deauthorize` until 2027-06-01.
    """
    with vault.locked():
        tokens = vault.read(athlete_id)
        problem = None if tokens is None else _revoked(app, tokens)
        vault.delete(athlete_id)
    return RevocationReceipt(
        datetime.now(UTC), tokens is not None, tokens is not None and problem is None, problem
    )


def _stored_tokens(vault: Vault, athlete_id: int) -> Tokens:
    tokens = vault.read(athlete_id)
    if tokens is None:
        raise NotLinked(
            "Strava is not linked for this runner. Link it on the Data page, or with `heelwise connect`."
        )
    return tokens


def _known(app: StravaApp | None) -> StravaApp:
    if app is None:
        raise AppUnknown(
            "No client id and secret are known, so the Strava link could not be renewed. What came in stays. Enter "
            f"them on the Data page, or set {CLIENT_ID} and {CLIENT_SECRET}."
        )
    return app


def _is_good(tokens: Tokens, now: float | None, spent: str | None) -> bool:
    return (
        tokens.expires_at - (time.time() if now is None else now) > LEEWAY_S and tokens.access_token != spent
    )


def _renewed(app: StravaApp, tokens: Tokens) -> Tokens:
    asked = stravalib_protocol(strava_servers(), token_session())
    info = call_strava(
        lambda: asked.refresh_access_token(app_number(app), app.client_secret, tokens.refresh_token)
    )
    renewed = _tokens(info, tokens.scopes, tokens.strava_athlete_id)
    return replace(renewed, refresh_token=renewed.refresh_token or tokens.refresh_token)


def _revoked(app: StravaApp | None, tokens: Tokens) -> str | None:
    """Ask Strava to revoke; None when it confirmed, else a sentence."""
    try:
        if app is not None and _revoked_the_new_way(app, tokens):
            return None
        asked = stravalib_protocol(strava_servers(), token_session(), tokens.access_token)
        call_strava(lambda: asked.post("oauth/deauthorize"))
    except LinkEnded:
        return None  # it was ended on strava.com before
    except StravaError:
        return (
            "Strava did not confirm it. The tokens here are deleted; to be sure, remove the app on strava.com under "
            "Settings, My Apps."
        )
    return None


def _revoked_the_new_way(app: StravaApp, tokens: Tokens) -> bool:
    url = f"{strava_servers().site}/oauth/revoke"
    try:
        answer = token_session().post(
            url,
            data={"token": tokens.refresh_token, "token_type_hint": "refresh_token"},
            auth=(app.client_id, app.client_secret),
        )
    except requests.RequestException:
        return False
    return answer.ok


def _tokens(info: Mapping[str, Any], scopes: tuple[str, ...], strava_athlete_id: int) -> Tokens:
    return Tokens(
        str(info["access_token"]),
        str(info["refresh_token"] or ""),
        int(info["expires_at"]),
        scopes,
        strava_athlete_id,
    )
