"""Signing in with Strava: the address to open, the tokens that come of it, their renewal, and the way out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import requests

from connectors.errors import AppUnknown, LinkEnded, NotLinked, StravaError
from connectors.store.vault import App, Tokens, Vault
from connectors.strava.calls import asked_of, token_session
from connectors.strava.credentials import CLIENT_ID, CLIENT_SECRET, app_number
from connectors.strava.protocol import protocol
from connectors.strava.servers import servers

SCOPES = ("read", "activity:read_all", "profile:read_all")
LEEWAY_S = 300


@dataclass(frozen=True)
class Receipt:
    """What came of ending a link.

    Parameters
    ----------
    ended_utc
        Aware, UTC: when.
    had_link
        Whether there were tokens at all.
    is_revoked
        Whether Strava said that the access is gone.
    problem
        Where Strava did not: one sentence; None otherwise.
    """

    ended_utc: datetime
    had_link: bool
    is_revoked: bool
    problem: str | None = None


def authorise_url(
    app: App, redirect_uri: str, state: str, scopes: Iterable[str] = SCOPES, ask_again: bool = False
) -> str:
    """Give the address at which the runner says yes or no.

    Parameters
    ----------
    app : App
        Who asks.
    redirect_uri : str
        Where the browser goes afterwards; its host must be the app's callback domain.
    state : str
        Comes back with the answer.
    scopes : iterable of str
        What is asked for.
    ask_again : bool
        Show the page even to somebody who has said yes: needed to tick what was left out.

    Returns
    -------
    str
        On strava.com unless HEELWISE_STRAVA_URL points elsewhere.

    Source
    ------
    Strava, "Authentication" (developers.strava.com/docs/authentication).
    """
    query = {
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "approval_prompt": "force" if ask_again else "auto",
        "scope": ",".join(scopes),
        "state": state,
    }
    return f"{servers().site}/oauth/authorize?{urlencode(query)}"


def exchange_code(app: App, code: str, scopes: Iterable[str] = SCOPES) -> Tokens:
    """Turn the code of one yes into tokens.

    Parameters
    ----------
    app : App
        Who asked.
    code : str
        As Strava put it into the address; good once.
    scopes : iterable of str
        What Strava says was ticked.

    Returns
    -------
    Tokens
        Not kept yet.

    Raises
    ------
    StravaError
        AppUnknown, AppInactive, AthleteLimit, StravaUnreachable, StravaTroubled; StravaError itself for a code
        that was used or is too old.

    Source
    ------
    RFC 6749, 4.1.3.
    """
    asked = protocol(servers(), token_session())
    info, athlete = asked_of(
        lambda: asked.exchange_code_for_token(app_number(app), app.client_secret, code, return_athlete=True)
    )
    number = (athlete or {}).get("id") or 0
    return _tokens(info, tuple(scopes), int(number))


def fresh_tokens(
    vault: Vault, app: App | None, athlete_id: int, now: float | None = None, spent: str | None = None
) -> Tokens:
    """Give tokens that are good for the next minutes, renewing them where needed.

    Parameters
    ----------
    vault : Vault
        Where they are kept.
    app : App or None
        Who asks; None where no client id is known, which matters only if they must be renewed.
    athlete_id : int
        Runner on this machine, from 1.
    now : float or None
        Seconds since 1970-01-01 UTC; None is this machine's clock.
    spent : str or None
        An access token that Strava has just refused although it looked good, as with a clock that is wrong.

    Returns
    -------
    Tokens
        Kept before they are given: a rotated refresh token that is lost ends the link.

    Raises
    ------
    NotLinked
        When there are none.
    LinkEnded
        When Strava takes the refresh token no longer; they stay until the runner links again or disconnects.
    StravaError
        As `exchange_code`.

    Source
    ------
    ours: two at once make one renewal, since the second reads again under the lock.
    """
    tokens = _kept(vault, athlete_id)
    if _is_good(tokens, now, spent):
        return tokens
    with vault.locked():
        tokens = _kept(vault, athlete_id)
        if _is_good(tokens, now, spent):
            return tokens
        renewed = _renewed(_known(app), tokens)
        vault.write(athlete_id, renewed)
        return renewed


def revoke(vault: Vault, app: App | None, athlete_id: int) -> Receipt:
    """End a link: tell Strava, and delete the tokens in any case.

    Parameters
    ----------
    vault : Vault
        Where they are kept.
    app : App or None
        Who asked for them; without it Strava can be told only the older way.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    Receipt
        Whether Strava confirmed it.

    Raises
    ------
    VaultUnreadable, StoreFull
        When the tokens could not be deleted.

    Source
    ------
    Strava's changelog: `oauth/revoke` since 2026-06-01 (stravalib #738); `oauth/deauthorize` until 2027-06-01.
    """
    with vault.locked():
        tokens = vault.read(athlete_id)
        problem = None if tokens is None else _revoked(app, tokens)
        vault.delete(athlete_id)
    return Receipt(datetime.now(UTC), tokens is not None, tokens is not None and problem is None, problem)


def _kept(vault: Vault, athlete_id: int) -> Tokens:
    tokens = vault.read(athlete_id)
    if tokens is None:
        raise NotLinked(
            "Strava is not linked for this runner. Link it on the Data page, or with `heelwise connect`."
        )
    return tokens


def _known(app: App | None) -> App:
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


def _renewed(app: App, tokens: Tokens) -> Tokens:
    asked = protocol(servers(), token_session())
    info = asked_of(
        lambda: asked.refresh_access_token(app_number(app), app.client_secret, tokens.refresh_token)
    )
    renewed = _tokens(info, tokens.scopes, tokens.strava_athlete_id)
    return replace(renewed, refresh_token=renewed.refresh_token or tokens.refresh_token)


def _revoked(app: App | None, tokens: Tokens) -> str | None:
    """Tell Strava; None when it confirmed, else a sentence."""
    try:
        if app is not None and _revoked_the_new_way(app, tokens):
            return None
        asked = protocol(servers(), token_session(), tokens.access_token)
        asked_of(lambda: asked.post("oauth/deauthorize"))
    except LinkEnded:
        return None  # it was ended on strava.com before
    except StravaError:
        return (
            "Strava did not confirm it. The tokens here are deleted; to be sure, remove the app on strava.com under "
            "Settings, My Apps."
        )
    return None


def _revoked_the_new_way(app: App, tokens: Tokens) -> bool:
    url = f"{servers().site}/oauth/revoke"
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
