"""Keeps the dashboard on this machine: refuses any address that other machines can reach."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NoReturn, Protocol, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.errors import HeelwiseError

ALLOW = "HEELWISE_ALLOW_NETWORK"
SESSION_HEADER = "x-heelwise-session"
"""Streamlit resumes a session only for the same value; the door alone sets it."""
Answer = TypeVar("Answer")
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


class ServerOptions(Protocol):
    """What the guard needs of the server's configuration: two functions of `streamlit.config`."""

    get_option: Callable[[str], Any]
    set_option: Callable[..., Any]


def is_loopback(address: str | None) -> bool:
    """Return whether only this machine can reach an address.

    References
    ----------
    RFC 1122 and RFC 4291 loopback ranges; names are not looked up, so that the answer cannot change.
    """
    if not address:
        return False
    bare = address.strip().strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def refusal_of(address: str | None) -> str | None:
    """Return why the dashboard will not serve on an address.

    Whoever reaches this listener is the owner, so only this machine may.
    """
    if is_loopback(address):
        return None
    return (
        f"Heelwise did not start: it was asked to listen on {address or 'every network interface'}, where other "
        "machines could read your training and symptoms without a password. Start it with `heelwise serve`, "
        "or add --server.address 127.0.0.1. For a phone, use `heelwise serve --phone`; behind a proxy with a sign-in "
        "of its own, HEELWISE_PROXY_LISTEN (see the README)."
    )


UNUSED = (
    f"{ALLOW} does nothing any more: the dashboard's own port answers this machine alone. For a phone, use "
    "`heelwise serve --phone`; behind a proxy with a sign-in of its own, HEELWISE_PROXY_LISTEN (see the README).\n"
)


def hold_to_loopback(config: ServerOptions, environment: Mapping[str, str] | None = None) -> None:
    """Stop this process before it serves, unless its address is safe; then close what Streamlit leaves open."""
    # Streamlit reads its configuration from the current folder and the script's own folder only; without one
    # it listens everywhere and answers to any host name.
    known = os.environ if environment is None else environment
    reason = refusal_of(config.get_option("server.address"))
    if reason is not None:
        _stop(reason)
    if known.get(ALLOW):
        sys.stderr.write(UNUSED)
    config.set_option("browser.gatherUsageStats", False)
    config.set_option("server.trustedUserHeaders", {SESSION_HEADER: "session"})
    if not config.get_option("server.allowedHosts"):
        config.set_option("server.allowedHosts", LOOPBACK_HOSTS)


def or_stop(read: Callable[[], Answer]) -> Answer:
    """Return what the environment says, or stop this process with the sentence that says what is wrong in it."""
    try:
        return read()
    except HeelwiseError as error:
        _stop(f"Heelwise did not start. {error}")


def _stop(reason: str) -> NoReturn:
    sys.stderr.write(reason + "\n")
    sys.stderr.flush()
    raise SystemExit(1)


def other_hosts(config: ServerOptions) -> list[str]:
    """Return the host names that the dashboard answers to beside this machine's own."""
    return [str(host) for host in config.get_option("server.allowedHosts") or []]


_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def content_policy(page: str) -> str:
    """Return where a page may load scripts, styles and data from: this server, and nothing evaluated from text.

    References
    ----------
    W3C, Content Security Policy Level 3. Tried in Chromium on every page.
    """
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in _INLINE.findall(page)]
    scripts = " ".join(["'self'", "blob:", *(f"'sha256-{one}'" for one in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class SafeHeaders:
    """Add the fixed headers to every HTTP answer.

    Plain ASGI and not a BaseHTTPMiddleware, which would buffer the stream.
    """

    def __init__(self, app: ASGIApp, page: str = "") -> None:
        self.app = app
        self.headers = {**SECURITY_HEADERS, "Content-Security-Policy": content_policy(page)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
