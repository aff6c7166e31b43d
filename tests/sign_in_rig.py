"""A provider of our own on loopback, every fault of which is a switch, and this server's side of a sign-in."""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from far_network import free_port
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from connectors.store import Store, open_store
from dashboard.access import devices, sign_in_routes
from dashboard.access.door import FrontDoor
from dashboard.access.identity import identity_of
from dashboard.access.listeners import Marked
from dashboard.access.person_sessions import PersonSessions
from dashboard.access.proxy import Proxy
from dashboard.access.sign_in_provider import LOGOUT_EVENT
from dashboard.access.sign_in_settings import SignInSettings
from dashboard.access.web_security import SafeHeaders

CLIENT_ID, CLIENT_SECRET = "heelwise", "a secret of the client alone"
HOST = "heelwise.example"
COOKIE, BEGUN = "__Host-heelwise", "__Host-heelwise-sign-in"
ALGORITHMS = ["RS256", "ES256"]


@contextmanager
def served(app: Any, port: int | None = None) -> Iterator[int]:
    """Serve an app on a loopback port while the block runs."""
    number = port or free_port()
    config = uvicorn.Config(
        app, port=number, proxy_headers=False, log_level="error", ws="websockets-sansio", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield number
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass
class Faults:
    """What is wrong with the provider's answers; as made, nothing."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token in place of the right ones."""
    without: tuple[str, ...] = ()
    header: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict, dict], str] | None = None
    """Signs header and claims in place of the right key."""
    metadata: dict[str, Any] = field(default_factory=dict)
    token_status: int = 200
    token_body: str | None = None
    drips: bool = False
    """The answer comes a byte at a time and never ends."""
    id_token: str | None = None
    iss: str | None = None
    """The parameter `iss` of the answer in place of the right one; empty for none."""
    user_info: dict[str, Any] = field(default_factory=dict)
    is_away: bool = False
    state: str | None = None
    error: str | None = None


class HostileProvider:
    """Discovery, keys, authorisation, token with PKCE, user information, sign-out."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.faults = Faults()
        self.person: dict[str, Any] = {
            "sub": "robin-1",
            "name": "Robin Placeholder",
            "groups": ["staff"],
            "sid": "provider-1",
        }
        self.rotate()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.last_id_token = ""

    def rotate(self, kid: str | None = None) -> None:
        """Change the signing key; the old one is published no longer."""
        self.key = RSAKey.generate_key(
            2048, {"kid": kid or secrets.token_hex(4), "use": "sig", "alg": "RS256"}
        )

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._jwks),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._user_info),
            ]
        )

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ALGORITHMS,
            "authorization_response_iss_parameter_supported": True,
            **self.faults.metadata,
        }

    def _away(self, what: str) -> Response | None:
        self.asked.append(what)
        return PlainTextResponse("<html>a gateway's page</html>", 503) if self.faults.is_away else None

    async def _discovery(self, _request: Request) -> Response:
        if self.faults.drips:
            return StreamingResponse(drip(), media_type="application/json")
        return self._away("discovery") or JSONResponse(self.metadata())

    async def _jwks(self, _request: Request) -> Response:
        return self._away("jwks") or JSONResponse(KeySet([self.key]).as_dict())

    async def _authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        assert given["response_type"] == "code"
        assert given["client_id"] == CLIENT_ID
        assert given["code_challenge_method"] == "S256"
        assert "openid" in given["scope"].split()
        answer = {"state": self.faults.state or given["state"], "iss": self.issuer}
        if self.faults.iss is not None:
            answer["iss"] = self.faults.iss
        if self.faults.iss == "":
            answer.pop("iss")
        if self.faults.error:
            answer["error"] = self.faults.error
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.codes[answer["code"]] = given
        return RedirectResponse(f"{given['redirect_uri']}?{urlencode(answer)}", 303)

    async def _token(self, request: Request) -> Response:
        if away := self._away("token"):
            return away
        if self.faults.token_status != 200 or self.faults.token_body is not None:
            return Response(self.faults.token_body or "{}", self.faults.token_status)
        given = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        sent = httpx.BasicAuth(CLIENT_ID, CLIENT_SECRET)._auth_header
        begun = self.codes.pop(given["code"], None)
        if (
            request.headers.get("authorization") != sent
            or begun is None
            or given["redirect_uri"] != begun["redirect_uri"]
            or create_s256_code_challenge(given["code_verifier"]) != begun["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.faults.id_token or self.id_token(begun["nonce"])
        self.last_id_token = token
        return JSONResponse({"access_token": "access", "token_type": "Bearer", "id_token": token})

    async def _user_info(self, request: Request) -> Response:
        if away := self._away("userinfo"):
            return away
        assert request.headers["authorization"] == "Bearer access"
        return JSONResponse({**self.person, **self.faults.user_info})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            **{"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce},
            **self.person,
            **self.faults.claims,
        }
        return self.signed({name: one for name, one in claims.items() if name not in self.faults.without})

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        head = {"alg": "RS256", "kid": self.key.kid, **header, **self.faults.header}
        if self.faults.sign is not None:
            return self.faults.sign(head, claims)
        return jwt.encode(head, claims, self.key, algorithms=["RS256"])

    def logout_token(self, without: tuple[str, ...] = (), **claims: Any) -> str:
        """Build an order to end sessions, right but for what is given."""
        now = int(time.time())
        right = {
            **{
                "iss": self.issuer,
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 120,
                "jti": secrets.token_hex(8),
            },
            "events": {LOGOUT_EVENT: {}},
            **claims,
        }
        return self.signed(
            {name: one for name, one in right.items() if name not in without}, typ="logout+jwt"
        )


async def drip() -> AsyncIterator[bytes]:
    """Send a blank now and then."""
    for _ in range(600):
        await asyncio.sleep(0.1)
        yield b" "


def other_key() -> RSAKey:
    return RSAKey.generate_key(2048)


def signed_by_nobody(header: dict, claims: dict) -> str:
    """A token with the algorithm `none`, as a forger writes it."""
    import base64
    import json

    parts = [{**header, "alg": "none"}, claims]
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
        + "."
    )


def signed_by_secret(secret: str) -> Callable[[dict, dict], str]:
    """A token signed with a secret that the client knows as well."""

    def sign(header: dict, claims: dict) -> str:
        return jwt.encode({**header, "alg": "HS256"}, claims, OctKey.import_key(secret), algorithms=["HS256"])

    return sign


def signed_by_another(header: dict, claims: dict) -> str:
    """A token of the right key's name, signed by another."""
    return jwt.encode(header, claims, other_key(), algorithms=["RS256"])


