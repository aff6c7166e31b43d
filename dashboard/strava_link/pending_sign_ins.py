"""Sign-ins under way: each state is good once, for ten minutes, in the browser that began it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

GOOD_FOR_S = 600
MOST = 200


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in under way."""

    athlete_id: int | None
    began_s: float
    keep: str | None = None


class PendingSignIns:
    """The sign-ins of one server process. Kept in memory alone: a restart ends them."""

    def __init__(self) -> None:
        self._begun: dict[str, PendingSignIn] = {}
        self._lock = threading.Lock()
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt="strava-sign-in")

    def begin(self, athlete_id: int | None, keep: str | None = None) -> tuple[str, str]:
        """Begin a sign-in.

        References
        ----------
        RFC 6749, 10.12: a state that cannot be guessed, bound to the browser.
        """
        state = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            young = {name: one for name, one in self._begun.items() if now - one.began_s <= GOOD_FOR_S}
            self._begun = dict(list(young.items())[-MOST + 1 :])
            self._begun[digest(state)] = PendingSignIn(athlete_id, now, keep)
        return state, self._signer.dumps(state)

    def take(self, state: str, cookie: str) -> PendingSignIn | None:
        """End a sign-in: the state is used up, whatever comes of it.

        Compared in constant time; looked up by its hash, so that a look-up tells nothing either.
        """
        try:
            known = self._signer.loads(cookie, max_age=GOOD_FOR_S)
        except BadSignature:
            return None
        if not hmac.compare_digest(str(known).encode(), state.encode()):
            return None
        with self._lock:
            begun = self._begun.pop(digest(state), None)
        if begun is None or time.monotonic() - begun.began_s > GOOD_FOR_S:
            return None
        return begun


def digest(state: str) -> str:
    """Return what may be kept of a state.

    Who reads it cannot finish the sign-in.
    """
    return hashlib.sha256(state.encode()).hexdigest()
