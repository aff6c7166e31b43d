"""The provider that persons sign in at: where a browser is sent, and what of the answer is believed."""

# Everything about OAuth and signatures is Authlib's and joserfc's; what is asked of them is written down here.

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NoReturn, cast
from urllib.parse import urlencode

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError, MissingClaimError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from connectors.errors import ProviderUnreachable, SignInRefused
from connectors.store.people import VerifiedPerson
from dashboard.access.sign_in_settings import SignInSettings, is_encrypted

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures that only the provider's private key can make: neither `none` nor one by a secret that is shared."""
LEEWAY_S = 60
"""s by which the clocks of provider and server may differ."""
TIMEOUT_S = 10.0
LONGEST_BYTES, LONGEST_S = 1_000_000, 20.0
"""Most of an answer that is read, and s for which it is: a provider may also send a byte now and then for ever."""
LONGEST_TEXT = 255
"""Characters of an identifier or a name (OpenID Connect Core 1.0, 2: a subject has 255 at most)."""
RETRY_S = 3.0
"""s after which a provider that did not answer is asked again: many who begin meanwhile must not all wait for it."""
FRESH_S = 3600.0
"""s for which the provider's description of itself is believed."""
KEY_READS, KEY_READS_S = 5, 60.0
"""Most new readings of the keys within so many s that a token without a sign-in behind it may cause."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_AGE_S = 600
"""s after which a token of sign-out is too old."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NAME_CLAIMS = ("name", "preferred_username", "nickname")


@dataclass(frozen=True)
class LogoutOrder:
    """Whose sessions the provider has ended, and until when its token could be sent again."""

    subject: str | None
    provider_session: str | None
    token_id: str
    until_s: float


@dataclass(frozen=True)
class Authorisation:
    """Where a browser is sent, and what of it this server has to know when the browser comes back."""

    url: str
    code_verifier: str
    nonce: str


