"""The room `reading`: a document in, its statements out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.reading.coders import Coder
    from pledgebook.reading.llm.settings import LlmSettings
    from pledgebook.vocabulary.catalogue import Catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["CODERS", "DEFAULT_CODER", "coder", "read_document"]


def _grammar(_: LlmSettings | None) -> Coder:
    from pledgebook.reading.coders import Coder, digest_of
    from pledgebook.reading.dispatch import LANGUAGES, read

    version = digest_of("grammar", "languages", "quantities", "text", "data")
    return Coder("grammar", version, read, languages=frozenset(LANGUAGES))


def _llm(settings: LlmSettings | None) -> Coder:
    from pledgebook.reading.llm.coder import llm_coder
    from pledgebook.reading.llm.settings import LlmSettings

    return llm_coder(settings or LlmSettings.from_environment())


def _learned(_: LlmSettings | None) -> Coder:
    from pledgebook.reading.coders import Coder, digest_of
    from pledgebook.reading.dispatch import LANGUAGES, read_learned
    from pledgebook.reading.learned.model import load_model

    load_model()
    version = digest_of("learned", "grammar", "languages", "quantities", "text", "data")
    return Coder("learned", version, read_learned, languages=frozenset(LANGUAGES))


# A further coder is one more line here.
_MAKERS: dict[str, Callable[[LlmSettings | None], Coder]] = {
    "grammar": _grammar,
    "learned": _learned,
    "llm": _llm,
}

CODERS = tuple(_MAKERS)
DEFAULT_CODER = "grammar"


def coder(name: str = DEFAULT_CODER, *, llm: LlmSettings | None = None) -> Coder:
    """Return the coder of a name of `CODERS`, or of several: "grammar,llm" codes with each.

    `llm` says where the model is; without it the environment does. Close the session of a coder
    that you are done with. Raises UsageError for another name and for a model that nobody named.
    """
    from pledgebook.errors import UsageError

    names = [part.strip() for part in name.split(",")]
    for one in names:
        if one not in _MAKERS:
            mend = f"Name one of {', '.join(CODERS)}, or several with commas between"
            raise UsageError(f"there is no coder {one!r}", where="--coder", mend=mend)
    if len(set(names)) < len(names):
        raise UsageError(
            f"{name!r} names a coder twice", where="--coder", mend="Name each coder once"
        )
    made = [_MAKERS[one](llm) for one in names]
    if len(made) == 1:
        return made[0]
    from pledgebook.reading.agreement import agreeing

    return agreeing(made)


def read_document(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    return coder().read(document, catalogue)
