"""E-mail: the body of a saved message."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.finish import clean
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

_HEADER = re.compile(rb"From |[A-Za-z-]+:")
_MOST_PARTS = 20_000
"""A message is parsed at some 50 microseconds a part."""
_PART = b"\n--"
_LONGEST_HEADER = 4_000
"""Characters of a header that are looked at: its words take time with the square of its length."""
_ONLY_MAIL = re.compile(rb"^(?:Received|MIME-Version|Message-ID|DKIM-Signature):", re.I | re.M)


class _Bounded(policy.EmailPolicy):
    """The usual policy, which no header keeps busy."""

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ANN401 - as it is there
        """Return a header, of a long one its beginning."""
        return super().header_fetch_parse(name, value[:_LONGEST_HEADER])


class Email(Extractor):
    """Messages in the format of RFC 5322."""

    name = "email"
    version = 1
    suffixes = frozenset({".eml"})
    media_types = frozenset({"message/rfc822"})

    def likely(self, head: bytes) -> bool:
        """Whether it opens with lines that only mail has."""
        headers = head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
        return _HEADER.match(headers) is not None and _ONLY_MAIL.search(headers) is not None

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the body as one document, and a warning for each attachment."""
        data = blob.read(limits.max_tree_bytes)
        if isinstance(data, Problem):
            yield data
            return
        if not data.strip():
            yield blob.problem("empty-document", "it holds no text")
            return
        if data.count(_PART) > _MOST_PARTS:
            yield blob.problem(
                "too-large",
                f"it may have {data.count(_PART):,} parts, the limit is {_MOST_PARTS:,}",
                mend="save its text as a file",
            )
            return
        try:
            message = BytesParser(policy=_Bounded()).parsebytes(data)
            assert isinstance(message, EmailMessage)
            text = _body(message)
            title = str(message["subject"] or "").strip() or None
            attached = [part.get_filename() or "?" for part in message.iter_attachments()]
        except Exception as error:  # noqa: BLE001 - the parser raises many things on broken mail
            yield blob.problem("damaged", f"it is no readable message ({type(error).__name__})")
            return
        date = _sent(message)
        yield Draft(
            text=text,
            sha256=sha256(data),
            title=title,
            date=date,
            date_source="metadata" if date else None,
        )
        for name in attached:
            yield blob.warning(
                "attachment-not-read",
                "an attachment is left out",
                place=clean(name)[:120],
                mend="save it as a file and read that",
            )


def _body(message: EmailMessage) -> str:
    from pledgebook.documents.formats.html import main_text, parse

    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    if part.get_content_subtype() != "html":
        return text
    tree = parse(text)
    return main_text(tree) if tree is not None else ""


def _sent(message: EmailMessage) -> dt.date | None:
    try:
        sent = message["date"].datetime
    except (AttributeError, ValueError, TypeError, IndexError):
        return None
    return sent.date() if isinstance(sent, dt.datetime) else None
