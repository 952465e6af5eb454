"""From a draft to the stored document: final text, date, language, title."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pledgebook.documents import dates
from pledgebook.documents.draft import Blob, Draft
from pledgebook.documents.language import detect
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import DateSource, Document

_MAX_TITLE = 120
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller states for every document; `date` and `lang` outrank what a source says."""

    date: dt.date | None = None
    lang: str | None = None
    announced: dt.date | None = None
    """The date that a feed gives it: it counts where the document states none in any way."""
    announced_by: DateSource = "feed"


def finish(
    draft: Draft, blob: Blob, extractor: str, given: Given, limits: Limits
) -> Document | Problem:
    """Make the document, or say why there is none. From here on the text is final."""
    place = _place(draft.locator)
    if len(draft.text) > limits.max_text:
        return blob.problem(
            "too-large",
            f"its text has {len(draft.text):,} characters, the limit is {limits.max_text:,}",
            place=place,
            mend="split it",
        )
    text = clean(draft.text)
    if not text.strip():
        return blob.problem("empty-document", "it holds no text", place=place)
    url = draft.url or (None if draft.own_url else blob.url)
    date, source = _date(draft, text, url, given)
    return Document(
        text=text,
        bytes_sha256=draft.sha256,
        extractor=extractor,
        origin=f"{blob.origin}:{draft.locator}" if draft.locator else blob.origin,
        name=clean(draft.name) if draft.name else None,
        url=clean(url) if url else None,
        title=_title(draft, text),
        date=date,
        date_source=source,
        lang=given.lang or language_code(draft.lang) or detect(text),
    )


def clean(text: str) -> str:
    """Normalise line ends and drop what no store can hold; all else stays as it is.

    CR LF, CR, vertical tab and form feed become a line feed, a lone surrogate becomes U+FFFD, and
    other control characters than tab and line feed go.
    """
    if _UNWANTED.search(text) is None:
        return text
    return _UNWANTED.sub(_replacement, text.replace("\r\n", "\n"))


def language_code(label: str | None) -> str | None:
    """Return the bare language of a tag such as `en-GB`; None where it is no tag."""
    match = _LANGUAGE.fullmatch(label.strip()) if label else None
    return match.group(1).lower() if match else None


def _replacement(match: re.Match[str]) -> str:
    char = match.group()
    if char in "\r\v\f":
        return "\n"
    return "\ufffd" if char >= "\ud800" else ""


def _place(locator: str) -> str | None:
    if not locator:
        return None
    return f"line {locator}" if locator.isdigit() else locator


def _date(
    draft: Draft, text: str, url: str | None, given: Given
) -> tuple[dt.date | None, DateSource | None]:
    if given.date is not None:
        return given.date, "given"
    if draft.date is not None:
        return draft.date, draft.date_source or "metadata"
    found = dates.dateline(text)
    if found is not None:
        return found, "dateline"
    found = dates.date_in_url(url) if url else None
    if found is not None:
        return found, "url"
    return given.announced, given.announced_by if given.announced is not None else None


def _title(draft: Draft, text: str) -> str | None:
    if draft.title and draft.title.strip():
        return clean(" ".join(draft.title.split()))
    first, _, rest = text.strip().partition("\n")
    first = first.strip().lstrip("#").strip()
    if not rest.strip() or len(first) > _MAX_TITLE or first.startswith(("- ", "•", "* ")):
        return None
    return first if first and first[-1] not in ".!;,:…" else None
