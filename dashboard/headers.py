"""Response headers that keep a page from being framed, guessed at or named to others."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def policy(page: str) -> str:
    """Say where a page may take scripts, styles and data from: this server, and nothing evaluated from text.

    Parameters
    ----------
    page : str
        The HTML the server starts its pages with; their own inline scripts are named by their hashes.

    Returns
    -------
    str
        A Content-Security-Policy. Styles may stand in the page, since Streamlit makes them there, and our own
        width component is handed over as a blob.

    Source
    ------
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


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class SafeHeaders:
    """Add the fixed headers to every HTTP answer.

    Parameters
    ----------
    app : ASGIApp
        What answers the request.
    page : str
        The HTML that pages start with; see `policy`.

    Source
    ------
    ours: plain ASGI and not a BaseHTTPMiddleware, which would buffer the stream.
    """

    def __init__(self, app: ASGIApp, page: str = "") -> None:
        self.app = app
        self.headers = {**HEADERS, "Content-Security-Policy": policy(page)}

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
