"""The language of a text: a statistical model, checked by the small words that give it away.

The model alone takes a list of English names and figures for Latin or German. A language that is
wrong costs a whole document, so that in doubt none is given.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["detect"]

_SAMPLE = 2_000
_MINIMUM = 20
# Below it a row of figures is as likely Latin as English: better unknown than wrong.
_CERTAINTY = 0.5
_SURE = 0.8
"""Certainty that a language needs of which no small words are known."""
_TELLING = 0.08
"""Share of a text's words that are small words of its language, in running text at least."""
_ISO_639_1 = 2
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = frozenset("іїєґ")
_NOT_UKRAINIAN = frozenset("ыэъёў")


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of a text, None where it cannot be told."""
    sample = text[:_SAMPLE]
    if len(sample.strip()) < _MINIMUM:
        return None
    lang, probability = _identifier().classify(sample)
    guess = str(lang) if probability >= _CERTAINTY else None
    words = _WORD.findall(sample.lower())
    if not words:
        return None
    letters = set("".join(words))
    if letters & _UKRAINIAN and not letters & _NOT_UKRAINIAN and guess in ("uk", "ru", "bg", None):
        return "uk"
    shares = _shares(words)
    best = max(shares, key=lambda name: shares[name])
    if guess in shares:
        if shares[guess] >= _TELLING / 2 or shares[guess] == shares[best]:
            return guess if shares[guess] * 2 >= shares[best] else best
        return best if shares[best] >= _TELLING else guess if probability >= _SURE else None
    if shares[best] >= 2 * _TELLING and (best == "en" or probability < _SURE):
        # Spanish and Italian share small words with French, so that a sure model outranks those.
        return best
    if guess is None:
        return best if shares[best] >= _TELLING else None
    # Another language: it must be sure, and the text long enough to be more than names.
    return guess if probability >= _SURE and shares["en"] < _TELLING else None


def _shares(words: list[str]) -> dict[str, float]:
    counts = Counter(words)
    return {
        name: sum(counts[word] for word in known) / len(words)
        for name, known in _function_words().items()
    }


@cache
def _function_words() -> dict[str, frozenset[str]]:
    path = files("pledgebook.documents") / "data" / "function_words.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    return {name: frozenset(words) for name, words in data.items()}


@cache
def _identifier() -> Any:  # noqa: ANN401 - the package has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # ISO 639-1 is what a document is labelled with; among the rest are pidgins close to English.
    identifier.set_languages([label for label in identifier.labels if len(label) == _ISO_639_1])
    return identifier
