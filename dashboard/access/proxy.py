"""The proxy's listener: where it is opened, and how a proxy in front says who asks."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from connectors.errors import HeelwiseError
from dashboard.access.identity import OWNER, Identity
from dashboard.access.web_security import is_loopback

LISTEN = "HEELWISE_PROXY_LISTEN"
HEADER = "HEELWISE_PROXY_HEADER"
OWNERS = "HEELWISE_PROXY_OWNERS"
SECRET_FILE = "HEELWISE_PROXY_SECRET_FILE"  # noqa: S105 - the name of a variable
PUBLIC = "HEELWISE_PUBLIC_URL"
SECRET_HEADER = b"x-heelwise-secret"
SHORTEST_SECRET = 20
UNIX = "unix:"


@dataclass(frozen=True)
class Proxy:
    """What is agreed with the proxy; without `header` only paired devices come through it."""

    host: str = "127.0.0.1"
    port: int | None = None
    socket_path: Path | None = None
    public_hosts: tuple[str, ...] = ()
    header: bytes | None = None
    owners: tuple[str, ...] = ()
    secret: bytes | None = None

    def person(self, given: Mapping[bytes, list[bytes]]) -> Identity | None:
        """Return who the proxy says is asking: the owner, or nobody known.

        Believed over the Unix socket that only the proxy may open, and else with the secret that only it knows.
        """
        if self.header is None or not self._is_proxy(given):
            return None
        names = given.get(self.header, [])
        if len(names) != 1:
            return None
        name = names[0].decode("latin-1").strip().lower()
        return OWNER if name and name in self.owners else None

    def _is_proxy(self, given: Mapping[bytes, list[bytes]]) -> bool:
        if self.secret is None:
            return self.socket_path is not None
        shown = given.get(SECRET_HEADER, [])
        return len(shown) == 1 and hmac.compare_digest(shown[0], self.secret)


def is_tls(given: Mapping[bytes, list[bytes]]) -> bool:
    """Return whether the browser spoke TLS with the proxy, as the proxy says."""
    return given.get(b"x-forwarded-proto", []) == [b"https"]


def proxy_from(environment: Mapping[str, str]) -> Proxy | None:
    """Return what the environment says of a proxy; None without a listener for one."""
    listen = environment.get(LISTEN, "").strip()
    if not listen:
        return None
    host, port, path = _place(listen)
    public = urlsplit(environment.get(PUBLIC, "").strip()).hostname
    if not public:
        raise HeelwiseError(
            f"{LISTEN} is set, but {PUBLIC} does not name the address that the proxy answers on."
        )
    header = environment.get(HEADER, "").strip().lower()
    owners = tuple(one.strip().lower() for one in environment.get(OWNERS, "").split(",") if one.strip())
    secret = _secret(environment.get(SECRET_FILE, "").strip())
    if header and not owners:
        raise HeelwiseError(f"{HEADER} is set, but {OWNERS} names nobody to be let in by it.")
    if header and secret is None and path is None:
        raise HeelwiseError(
            f"{HEADER} is believed only with a secret that the proxy adds ({SECRET_FILE}), or over a Unix socket "
            f"({LISTEN}=unix:/path): any program of this machine could write that header."
        )
    return Proxy(host, port, path, (public.lower(),), header.encode() or None, owners, secret)


def _place(listen: str) -> tuple[str, int | None, Path | None]:
    if listen.startswith(UNIX):
        return "", None, Path(listen.removeprefix(UNIX))
    host, _, port = listen.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise HeelwiseError(
            f"{LISTEN} is a port, an address and a port, or unix: and a path, not “{listen}”."
        )
    if not is_loopback(host):
        raise HeelwiseError(f"{LISTEN} names {host}; the proxy's listener is opened on this machine alone.")
    return host, int(port), None


def _secret(file_name: str) -> bytes | None:
    if not file_name:
        return None
    try:
        secret = Path(file_name).read_bytes().strip()
    except OSError as error:
        raise HeelwiseError(
            f"The file that {SECRET_FILE} names could not be read: {error.strerror}."
        ) from error
    if len(secret) < SHORTEST_SECRET:
        raise HeelwiseError(f"The secret in the file that {SECRET_FILE} names is shorter than 20 characters.")
    return secret
