"""stravalib's protocol, pointed at our servers and sent through our session. It takes 1.5 s to import, so late."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from importlib import import_module
from typing import TYPE_CHECKING

import requests

from connectors.strava.servers import Servers

if TYPE_CHECKING:
    from stravalib.protocol import ApiV3

_importing = threading.Lock()


def protocol(servers: Servers, session: requests.Session, access_token: str | None = None) -> ApiV3:
    """Make one protocol object: for one runner, one thread.

    Parameters
    ----------
    servers : Servers
        Where to send what it asks for.
    session : Session
        With timeouts and retries; the protocol has neither.
    access_token : str or None
        Sent as a bearer header.

    Returns
    -------
    ApiV3
        Knows no client id and no secret, so it never refreshes tokens by itself: it has no way to save them.

    Source
    ------
    ours, for what stravalib 2.6 does on import and when made: it warns on the root logger, changes the
    warning filters and captures warnings for the whole process. All three are undone.
    """
    made = _api()(access_token=access_token, requests_session=session)
    made.client_id = made.client_secret = None
    made.resolve_url = servers.resolve
    return made


def _api() -> type[ApiV3]:
    os.environ.setdefault("SILENCE_TOKEN_WARNINGS", "true")
    with _importing, warnings.catch_warnings():
        kind = import_module("stravalib.protocol").ApiV3
        logging.captureWarnings(False)
    return kind
