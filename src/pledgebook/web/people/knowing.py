"""Who asks, where there are accounts: by the cookie of a session, or by a token."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi.responses import Response

from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.records import Session
from pledgebook.web.person import NOBODY, Person
from pledgebook.web.settings import Settings

__all__ = ["Team"]

_LONGEST = 200


class Team:
    """The persons of a book. Cookies are for this host alone where all of it goes by https."""

    blocks = True

    def __init__(self, gate: Gate, settings: Settings) -> None:
        self.gate = gate
        self._secure = settings.secure
        # Cookies do not know ports: another server of ours may run beside this one.
        name = "__Host-pledgebook" if settings.secure else f"pledgebook_{settings.port}"
        self.session_cookie = f"{name}_session"
        self.visit_cookie = f"{name}_visit"
        self.oidc_cookie = f"{name}_oidc"

    def person(self, cookies: dict[str, str], bearer: str | None) -> Person:
        """Return who it is; a token goes before a cookie, and a wrong one is nobody."""
        if bearer is not None:
            program = self.gate.person_of_token(bearer)
            if program is None:
                return NOBODY
            return Person(program.name, program.role, id=program.id, token=program.token)
        session = cookies.get(self.session_cookie, "")
        found = self.gate.person_of(session)
        if found is not None:
            return Person(found.name, found.role, _csrf(session), session, found.id)
        visit = cookies.get(self.visit_cookie, "")
        return self.visitor(visit) if visit else NOBODY

    def welcome(self, key: str) -> tuple[str, str] | None:  # noqa: ARG002 - of the protocol
        """Return None: no key in an address lets anybody in here."""
        return None

    def visitor(self, visit: str) -> Person:
        """Return somebody who has not signed in, with what the form to sign in has to bear."""
        return Person("", None, _csrf(visit[:_LONGEST]))

    def new_visit(self, answer: Response, visit: str) -> None:
        """Give a browser the cookie that the form to sign in is checked by."""
        self.keep(answer, self.visit_cookie, visit)

    def begin(self, answer: Response, session: Session) -> None:
        """Give a browser the cookie of its session; the one of the visit goes."""
        self.keep(answer, self.session_cookie, session.id)
        self.drop(answer, self.visit_cookie)

    def keep(self, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie that no script reads and no other site's form brings along."""
        answer.set_cookie(
            name,
            value,
            max_age=seconds,
            httponly=True,
            samesite="lax",
            secure=self._secure,
            path="/",
        )

    def drop(self, answer: Response, name: str) -> None:
        """Take a cookie back."""
        answer.delete_cookie(name, httponly=True, samesite="lax", secure=self._secure, path="/")

    @staticmethod
    def fresh_visit() -> str:
        """Return a random name for a visit."""
        return secrets.token_urlsafe(32)


def _csrf(secret: str) -> str:
    """Return what forms have to bear: nobody makes it who does not have the cookie."""
    return hmac.new(secret.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()
