"""What a person says of a feed: where it is, how often it is polled, what of it is read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from pledgebook.documents.feeds.addresses import canonical
from pledgebook.documents.feeds.times import LONGEST_PAUSE
from pledgebook.documents.finish import language_code

__all__ = ["EVERY", "LIMIT", "FeedSettings", "FeedsFile"]

EVERY = dt.timedelta(minutes=30)
LIMIT = 20

_SHORTEST = dt.timedelta(minutes=5)
_SPAN = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _span(value: object) -> dt.timedelta:
    if isinstance(value, dt.timedelta):
        found = value
    else:
        match = _SPAN.fullmatch(value.strip().lower()) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f'{value!r} is no span of time: write it as "30m", "2h" or "1d"')
        found = dt.timedelta(**{_UNITS[match[2][0]]: int(match[1])})
    if not _SHORTEST <= found <= LONGEST_PAUSE * 30:
        raise ValueError(f'{value!r} is out of bounds: write "5m" at least and "30d" at most')
    return found


def _written(span: dt.timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for length, unit in ((1440, "d"), (60, "h")):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def _address(value: object) -> str:
    found = canonical(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is no address of a feed: write one with http:// or https://")
    return found


def _language(value: object) -> str:
    found = language_code(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{value!r} is no language code: write one such as "en" or "uk"')
    return found


def _coders(value: object) -> str:
    if not isinstance(value, str) or not all(part.strip() for part in value.split(",")):
        raise ValueError(f'{value!r} is no coder: write one such as "grammar" or "grammar,llm"')
    return value


def _contact(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    # It goes into a header, where brackets and line breaks would mean something else.
    if not text or len(text) > 200 or not text.isascii() or re.search(r"[^ -~]|[()<>\\]", text):
        raise ValueError(f"{value!r} is no address to write to: write an e-mail or web address")
    return text


Every = Annotated[
    dt.timedelta,
    BeforeValidator(_span),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4} *(m|h|d)", "examples": ["30m", "2h"]}),
]
"""A span of time between polls: "30m", "2h" or "1d"."""
Words = Annotated[tuple[Annotated[str, Field(min_length=1, pattern=r"\S")], ...], Field()]
Limit = Annotated[int, Field(strict=True, ge=1, le=500)]
Address = Annotated[
    str,
    BeforeValidator(_address),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://"}),
]
Language = Annotated[
    str, BeforeValidator(_language), WithJsonSchema({"type": "string", "pattern": "^[a-z]{2,3}$"})
]
Coders = Annotated[str, BeforeValidator(_coders), WithJsonSchema({"type": "string"})]
Contact = Annotated[str, BeforeValidator(_contact), WithJsonSchema({"type": "string"})]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FeedSettings(_Table):
    """One feed, and how it is read."""

    url: Address = Field(description="address of the feed: RSS, Atom or JSON Feed")
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="what to call it; else its own title"
    )
    language: Language | None = Field(
        None, description="language of its articles, such as `en`; else it is found out"
    )
    include: Words = Field(
        (), description="read only entries in which a word begins with one of these"
    )
    exclude: Words = Field(
        (), description="pass over entries in which a word begins with one of these"
    )
    every: Every = Field(
        EVERY,
        description="pause between two polls, 5m or more; a feed may ask for a longer one",
        json_schema_extra={"default": _written(EVERY)},
    )
    follow: Annotated[bool, Field(strict=True)] = Field(
        True, description="whether the pages that its entries lead to may be fetched"
    )
    content: Literal["page", "feed"] | None = Field(
        None,
        description="what is read: the page of an entry, or the text that the feed itself has; "
        "left out, the page where `follow` is true",
    )
    coder: Coders | None = Field(
        None, description="who reads: `grammar`, `learned`, `llm`, or several with commas"
    )
    limit: Limit = Field(LIMIT, description="most articles that one poll reads; the rest waits")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.content == "page" and not self.follow:
            raise ValueError(
                'content is "page" and follow is false: write follow = true, or content = "feed"'
            )
        return self

    @property
    def reads_pages(self) -> bool:
        """Whether the page of an entry is read, and not what the feed itself says."""
        return self.follow and self.content != "feed"

    def record(self) -> dict[str, Any]:
        """Return what was said, as JSON takes it."""
        return self.model_dump(mode="json", exclude_defaults=True)


class FeedsFile(_Table):
    """A file of feeds. What stands at its head holds for each feed that does not say otherwise."""

    every: Every = Field(
        EVERY,
        description="pause between two polls of a feed",
        json_schema_extra={"default": _written(EVERY)},
    )
    limit: Limit = Field(LIMIT, description="most articles that one poll of a feed reads")
    coder: Coders | None = Field(None, description="who reads; else `PLEDGEBOOK_CODER`, `grammar`")
    contact: Contact | None = Field(
        None, description="e-mail or web address that servers are told, so that they can complain"
    )
    feed: Annotated[tuple[FeedSettings, ...], Field(min_length=1)] = Field(
        description="the feeds, each a table `[[feed]]`"
    )

    @property
    def feeds(self) -> tuple[FeedSettings, ...]:
        """The feeds, with what the head of the file says where they say nothing."""
        return tuple(self._filled(one) for one in self.feed)

    def _filled(self, one: FeedSettings) -> FeedSettings:
        said = one.model_fields_set
        head = {"every": self.every, "limit": self.limit, "coder": self.coder}
        return one.model_copy(update={key: head[key] for key in head if key not in said})