def signed_by_curve(header: dict, claims: dict) -> str:
    """A token of another kind of key than the one that is published."""
    key = ECKey.generate_key("P-256")
    return jwt.encode({**header, "alg": "ES256"}, claims, key, algorithms=["ES256"])


def settings_of(provider: HostileProvider, **more: Any) -> SignInSettings:
    given: dict[str, Any] = {"groups_claim": "groups", "therapist_groups": frozenset({"physio"}), **more}
    return SignInSettings(provider.issuer, CLIENT_ID, CLIENT_SECRET, f"https://{HOST}", **given)


class OwnServer:
    """This server's door and its addresses of the sign-in on the proxy's listener, with pages that say who asks."""

    def __init__(self, folder: Path, settings: SignInSettings, at_once: int = 100) -> None:
        self.folder, self.settings = folder, settings
        self.store = open_store(folder / "home")
        self.heard: list[tuple[str, bytes]] = []
        routes = sign_in_routes.routes(settings, lambda: self.store, at_once)
        self.persons = PersonSessions(lambda: self.store, lambda payload: payload != b"by itself")

        async def who(request: Request) -> Response:
            identity = identity_of(request)
            return PlainTextResponse(identity.key if identity else "nobody")

        async def page(websocket: WebSocket) -> None:
            await websocket.accept()
            async for payload in websocket.iter_bytes():
                self.heard.append((websocket.headers["x-heelwise-session"], payload))
                await websocket.send_bytes(payload if payload.startswith(b"/") else b"health data")

        inner = Starlette(
            routes=[
                *routes,
                WebSocketRoute("/_stcore/stream", page),
                Route("/{path:path}", who, methods=["GET", "PUT"]),
            ]
        )
        door = FrontDoor(
            inner,
            devices=devices,
            open_store=lambda: self.store,
            routes=routes,
            proxied=Proxy(public_hosts=(HOST,)),
            code_page=b"code",
            persons=self.persons,
            sign_in_page=sign_in_routes.page_for(settings),
        )
        self.door = door
        self.app = Marked(SafeHeaders(door), "proxy")

    def __enter__(self) -> Self:
        self._served = served(self.app)
        self.port = self._served.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._served.__exit__(None, None, None)
        self.store.close()


class Browser:
    """A browser behind a TLS proxy: cookies as it holds them, and the headers that it and the proxy write."""

    def __init__(self, server: OwnServer | int) -> None:
        self.port = server if isinstance(server, int) else server.port
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def headers(self, **more: str) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            **{"Host": HOST, "X-Forwarded-Proto": "https", "Sec-Fetch-Mode": "navigate"},
            **({"Cookie": jar} if jar else {}),
            **more,
        }

    def ask(
        self, address: str, method: str = "GET", headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        path = urlsplit(address)
        target = f"http://127.0.0.1:{self.port}{path.path}" + (f"?{path.query}" if path.query else "")
        with httpx.Client(trust_env=False, timeout=30) as client:
            answer = client.request(method, target, headers=self.headers(**(headers or {})), **more)
        for line in answer.headers.get_list("set-cookie"):
            self.set_cookies.append(line)
            match = re.match(r"([^=]+)=([^;]*)", line)
            assert match
            if "Max-Age=0" in line:
                self.cookies.pop(match[1], None)
            else:
                self.cookies[match[1]] = match[2]
        return answer

    def leave(self, wanted: str = "/") -> str:
        """Press the button; return the address at the provider."""
        answer = self.ask(f"/sign-in/begin?{urlencode({'next': wanted})}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def at_provider(self, address: str) -> str:
        """Sign in at the provider; return the address it sends the browser back to."""
        answer = httpx.get(address, trust_env=False)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["location"]

    def sign_in(self, wanted: str = "/") -> httpx.Response:
        """Go all the way and return the answer to the callback."""
        return self.ask(self.at_provider(self.leave(wanted)))

    def who(self) -> str | None:
        """Return under which key this browser is known; None where nobody is."""
        answer = self.ask("/timeline", headers={"Sec-Fetch-Mode": "cors"})
        return answer.text if answer.status_code == 200 else None


def problem_of(answer: httpx.Response) -> str | None:
    """Return which problem the page names that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query).get("problem", [None])[0]


def only_person(store: Store) -> Any:
    (person,) = store.people.persons()
    return person
