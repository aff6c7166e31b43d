"""What the environment says of the provider that persons sign in at; without it nobody signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from connectors.errors import HeelwiseError
from dashboard.access.proxy import LISTEN, PUBLIC, Proxy
from dashboard.access.web_security import is_loopback

START = "HEELWISE_SIGN_IN_"
ISSUER = "HEELWISE_SIGN_IN_ISSUER"
CLIENT_ID = "HEELWISE_SIGN_IN_CLIENT_ID"
CLIENT_SECRET_FILE = "HEELWISE_SIGN_IN_CLIENT_SECRET_FILE"  # noqa: S105 - the name of a variable
SCOPES = "HEELWISE_SIGN_IN_SCOPES"
GROUPS = "HEELWISE_SIGN_IN_GROUPS"
THERAPISTS = "HEELWISE_SIGN_IN_THERAPISTS"
KNOWN = (ISSUER, CLIENT_ID, CLIENT_SECRET_FILE, SCOPES, GROUPS, THERAPISTS)
CALLBACK = "/sign-in/callback"


@dataclass(frozen=True)
class SignInSettings:
    """The provider, how this server is known there, and which of its groups are physical therapists."""

    issuer: str
    client_id: str
    client_secret: str
    public_url: str
    """Scheme and host under which browsers reach this server, without a path."""
    scopes: str = "openid profile"
    groups_claim: str = "groups"
    therapist_groups: frozenset[str] = frozenset()

    @property
    def callback(self) -> str:
        """The address to which the provider sends a browser back."""
        return self.public_url + CALLBACK

    @property
    def provider_name(self) -> str:
        """The host of the provider, for sentences."""
        return urlsplit(self.issuer).netloc


def sign_in_from(environment: Mapping[str, str], proxied: Proxy | None) -> SignInSettings | None:
    """Return what the environment says of sign-in, None where it says nothing; what is wrong in it is said at once."""
    known = {
        name: value.strip() for name, value in environment.items() if name.startswith(START) and value.strip()
    }
    if not known:
        return None
    if strangers := sorted(set(known) - set(KNOWN)):
        raise HeelwiseError(
            f"{strangers[0]} is no setting of Heelwise. Those of the sign-in are {', '.join(KNOWN)}."
        )
    for name in (ISSUER, CLIENT_ID, CLIENT_SECRET_FILE):
        if name not in known:
            raise HeelwiseError(f"The sign-in needs {name} beside {min(known)}: see docs/sign-in.md.")
    if find_spec("authlib") is None or find_spec("joserfc") is None:
        raise HeelwiseError(f'{ISSUER} is set, but the sign-in needs: pip install "heelwise[clinic]"')
    if proxied is None:
        raise HeelwiseError(
            f"{ISSUER} is set, but {LISTEN} is not: a sign-in comes through a proxy that speaks TLS with browsers."
        )
    scopes = known.get(SCOPES, SignInSettings.scopes).split()
    if "openid" not in scopes:
        raise HeelwiseError(f"{SCOPES} has to hold openid, else the provider says nothing of who signs in.")
    therapists = frozenset(one.strip() for one in known.get(THERAPISTS, "").split(",") if one.strip())
    return SignInSettings(
        _issuer(known[ISSUER]),
        known[CLIENT_ID],
        _secret(known[CLIENT_SECRET_FILE]),
        _public_url(environment.get(PUBLIC, "").strip()),
        " ".join(scopes),
        known.get(GROUPS, SignInSettings.groups_claim),
        therapists,
    )


def _issuer(address: str) -> str:
    if not is_encrypted(address) or urlsplit(address).query or urlsplit(address).fragment:
        raise HeelwiseError(
            f"{ISSUER} is the https:// address of the provider, without ? and #, as its own settings name it; "
            f"“{address}” is none."
        )
    return address


def is_encrypted(address: str) -> bool:
    """Return whether what is sent to an address is hidden on its way: by TLS, or since it never leaves this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _public_url(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/"):
        raise HeelwiseError(
            f"{PUBLIC} has to be an https:// address without a path, since a sign-in travels over TLS alone; "
            f"“{address}” is none."
        )
    return f"https://{parts.netloc}"


def _secret(file_name: str) -> str:
    try:
        secret = Path(file_name).read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise HeelwiseError(
            f"The file that {CLIENT_SECRET_FILE} names could not be read: {reason}."
        ) from error
    if not secret:
        raise HeelwiseError(f"The file that {CLIENT_SECRET_FILE} names is empty.")
    return secret
