"""Signing in through an OIDC issuer: the authorization code flow with PKCE, state and nonce.

What the issuer signs is checked here; who that is in the book says the gate alone.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pledgebook.errors import FetchError, UsageError
from pledgebook.web.people.oidc_settings import OidcSettings, require_https

__all__ = ["Begun", "Issuer"]

_BY_HEADER = "client_secret_basic"
_SECONDS = 10.0
_KEEP_SECONDS = 3600.0
_LEEWAY = 60
_MOST_BYTES = 1_000_000
# Signed with a key that only the issuer has; "none" and shared secrets are not among them.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_MEND = "Try again; where it happens again, the settings of the issuer want a look"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser keeps while its user is at the issuer, and `then` where they were going."""

    state: str
    nonce: str
    verifier: str
    then: str

    @classmethod
    def fresh(cls, then: str) -> Begun:
        """Return random values for one sign-in."""
        made = [secrets.token_urlsafe(size) for size in (32, 32, 48)]
        return cls(made[0], made[1], made[2], then)

    def to_cookie(self) -> str:
        """Write it as the value of a cookie."""
        return "!".join((self.state, self.nonce, self.verifier, quote(self.then, safe="/")))

    @classmethod
    def from_cookie(cls, value: str) -> Begun | None:
        """Read it back; None where it is none."""
        parts = value.split("!")
        if len(parts) != 4 or not all(parts[:3]):
            return None
        return cls(parts[0], parts[1], parts[2], unquote(parts[3]))


class Issuer:
    """One issuer, with what it publishes of itself, kept for an hour."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def begin(self, back: str, begun: Begun) -> str:
        """Return the address to send a browser to; it comes back to `back`. Raises FetchError."""
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(url)

    def finish(self, back: str, code: str, begun: Begun) -> dict[str, Any]:
        """Return the claims of who came back with a code. Raises FetchError, UsageError."""
        try:
            with self._client(back) as client:
                token = client.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=begun.verifier
                )
        except (OAuthError, httpx.HTTPError, ValueError) as error:
            raise FetchError(f"the issuer did not take the code ({error})", mend=_MEND) from error
        signed = token.get("id_token")
        if not isinstance(signed, str):
            raise UsageError("the issuer sent no ID token", mend="Ask for the scope openid there")
        return self._checked(signed, begun.nonce)

    def _checked(self, signed: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an ID token of this issuer, for us, for this sign-in."""
        try:
            try:
                token = jwt.decode(signed, self._keys(), algorithms=_ALGORITHMS)
            except (JoseError, ValueError):
                # The issuer may have changed its keys since.
                token = jwt.decode(signed, self._keys(anew=True), algorithms=_ALGORITHMS)
            options = {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            }
            parameters = {"nonce": nonce, "client_id": self.settings.client_id}
            CodeIDToken(token.claims, token.header, options, parameters).validate(leeway=_LEEWAY)
        except (JoseError, OAuthError, ValueError, KeyError) as error:
            raise UsageError(
                f"what the issuer signed is not in order ({error})", mend=_MEND
            ) from error
        return dict(token.claims)

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self.settings.client_id,
            self.settings.client_secret,
            token_endpoint_auth_method=_BY_HEADER,
            scope="openid profile email",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_SECONDS,
            follow_redirects=False,
        )

    def _endpoint(self, name: str) -> str:
        issuer = self.settings.issuer
        found = self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise UsageError(f"{issuer} calls itself {found.get('issuer')!r}", mend=_MEND)
        if not isinstance(found.get(name), str):
            raise UsageError(f"the issuer names no {name}", where=issuer)
        return require_https(found[name], f"{name} of {issuer}")

    def _keys(self, *, anew: bool = False) -> KeySet:
        return KeySet.import_key_set(self._document(self._endpoint("jwks_uri"), anew=anew))  # type: ignore[arg-type]

    def _document(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        now = time.monotonic()
        with self._lock:
            held = self._kept.get(url)
        if held is not None and not anew and now - held[0] < _KEEP_SECONDS:
            return held[1]
        try:
            answer = httpx.get(url, timeout=_SECONDS, follow_redirects=False)
            answer.raise_for_status()
            found = answer.json() if len(answer.content) <= _MOST_BYTES else None
        except (httpx.HTTPError, ValueError) as error:
            raise FetchError(
                f"the issuer does not answer ({error})", where=url, mend=_MEND
            ) from error
        if not isinstance(found, dict):
            raise FetchError("the issuer answers with something else", where=url, mend=_MEND)
        with self._lock:
            self._kept[url] = (now, found)
        return found
