"""Calls to a service over HTTP: what fails in passing is asked again, the rest is one error with one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from connectors.errors import KeyRefused, ServiceError, ServiceTroubled, ServiceUnreachable, UnsafeFile
from connectors.sync.request_pace import RequestPace

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
WAITS_S = (0.5, 2.0)
"""s before the second and the third attempt at a call that failed in passing."""
MOST_BYTES = 64 << 20
"""A day's recording of a watch has some megabytes."""
ALL_STORED = "All that came in so far is kept."
RETRY_RULE = "Try again later; it goes on where it stopped."
_NO_NAME = ("Name or service not known", "getaddrinfo", "nodename nor servname", "No address associated")

Answer = TypeVar("Answer")


class TooManyRequestsError(Exception):
    """The service asked for silence; never leaves `connectors.sync`."""

    def __init__(self, retry_after_s: float | None) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


def http_client() -> httpx.Client:
    """Build a client that waits only so long, follows nowhere, and reads only so many bytes.

    Neither proxy settings nor a password file of this machine are used: a key goes to its service alone.
    """
    return httpx.Client(
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [lambda response: _limit(response, MOST_BYTES)]},
    )


class _LimitedBytes(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, most: int) -> None:
        self._stream, self._most = stream, most

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for piece in self._stream:
            total += len(piece)
            if total > self._most:
                raise UnsafeFile(
                    "It is larger than any recording of a watch. It was left out; the rest is read."
                )
            yield piece

    def close(self) -> None:
        self._stream.close()


def _limit(response: httpx.Response, most: int) -> None:
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _LimitedBytes(response.stream, most)


def call_paced(title: str, pace: RequestPace, call: Callable[[], Answer]) -> Answer:
    """Call a service until it answers: what may pass is asked again, what does not is raised at once."""
    waits = iter(WAITS_S)
    while True:
        pace.acquire()
        try:
            answer = call()
        except TooManyRequestsError as refusal:
            pace.on_429(refusal.retry_after_s)
            continue
        except (ServiceUnreachable, ServiceTroubled):
            wait = next(waits, None)
            if wait is None:
                raise
            pace.wait(wait)
            continue
        except httpx.HTTPError as error:
            raise unreachable(title, error) from None
        pace.on_answer()
        return answer


def unreachable(title: str, error: Exception) -> ServiceUnreachable:
    """Build the error for a call that brought no answer, with one sentence for the reader."""
    text = str(error)
    if isinstance(error, httpx.TimeoutException) or "timed out" in text:
        why = f"{title} did not answer in time."
    elif any(word in text for word in _NO_NAME):
        why = f"The address of {title} could not be found: this machine seems to be offline."
    elif "CERTIFICATE" in text.upper() or "SSL" in text:
        why = f"No secure connection to {title} could be made. Check this machine's clock, and any filter."
    else:
        why = f"The connection to {title} broke."
    return ServiceUnreachable(f"{why} {ALL_STORED} {RETRY_RULE}")


def no_data(title: str) -> ServiceTroubled:
    """Build the error for an answer that is no data: a page, cut off, empty or of another shape."""
    return ServiceTroubled(f"{title} answered with something that is no data. {ALL_STORED} {RETRY_RULE}")


def status_error(title: str, status: int, retry_after: str | None, refused: str) -> Exception:
    """Build what to raise for an answer with a status of failure."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return TooManyRequestsError(retry_after_s(retry_after))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return KeyRefused(refused)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServiceTroubled(
            f"{title} has a problem of its own (it answered {status}). {ALL_STORED} {RETRY_RULE}"
        )
    return ServiceError(f"{title} did not understand a request (it answered {status}). {ALL_STORED}")


def retry_after_s(text: str | None) -> float | None:
    """Read for how many seconds a service asks for silence; None where it does not say.

    References
    ----------
    RFC 9110, 10.2.3: seconds or a date.
    """
    given = (text or "").strip()
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
