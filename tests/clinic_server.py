"""The real server with its proxy listener, and people who are signed in on it by a session in its store."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from far_network import free_port
from live_server import Server
from streamlit_socket import connected
from websockets.sync.client import ClientConnection

from connectors.store import Store
from connectors.store.people import VerifiedPerson
from dashboard.access.devices import digest_of
from dashboard.access.person_sessions import COOKIE


class ClinicServer(Server):
    """Nobody speaks with a provider here: whoever has a session's value is signed in."""

    def __init__(self, folder: Path, **environment: str) -> None:
        secret = folder / "client-secret"
        secret.write_text("a secret of the client alone")
        self.proxy_port = free_port()
        super().__init__(
            folder,
            HEELWISE_PROXY_LISTEN=str(self.proxy_port),
            HEELWISE_PUBLIC_URL=f"https://127.0.0.1:{self.proxy_port}",
            HEELWISE_SIGN_IN_ISSUER="https://provider.example.org",
            HEELWISE_SIGN_IN_CLIENT_ID="heelwise",
            HEELWISE_SIGN_IN_CLIENT_SECRET_FILE=str(secret),
            HEELWISE_SIGN_IN_THERAPISTS="physio",
            **environment,
        )

    def page(self, cookie: str) -> ClientConnection:
        """Open the socket of a page as a proxy hands it on."""
        headers = {"X-Forwarded-Proto": "https"}
        return connected(f"http://127.0.0.1:{self.proxy_port}", f"{COOKIE}={cookie}", **headers)


def sign_in(store: Store, name: str, *, is_therapist: bool = False) -> tuple[int, str]:
    """Sign a person in, and return their number and the value of their session's cookie."""
    value, now = secrets.token_urlsafe(32), datetime.now(UTC)
    verified = VerifiedPerson("https://provider.example.org", f"sub-{name}", name, (), is_therapist)
    person = store.people.sign_in(verified, digest_of(value), now + timedelta(hours=12), now, None)
    return person.person_id, value
