"""What a form says of a feed, and its faults, each at the field that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pledgebook.documents.feeds.feeds_file import FeedsError, make_settings
from pledgebook.documents.feeds.settings import FeedSettings
from pledgebook.errors import Problem, sentence

__all__ = ["Faults", "FeedForm", "faults_of"]

Faults = dict[str, list[str]]
"""Sentences by the field that they belong to; what belongs to none is under the empty name."""

_FIELDS = ("url", "name", "every", "include", "exclude", "follow")


@dataclass(frozen=True, slots=True)
class FeedForm:
    """A form as it was filled in; `include` and `exclude` have a word a line, or commas."""

    url: str = ""
    name: str = ""
    every: str = "30m"
    include: str = ""
    exclude: str = ""
    follow: bool = True

    @classmethod
    def of(cls, settings: FeedSettings) -> FeedForm:
        """Return the form as it is filled in for a feed that there is."""
        says = settings.model_dump(mode="json")
        return cls(
            url=settings.url,
            name=settings.name or "",
            every=says["every"],
            include="\n".join(settings.include),
            exclude="\n".join(settings.exclude),
            follow=settings.follow,
        )

    def keys(self) -> dict[str, Any]:
        """Return what is said, by the keys of a `[[feed]]`; a field left empty says nothing."""
        says: dict[str, Any] = {"url": self.url.strip(), "follow": self.follow}
        if self.name.strip():
            says["name"] = self.name.strip()
        if self.every.strip():
            says["every"] = self.every.strip()
        for key, text in (("include", self.include), ("exclude", self.exclude)):
            if words := _words(text):
                says[key] = words
        return says

    def settings(self, before: FeedSettings | None = None) -> FeedSettings:
        """Return the settings of the feed. Raises FeedsError with all that is wrong.

        `before` has what was said until now: what the form does not ask for stays as it was.
        """
        kept = {} if before is None else before.record()
        kept = {key: value for key, value in kept.items() if key not in _FIELDS}
        return make_settings(**kept | self.keys())


def faults_of(error: FeedsError) -> Faults:
    """Return the faults of a form by their fields."""
    return _by_field(error.problems)


def _by_field(problems: Iterable[Problem]) -> Faults:
    found: Faults = {}
    for one in problems:
        key = re.split(r"[.\[]", one.place or "")[0]
        says = sentence(one.what[:1].upper() + one.what[1:], None, one.mend)
        found.setdefault(key if key in _FIELDS else "", []).append(says)
    return found


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[\n,]", text) if word.strip()]
