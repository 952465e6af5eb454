"""The learned coder: a document in, its statements out, by a model over candidates."""

from __future__ import annotations

from pledgebook.reading.learned.arrays import stretches
from pledgebook.reading.learned.decode import decode, settled
from pledgebook.reading.learned.model import load_model, load_tokenizer
from pledgebook.reading.learned.survey import survey
from pledgebook.reading.learned.telling import tell
from pledgebook.reading.trace import current_trace
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement


def read(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of an English document, in the order of its text.

    Raises UsageError where the extra `learned` is not installed.
    """
    model, tokenize = load_model(), load_tokenizer()
    trace = current_trace()
    surveyed = survey(document, catalogue)
    if surveyed is None:
        if trace is not None:
            facts = {"why": "nothing in it could be a statement"}
            trace.tell("unread", 0, len(document.text), facts=facts)
        return []
    found: list[Statement | None] = []
    for made in stretches(surveyed, tokenize):
        scores = model.score(made)
        decided = decode(made, scores, model.threshold)
        if trace is not None:
            tell(trace, made, scores, decided)
        found += decided
    return settled(found)
