"""The verbs and nouns of a language that open, govern or bar a statement, in all their forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.text.wording import table

__all__ = ["Verb", "verbs"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What a word does: its family (see `verbs.toml`) and form.

    Forms are inf, pres, past, pp, adj, fut, cond, imp (impersonal passive) and noun. `particle`
    holds the words that must stand elsewhere in the clause ("stellt ... bereit").
    """

    family: str
    form: str
    particle: tuple[str, ...] = ()


@cache
def verbs(lang: str) -> Lexicon[Verb]:
    """Return the verbs of a language; they are inflected once."""
    data = table("verbs.toml", lang)
    endings = table("language.toml", lang)["endings"]
    return Lexicon(endings, _phrases(data))


def _phrases(data: dict[str, Any]) -> Iterator[tuple[str, Verb]]:
    irregular = data.get("irregular", {})
    for family, entry in data["family"].items():
        for written in entry["verbs"]:
            prefix, _, body = written.rpartition("+")
            stem, _, name = body.partition("/")
            forms = data["paradigm"][name] if name else irregular[stem]
            yield from _forms(family, prefix, stem, forms)
        for form, words in entry.get("extra", {}).items():
            yield from ((word, Verb(family, form)) for word in words)
        for noun in entry["nouns"]:
            yield noun, Verb(family, "noun")


def _forms(
    family: str, prefix: str, stem: str, forms: dict[str, list[str]]
) -> Iterator[tuple[str, Verb]]:
    particle = tuple(prefix.lower().split())
    for form, templates in forms.items():
        for template in templates:
            inner = "{p}" in template
            if len(particle) == 1:
                joined = template if inner else "{p}" + template
                yield joined.format(p=prefix, s=stem), Verb(family, form)
                if not inner and form in ("pres", "past", "inf"):
                    yield template.format(s=stem), Verb(family, form, particle)
            elif particle or not inner or not template.startswith("{p}zu"):
                yield template.format(p="", s=stem), Verb(family, form, particle)