class Provider:
    """One provider; its description and keys are read when they are first needed, and anew when they changed."""

    def __init__(
        self,
        settings: SignInSettings,
        clock: Callable[[], float] = time.time,
        longest_s: float = LONGEST_S,
    ) -> None:
        self.settings = settings
        self._longest_s = longest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._failed: tuple[float, str] | None = None
        self._keys: KeySet | None = None
        self._key_reads: deque[float] = deque(maxlen=KEY_READS)

    def authorisation(self, state: str, nonce: str, code_verifier: str) -> Authorisation:
        """Return where to send a browser.

        References
        ----------
        OpenID Connect Core 1.0, 3.1.2.1. https://openid.net/specs/openid-connect-core-1_0.html; RFC 7636 (PKCE).
        """
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self.metadata()["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=code_verifier,
                response_type="code",
            )
        return Authorisation(url, code_verifier, nonce)

    def check_issuer(self, given: str | None) -> None:
        """Refuse an answer that another provider sent back, or that does not say who did though it always does.

        References
        ----------
        RFC 9207, 2.4: the parameter `iss` against a mix-up of providers.
        """
        is_promised = self.metadata().get("authorization_response_iss_parameter_supported") is True
        if given is None and is_promised:
            raise SignInRefused("The answer does not name the provider that sent it.")
        if given is not None and given != self.settings.issuer:
            raise SignInRefused("The answer names another provider.")

    def exchange(self, code: str, code_verifier: str, nonce: str) -> VerifiedPerson:
        """Return who has signed in, after everything that the provider says of them was verified.

        References
        ----------
        OpenID Connect Core 1.0, 3.1.3. https://openid.net/specs/openid-connect-core-1_0.html
        """
        token = self._token(code, code_verifier)
        if not isinstance(token.get("id_token"), str):
            raise SignInRefused("The provider's answer holds no ID token.")
        claims = self._id_token(token, nonce)
        more = self._user_info(token, claims)
        return VerifiedPerson(
            claims["iss"],
            claims["sub"],
            _name(more),
            groups := _groups(more.get(self.settings.groups_claim), self.settings.groups_claim),
            bool(self.settings.therapist_groups & set(groups)),
            _text(claims.get("sid"), "sid"),
        )

    def logout_order(self, token: str) -> LogoutOrder:
        """Return whose sessions a token of sign-out ends, after it was verified.

        References
        ----------
        OpenID Connect Back-Channel Logout 1.0, 2.4 to 2.6.
        https://openid.net/specs/openid-connect-backchannel-1_0.html
        """
        decoded = self._decoded(token, is_expected=False)
        claims = JWTClaims(decoded.claims, decoded.header, self._expected())
        _validate(claims)
        if "nonce" in claims:
            raise SignInRefused("The token of sign-out has a nonce, so it is an ID token.")
        events = claims.get("events")
        if not isinstance(events, Mapping) or not isinstance(events.get(LOGOUT_EVENT), Mapping):
            raise SignInRefused("The token does not order a sign-out.")
        subject, session = _text(claims.get("sub"), "sub"), _text(claims.get("sid"), "sid")
        token_id = _text(claims.get("jti"), "jti")
        if token_id is None or (subject is None and session is None):
            raise SignInRefused("The token of sign-out names nobody, or has no number of its own.")
        if claims["iat"] < self._clock() - LOGOUT_AGE_S:
            raise SignInRefused("The token of sign-out is too old.")
        return LogoutOrder(subject, session, token_id, self._clock() + LOGOUT_AGE_S + 2 * LEEWAY_S)

    def end_session_url(self, back: str) -> str | None:
        """Return where a person signs out of the provider as well; None where it does not say, or not now.

        References
        ----------
        OpenID Connect RP-Initiated Logout 1.0, 2. https://openid.net/specs/openid-connect-rpinitiated-1_0.html
        """
        try:
            address = self.metadata().get("end_session_endpoint")
        except (ProviderUnreachable, SignInRefused):
            return None
        if not isinstance(address, str) or not is_encrypted(address):
            return None
        query = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{query}"

    def metadata(self) -> dict[str, Any]:
        """Return the provider's description of itself, read at most once an hour.

        References
        ----------
        OpenID Connect Discovery 1.0, 4.3: the issuer in it is the one that was asked.
        https://openid.net/specs/openid-connect-discovery-1_0.html
        """
        with self._lock:
            now = self._clock()
            if self._metadata is not None and 0 <= now - self._metadata[0] < FRESH_S:
                return self._metadata[1]
            if self._failed is not None and 0 <= now - self._failed[0] < RETRY_S:
                raise ProviderUnreachable(self._failed[1])
            try:
                document = self._description()
            except ProviderUnreachable as error:
                self._failed = self._clock(), str(error)
                raise
            self._metadata, self._failed, self._keys = (now, document), None, None
            return document

    def _description(self) -> dict[str, Any]:
        address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        document = self._read(address)
        if document.get("issuer") != self.settings.issuer:
            raise SignInRefused("The provider's description names another issuer.")
        for name in ENDPOINTS:
            if not isinstance(document.get(name), str) or not is_encrypted(document[name]):
                raise SignInRefused(f"The provider's description has no https address as {name}.")
        return document

    def _session(self) -> Any:
        offered = self.metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        is_basic = "client_secret_basic" in offered
        session: Any = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            token_endpoint_auth_method="client_secret_basic" if is_basic else "client_secret_post",
            scope=self.settings.scopes,
            redirect_uri=self.settings.callback,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_S,
        )
        _limit(session, self._longest_s)
        return session

    def _token(self, code: str, code_verifier: str) -> dict[str, Any]:
        address = self.metadata()["token_endpoint"]
        try:
            with self._session() as session:
                return session.fetch_token(
                    address,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=code_verifier,
                    redirect_uri=self.settings.callback,
                    allow_redirects=False,
                )
        except OAuthError as error:
            # An error code is a word of RFC 6749; a description may be about the person.
            raise SignInRefused(f"The provider did not take the code ({str(error.error)[:40]}).") from error
        except requests.RequestException as error:
            raise _unreachable(error) from error
        except ValueError as error:
            raise ProviderUnreachable("The provider's answer to the code is no JSON object.") from error

    def _id_token(self, token: Mapping[str, Any], nonce: str) -> CodeIDToken:
        decoded = self._decoded(token["id_token"], is_expected=True)
        given = {
            "nonce": nonce,
            "client_id": self.settings.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(decoded.claims, decoded.header, self._expected(), given)
        _validate(claims)
        if not _text(claims["sub"], "sub"):
            raise SignInRefused("The ID token names nobody.")
        return claims

    def _expected(self) -> dict[str, Any]:
        """Return what a token has to say, whichever kind it is."""
        return {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "iat": {"essential": True},
            "exp": {"essential": True},
        }

    def _decoded(self, token: str, *, is_expected: bool) -> jwt.Token:
        """Return a token whose signature is the provider's; keys that do not fit are read anew once."""
        # A key is changed by the provider without a word; but a token that nobody waits for may not make us ask often.
        keys = self._key_set(is_expected)
        try:
            return self._verified(token, keys)
        except (InvalidKeyIdError, BadSignatureError):
            if not self._may_read_keys(is_expected):
                _refuse_signature()
        except (JoseError, ValueError) as error:
            _refuse_signature(error)
        self._keys = None
        try:
            return self._verified(token, self._key_set(True))
        except (JoseError, ValueError) as error:
            _refuse_signature(error)

    def _verified(self, token: str, keys: KeySet) -> jwt.Token:
        offered = self.metadata().get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = [name for name in ALGORITHMS if name in offered]
        registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
        return jwt.decode(token, keys, registry=registry)

    def _key_set(self, is_expected: bool) -> KeySet:
        known = self._keys
        if known is not None:
            return known
        if not self._may_read_keys(is_expected):
            raise ProviderUnreachable("The provider's keys were asked for too often.")
        document = self._read(self.metadata()["jwks_uri"])
        try:
            own = [one for one in document["keys"] if one.get("kty") != "oct" and one.get("use") != "enc"]
            keys = KeySet.import_key_set(cast("Any", {"keys": own}))
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise SignInRefused("The provider's keys cannot be read.") from error
        self._keys = keys
        return keys

    def _may_read_keys(self, is_expected: bool) -> bool:
        if is_expected:
            return True
        with self._lock:
            now = self._clock()
            is_full = len(self._key_reads) == KEY_READS
            if is_full and 0 <= now - self._key_reads[0] < KEY_READS_S:
                return False
            self._key_reads.append(now)
            return True

    def _user_info(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the claims about the person: some providers put name and groups only where they are asked for."""
        wanted = self.settings.groups_claim if self.settings.therapist_groups else "sub"
        address = self.metadata().get("userinfo_endpoint")
        if (wanted in claims and _name(claims)) or not isinstance(address, str) or not is_encrypted(address):
            return claims
        bearer = {"Authorization": f"Bearer {token.get('access_token')}"}
        answer = self._read(address, bearer)
        if answer.get("sub") != claims["sub"]:
            raise SignInRefused("The provider's user information is of another person.")
        return {**answer, **claims}

    def _read(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return one JSON object of the provider."""
        try:
            with requests.Session() as session:
                _limit(session, self._longest_s)
                answer = session.get(address, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
            if answer.status_code != requests.codes.ok:
                raise ProviderUnreachable(f"The provider answered with status {answer.status_code}.")
            document = answer.json()
        except requests.RequestException as error:
            raise _unreachable(error) from error
        if not isinstance(document, dict):
            raise ProviderUnreachable("The provider's answer is no JSON object.")
        return document


class _ShortAnswers(BaseAdapter):
    """Reads no more of an answer, and for no longer, than one of a provider can need."""

    def __init__(self, inner: BaseAdapter, longest_s: float) -> None:
        super().__init__()
        self._inner = inner
        self._longest_s = longest_s

    def send(self, request: requests.PreparedRequest, *_given: Any, **more: Any) -> requests.Response:
        answer = self._inner.send(request, **{**more, "stream": True})
        body, until = b"", time.monotonic() + self._longest_s
        try:
            while part := answer.raw.read1(65536, decode_content=True):
                body += part
                if len(body) > LONGEST_BYTES or time.monotonic() > until:
                    raise requests.exceptions.ContentDecodingError("The answer does not end.")
        except HTTPError as error:
            raise requests.exceptions.ConnectionError("The answer broke off.") from error
        finally:
            answer.close()
        answer.raw = BytesIO(body)  # what `content` reads, by the file-like object that an adapter may give
        return answer

    def close(self) -> None:
        self._inner.close()


def _limit(session: requests.Session, longest_s: float) -> None:
    for scheme, adapter in list(session.adapters.items()):
        session.mount(scheme, _ShortAnswers(adapter, longest_s))


def _unreachable(error: requests.RequestException) -> ProviderUnreachable:
    return ProviderUnreachable(f"The provider does not answer ({type(error).__name__}).")


def _refuse_signature(error: Exception | None = None) -> NoReturn:
    kind = type(error).__name__ if error else "BadSignatureError"
    raise SignInRefused(f"The token's signature does not verify ({kind}).") from error


def _validate(claims: Any) -> None:
    """Hold a token's claims against what is expected; the error names the claim and never its value."""
    try:
        claims.validate(leeway=LEEWAY_S)
    except JoseError as error:
        name = getattr(error, "claim", None) or error.error
        kind = "has no claim" if isinstance(error, MissingClaimError) else "does not fit in its claim"
        raise SignInRefused(f"The token {kind} {name}.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise SignInRefused("The token holds a claim of another type than it has to be.") from error


def _text(value: object, name: str) -> str | None:
    """Return an identifier; None where there is none."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.isprintable():
        raise SignInRefused(f"The claim {name} is no text of at most {LONGEST_TEXT} characters.")
    return value


def _name(claims: Mapping[str, Any]) -> str | None:
    """Return what a person is called, for their own page alone; nothing hangs on it."""
    for claim in NAME_CLAIMS:
        value = claims.get(claim)
        if isinstance(value, str) and (name := "".join(filter(str.isprintable, value)).strip()):
            return name[:LONGEST_TEXT]
    return None


def _groups(value: object, claim: str) -> tuple[str, ...]:
    """Return the groups of a person; none where the provider says nothing of them."""
    if value is None:
        return ()
    groups = [value] if isinstance(value, str) else value
    if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups):
        raise SignInRefused(f"The claim {claim} is no list of names of groups.")
    return tuple(sorted(set(groups)))
