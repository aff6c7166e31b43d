"""How sign-in calls are sent: in time or not at all, and every failure in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from connectors.strava.refusals import told

TIMEOUT_S = (5.0, 30.0)
Answer = TypeVar("Answer")


class InTime(HTTPAdapter):
    """Waits for an answer only so long; stravalib would wait for ever."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """Send one request.

        Parameters
        ----------
        request, stream, timeout, verify, cert, proxies
            As requests gives them; no timeout becomes `TIMEOUT_S`.

        Returns
        -------
        Response
            As it came.

        Source
        ------
        ours.
        """
        return super().send(request, stream, timeout or TIMEOUT_S, verify, cert, proxies)


def token_session() -> requests.Session:
    """Make a session for calls that must not be sent twice.

    Returns
    -------
    Session
        A connection that was never made is tried twice more; an answer that failed is not asked for again, since a
        refresh token may be used up by then.

    Source
    ------
    ours: RFC 6749 lets a server give a new refresh token with each answer.
    """
    session = requests.Session()
    adapter = InTime(max_retries=Retry(total=2, connect=2, read=0, redirect=0, status=0, backoff_factor=0.3))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def asked_of(call: Callable[[], Answer]) -> Answer:
    """Make a call and put its failures into our own errors.

    Parameters
    ----------
    call : callable
        Asks Strava through requests or stravalib, and reads the answer.

    Returns
    -------
    Answer
        What it gave.

    Raises
    ------
    StravaError
        See `refusals.told`.

    Source
    ------
    ours: neither an address nor an answer's text may reach a log.
    """
    try:
        return call()
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        raise told(error) from None
