"""Pages by URL, within limits of time and size, and never from the local network unless allowed."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pledgebook.errors import FetchError, Problem

if TYPE_CHECKING:
    import httpcore
    import httpx

    from pledgebook.documents.network import Deadline

_CHUNK = 1 << 16
_LOOK = "open it in a browser to see what is there"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be fetched, and for how long. Times are in seconds."""

    allow_local: bool = False
    """Whether private, loopback and other local addresses may be connected to."""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    """For the whole page, redirects included."""
    max_bytes: int = 50_000_000
    """Of the page once it is decompressed."""
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL answered."""

    url: str
    """Where it was found after redirects, without the fragment."""
    content: bytes
    media_type: str | None
    charset: str | None

    @property
    def suffix(self) -> str:
        """The suffix of the URL's path, lower case, with the dot."""
        return PurePosixPath(urlsplit(self.url).path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered with, whatever its status; nothing was followed."""

    url: str
    """The address that was asked, without the fragment."""
    status: int
    headers: Mapping[str, str]
    """By name; the case of names does not matter."""
    content: bytes
    """Empty but for status 200."""
    leads_to: str | None = None
    """Where it redirects to, made absolute."""
    phrase: str = ""
    charset: str | None = None

    @property
    def page(self) -> Page:
        """The answer as a page."""
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Page(self.url, self.content, media_type or None, self.charset)


class RefusalError(FetchError):
    """An address that is not fetched by principle."""


class UnreachableError(FetchError):
    """A server that cannot be reached, breaks off or takes too long: it may answer later."""


class Fetcher:
    """Fetches pages under one policy; a context manager that closes its connections."""

    def __init__(self, policy: FetchPolicy) -> None:
        import httpcore
        import httpx

        from pledgebook.documents.network import Deadline, GuardedBackend

        self._policy = policy
        self._deadline: Deadline = Deadline()
        backend = GuardedBackend(allow_local=policy.allow_local, deadline=self._deadline)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=4,
            keepalive_expiry=5.0,
            network_backend=backend,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def fetch(self, url: str) -> Page | Problem:
        """Return the page, or the problem with it. Never raises for what a server does."""
        try:
            return self._follow(url)
        except RefusalError as refusal:
            return Problem.from_error(refusal, code="fetch-refused", source=url)
        except FetchError as error:
            return Problem.from_error(error, code="fetch-failed", source=url)

    def ask(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        cookies: httpx.Cookies | None = None,
        max_bytes: int | None = None,
    ) -> Answer:
        """Make one request, follow nothing, and return what it was answered with.

        `headers` are added to the usual ones or take their place, `cookies` are sent and kept,
        `max_bytes` bounds the content in place of the policy. Raises RefusalError, UnreachableError
        and FetchError.
        """
        import httpx

        self._deadline.start(self._policy.total_timeout)
        jar = httpx.Cookies() if cookies is None else cookies
        most = self._policy.max_bytes if max_bytes is None else max_bytes
        return self._ask(_checked(url, url), jar, url, _headers() | dict(headers or {}), most)

    def _follow(self, url: str) -> Page:
        import httpx

        self._deadline.start(self._policy.total_timeout)
        address = _checked(url, url)
        cookies = httpx.Cookies()
        for _ in range(self._policy.max_redirects + 1):
            answer = self._ask(address, cookies, url, _headers(), self._policy.max_bytes)
            if answer.leads_to is not None:
                address = _checked(answer.leads_to, url)
            elif answer.status == httpx.codes.OK:
                return answer.page
            else:
                raise FetchError(
                    f"it answers {answer.status} {answer.phrase}".rstrip(), where=url, mend=_LOOK
                )
        raise FetchError(
            f"it leads on more than {self._policy.max_redirects} times",
            where=url,
            mend="open it in a browser and give the last address",
        )

    def _ask(
        self,
        address: httpx.URL,
        cookies: httpx.Cookies,
        asked: str,
        headers: Mapping[str, str],
        max_bytes: int,
    ) -> Answer:
        """Return what one address answers."""
        import httpcore
        import httpx

        from pledgebook.documents.network import RefusedError, TooSlowError

        request = httpx.Request("GET", address, headers=headers, cookies=cookies)
        raw = httpcore.Request(
            "GET",
            httpcore.URL(
                scheme=address.raw_scheme,
                host=address.raw_host,
                port=address.port,
                target=address.raw_path,
            ),
            headers=request.headers.raw,
            extensions={"timeout": self._timeouts()},
        )
        try:
            response = self._pool.handle_request(raw)
            try:
                return self._answer(response, request, cookies, asked, max_bytes)
            finally:
                response.close()
        except RefusedError as error:
            raise RefusalError(
                f"its address {error} is not on the public internet",
                where=asked,
                mend="allow local addresses if you trust it",
            ) from None
        except (TooSlowError, httpcore.TimeoutException):
            raise UnreachableError(
                "it does not answer in time", where=asked, mend="try again later"
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise UnreachableError(
                _reason(error), where=asked, mend="check the address and the connection"
            ) from None

    def _timeouts(self) -> dict[str, float]:
        policy = self._policy
        return {
            "connect": policy.connect_timeout,
            "read": policy.read_timeout,
            "write": policy.read_timeout,
            "pool": policy.connect_timeout,
        }

    def _answer(
        self,
        response: httpcore.Response,
        request: httpx.Request,
        cookies: httpx.Cookies,
        asked: str,
        max_bytes: int,
    ) -> Answer:
        import httpx

        head = httpx.Response(response.status, headers=response.headers, request=request)
        cookies.extract_cookies(head)
        location = head.headers.get("location")
        leads_to = None
        if response.status in _REDIRECTS and location:
            try:
                leads_to = str(request.url.join(location))
            except (httpx.InvalidURL, ValueError):
                raise FetchError(
                    "it redirects to no valid address", where=asked, mend=_LOOK
                ) from None
        content = bytearray()
        if response.status == httpx.codes.OK:
            encoding = head.headers.get("content-encoding", "").strip().lower()
            for piece in _unpacked(response.iter_stream(), encoding, asked):
                content += piece
                if len(content) > max_bytes:
                    raise FetchError(
                        f"it is larger than {max_bytes:,} bytes",
                        where=asked,
                        mend="save it as a file and read that",
                    )
        return Answer(
            url=str(request.url.copy_with(fragment=None)),
            status=response.status,
            headers=head.headers,
            content=bytes(content),
            leads_to=leads_to,
            phrase=head.reason_phrase,
            charset=head.charset_encoding,
        )


def _checked(url: str, asked: str) -> httpx.URL:
    """Return the parsed URL; raises where the scheme, user or host is not acceptable."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(
            f"it is no valid URL ({str(error)[:200]})", where=asked, mend="check its spelling"
        ) from None
    if parsed.scheme not in ("http", "https"):
        raise RefusalError(
            f"addresses of the kind {parsed.scheme}: are not fetched",
            where=asked,
            mend="give an http or https address, or a file",
        )
    if parsed.userinfo:
        raise RefusalError(
            "it carries a user name or password", where=asked, mend="take them out of the address"
        )
    if not parsed.host:
        raise FetchError("it names no host", where=asked, mend="check its spelling")
    return parsed


def _unpacked(pieces: Iterator[bytes], encoding: str, asked: str) -> Iterator[bytes]:
    """Yield the content in pieces of bounded size, however well it was compressed."""
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(
            f"it is packed as {encoding[:40]!r}, which was not asked for", where=asked, mend=_LOOK
        )
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if inflate.eof:
                    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
                yield inflate.decompress(rest, _CHUNK)
                rest = inflate.unconsumed_tail or inflate.unused_data
    except zlib.error:
        raise FetchError(
            "what it sends cannot be unpacked", where=asked, mend="try again later"
        ) from None
    if not inflate.eof:
        raise FetchError("it breaks off before the end", where=asked, mend="try again later")


def _headers() -> dict[str, str]:
    try:
        release = version("pledgebook")
    except PackageNotFoundError:
        release = "0"
    return {
        "User-Agent": f"pledgebook/{release}",
        "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8",
        "Accept-Encoding": "gzip",
    }


def _reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({cause.verify_message})"
        cause = cause.__cause__ or cause.__context__
    return f"the connection fails ({str(error) or type(error).__name__})"
