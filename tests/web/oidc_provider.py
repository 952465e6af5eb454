"""A small OIDC provider on a port of this machine: it knows one client, and lets everybody in."""

from __future__ import annotations

import base64
import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from pledgebook.web.serving import bound_socket

__all__ = ["CLIENT", "SECRET", "Provider", "provider"]

CLIENT, SECRET = "pledgebook", "a secret of client and provider"


@dataclass
class Provider:
    """What it says of itself and of who signs in; tests bend it."""

    issuer: str = ""
    subject: str = "42"
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that go before those that are in order."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing: RSAKey | None = None
    """Another key to sign with than the one that is published."""
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        }
        found = {name: value for name, value in (claims | self.claims).items() if value is not None}
        key = self.signing or self.key
        if self.algorithm == "none":
            parts = (b'{"alg":"none"}', str(found).replace("'", '"').encode())
            return ".".join(base64.urlsafe_b64encode(one).decode() for one in parts) + "."
        return str(jwt.encode({"alg": self.algorithm, "kid": key.kid}, found, key))


def _app(held: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def configuration() -> dict[str, str]:
        held.asked += 1
        return {
            "issuer": held.issuer,
            "authorization_endpoint": f"{held.issuer}/authorize",
            "token_endpoint": f"{held.issuer}/token",
            "jwks_uri": f"{held.issuer}/keys",
        } | held.published

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [held.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        held.codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 303)

    @app.post("/token")
    def token(
        request: Request,
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
    ) -> dict[str, Any]:
        given = base64.b64decode(request.headers["authorization"].split()[1]).decode()
        asked = held.codes.pop(code, None)
        if (
            given != f"{CLIENT}:{SECRET}".replace(" ", "+") and given != f"{CLIENT}:{SECRET}"
        ) or asked is None:
            raise HTTPException(400, "invalid_grant")
        assert create_s256_code_challenge(code_verifier) == asked["code_challenge"]
        assert redirect_uri == asked["redirect_uri"]
        made = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 60}
        return made | {"id_token": held.id_token(asked["nonce"])}

    return app


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """Run one in a thread of this process."""
    held = Provider()
    listening = bound_socket("127.0.0.1", 0)
    held.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(_app(held), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield held
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
